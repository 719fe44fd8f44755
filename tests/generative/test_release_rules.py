"""Tables of any shape: no hidden cell is given away, and what is told obeys the rules."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.disclosure.attack import Known
from warehouse.disclosure.counts import tally
from warehouse.disclosure.lattice import NONE, Axes, Period, Tally, cells, month_of, sums, week_of
from warehouse.disclosure.records import Cell, Hidden, Measure
from warehouse.disclosure.revision import revised, tellings
from warehouse.disclosure.rules import COUNT, RULES, nearest, primary, protection, span
from warehouse.disclosure.suppress import Decision, Told, decide, known_of

AXES = Axes(provinces=("LA-VT", "LA-SV", "LA-XA"), majors=("2", "5", "9"), sections=("C", "G"))
MONTH = month_of(Measure.FLOW, date(2026, 6, 1))
WEEKS = [week_of(Measure.FLOW, date(2026, 6, day)) for day in (1, 8, 15, 22, 29)]

rows = st.lists(
    st.tuples(
        st.sampled_from((*AXES.provinces, "")),
        st.sampled_from((*AXES.majors, "")),
        st.sampled_from((*AXES.sections, "")),
        st.integers(0, 8),
        st.sampled_from((1, 1, 2, 4, 9, 30)),
    ),
    max_size=25,
)


def true_counts(decisions: dict[Cell, Decision]) -> dict[Cell, int]:
    return {cell: decision.n for cell, decision in decisions.items()}


def exposed(
    period: Period, decisions: dict[Cell, Decision], tallies: dict[Cell, Tally]
) -> set[Cell]:
    """Hidden cells that linear programming bounds more tightly than promised."""
    equations = [((period, t), [(period, c) for c in under]) for t, under in
                 sums(AXES, period.frequency)]  # fmt: skip
    bounds: dict[Hashable, tuple[float, float]] = {
        (period, cell): d.bound(d.n) for cell, d in decisions.items()
    }
    for cell in cells(AXES, period.frequency):
        if cell in (Cell(province="?"), Cell(isco1="?"), Cell(isic="?")):
            n = float(tallies.get(cell, NONE).n)
            bounds[period, cell] = (n, n)
    known = Known(equations, bounds, {})
    return {
        cell
        for cell, decision in decisions.items()
        if decision.step == 0
        and known.reach((period, cell)).whole_numbers < protection(tallies.get(cell, NONE).n)
    }


@settings(max_examples=15)
@given(rows)
def test_no_hidden_cell_is_bounded_more_tightly_than_promised(
    drawn: list[tuple[str, str, str, int, int]],
) -> None:
    tallies = tally(drawn)
    for period in (MONTH, WEEKS[0]):
        decisions = decide(period, AXES, tallies)
        assert exposed(period, decisions, tallies) == set()


@settings(max_examples=25)
@given(rows)
def test_told_cells_obey_the_rules_and_are_near_the_truth(
    drawn: list[tuple[str, str, str, int, int]],
) -> None:
    tallies = tally(drawn)
    for cell, decision in decide(MONTH, AXES, tallies).items():
        held = tallies.get(cell, NONE)
        why = primary(RULES[COUNT], n=held.n, employers=held.employers, top_share=held.top_share)
        if decision.value is None:
            assert decision.reason is (why or Hidden.COMPLEMENTARY)
        else:
            assert why is None
            assert decision.value % 5 == 0
            assert abs(decision.value - held.n) <= max(2, held.n / 8)
            assert decision.bound(held.n)[0] <= held.n <= decision.bound(held.n)[1]


@settings(max_examples=60)
@given(rows)
def test_cells_add_up_in_every_dimension(drawn: list[tuple[str, str, str, int, int]]) -> None:
    tallies = tally(drawn)
    for total, parts in sums(AXES, MONTH.frequency):
        assert tallies.get(total, NONE).n == sum(tallies.get(part, NONE).n for part in parts)


@settings(max_examples=5)
@given(st.lists(rows, min_size=6, max_size=6))
def test_weeks_do_not_open_the_month_nor_the_month_its_weeks(
    drawn: list[list[tuple[str, str, str, int, int]]],
) -> None:
    """June 2026 begins on a Monday; its fifth week ends in July. The sixth draw is that rest."""
    pieces = [tally(rows) for rows in drawn]
    told: list[Told] = []
    parts: dict[Hashable, dict[Cell, int]] = {
        week.first: {c: t.n for c, t in piece.items()}
        for week, piece in zip(WEEKS, pieces, strict=False)
    }
    parts[date(2026, 7, 1)] = {c: t.n for c, t in pieces[5].items()}
    for index, week in enumerate(WEEKS):
        whole = tally([row for rows in (drawn[index], *drawn[5:6][: index == 4]) for row in rows])
        told.append(Told(period=week, decisions=decide(week, AXES, whole),
                         now={c: t.n for c, t in whole.items()}))  # fmt: skip
    month = tally([row for rows in drawn[:5] for row in rows])
    decided = decide(MONTH, AXES, month, told=told, parts=parts)
    this = Told(period=MONTH, decisions=decided, now={c: t.n for c, t in month.items()})
    known = known_of(AXES, [this, *told], parts)
    for each in (this, *told):
        for cell, decision in each.decisions.items():
            if decision.step == 0:
                open_ = known.reach((each.period, cell)).whole_numbers
                assert open_ >= protection(each.now.get(cell, 0))


@given(st.integers(10, 5000), st.integers(-200, 200), st.sampled_from((5, 10, 20)))
def test_a_revision_tells_its_size_and_nothing_of_the_level(n: int, change: int, step: int) -> None:
    decision = Decision(n=n, step=step, reason=None)
    later = Tally(n=max(0, n + change), employers=9, top_share=0.1)
    told = revised(decision, later)
    if told.value is not None:
        assert decision.value is not None
        assert told.value - decision.value == nearest(later.n - n, step)
        assert abs(told.value - later.n) <= step


@given(st.integers(0, 400), st.integers(0, 9), st.floats(0, 1))
def test_what_was_hidden_stays_hidden_and_what_breaks_a_rule_goes(
    n: int, employers: int, top: float
) -> None:
    held = Tally(n=n, employers=employers, top_share=top)
    hidden = Decision(n=4, step=0, reason=Hidden.TOO_FEW)
    assert revised(hidden, held).value is None
    told = revised(Decision(n=40, step=5, reason=None), held)
    if primary(RULES[COUNT], n=n, employers=employers, top_share=top):
        assert told.value is None
        assert told.hidden is not None


@given(st.integers(0, 400), st.booleans())
def test_of_a_period_that_was_not_seen_nothing_is_told_whatever_was_decided(
    n: int, first: bool
) -> None:
    decisions = {Cell(): Decision(n=n, step=5, reason=None),
                 Cell(province="LA-VT"): Decision(n=3, step=0, reason=Hidden.TOO_FEW)}  # fmt: skip
    told = tellings(decisions, {}, first=first, seen=False)
    assert set(told) == set(decisions)
    assert {(each.value, each.hidden) for each in told.values()} == {(None, Hidden.NOT_OBSERVED)}


def test_the_first_telling_is_the_decision() -> None:
    decisions = {Cell(): Decision(n=43, step=5, reason=None),
                 Cell(province="LA-VT"): Decision(n=3, step=0, reason=Hidden.TOO_FEW)}  # fmt: skip
    told = tellings(decisions, {}, first=True, seen=True)
    assert [(t.value, t.step, t.revised, t.hidden) for t in told.values()] == [
        (45, 5, False, None), (None, 0, False, Hidden.TOO_FEW)]  # fmt: skip
    assert span(45, 5) == (43, 47)
