"""The picture in an e-mail: weeks observed against the usual range, the onset marked, as PNG."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from alerts.notify.weeks import Weeks

_FONTS: Final = Path(__file__).parent / "fonts"
_FAMILY: Final = ("Labourwatch Notice Latin", "Labourwatch Notice Lao")
_USUAL: Final = "#9aa5b1"


def draw(weeks: Weeks, said: dict[str, Any], colour: str) -> bytes:
    """A PNG of 1,120 × 480 points, for 560 × 240 on screen, with labels in the language of `said`.

    The same weeks give the same picture. Letters are shaped by libraqm, without which Lao vowels
    and tone marks would collide; the fonts are our own.
    """
    held = BytesIO()
    plotted(weeks, said, colour).savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


def plotted(weeks: Weeks, said: dict[str, Any], colour: str) -> Any:
    """The picture as a figure of matplotlib, which is loaded only where a mail has one."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    _add_fonts()
    figure = Figure(figsize=(5.6, 2.4), dpi=200, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.axhspan(weeks.lower, weeks.upper, color=_USUAL, alpha=0.3, linewidth=0)
    axes.axhline(weeks.usual, color=_USUAL, linewidth=1.5, label=said["chart_expected"])
    dates: Any = weeks.ends
    axes.plot(
        dates, weeks.observed, color=colour, linewidth=1.8, marker="o", markersize=3,
        label=said["chart_observed"],
    )  # fmt: skip
    onset: Any = weeks.onset
    axes.axvline(onset, color="#17212b", linewidth=1, linestyle="--", label=said["chart_onset"])
    _dress(axes, weeks, said)
    return figure


def _dress(axes: Any, weeks: Weeks, said: dict[str, Any]) -> None:
    style = {"fontfamily": list(_FAMILY), "fontsize": 8}
    axes.set_title(said["chart_title"], loc="left", pad=22, fontfamily=list(_FAMILY), fontsize=9)
    axes.set_ylim(bottom=0, top=1.05 * max(*weeks.observed, weeks.upper, 1.0))
    shown = weeks.ends[:: max(1, len(weeks.ends) // 6)]
    axes.set_xticks(shown, [f"{day:%d/%m}" for day in shown], **style)
    for label in axes.get_yticklabels():
        label.set(**style)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(  # between title and axes: within them it lies on the band or on weeks
        loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.1, borderpad=0.2, ncols=3,
        frameon=False, prop={"family": list(_FAMILY), "size": 8},
    )  # fmt: skip


def _add_fonts() -> None:
    from matplotlib import font_manager

    held = {entry.name for entry in font_manager.fontManager.ttflist}
    for path in sorted(_FONTS.glob("*.ttf")) if not set(_FAMILY) <= held else ():
        font_manager.fontManager.addfont(path)
