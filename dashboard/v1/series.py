"""`/v1/series`: published figures with everything that is needed to judge them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final

from config.vocabulary import read_table
from dashboard.v1 import asked
from dashboard.v1.answers import COMMON, Answer, Asking, limit_of, paged, place_of
from dashboard.v1.asked import TOTAL, Words
from dashboard.v1.citing import Stamp
from dashboard.v1.columns import SERIES
from dashboard.v1.tables import Row, Table
from warehouse import published
from warehouse.client import millis
from warehouse.disclosure.records import Hidden, Released, View
from warehouse.disclosure.table import released_page
from warehouse.published import FIRST_DAY, LAST_DAY, PageKey, SeriesFilter
from warehouse.series import Frequency, Observation, Standing

SERIES_WORDS: Final = COMMON | {
    "indicator", "province", "occupation", "sector", "skill", "frequency", "release", "standing",
    "since", "until", "as_of", "vintages",
}  # fmt: skip
Told = tuple[Observation, Released]
_WITHHELD: Final = frozenset(
    {Hidden.CONFIDENTIAL, Hidden.OUTSIDE, Hidden.NOT_DECIDED, Hidden.NOT_FINAL}
)
_KEY: Final = (str, str, str, str, str, str, int)


@cache
def units() -> dict[str, str]:
    """Unit of every indicator by its code."""
    return {row["code"]: row["unit"] for row in read_table("codelists", "indicators.csv")}


def series(asking: Asking, words: Words) -> Answer:
    """Published figures, newest issue each, or every issue with `vintages=true`.

    Raises:
        AskedError: naming the parameter that is not as expected.
    """
    asked.known(words, SERIES_WORDS)
    filtered = _filter(asking, words)
    given = asked.moment(words)
    states = [published.latest_issue(asking.client)]
    if asking.view is View.PUBLIC:  # what it is told changes with the tables decided for it, too
        states.append(published.latest_public_count(asking.client))
    held_at = max((state[0] for state in states if state), default=None)
    shape: tuple[type, ...] = (*_KEY, int) if filtered.vintages else _KEY
    place, mark = place_of(words, shape, given or held_at or asking.now)
    limit = limit_of(asking, words)
    stamp = Stamp(
        as_of=place.as_of if held_at or given else None,
        mark=f"{millis(place.as_of)} {states}",
        modified=held_at,
    )

    def build() -> Table:
        about = asking.house.about(
            "Labour-market indicators", view=asking.view, as_of=stamp.as_of, path=asking.path
        )
        table = Table(about=about, columns=SERIES, name="series", blocks=iter(()))

        def fetch(after: PageKey, size: int) -> list[Told]:
            return _told(asking, filtered, after, size, place.as_of)

        def rows(page: list[Told]) -> Sequence[Row]:
            return [_row(released) for _, released in page]

        def key(one: Told) -> PageKey:
            return published.key_of(one[0], vintages=filtered.vintages)

        table.blocks = paged(table, fetch, key, rows, place=place, mark=mark, limit=limit)
        return table

    return Answer(stamp=stamp, build=build)


def told_figures(asking: Asking, words: Words, *, most: int) -> list[Released]:
    """The figures that `series` tells for the same words, at most so many, in its order.

    An office that asks for its own province is told exactly what that province answers for.

    Raises:
        AskedError: naming the parameter that is not as expected.
    """
    asked.known(words, SERIES_WORDS)
    as_of = asked.moment(words) or asking.now
    asking = own_cells(asking, words.get("province", ""))
    return [told for _, told in _told(asking, _filter(asking, words), (), most, as_of)]


def _filter(asking: Asking, words: Words) -> SeriesFilter:
    return SeriesFilter(
        indicators=asked.some_of(words, "indicator", tuple(units())),
        provinces=asked.provinces_asked(words),
        occupations=asked.occupations_asked(words),
        industries=asked.industries_asked(words),
        skills=asked.skills_asked(words),
        frequencies=asked.some_of(words, "frequency", tuple(Frequency)),
        releases=[name[:60] for name in asked.several(words, "release")],
        standings=asked.some_of(words, "standing", tuple(Standing)),
        since=asked.since(words) or FIRST_DAY,
        until=asked.until(words) or LAST_DAY,
        released_only=asking.view is View.PUBLIC,
        vintages=asked.flag(words, "vintages"),
    )


def _told(
    asking: Asking, filtered: SeriesFilter, after: PageKey, size: int, as_of: datetime
) -> list[Told]:
    """At most `size` figures that are told, after a key.

    What is withheld from the public is left out, and no page ends at it: that a withheld cell has a
    row at all would tell it from an empty one.
    """
    found: list[Told] = []
    while True:
        page = published.page(asking.client, filtered, after=after, limit=size, as_of=as_of)
        released = _released(asking, page, as_of, filtered.vintages)
        found += [
            pair
            for pair in zip(page, released, strict=True)
            if pair[1].hidden not in _WITHHELD and _is_for(asking, pair[1])
        ]
        if len(found) >= size or len(page) < size:
            return found[:size]
        after = published.key_of(page[-1], vintages=filtered.vintages)


def _is_for(asking: Asking, one: Released) -> bool:
    """Whether a figure may be told exactly: an office's are those that its province answers for.

    Where a province is too thin the nation answers, whose exact figures are not the office's.
    """
    if not asking.own or asking.view is View.PUBLIC or one.standing is not Standing.ROLLED_UP:
        return True
    return one.answered_province == asking.own


def own_cells(asking: Asking, province: str) -> Asking:
    """How an office asks for one province: exactly for its own, else as it asks already."""
    if asking.view is View.PUBLIC and asking.own and province == asking.own:
        return replace(asking, view=View.DEPARTMENT)
    return asking


def _released(
    asking: Asking, page: list[Observation], as_of: datetime, vintages: bool
) -> list[Released]:
    """The page as the view may see it: the only way by which figures get out of here."""
    if asking.view is View.DEPARTMENT:
        return released_page(asking.client, page, asking.view)
    since = published.history_begins(asking.client)
    if not vintages:
        return released_page(asking.client, page, asking.view, as_of=as_of, history_since=since)
    told: dict[int, Released] = {}
    by_issue: dict[datetime, list[int]] = defaultdict(list)
    for position, one in enumerate(page):
        by_issue[one.issue].append(position)
    for issue, positions in by_issue.items():
        held = [page[position] for position in positions]
        found = released_page(asking.client, held, asking.view, as_of=issue, history_since=since)
        told |= dict(zip(positions, found, strict=True))
    return [told[position] for position in range(len(page))]


def _row(one: Released) -> Row:
    key = one.series
    return (
        key.indicator, key.province or TOTAL, key.occupation or TOTAL, key.industry or TOTAL,
        key.skill or TOTAL, key.frequency.value, one.time_value, one.value, one.lower, one.upper,
        one.n, one.n_at_least, one.employers, units().get(key.indicator, ""), one.step,
        one.standing.value, one.hidden.value if one.hidden else "", one.grade,
        one.answered_province, one.answered_occupation, one.issue, one.release_id, one.method,
        one.sources,
    )  # fmt: skip
