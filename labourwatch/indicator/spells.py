"""A table of single vacancies with the days they were advertised → how long they stand. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from alerts.indicators.duration import mean_duration, median_duration
from labourwatch.indicator.columns import ColumnsError
from labourwatch.indicator.names import plain
from labourwatch.indicator.roles import Row
from labourwatch.indicator.times import first_day
from labourwatch.indicator.told import Told
from warehouse.spells import DAY_MS, Spell, SpellStatus

DURATION: Final = "duration"
_OPENED: Final = "opened"
_ENDED: Final = "ended"
_NAMES: Final = {
    _OPENED: "opened|opened on|opening date|start|start date|posted|date posted|posting date|"
    "published|first seen|date|ວັນທີປະກາດ|ວັນເປີດຮັບ|วันที่ประกาศ|ngày đăng",
    _ENDED: "ended|ended on|closed|closed on|end|end date|last seen|filled|filled on|withdrawn|"
    "date closed|ວັນປິດຮັບ|ວັນໝົດເຂດ|วันปิดรับสมัคร|ngày đóng",
}
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC).date()
Key = tuple[tuple[str, str], ...]


def spell_columns(names: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """The columns of the first and the last day, by `opened` and `ended`.

    Raises:
        ColumnsError: one is missing, or `told` names what does not exist.
    """
    found: dict[str, str] = {}
    for column, field in told.items():
        if column not in names or field not in _NAMES:
            raise ColumnsError(f"--map {column}={field}: expected a column, and opened or ended")
        found[field] = column
    for field, known in _NAMES.items():
        wanted = {plain(name) for name in known.split("|")}
        column = next((name for name in names if plain(name) in wanted), "")
        found.setdefault(field, column)
        if not found[field]:
            raise ColumnsError(f"no column for {field}; say which with --map COLUMN={field}")
    return found


def durations(rows: Sequence[Row], columns: Mapping[str, str], by: Sequence[str]) -> Iterator[Told]:
    """Median and mean of the first 60 days, for each combination of the columns `by`.

    An empty end is of a vacancy that still stood on the last day of the whole table: its length
    is censored there, not left out.

    Raises:
        ColumnsError: a day that cannot be read, or an end before its beginning.
    """
    spans = [(number, cells, _span(number, cells, columns)) for number, cells in rows]
    last = max(day for _, _, span in spans for day in span if day is not None)
    spells: dict[Key, list[Spell]] = defaultdict(list)
    for number, cells, (opened, ended) in spans:
        key = tuple((name, cells.get(name, "").strip()) for name in by)
        spells[key].append(_spell(number, opened, ended, last))
    for key, found in spells.items():
        for part, figure in (
            ("median", median_duration(found)), ("mean_60", mean_duration(found)),
        ):  # fmt: skip
            yield Told(key=key, time="", figure=figure, part=part, groups=1, untold=0)


def _span(
    number: int, cells: Mapping[str, str], columns: Mapping[str, str]
) -> tuple[date, date | None]:
    opened = _day(number, cells, columns[_OPENED])
    ended = _day(number, cells, columns[_ENDED])
    if opened is None:
        raise ColumnsError(f"row {number}: {columns[_OPENED]} is empty")
    if ended is not None and ended < opened:
        raise ColumnsError(f"row {number}: ended on {ended}, before it was opened on {opened}")
    return opened, ended


def _day(number: int, cells: Mapping[str, str], column: str) -> date | None:
    text = cells.get(column, "").strip()
    if not text:
        return None
    day = first_day(text)
    if day is None:
        raise ColumnsError(f"row {number}: {column}: expected a day, got {text!r}")
    return day


def _spell(number: int, opened: date, ended: date | None, last: date) -> Spell:
    start, end = ((day - _FIRST).days * DAY_MS for day in (opened, ended or last))
    return Spell(
        vacancy_id=str(number), number=0, province="", isco08="", source_id="",
        started_after=start, started_before=start, entered_at=start, ended_after=end,
        ended_before=None if ended is None else end,
        status=SpellStatus.OPEN if ended is None else SpellStatus.CLOSED,
    )  # fmt: skip
