"""What files that leave say of their data, and text that opens safely in a spreadsheet. Pure."""

from __future__ import annotations

from typing import Final

DEMONSTRATION: Final = "demonstration data"
OBSERVED: Final = "observed data"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(cell: str) -> str:
    """`cell`, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell
