"""The mark of the register, and what is said where it is gone."""

from __future__ import annotations

from typing import Final

BEGUN: Final = "lw:dedup:begun"
"""Redis key: when the register began; absent where it was lost."""


class RegisterLostError(RuntimeError):
    """Redis has lost the register; the message says what to do."""

    def __init__(self, consumed: int | None = None) -> None:
        """`consumed` records were decided with it, where that is known."""
        many = "records" if consumed is None else f"{consumed} records"
        super().__init__(
            f"Redis has lost the register of vacancies with which {many} were decided. Going on "
            "would count what boards still show a second time. Stop the crawler and restore the "
            "newest backup (labourwatch restore). Only if there is none: labourwatch begin-anew"
        )
