"""The national map: provinces as filled polygons on plain axes. Pure.

Plotly's own maps fetch outlines from the internet; these need nothing but this figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dashboard.figures import FONT, INK, Figure
from dashboard.geography import Province, provinces
from dashboard.language import Language
from dashboard.scales import Scale

_STRETCH: Final = 1.057
"""One degree of latitude in degrees of longitude at 19° north."""
_MOVED_LABELS: Final = {
    "LA-VT": (102.75, 17.55),
    "LA-VI": (102.1, 18.72),
    "LA-XA": (101.3, 19.3),
    "LA-XS": (103.22, 18.95),
    "LA-XI": (103.45, 19.55),
    "LA-SL": (106.35, 15.93),
    "LA-XE": (107.05, 15.5),
    "LA-BK": (100.62, 20.35),
}
"""Labels that would lie upon each other, moved; the capital's lies south of it."""
_HATCH: Final = {
    "shape": "/",
    "fgcolor": "#8794aa",
    "bgcolor": "#ffffff",
    "size": 7,
    "solidity": 0.2,
}


def map_figure(
    lang: Language,
    values: Mapping[str, float | None],
    written: Mapping[str, str],
    scale: Scale,
    chosen: str = "all",
) -> Figure:
    """The map coloured by `values`; traces 0 to 17 are the provinces in official order, 18 is the
    outline of the chosen one, empty where none is, and 19 holds the names.

    Args:
        lang: language of names.
        values: by province code; `None` is drawn hatched.
        written: the same values as text.
        scale: colours.
        chosen: province drawn with a heavy outline, or "all".
    """
    held = provinces()
    traces = [
        _polygon(lang, province, values[code], written[code], scale)
        for code, province in held.items()
    ]
    traces += [outline(chosen), _labels(lang, written)]
    return {"data": traces, "layout": _layout()}


def province_of_click(click: Mapping[str, Any] | None) -> str | None:
    """The province a click on the map fell in, or `None`."""
    if not click or not click.get("points"):
        return None
    point = click["points"][0]
    codes = list(provinces())
    if point.get("customdata") in codes:
        return str(point["customdata"])
    curve = point.get("curveNumber", len(codes))
    return codes[curve] if 0 <= curve < len(codes) else None


def _ring_path(province: Province) -> tuple[list[float | None], list[float | None]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in province.rings:
        if x:
            x.append(None)
            y.append(None)
        x += [point[0] for point in ring]
        y += [point[1] for point in ring]
    return x, y


def _polygon(
    lang: Language, province: Province, value: float | None, written: str, scale: Scale
) -> dict[str, Any]:
    x, y = _ring_path(province)
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": scale.colour(value),
        "line": {"color": "#5b6b86", "width": 1},
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": f"<b>{province.name(lang.code)}</b><br>{written}",
        "name": province.code,
        "showlegend": False,
    }
    if value is None:
        trace["fillpattern"] = dict(_HATCH)
    return trace


def outline(chosen: str) -> dict[str, Any]:
    """The trace that marks the chosen province of a `map_figure`: the one after the provinces."""
    province = provinces().get(chosen)
    x, y = _ring_path(province) if province else ([], [])
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": INK, "width": 3.5},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "chosen",
    }


def _label(province: Province) -> tuple[float, float]:
    return _MOVED_LABELS.get(province.code, province.label)


def _labels(lang: Language, written: Mapping[str, str]) -> dict[str, Any]:
    held = provinces()
    return {
        "type": "scatter",
        "mode": "text",
        "x": [_label(province)[0] for province in held.values()],
        "y": [_label(province)[1] for province in held.values()],
        "text": [
            f"{province.name(lang.code)}<br><b>{written[code]}</b>"
            for code, province in held.items()
        ],
        "customdata": list(held),
        "textfont": {
            "size": 11,
            "family": FONT,
            "color": INK,  # over any colour: the style sheet gives the letters a white edge
        },
        "hoverinfo": "skip",
        "showlegend": False,
        "name": "labels",
    }


def _layout() -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True}
    return {
        "font": {"family": FONT, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"font": {"family": FONT}, "bgcolor": INK, "bordercolor": INK},
        "xaxis": {**axis, "range": [100.0, 107.8]},
        "yaxis": {
            **axis,
            "range": [13.8, 22.6],
            "scaleanchor": "x",
            "scaleratio": _STRETCH,
        },
    }
