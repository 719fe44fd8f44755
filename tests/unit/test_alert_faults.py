"""Is it the market or a source? Asked of days in which one, or every, source shows fewer."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from alerts.cells import NATION, Cell
from alerts.faults import judge
from alerts.grounds import Ground, Why
from alerts.notify.wording import put, words
from alerts.panel import Panel
from alerts.signal import Classification
from tests.factories_alerts import FIRST, SERVICE, market, visited
from tests.factories_notices import alert_of, message_of
from warehouse.openings import Opening

DAYS, BREAK = 130, 115
ONSET = FIRST.toordinal() + BREAK


def shown(main: float, *, kept: float, who: frozenset[str], seed: int = 3) -> list[Opening]:
    """A market of which "north" alone shows a share of `main`; `who` loses all but `kept`."""
    rng, rows = random.Random(seed), []
    for row in market(DAYS, seed=seed):
        source = "north" if rng.random() < main else rng.choice(("south", "west"))
        if row.day < ONSET or source not in who or rng.random() < kept:
            rows.append(row._replace(sources=(source,), seen=(row.day,)))
    return rows


def judged(rows: list[Opening], cell: Cell) -> Why | None:
    panel = Panel(rows, visited(DAYS))
    verdict = judge(panel, cell, ONSET, ONSET + 12, 1.3, lambda _: 1.0)
    fault = verdict.classification is Classification.COLLECTION_FAULT
    assert fault is bool(verdict.suspect)
    return verdict.why


@pytest.mark.parametrize("main", [0.45, 0.7, 0.94])
@pytest.mark.parametrize("cell", [NATION, SERVICE])
def test_fewer_adverts_at_the_dominant_source_alone_are_its_fault(main: float, cell: Cell) -> None:
    rows = shown(main, kept=0.2, who=frozenset({"north"}))
    if main > 0.9 and cell == SERVICE:
        assert judged(rows, cell) in (
            Why(ground=Ground.ONLY_SOURCE, source="north"),
            Why(ground=Ground.WITHOUT_SOURCE, source="north"),
        )
    else:
        assert judged(rows, cell) == Why(ground=Ground.WITHOUT_SOURCE, source="north")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("main", [0.45, 0.94])
@pytest.mark.parametrize("cell", [NATION, SERVICE])
def test_fewer_adverts_at_every_source_are_the_market(main: float, cell: Cell, seed: int) -> None:
    rows = shown(main, kept=0.3, who=frozenset({"north", "south", "west"}), seed=seed)
    told = Why(ground=Ground.SURVIVES)
    if main > 0.9 and cell == SERVICE:  # three adverts of others in the whole time confirm little
        assert judged(rows, cell) in (told, Why(ground=Ground.LONE_SOURCE, source="north"))
    else:
        assert judged(rows, cell) == told


@pytest.mark.parametrize("seed", [1, 2, 3, 6])
def test_a_lone_source_is_no_witness_from_its_own_change_on(seed: int) -> None:
    """Nine days by chance fewer, then the only source of a cell loses adverts everywhere."""
    rng, rows = random.Random(seed), []
    for row in market(DAYS, seed=seed):
        here = row.province == SERVICE.province and row.isco1 == SERVICE.isco1
        source = "north" if here or rng.random() < 0.4 else rng.choice(("south", "west"))
        kept = 0.4 if here and row.day >= ONSET else 1.0
        if source == "north" and row.day >= ONSET + 9:
            kept = 0.3
        if rng.random() < kept:
            rows.append(row._replace(sources=(source,), seen=(row.day,)))
    panel = Panel(rows, visited(DAYS))

    def ground(since: int) -> Ground | None:
        suspects = {"north": since}
        verdict = judge(panel, SERVICE, ONSET, ONSET + 12, 1.3, lambda _: 1.0, suspects)
        return None if verdict.why is None else verdict.why.ground

    assert ground(ONSET + 9) is Ground.SUSPECT_SOURCE
    assert ground(ONSET) in (Ground.LONE_SOURCE, Ground.SOUND_SOURCE)


def test_a_shock_of_a_province_is_no_fault_of_the_only_source_that_covers_it() -> None:
    """All groups of it rise, and by that the source stands out: elsewhere it is as before."""
    rng, rows = random.Random(3), []
    for row in market(DAYS, seed=3):
        here = row.province == SERVICE.province
        source = "north" if here or rng.random() < 0.2 else rng.choice(("south", "west"))
        times = 2 if here and row.day >= ONSET else 1
        rows += [row._replace(sources=(source,), seen=(row.day,))] * times
    panel, suspects = Panel(rows, visited(DAYS)), {"north": ONSET}
    for cell in (SERVICE, Cell(SERVICE.province, "")):
        verdict = judge(panel, cell, ONSET, ONSET + 12, 1.3, lambda _: 1.0, suspects)
        assert verdict.why == Why(ground=Ground.SOUND_SOURCE, source="north")


def test_others_that_fell_by_chance_in_one_cell_do_not_clear_a_source_that_fell_everywhere() -> (
    None
):
    rng, rows = random.Random(9), []
    for row in market(DAYS, seed=9):
        here = row.province == SERVICE.province and row.isco1 == SERVICE.isco1
        source = "north" if rng.random() < 0.5 else rng.choice(("south", "west"))
        kept = 1.0 if row.day < ONSET else 0.5 if source == "north" else 0.6 if here else 1.0
        if rng.random() < kept:
            rows.append(row._replace(sources=(source,), seen=(row.day,)))
    panel, suspects = Panel(rows, visited(DAYS)), {"north": ONSET}
    verdict = judge(panel, SERVICE, ONSET, ONSET + 12, 1.3, lambda _: 1.0, suspects)
    assert verdict.why == Why(ground=Ground.SUSPECT_SOURCE, source="north")
    shock = [
        row for row in rows if row.day < ONSET or rng.random() < 0.35 or row.sources == ("north",)
    ]
    wide = judge(
        Panel(shock, visited(DAYS)), SERVICE, ONSET, ONSET + 12, 1.3, lambda _: 1.0, suspects
    )
    assert wide.why == Why(ground=Ground.SURVIVES)


@pytest.mark.parametrize("language", ["lo", "en"])
def test_every_ground_has_words(language: str) -> None:
    wanted = {ground.value for ground in Ground} | {"unnamed"}
    assert words(language)["grounds"].keys() == wanted


def test_a_fault_is_explained_in_the_readers_language() -> None:
    message = message_of("fault")
    english, lao = (put(message, language, "").evidence for language in ("en", "lo"))
    assert "without khon-ngan there is no such change" in english
    assert "ຖ້າຕັດ khon-ngan ອອກ" in lao
    assert "such change" not in lao
    old = replace(message, alert=replace(alert_of("fault"), why=None, detail="only one source"))
    assert "only one source" not in put(old, "lo", "").evidence


def test_a_change_that_nobody_could_cross_check_says_so() -> None:
    lonely = replace(alert_of("rise"), why=Why(ground=Ground.ONE_SOURCE))
    message = replace(message_of("rise"), alert=lonely)
    assert "There is one source only" in put(message, "en", "").evidence
    sole = replace(lonely, why=Why(ground=Ground.LONE_SOURCE, source="khon-ngan"))
    for language in ("lo", "en"):
        assert " khon-ngan " in put(replace(message, alert=sole), language, "").evidence


@pytest.mark.parametrize(("kept", "ground"), [
    (0.75, Ground.SUSPECT_SOURCE), (0.1, Ground.SURVIVES),
])  # fmt: skip
def test_beside_a_source_that_changed_alone_the_others_must_tell_it_themselves(
    kept: float, ground: Ground
) -> None:
    rng = random.Random(8)
    rows = [
        row
        for row in shown(0.4, kept=0.55, who=frozenset({"north"}))
        if row.day < ONSET or row.sources == ("north",) or rng.random() < kept
    ]
    panel, suspects = Panel(rows, visited(DAYS)), {"north": ONSET}
    with_it = judge(panel, NATION, ONSET, ONSET + 12, 1.3, lambda _: 1.0, suspects)
    without = judge(panel, NATION, ONSET, ONSET + 12, 1.3, lambda _: 1.0)
    assert with_it.why is not None
    assert with_it.why.ground is ground
    assert without.classification is Classification.LABOUR


def test_others_that_changed_alike_need_less_evidence_beside_a_source_that_changed_alone() -> None:
    rows = shown(0.4, kept=0.5, who=frozenset({"north", "south", "west"}), seed=5)
    panel, suspects = Panel(rows, visited(DAYS)), {"north": ONSET}
    early, later = (
        judge(panel, SERVICE, ONSET, ONSET + after, 1.3, lambda _: 1.0, suspects)
        for after in (0, 8)
    )
    assert early.why == Why(ground=Ground.SUSPECT_SOURCE, source="north")
    assert later.why == Why(ground=Ground.SURVIVES)


@pytest.mark.parametrize(("elsewhere", "ground"), [
    (1.0, Ground.SOUND_SOURCE), (0.3, Ground.ONLY_SOURCE),
])  # fmt: skip
def test_a_cell_that_one_source_shows_is_not_its_fault_if_it_is_as_before_elsewhere(
    elsewhere: float, ground: Ground
) -> None:
    rng, rows = random.Random(6), []
    for row in market(DAYS, seed=6):
        here = row.province == SERVICE.province and row.isco1 == SERVICE.isco1
        source = "north" if here or rng.random() < 0.4 else rng.choice(("south", "west"))
        kept = 1.0 if row.day < ONSET or source != "north" else 0.3 if here else elsewhere
        if rng.random() < kept:
            rows.append(row._replace(sources=(source,), seen=(row.day,)))
    panel, suspects = Panel(rows, visited(DAYS)), {"north": ONSET}
    verdict = judge(panel, SERVICE, ONSET, ONSET + 12, 1.3, lambda _: 1.0, suspects)
    assert verdict.why is not None
    assert verdict.why.ground is ground
