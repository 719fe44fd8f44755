"""Draws the icons of the installed app from the mark: `python -m benchmarks.app_icons`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

FOLDER: Final = Path("dashboard/assets/icons")
ICONS: Final = (("any", 192), ("any", 512), ("maskable", 512))
_BARS: Final = (
    ((8, 24, 13, 33), "#f4b942"),
    ((17, 18, 22, 33), "#f4b942"),
    ((26, 9, 31, 33), "#fff"),
)
"""Of the mark on its square of 40 points (`dashboard/assets/mark.svg`)."""
_GROUND: Final = "#1d4583"
_FINE: Final = 4


def icon(purpose: str, size: int) -> Image.Image:
    """The mark; one that a phone may cut to its own shape keeps to the inner four fifths."""
    side = size * _FINE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    whole = purpose == "maskable"
    radius = 0 if whole else side * 9 // 40
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius, fill=_GROUND)
    share, edge = (0.72, 0.14) if whole else (1.0, 0.0)
    for box, colour in _BARS:
        places = [side * (edge + share * at / 40) for at in box]
        draw.rectangle(places, fill=colour)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Draw all icons."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for purpose, size in ICONS:
        icon(purpose, size).quantize(64).save(FOLDER / f"{purpose}-{size}.png", optimize=True)


if __name__ == "__main__":
    main()
