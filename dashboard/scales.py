"""Colours of the map: few classes, told apart by colour-blind readers and in greyscale. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from dashboard.language import Language
from dashboard.summary import CellChange

NO_DATA: Final = "#ffffff"
_BLUES: Final = ("#e3ecf7", "#b4cde8", "#7ba6d3", "#3f77b5", "#123f7a")
# Brown to teal: safe for all three kinds of colour blindness, lightness symmetric about the middle.
_DIVERGING: Final = ("#8c510a", "#d9b36c", "#f1f1ef", "#7fc4b8", "#01665e")
_CHANGE_STEPS: Final = (-0.25, -0.10, 0.10, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Colour classes: `colours[i]` is for values below `steps[i]`, the last for the rest."""

    colours: tuple[str, ...]
    steps: tuple[float, ...]

    def colour(self, value: float | None) -> str:
        """The colour of a value; white for none."""
        if value is None:
            return NO_DATA
        return self.colours[sum(value >= step for step in self.steps)]


def flow_scale(values: Sequence[float]) -> Scale:
    """Five classes with rounded steps at the fifths of the values."""
    ranked = sorted(values)
    if not ranked or ranked[-1] <= 0:
        return Scale(colours=_BLUES[:1], steps=())
    fifths = [ranked[len(ranked) * part // 5] for part in range(1, 5)]
    steps = tuple(sorted({_rounded(fifth) for fifth in fifths}))
    return Scale(colours=_BLUES[: len(steps) + 1], steps=steps)


def change_scale() -> Scale:
    """Five classes about "no change": −25 %, −10 %, +10 %, +25 %."""
    return Scale(colours=_DIVERGING, steps=_CHANGE_STEPS)


def change_value(cell: CellChange) -> float | None:
    """Relative change for the map: `None` where too few, 0 where the interval contains zero."""
    if not cell.enough:
        return None
    return math.expm1(cell.change.value) if cell.change.excludes_zero else 0.0


def legend(lang: Language, scale: Scale, *, percent: bool) -> list[tuple[str, str]]:
    """(colour, meaning) of every class, from low to high; counts without decimals."""
    decimals = 0 if all(step.is_integer() for step in scale.steps) else 2

    def write(value: float) -> str:
        return lang.percent(value, sign=True) if percent else lang.number(value, decimals)

    edges = [None, *scale.steps, None]
    meanings = []
    for lower, upper in pairwise(edges):
        if lower is None and upper is None:
            meanings.append(lang.say("legend_above", lower=write(0.0)))
        elif lower is None and upper is not None:
            meanings.append(lang.say("legend_below", upper=write(upper)))
        elif upper is None and lower is not None:
            meanings.append(lang.say("legend_above", lower=write(lower)))
        elif lower is not None and upper is not None:
            meanings.append(lang.say("legend_between", lower=write(lower), upper=write(upper)))
    return list(zip(scale.colours, meanings, strict=True))


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")
