"""The scorecard of alerts under `/v1`, for everybody: it tells of alerts, not of vacancies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from alerts.scorecard.card import NATION, card_of, last_day
from alerts.scorecard.figures import GROUPS, ScoreFigure, figures_of
from dashboard.v1 import asked, columns
from dashboard.v1.answers import COMMON, Answer, Asking, listing, place_of
from dashboard.v1.asked import TOTAL, Words
from dashboard.v1.citing import Stamp
from dashboard.v1.refusing import AskedError
from dashboard.v1.tables import Row
from warehouse.scorecard import read_facts_mark, read_score_facts

_PERIOD: Final = timedelta(days=365)
_WORDS: Final = COMMON | {"group", "province", "since", "until", "as_of"}


def scorecard(asking: Asking, words: Words, *, budget: int) -> Answer:
    """How right, how soon and how well answered alerts were; the last year if no days are given.

    Args:
        budget: alerts that a province may be told in a month.

    Raises:
        AskedError: a word is not as expected, or the first day lies after the last.
    """
    asked.known(words, _WORDS)
    groups = asked.some_of(words, "group", GROUPS) or GROUPS
    wanted = [code or NATION for code in asked.provinces_asked(words)]
    as_of = place_of(words, (int,), asked.moment(words) or _present(asking))[0].as_of
    until = asked.until(words) or last_day(as_of)
    since = asked.since(words) or until - _PERIOD
    if since > until:
        raise AskedError("since", f"a day not after {until}")
    mark = read_facts_mark(asking.client, as_of=as_of)

    def rows() -> list[Row]:
        facts = read_score_facts(asking.client, as_of=as_of)
        card = card_of(facts, since=since, until=until, as_of=as_of, budget=budget)
        return [
            _row(one)
            for one in figures_of(card)
            if one.by in groups and (not wanted or one.province in wanted)
        ]

    stamp = Stamp(
        as_of=as_of, mark=f"{mark.rows} {mark.newest} {since} {until} {budget}",
        modified=mark.newest,
    )  # fmt: skip
    return listing(
        asking, words, title="Scorecard of alerts", name="scorecard", columns=columns.SCORECARD,
        rows=rows, stamp=stamp,
    )  # fmt: skip


def _present(asking: Asking) -> datetime:
    """The hour that began last, or what was recorded since: equal answers within an hour."""
    hour = asking.now.replace(minute=0, second=0, microsecond=0)
    newest = read_facts_mark(asking.client, as_of=asking.now).newest
    return hour if newest is None else max(hour, newest)


def _row(one: ScoreFigure) -> Row:
    province = TOTAL if one.province == NATION else one.province
    return (
        one.by, province, one.kind, one.severity, one.month, one.measure, one.value, one.lower,
        one.upper, one.hits, one.n, "assessable" if one.value is not None else "not_assessable",
    )  # fmt: skip
