"""Spells from what the warehouse holds: beginnings, ends, and what is not known of either."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from alerts.durations import Assessment, Deadlines, duration
from warehouse.spells import DAY_MS, Change, End, History, Sight, Spell, SpellStatus, Watch
from warehouse.spells import spells_of as spells

# Midnight in Laos at the beginning of 1 March 2026.
ZERO = round(datetime(2026, 2, 28, 17, tzinfo=UTC).timestamp() * 1000)
FIRST_DAY = date(2026, 3, 1).toordinal()


def at(day: float) -> int:
    return ZERO + round(day * DAY_MS)


def daily(*, until: int = 20, failing: bool = False, k: int = 2) -> Watch:
    """Crawled at noon of every day from day 0."""
    return Watch(looks=[at(d + 0.5) for d in range(until)], unseen_runs=k, failing=failing)


def opening(day: float, key: str = "a:1") -> Change:
    return Change(at(day), 1, key, key.partition(":")[0])


def closing(day: float, key: str = "a:1") -> Change:
    return Change(at(day), -1, key, key.partition(":")[0])


def sight(day: float, stated: int | None = None, key: str = "a:1") -> Sight:
    return Sight(key, at(day), None if stated is None else FIRST_DAY + stated)


def gone(day: float, after: float, before: float, key: str = "a:1", cause: str = "closed") -> End:
    return End(key, at(day), at(after), at(before), cause)


def history(changes: list[Change], sights: list[Sight], ends: list[End]) -> History:
    return History(
        vacancy_id="v", province="LA-VT", isco08="5223", changes=changes, sights=sights, ends=ends
    )


def only(found: History, **watches: Watch) -> Spell:
    (spell,) = spells(found, watches or {"a": daily()})
    return spell


def test_a_vacancy_lies_between_the_crawls_around_its_ends() -> None:
    spell = only(history([opening(3.5), closing(9.5)], [sight(3.5)], [gone(9.5, 7.5, 8.5)]))
    assert (spell.started_after, spell.started_before) == (at(2.5), at(3.5))
    assert (spell.entered_at, spell.ended_after, spell.ended_before) == (
        at(3.5), at(7.5), at(8.5),
    )  # fmt: skip
    assert (spell.status, spell.number) == (SpellStatus.CLOSED, 0)


def test_a_stated_day_narrows_the_beginning() -> None:
    found = history([opening(3.5)], [sight(3.5, stated=3)], [])
    assert only(found).started_after == at(3)
    found = history([opening(3.5)], [sight(3.5, stated=2)], [])
    spell = only(found)
    assert (spell.started_after, spell.started_before) == (at(2.5), at(3))


def test_an_advert_taken_over_keeps_its_age_and_counts_from_its_first_sight() -> None:
    spell = only(history([opening(9.5)], [sight(9.5, stated=2)], []))
    assert (spell.started_after, spell.started_before, spell.entered_at) == (at(2), at(3), at(9.5))


@pytest.mark.parametrize("stated", [400, 12, -400])
def test_an_incredible_date_is_as_none(stated: int) -> None:
    spell = only(history([opening(9.5)], [sight(9.5, stated=stated)], []))
    assert (spell.started_after, spell.started_before) == (at(8.5), at(9.5))


def test_what_the_first_look_finds_may_be_old() -> None:
    undated = only(history([opening(0.5)], [sight(0.5)], []))
    renewed = only(history([opening(0.5)], [sight(0.5, stated=0)], []))
    dated = only(history([opening(0.5)], [sight(0.5, stated=-9)], []))
    assert undated.started_after is None
    assert renewed.started_after is None
    assert (dated.started_after, dated.started_before) == (at(-9), at(-8))


def test_a_source_that_is_not_crawled_is_believed_its_date() -> None:
    pushed = history([opening(4.5)], [sight(4.5, stated=4)], [])
    spell = only(pushed, b=daily())
    assert (spell.started_after, spell.started_before) == (at(4), at(4.5))
    assert (spell.ended_after, spell.ended_before, spell.status) == (
        at(4.5), None, SpellStatus.OPEN,
    )  # fmt: skip


def test_a_vacancy_ends_with_the_last_of_its_postings() -> None:
    found = history(
        [opening(3.5), closing(19.5)],
        [sight(3.5), sight(4.5, key="b:1")],
        [gone(12.5, 3.5, 11.5), gone(19.5, 8.5, 9.5, key="b:1")],
    )
    spell = only(found)
    assert (spell.ended_after, spell.ended_before) == (at(8.5), at(11.5))


def test_an_open_vacancy_is_censored_where_it_was_last_confirmed() -> None:
    found = history([opening(3.5)], [sight(3.5)], [])
    spell = only(found)
    assert (spell.ended_after, spell.ended_before) == (at(18.5), None)
    assert spell.status is SpellStatus.OPEN
    failing = only(found, a=daily(until=10, failing=True))
    assert (failing.ended_after, failing.status) == (at(8.5), SpellStatus.UNKNOWN)


def test_a_posting_that_left_no_longer_confirms_its_vacancy() -> None:
    found = history(
        [opening(3.5)],
        [sight(3.5), sight(4.5, key="b:1")],
        [gone(7.5, 5.5, 6.5)],
    )
    spell = only(found, a=daily(), b=daily(until=10, failing=True))
    assert (spell.ended_after, spell.status) == (at(8.5), SpellStatus.UNKNOWN)


def test_a_repost_begins_a_spell_of_its_own() -> None:
    found = history(
        [opening(3.5), closing(9.5), opening(12.5, "a:2"), closing(17.5, "a:2")],
        [sight(3.5), sight(12.5, stated=3, key="a:2")],
        [gone(9.5, 7.5, 8.5), gone(17.5, 15.5, 16.5, key="a:2")],
    )
    first, second = spells(found, {"a": daily()})
    assert (first.number, second.number) == (0, 1)
    assert (second.started_after, second.started_before) == (at(11.5), at(12.5))
    assert second.ended_before == at(16.5)


def test_what_lapsed_is_known_to_be_open_at_its_sight_only() -> None:
    end = gone(63.5, 3.5, 63.5, cause="lapsed")
    spell = only(history([opening(3.5), closing(63.5)], [sight(3.5)], [end]))
    assert (spell.ended_after, spell.ended_before) == (at(3.5), None)
    assert spell.status is SpellStatus.LAPSED


def test_seen_and_past_its_date_in_one_crawl() -> None:
    end = gone(3.5, 2, 2, cause="expired")
    spell = only(history([closing(3.5), opening(3.5)], [sight(3.5)], [end]))
    assert (spell.entered_at, spell.ended_before, spell.status) == (
        at(3.5), at(2), SpellStatus.EXPIRED,
    )  # fmt: skip


def a_spell(lasted: float, *, ended: bool = True, **changes: Any) -> Spell:
    values: dict[str, Any] = {
        "vacancy_id": "v", "number": 0, "province": "", "isco08": "", "source_id": "a",
        "started_after": at(0), "started_before": at(0), "entered_at": at(0),
        "ended_after": at(lasted), "ended_before": at(lasted) if ended else None,
        "status": SpellStatus.CLOSED if ended else SpellStatus.OPEN, **changes,
    }  # fmt: skip
    return Spell(**values)


def test_a_duration_with_few_ends_is_not_told() -> None:
    told = duration([a_spell(day) for day in range(1, 20)])
    assert (told.assessment, told.ends) == (Assessment.TOO_FEW_ENDS, 19)
    assert told.median.value is None
    assert duration([]).assessment is Assessment.NOTHING_WATCHED


def test_exact_spells_give_the_plain_median() -> None:
    told = duration([a_spell(day) for day in range(1, 42)])
    assert told.median.value == pytest.approx(21)
    assert told.mean_60.value == pytest.approx(21)
    assert (told.n, told.ends, told.censored, told.age_unknown, told.unseen) == (41, 41, 0, 0, 0)


def test_an_uncertain_end_is_spread_over_its_interval() -> None:
    told = duration([a_spell(10, ended_before=at(18)) for _ in range(40)])
    assert told.median.value == pytest.approx(14, abs=0.1)
    assert told.mean_60.value == pytest.approx(14, abs=0.01)


def test_what_cannot_be_used_is_counted() -> None:
    usable = [a_spell(day) for day in range(1, 31)]
    unknown = a_spell(5, started_after=None)
    before_sight = a_spell(2, entered_at=at(3), status=SpellStatus.EXPIRED)
    late = a_spell(9, entered_at=at(4))
    told = duration([*usable, unknown, before_sight, late])
    assert (told.n, told.age_unknown, told.unseen, told.left_truncated) == (31, 1, 1, 1)


def test_deadlines_end_or_censor() -> None:
    spells = [a_spell(day) for day in range(1, 31)]
    spells += [a_spell(15, status=SpellStatus.EXPIRED) for _ in range(30)]
    as_end = duration(spells)
    aside = duration(spells, deadlines=Deadlines.CENSOR)
    assert (as_end.ends, aside.ends, aside.censored) == (60, 30, 30)
    assert as_end.median.value == pytest.approx(15)
    assert aside.median.value is not None
    assert aside.median.value > 15
