"""Charts over time, as plain Plotly dictionaries. Pure: numbers and a language in, a figure out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from dashboard.cube import Counts
from dashboard.holidays import MARK, holiday_weeks, ordinary_share
from dashboard.intervals import BASE, Interval, expected_count
from dashboard.language import Language

Figure = dict[str, Any]

FONT: Final = "'Noto Sans Lao', 'Noto Sans', system-ui, sans-serif"
INK: Final = "#14213a"
GRID: Final = "#e4e8ef"
BLUE: Final = "#1b5fad"
BAND: Final = "rgba(27, 95, 173, 0.16)"
ALARM: Final = "#a5281b"
HOLIDAY: Final = "#7a4b00"


def flow_figure(
    lang: Language,
    ends: Sequence[date],
    counts: Sequence[int | None],
    bands: Sequence[Interval | None],
    unmarked: int = 0,
) -> Figure:
    """Weekly flow against what was expected of each week (see `rolling_expectation`).

    The line is broken where a count is not told (`None`). The last `unmarked` weeks are not marked
    as outside their interval.
    """
    judged = slice(0, max(0, len(ends) - unmarked))
    traces = [
        *_band(lang, ends, bands),
        _line(lang, ends, counts),
        _holidays(lang, ends),
        _outside(lang, ends[judged], counts[judged], bands[judged]),
    ]
    return {"data": traces, "layout": _layout(lang, ends)}


def stock_figure(lang: Language, first_day: date, stock: Counts) -> Figure:
    """Open vacancies at the end of each day."""
    days = [first_day + timedelta(days=offset) for offset in range(len(stock))]
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [day.isoformat() for day in days],
        "y": [int(count) for count in stock],
        "line": {"color": "#0f766e", "width": 2},
        "fill": "tozeroy",
        "fillcolor": "rgba(15, 118, 110, 0.12)",
        "text": [
            f"{lang.short_day(day)}<br>{lang.number(int(count))}"
            for day, count in zip(days, stock, strict=True)
        ],
        "hoverinfo": "text",
    }
    return {"data": [trace], "layout": _layout(lang, days)}


def evidence_figure(
    lang: Language, weeks: Sequence[tuple[date, int, Interval | None]], onset: date
) -> Figure:
    """An alert's evidence: the cell's weekly flow, what was expected without it, and the onset."""
    ends, counts, bands = (
        [week[0] for week in weeks],
        [week[1] for week in weeks],
        [week[2] for week in weeks],
    )
    figure = flow_figure(lang, ends, counts, bands)
    mark = onset.isoformat()
    late = sum(end > onset for end in ends) * 2 < len(ends)
    figure["layout"]["shapes"] = [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": mark,
            "x1": mark,
            "y0": 0,
            "y1": 1,
            "line": {"color": ALARM, "width": 2, "dash": "dash"},
        }
    ]
    figure["layout"]["annotations"] = [
        {
            "x": mark,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "xanchor": "right" if late else "left",
            "showarrow": False,
            "text": f"{lang.say('onset')}: {lang.short_day(onset)}",
            "font": {"color": ALARM, "size": 13},
        }
    ]
    return figure


def rolling_expectation(
    ends: Sequence[date],
    counts: Sequence[int],
    onset: date | None = None,
    shown: int | None = None,
) -> list[Interval | None]:
    """What each week was expected to be from the weeks before it; `None` in the first weeks.

    From `onset` on the expectation stays what it was: a change must not explain itself. Only the
    last `shown` weeks are computed where that is given; those before are `None`. Weeks with
    holidays lead to no expectation, and less may be expected of them.
    """
    before = len(counts) if onset is None else sum(end < onset for end in ends)
    first = BASE if shown is None else max(BASE, len(counts) - shown)
    shares = [ordinary_share(end) for end in ends]
    ordinary = [at for at, share in enumerate(shares) if share == 1.0]
    return [
        expected_count([counts[past] for past in ordinary if past < min(at, before)], shares[at])
        if at >= first
        else None
        for at in range(len(counts))
    ]


def _band(
    lang: Language, ends: Sequence[date], bands: Sequence[Interval | None]
) -> list[dict[str, Any]]:
    known = [(end, band) for end, band in zip(ends, bands, strict=True) if band is not None]
    x = [end.isoformat() for end, _ in known]
    edge = {"type": "scatter", "mode": "lines", "x": x, "hoverinfo": "skip"}
    return [
        {**edge, "y": [band.lower for _, band in known], "line": {"width": 0}},
        {
            **edge,
            "y": [band.upper for _, band in known],
            "line": {"width": 0},
            "fill": "tonexty",
            "fillcolor": BAND,
            "name": lang.say("expected_band"),
        },
        {
            **edge,
            "y": [band.value for _, band in known],
            "line": {"color": BLUE, "width": 1.5, "dash": "dot"},
            "name": lang.say("expected"),
        },
    ]


def _line(lang: Language, ends: Sequence[date], counts: Sequence[int | None]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [end.isoformat() for end in ends],
        "y": list(counts),
        "line": {"color": INK, "width": 2},
        "marker": {"size": 5, "color": INK},
        "text": [
            f"{lang.say('week_ending')} {lang.short_day(end)}<br>{lang.number(count or 0)}"
            for end, count in zip(ends, counts, strict=True)
        ],
        "hoverinfo": "text",
        "name": lang.say("observed"),
    }


def _holidays(lang: Language, ends: Sequence[date]) -> dict[str, Any]:
    """A mark on the base at weeks with holidays."""
    told = holiday_weeks(lang, ends)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [end.isoformat() for end in told],
        "y": [0] * len(told),
        "text": [MARK] * len(told),
        "textfont": {"size": 9, "color": HOLIDAY},
        "hovertext": [f"{lang.short_day(end)}<br>{names}" for end, names in told.items()],
        "hoverinfo": "text",
        "cliponaxis": False,
        "name": lang.say("holiday_week"),
    }


def _outside(
    lang: Language,
    ends: Sequence[date],
    counts: Sequence[int | None],
    bands: Sequence[Interval | None],
) -> dict[str, Any]:
    out = [
        (end, count, count > band.upper)
        for end, count, band in zip(ends, counts, bands, strict=True)
        if count is not None and band is not None and not band.lower <= count <= band.upper
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [end.isoformat() for end, _, _ in out],
        "y": [count for _, count, _ in out],
        "marker": {
            "size": 11,
            "color": ALARM,
            "symbol": ["triangle-up" if above else "triangle-down" for _, _, above in out],
        },
        "hoverinfo": "skip",
        "name": lang.say("outside"),
    }


def _layout(lang: Language, days: Sequence[date]) -> dict[str, Any]:
    ticks = _months(days)
    return {
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 12, "t": 28, "b": 44},
        "separators": lang.separators,
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,  # the page has its own, which wraps on a phone
        "xaxis": {
            "type": "date",
            "tickvals": [tick.isoformat() for tick in ticks],
            "ticktext": [lang.month(tick) for tick in ticks],
            "tickangle": 0,
            "showgrid": False,
            "linecolor": "#9aa5b8",
            "fixedrange": True,
        },
        "yaxis": {
            "rangemode": "tozero",
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
            "tickformat": ",d",
            "nticks": 6,
        },
        "hoverlabel": {"font": {"family": FONT}, "bgcolor": "#14213a", "bordercolor": "#14213a"},
    }


def _months(days: Sequence[date]) -> list[date]:
    if not days:
        return []
    first, last = days[0], days[-1]
    span = (last.year - first.year) * 12 + last.month - first.month
    step = 1 if span <= 5 else 2 if span <= 10 else 3
    months = [
        date(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1, 1)
        for ahead in range(span + 1)
    ]
    return [month for month in months if (month.month - 1) % step == 0 and month >= first]
