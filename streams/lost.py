"""The mark of the register, and what is said where it is gone."""

from __future__ import annotations

from typing import Final

BEGUN: Final = "lw:dedup:begun"
"""Redis key: when the register began; absent where it was lost."""

REBUILDING: Final = "lw:dedup:rebuilding"
"""Redis key: when a rebuilding of the register began; what is there may be a part of it."""
REBUILDER: Final = "lw:dedup:rebuilder"
"""Redis key: the lock of whoever rebuilds it."""


class RegisterLostError(RuntimeError):
    """Redis has lost the register; the message says what to do."""

    def __init__(self, consumed: int | None = None) -> None:
        """`consumed` records were decided with it, where that is known."""
        many = "records" if consumed is None else f"{consumed} records"
        super().__init__(
            f"Redis has lost the register of vacancies with which {many} were decided. Going on "
            "would count what boards still show a second time. At its next start the worker "
            "rebuilds it from the warehouse. Where that holds nothing either: labourwatch restore, "
            "or, if there is no backup, labourwatch begin-anew"
        )
