"""Operators hear of a source that alone shows fewer or more, and of one that was just joined."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from alerts.calendar import end_of_day
from alerts.cells import NATION
from alerts.coverage import coverage_from
from alerts.notify.operator import compose_notice
from alerts.notify.wording import words
from alerts.operators import JOINING, PART, VOLUME, tell, topic_of
from alerts.panel import Panel
from alerts.signal import Direction
from alerts.source_marks import joining_marks, volume_marks
from alerts.source_stream import LEFT, NEW_NORMAL, RETURNED, Period
from alerts.volumes import Volumes
from config.settings import Settings
from tests.factories_alerts import FIRST, market, visited, visits
from tests.unit.test_operator_notices import mark
from warehouse.openings import Opening

START = FIRST.toordinal()
DAYS, BREAK = 170, 100
Keep = Callable[[Opening, str], float]


@cache
def drawn(seed: int) -> list[Opening]:
    """A market of which there are several."""
    return market(DAYS, seed=seed)


def rows(keep: Keep, *, until: int = DAYS, seed: int = 2) -> list[Opening]:
    """A market in three shares, of which from the break on a source shows `keep` times as many."""
    rng, found = random.Random(seed), []
    for pool in range(6):
        for row in drawn(seed + 50 * pool):
            source = rng.choices(("north", "south", "west"), (0.5, 0.3, 0.2))[0]
            factor = keep(row, source) if BREAK <= row.day - START < until else 1.0
            if rng.random() < (factor if pool < 2 else (factor - 1.0) / 2.0):
                found.append(row._replace(sources=(source,), seen=(row.day,)))
    return found


def only(source: str, chance: float) -> Keep:
    return lambda _, shown: chance if shown == source else 1.0


def follow(
    openings: list[Opening], volumes: Volumes | None = None, last: int = DAYS - 2
) -> Volumes:
    volumes, panel = Volumes(), Panel(openings, visited(DAYS))
    for day in range(START + 1, START + last + 1):
        volumes.follow(day, panel, lambda _: 1.0)
    return volumes


def period(volumes: Volumes, source: str) -> Period | None:
    return volumes.streams[source, NATION].period


@pytest.mark.parametrize(("chance", "direction"), [(0.2, Direction.DOWN), (3.0, Direction.UP)])
@pytest.mark.parametrize("source", ["north", "south"])
def test_a_large_change_of_one_source_is_seen_within_days(
    source: str, chance: float, direction: Direction
) -> None:
    volumes = follow(rows(only(source, chance)))
    found = period(volumes, source)
    assert found is not None
    assert (found.direction, found.ending) == (direction, NEW_NORMAL)
    assert 0 <= found.detected - START - BREAK <= 2
    assert (found.observed < found.expected) is (direction is Direction.DOWN)
    assert found.over is not None
    assert found.over - found.onset >= 42
    others = [period(volumes, other) for other in {"north", "south", "west"} - {source}]
    assert all(one is None or one.onset != found.onset for one in others)


def test_it_ends_when_the_usual_level_is_back() -> None:
    found = period(follow(rows(only("north", 0.2), until=115)), "north")
    assert found is not None
    assert found.over is not None
    assert (found.ending, 117 <= found.over - START <= 122) == (RETURNED, True)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("factor", [0.3, 0.6, 2.5])
def test_what_moves_every_source_is_the_market(factor: float, seed: int) -> None:
    volumes = follow(rows(lambda *_: factor, seed=seed))
    about = [s.period for s in volumes.streams.values() if s.period is not None]
    assert [p for p in about if BREAK <= p.detected - START <= BREAK + 20] == []


def test_a_lost_category_of_a_source_is_a_part_of_it() -> None:
    volumes = follow(rows(lambda row, shown: 0.1 if (shown, row.isco1) == ("north", "7") else 1.0))
    marks = [m for m in volume_marks(volumes) if m.kind == PART and m.source_id == "north"]
    assert "cell=*/7" in " ".join(m.evidence for m in marks)
    assert all(m.opened_for == "fewer" for m in marks)


def test_a_source_that_is_compared_no_more_is_told_to_have_left() -> None:
    gone = [v for v in visits(DAYS) if v[0] != "north" or v[1] < START + BREAK + 10]
    volumes, panel = Volumes(), Panel(rows(only("north", 0.2)), coverage_from(gone))
    for day in range(START + 1, START + DAYS - 1):
        volumes.follow(day, panel, lambda _: 1.0)
    found = period(volumes, "north")
    assert found is not None
    assert found.ending == LEFT


@pytest.mark.parametrize("cut", [20, 101, 130])
def test_a_restart_changes_nothing(cut: int) -> None:
    openings = rows(only("north", 0.2))
    whole, panel = follow(openings), Panel(openings, visited(DAYS))
    again = Volumes.restore(follow(openings, last=cut).export())
    for day in range(START + cut + 1, START + DAYS - 1):
        again.follow(day, panel, lambda _: 1.0)
    assert again.export() == whole.export()


def test_a_new_source_is_told_from_its_first_crawl_until_it_counts() -> None:
    seen = [("late", START + day, True) for day in range(90, 160)]
    for last, standing in ((90, True), (145, True), (146, False)):
        known = [v for v in [*visits(DAYS), *seen] if v[1] <= START + last]
        (one,) = joining_marks(coverage_from(known))
        assert (one.source_id, one.to_at is None) == ("late", standing)
        assert one.reason == ("first_seen" if standing else "compared")
        assert one.opened_at == end_of_day(FIRST + timedelta(days=90))
    assert joining_marks(visited(DAYS)) == []
    assert joining_marks(coverage_from([])) == []
    (silent,) = joining_marks(coverage_from([*visits(DAYS), ("late", START + 90, True)]))
    assert silent.reason == "gone"


def test_each_is_told_once_beside_the_sources_health() -> None:
    (new,) = joining_marks(
        coverage_from([*visits(100), ("b", START + 95, True), ("b", START + 99, True)])
    )
    now = end_of_day(FIRST + timedelta(days=100))
    first = tell([mark(), new], {}, now)
    assert [n.trouble.kind for n in first.notices] == ["changed", JOINING]
    assert first.troubles.keys() == {"b", topic_of(new)}
    assert tell([mark(), new], first.troubles, now).notices == ()
    ended = replace(new, to_at=now - timedelta(hours=1), reason="compared")
    over = tell([mark(), ended], first.troubles, now)
    assert [(n.trouble.kind, n.ending) for n in over.notices] == [(JOINING, "compared")]
    assert tell([mark(), ended], over.troubles, now).notices == ()


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("kind", [VOLUME, PART, JOINING])
def test_the_words_are_there_in_both_languages(kind: str, over: bool) -> None:
    evidence = "observed=12 expected=37 first=2026-03-02 last=2026-03-03 cell=LA-SV/5"
    if kind == JOINING:
        evidence = "first=2026-03-02 compared=2026-04-27"
    reason = "first_seen" if kind == JOINING else "fewer"
    begun = mark(kind=kind, reason=reason, evidence=evidence)
    said = tell([begun], {}, begun.issue)
    if over:
        ended = replace(begun, to_at=begun.issue, reason="returned")
        said = tell([ended], said.troubles, begun.issue + timedelta(hours=1))
    plain = compose_notice(said.notices[0], Settings(workspace="live")).get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert "02/03/2026" in text
    assert "=" not in text
    assert ("Savannakhet" in text) is (kind == PART)
    for language in ("lo", "en"):
        named = words(language)["volume_reasons"]
        assert named[reason] in text
        assert (named["returned"] in text) is over


def test_both_languages_name_the_same_reasons() -> None:
    english, lao = (words(language)["volume_reasons"] for language in ("en", "lo"))
    assert english.keys() == lao.keys()
    assert english.keys() >= {RETURNED, NEW_NORMAL, LEFT, "fewer", "more", "first_seen", "gone"}


def test_marks_are_the_same_whenever_they_are_asked_for() -> None:
    volumes = follow(rows(only("north", 0.2)), last=110)
    first = [m for m in volume_marks(volumes) if m.kind == VOLUME]
    assert [m.source_id for m in first if m.to_at is None] == ["north"]
    assert volume_marks(Volumes.restore(volumes.export())) == volume_marks(volumes)
    detected = date.fromordinal(START + BREAK)
    assert first[0].opened_at >= end_of_day(detected)
