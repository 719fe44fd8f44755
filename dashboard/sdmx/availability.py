"""What there is of a flow: the values of its dimensions, and how much. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.sdmx.artefacts import Constraint, Flow, Kind, Text
from dashboard.sdmx.figures import key_of, period_bounds
from dashboard.sdmx.keys import Selection, dimension_ids
from warehouse.released_series import Span


def matching(spans: Iterable[Span], selection: Selection) -> list[Span]:
    """Spans of series that are asked for, in their order."""
    return [span for span in spans if selection.takes(key_of(span.series))]


def constraint(flow: Flow, spans: Sequence[Span], component: str = "") -> Constraint:
    """The actual constraint of a flow; with `component`, the values of that dimension alone."""
    names = dimension_ids()
    codes: dict[str, set[str]] = {name: set() for name in names}
    for span in spans:
        for name, code in zip(names, key_of(span.series), strict=True):
            codes[name].add(code)
    bounds = [(period_bounds(s.series, s.first)[0], period_bounds(s.series, s.last)[1])
              for s in spans]  # fmt: skip
    timed = bounds and component in ("", "TIME_PERIOD")
    return Constraint(
        kind=Kind.CONSTRAINT,
        id=f"CC_{flow.id}",
        name=Text(en=f"Data available: {flow.name.en}", lo=f"ຂໍ້ມູນທີ່ມີ: {flow.name.lo}"),
        flow=flow,
        values={
            name: tuple(sorted(held))
            for name, held in codes.items()
            if held and component in ("", name)
        },
        first=min(first for first, _ in bounds).isoformat() if timed else "",
        last=max(last for _, last in bounds).isoformat() if timed else "",
        series=len(spans),
        observations=sum(span.figures for span in spans),
    )
