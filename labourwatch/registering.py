"""The register with what has come, and the strategy's indicators, as lines and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from config.registry import registry
from config.settings import Settings
from streams.endings import end_of_day
from streams.normalise import VIENTIANE
from warehouse.client import connect
from warehouse.quality.strategy import MeasuredFigure, ValueOrigin
from warehouse.strategy import StrategyFigure
from warehouse.strategy_values import find
from warehouse.systems import Standing

_DEMONSTRATION: Final = (
    "DEMONSTRATION: what came is invented and does not count for the strategy; "
    "its count stands in brackets."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The register as of a moment."""

    as_of: datetime
    demonstration: bool
    standings: Sequence[Standing]
    figures: Sequence[StrategyFigure]
    measured: Sequence[MeasuredFigure] = ()
    """Those that checks of data quality, or the service's use, tell."""


def look(settings: Settings, *, now: datetime, day: date | None = None) -> Told:
    """The register and the indicators at the end of `day`, or now.

    Raises:
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
        DeclarationError: the register is wrong.
    """
    as_of = now if day is None else min(now, end_of_day(day))
    invented, today = settings.is_demonstration, as_of.astimezone(VIENTIANE).date()
    with closing(connect(settings)) as client:
        found = find(client, registry(), as_of=as_of, today=today, demonstration=invented)
    return Told(
        as_of=as_of, demonstration=invented, standings=found.standings, figures=found.computed,
        measured=found.measured,
    )  # fmt: skip


def systems_as_lines(told: Told) -> list[str]:
    """A line for each system."""
    lines = [f"{'system':<20} {'status':<11} {'agreement':<10} {'last receipt':<17} {'records':>9}"]
    for held in told.standings:
        last = f"{held.last_at.astimezone(VIENTIANE):%Y-%m-%d %H:%M}" if held.last_at else "never"
        mark = "" if held.system else "  not on the register"
        mark = "  demonstration" if held.demonstration else mark
        lines.append(
            f"{held.system_id:<20} {held.status:<11} {held.agreement:<10} {last:<17} "
            f"{held.records:>9,}{mark}"
        )
    return _marked(lines, told)


def indicators_as_lines(told: Told) -> list[str]:
    """Each indicator: value, target, addends, formula, method and source."""
    lines = [f"as of {told.as_of.astimezone(VIENTIANE):%Y-%m-%d %H:%M} (Vientiane)"]
    for figure in told.figures:
        brackets = f" ({figure.demonstration:,} invented)" if told.demonstration else ""
        targets = [_target(figure.target_2_years), _target(figure.target_10_years)]
        lines.append(
            f"{figure.number}  {figure.value:,}{brackets}; target {targets[0]} in 2 years, "
            f"{targets[1]} in 10; baseline {_target(figure.baseline)}; n = {figure.n}"
        )
        lines += [
            f"     = {figure.formula}",
            f"     {', '.join(f'{name} {count:,}' for name, count in figure.parts) or 'nothing'}",
        ]
    for found in told.measured:
        lines += _measured_lines(found, told)
    first = told.figures[0]
    return _marked([*lines, f"method {first.method}; source: {first.source}"], told)


def systems_as_json(told: Told) -> list[str]:
    """The systems as one JSON document."""
    rows = [
        {
            "id": held.system_id,
            "registered": held.system is not None,
            "name": held.system.name.model_dump() if held.system else None,
            "kind": held.system.kind if held.system else None,
            "status": held.status,
            "agreement": held.agreement,
            "last_receipt": held.last_at,
            "records": held.records,
            "demonstration": held.demonstration,
        }
        for held in told.standings
    ]
    return [_json({"as_of": told.as_of, "demonstration": told.demonstration, "systems": rows})]


def indicators_as_json(told: Told) -> list[str]:
    """The indicators as one JSON document."""
    rows = [{**asdict(figure), "parts": dict(figure.parts)} for figure in told.figures]
    measured = [asdict(figure) for figure in told.measured]
    if told.demonstration:  # nothing measured on invented data counts
        measured = [{**row, "value": None, "invented": row["value"]} for row in measured]
    return [_json({"demonstration": told.demonstration, "indicators": rows, "measured": measured})]


def _measured_lines(found: MeasuredFigure, told: Told) -> list[str]:
    value = "not assessable"
    if found.value is not None:
        value = f"{found.value:.3f} ({found.lower:.3f} to {found.upper:.3f})"
        value = f"not counted ({value} of invented data)" if told.demonstration else value
    unit = "" if found.unit in ("share", "count") else f" {found.unit}"
    known = f", data as of {found.as_of:%Y-%m-%d}" if found.as_of else ""
    check = (
        " (`labourwatch quality-checks --store`)" if found.origin is ValueOrigin.MEASURED else ""
    )
    first = (
        f"{found.number}  {value}{unit}; target {found.target_2_years:g} in 2 years, "
        f"{found.target_10_years:g} in 10; n = {found.n:,}"
    )
    return [
        first,
        f"     = {found.formula}",
        f"     {found.method}{known}, {_period(found)}{found.source}{check}",
    ]


def _period(found: MeasuredFigure) -> str:
    if found.period_start is None or found.period_end is None:
        return ""
    return f"{found.period_start} to {found.period_end}, "


def _marked(lines: list[str], told: Told) -> list[str]:
    return [*lines, _DEMONSTRATION] if told.demonstration else lines


def _target(value: int | None) -> str:
    return "not stated" if value is None else str(value)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
