"""What is said of a question that cannot be answered as asked. Pure."""

from __future__ import annotations


class AskedError(ValueError):
    """A parameter is not as expected; `field` names it, `expected` says what would be right."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}.")
        self.field, self.expected = field, expected


class DepartmentOnlyError(AskedError):
    """The public may not ask for this; a token with the right `read` may. `expected` says what the
    public may ask for."""

    def __str__(self) -> str:
        return f"{self.field}: the public may ask for {self.expected}."


class NotFoundError(AskedError):
    """There is nothing of this name."""
