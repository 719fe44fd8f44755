"""`/v1/vacancies`: counts of vacancies, and single ones.

The public is answered from its lattice of decided tables: a filter selects cells of it and never
makes new sums. Departments are answered with free counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, TypeVar

from alerts.indicators.counting import METHOD, grade, interval
from dashboard.v1 import asked
from dashboard.v1.answers import COMMON, Answer, Asking, limit_of, listing, paged, place_of
from dashboard.v1.asked import TOTAL, UNKNOWN, Words
from dashboard.v1.citing import Stamp
from dashboard.v1.columns import COUNTS, VACANCIES
from dashboard.v1.refusing import AskedError, DepartmentOnlyError
from dashboard.v1.tables import Row, Table
from warehouse import published, vacancy_pages
from warehouse.client import millis
from warehouse.disclosure.guard import departmental
from warehouse.disclosure.records import Measure, PublicCount, View
from warehouse.disclosure.table import public_table
from warehouse.published import FIRST_DAY, PageKey
from warehouse.series import Frequency, Standing
from warehouse.vacancy_pages import CellCount, Dimension, Span, VacancyFilter, VacancyRecord
from warehouse.vacancy_stock import DIMENSIONS, CellStock, stocks

COUNT_WORDS: Final = COMMON | {
    "measure", "grain", "by", "digits", "province", "district", "occupation", "sector", "skill",
    "source", "since", "until", "as_of",
}  # fmt: skip
RECORD_WORDS: Final = COMMON | {
    "province", "district", "occupation", "sector", "skill", "source", "since", "until", "as_of",
}  # fmt: skip
NEW: Final = "new"
OPEN: Final = "open"
METHOD_STOCK: Final = "count/1"
_FREQUENCIES: Final = {Span.DAY: "D", Span.WEEK: "W", Span.MONTH: "M", Span.ALL: "A"}
_DEPARTMENTAL_WORDS: Final = ("district", "skill", "source", "digits")
_DEPARTMENTAL_BY: Final = (
    Dimension.DISTRICT, Dimension.SKILL, Dimension.SOURCE, Dimension.LANGUAGE,
)  # fmt: skip
_DISPERSION: Final = 1.3
"""Of daily counts, where a cell's own is not known; see docs/methods.md, "Weekly figures"."""
_MOST_CELLS: Final = 200_000
Found = TypeVar("Found")
_YEAR: Final = timedelta(days=365)


def vacancy_counts(asking: Asking, words: Words) -> Answer:
    """Counts of vacancies by period and cell.

    Raises:
        AskedError: naming the parameter that is not as expected.
        DepartmentOnlyError: the public asked for what its lattice does not have.
    """
    asked.known(words, COUNT_WORDS)
    if asking.view is View.PUBLIC:
        return _public(asking, words)
    return _free(asking, words)


def _stamp(asking: Asking, words: Words) -> tuple[Stamp, datetime]:
    """The stamp of counts, and the moment that the first page pinned."""
    given = asked.moment(words)
    public = asking.view is View.PUBLIC
    latest = published.latest_public_count if public else vacancy_pages.latest_load
    newest = latest(asking.client)
    held_at = newest[0] if newest else None
    as_of = place_of(words, (int,), given or held_at or asking.now)[0].as_of
    stamp = Stamp(
        as_of=as_of if held_at or given else None,
        mark=f"{millis(as_of)} {newest}",
        modified=held_at,
    )
    return stamp, as_of


def _span(words: Words, as_of: datetime) -> tuple[date, date]:
    last = asked.until(words) or as_of.date()
    first = asked.since(words) or max(FIRST_DAY, last - _YEAR)
    if first > last:
        raise AskedError("since", "a day not after until")
    return first, last


def _public(asking: Asking, words: Words) -> Answer:
    wanted = [name for name in _DEPARTMENTAL_WORDS if words.get(name)]
    by = _dimensions(words)
    if wanted or set(by) & set(_DEPARTMENTAL_BY):
        name = wanted[0] if wanted else "by"
        raise DepartmentOnlyError(name, "province, occupation (major group) or sector alone")
    grain = asked.one_of(words, "grain", (Span.WEEK, Span.MONTH), Span.WEEK)
    measure = asked.one_of(words, "measure", (NEW, OPEN), NEW)
    chosen = _lattice(words, by)
    stamp, as_of = _stamp(asking, words)
    first, last = _span(words, as_of)

    def rows() -> Sequence[Row]:
        found = public_table(
            asking.client,
            measure=Measure.FLOW if measure == NEW else Measure.STOCK,
            frequency=Frequency(_FREQUENCIES[Span(grain)]),
            since=first,
            until=last,
            as_of=as_of,
        )
        return [_public_row(one, measure) for one in found if chosen(one)]

    return listing(
        asking, words, title="Counts of job vacancies", name="vacancies", columns=COUNTS,
        rows=rows, stamp=stamp,
    )  # fmt: skip


def _lattice(words: Words, by: Sequence[Dimension]) -> Callable[[PublicCount], bool]:
    """Which cells of the lattice are asked for: totals of what is not asked by."""
    filters = {
        Dimension.PROVINCE: asked.provinces_asked(words),
        Dimension.OCCUPATION: asked.occupations_asked(words, stars=False),
        Dimension.INDUSTRY: asked.industries_asked(words),
    }
    if any(len(code) > 1 for code in filters[Dimension.OCCUPATION]):
        raise DepartmentOnlyError("occupation", "a major group, one digit")

    def chosen(one: PublicCount) -> bool:
        codes = {
            Dimension.PROVINCE: one.cell.province, Dimension.OCCUPATION: one.cell.isco1,
            Dimension.INDUSTRY: one.cell.isic,
        }  # fmt: skip
        return all(
            code in filters[name] if filters[name] else bool(code) == (name in by)
            for name, code in codes.items()
        )

    return chosen


def _public_row(one: PublicCount, measure: str) -> Row:
    standing = Standing.ASSESSABLE if one.value is not None else Standing.TOO_FEW
    return (
        measure, one.frequency.value, one.time_value, one.cell.province or TOTAL,
        one.cell.isco1 or TOTAL, one.cell.isic or TOTAL, TOTAL, TOTAL, TOTAL, TOTAL, one.value,
        one.lower, one.upper, one.value, None, None, None, one.step or None, standing.value,
        one.hidden.value if one.hidden else "", "", one.issue, one.release_id,
        "public-table/1", (),
    )  # fmt: skip


def _dimensions(words: Words) -> list[Dimension]:
    names = {"sector": Dimension.INDUSTRY}
    choices = ["sector" if one is Dimension.INDUSTRY else one.value for one in Dimension]
    return [names.get(name) or Dimension(name) for name in asked.some_of(words, "by", choices)]


def _filter(words: Words, as_of: datetime) -> VacancyFilter:
    first, last = _span(words, as_of)
    return VacancyFilter(
        since=first,
        until=last,
        provinces=asked.provinces_asked(words, UNKNOWN),
        districts=asked.districts_asked(words),
        occupations=asked.occupations_asked(words, UNKNOWN, stars=False),
        industries=asked.industries_asked(words, UNKNOWN),
        skills=asked.skills_asked(words, UNKNOWN),
        sources=[name[:60] for name in asked.several(words, "source")],
    )


def _free(asking: Asking, words: Words) -> Answer:
    grain = Span(asked.one_of(words, "grain", tuple(Span), Span.WEEK))
    measure = asked.one_of(words, "measure", (NEW, OPEN), NEW)
    by, digits = _dimensions(words), asked.whole(words, "digits", 1, 1, 4)
    stamp, as_of = _stamp(asking, words)
    filtered = _filter(words, as_of)
    if measure == OPEN:
        _without_events(words, by)

    def rows() -> Sequence[Row]:
        if measure == OPEN:
            held = stocks(asking.client, filtered, span=grain, by=by, digits=digits, as_of=as_of)
            levels = _bounded(list(islice(held, _MOST_CELLS + 1)))
            return [_open_row(one, grain, by, as_of) for one in departmental(levels, asking.view)]
        found = vacancy_pages.counts(
            asking.client, filtered, span=grain, by=by, digits=digits, as_of=as_of,
            limit=_MOST_CELLS + 1,
        )  # fmt: skip
        told = departmental(_bounded(found), asking.view)
        return [_free_row(one, grain, by, as_of) for one in told]

    return listing(
        asking, words, title="Counts of job vacancies", name="vacancies", columns=COUNTS,
        rows=rows, stamp=stamp,
    )  # fmt: skip


def _bounded(found: list[Found]) -> list[Found]:
    """The cells, if they are not too many.

    Raises:
        AskedError: they are.
    """
    if len(found) > _MOST_CELLS:
        raise AskedError("by", f"a question of at most {_MOST_CELLS:,} cells")
    return found


def _without_events(words: Words, by: Sequence[Dimension]) -> None:
    """Nothing where open vacancies can be told apart so.

    Raises:
        AskedError: events do not carry the dimension.
    """
    if words.get("district") or words.get("skill") or set(by) - set(DIMENSIONS):
        raise AskedError("measure", "new with district, skill or language; open has none of them")


_CELL: Final = (
    Dimension.PROVINCE, Dimension.OCCUPATION, Dimension.INDUSTRY, Dimension.DISTRICT,
    Dimension.SKILL, Dimension.SOURCE, Dimension.LANGUAGE,
)  # fmt: skip


def _codes(by: Sequence[Dimension], cell: Sequence[str]) -> tuple[str, ...]:
    codes = {name: code or UNKNOWN for name, code in zip(by, cell, strict=True)}
    return tuple(codes.get(name, TOTAL) for name in _CELL)


def _open_row(one: CellStock, grain: Span, by: Sequence[Dimension], as_of: datetime) -> Row:
    """A stock is counted, not sampled: it has no interval of its own."""
    return (
        OPEN, _FREQUENCIES[grain], one.day, *_codes(by, one.cell), one.open_now, None, None,
        one.open_now, None, None, None, None, Standing.ASSESSABLE.value, "", "", as_of, "",
        METHOD_STOCK, (),
    )  # fmt: skip


def _free_row(one: CellCount, grain: Span, by: Sequence[Dimension], as_of: datetime) -> Row:
    lower, upper = interval(one.n, _DISPERSION)
    return (
        NEW, _FREQUENCIES[grain], one.period, *_codes(by, one.cell), one.n, lower, upper, one.n,
        one.openings, one.employers, one.top_share, None, Standing.ASSESSABLE.value, "",
        grade(one.n, one.employers, 1.0), as_of, "", METHOD, one.sources,
    )  # fmt: skip


def vacancy_records(asking: Asking, words: Words) -> Answer:
    """Single vacancies, newest day first; departments only.

    Raises:
        AskedError: naming the parameter that is not as expected.
        DepartmentOnlyError: the public asked.
    """
    asked.known(words, RECORD_WORDS)
    if asking.view is View.PUBLIC:
        raise DepartmentOnlyError("vacancies", "counts: /v1/vacancies")
    given = asked.moment(words)
    newest = vacancy_pages.latest_load(asking.client)
    held_at = newest[0] if newest else None
    place, mark = place_of(words, (int, str), given or held_at or asking.now)
    filtered, limit = _filter(words, place.as_of), limit_of(asking, words)
    stamp = Stamp(
        as_of=place.as_of if held_at or given else None,
        mark=f"{millis(place.as_of)} {newest}",
        modified=held_at,
    )

    def build() -> Table:
        about = asking.house.about(
            "Job vacancies", view=asking.view, as_of=stamp.as_of, path=asking.path
        )
        table = Table(about=about, columns=VACANCIES, name="vacancy-records", blocks=iter(()))

        def fetch(after: PageKey, size: int) -> list[VacancyRecord]:
            found = vacancy_pages.records(
                asking.client, filtered, after=after, limit=size, as_of=place.as_of
            )
            return departmental(found, asking.view)

        table.blocks = paged(
            table, fetch, vacancy_pages.key_of, _record_rows, place=place, mark=mark, limit=limit
        )
        return table

    return Answer(stamp=stamp, build=build)


def _record_rows(page: list[VacancyRecord]) -> Sequence[Row]:
    return [tuple(getattr(one, column.name) for column in VACANCIES) for one in page]
