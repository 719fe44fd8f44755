"""Tables of series: columns, dates, numbers, kinds; and what the detectors of indices find."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from math import cos, exp, pi
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts.parameters import load_parameters
from alerts.series.columns import SeriesError, Wanted, choose
from alerts.series.found import Answer, Method, Stage
from alerts.series.index_detector import DEFAULT, IndexDetector
from alerts.series.indexed import watch_index
from alerts.series.reading import number_of, period_of
from alerts.series.seasonal import SeasonalDetector
from alerts.series.stepping import Told
from alerts.series.table import Frequency, Kind, Series, read_table
from alerts.series.watching import Watching, watch_table
from alerts.severity import Severity
from alerts.signal import Direction
from labourwatch.cli import app

START = date(2022, 1, 3)


def index(days: int, shock: int, size: float, seed: int = 1) -> list[float]:
    """A smoothed index: a quiet walk, then `size` (log) spread over three weeks from `shock`."""
    rng = random.Random(seed)
    noise = [rng.gauss(0.0, 0.01) for _ in range(days + 7)]
    smooth = [sum(noise[n : n + 7]) / 7 for n in range(days)]
    return [100.0 * exp(e + size * min(max(n - shock, 0), 21) / 21.0) for n, e in enumerate(smooth)]


def series(values: list[float], step: int = 1) -> Series:
    points = tuple((START + timedelta(days=step * n), v) for n, v in enumerate(values))
    return Series(name="x", key=("x",), points=points)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-02-01", date(2020, 2, 1)),
        ("2020-02", date(2020, 2, 1)),
        ("2020M11", date(2020, 11, 1)),
        ("202011", date(2020, 11, 1)),
        ("Jan-19", date(2019, 1, 1)),
        ("Sept 2021", date(2021, 9, 1)),
        ("2020-Q3", date(2020, 7, 1)),
        ("2020-W53", date(2020, 12, 28)),
        ("2021-W53", None),
        ("20200131", date(2020, 1, 31)),
        ("31/01/2020", date(2020, 1, 31)),
        ("12.5", None),
        ("AU", None),
    ],
)
def test_periods_are_read_as_statistics_write_them(text: str, expected: date | None) -> None:
    assert period_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1,234", 1234.0), ("1 234,5", 1234.5), ("−3.5", -3.5), ("12%", 12.0), ("n/a", None),
     ("1_0", None), ("inf", None)],
)  # fmt: skip
def test_numbers_are_read_as_statistics_write_them(text: str, expected: float | None) -> None:
    assert number_of(text) == expected


def test_keys_value_and_date_are_told_apart() -> None:
    rows = [
        {"month": "2006-01", "isco08": "0110", "vacancies": "0", "unemployed": "22"},
        {"month": "2006-01", "isco08": "0210", "vacancies": "3", "unemployed": "13"},
    ]
    chosen = choose(list(rows[0]), rows, Wanted())
    assert (chosen.date, chosen.keys, chosen.values) == ("month", ("isco08",), ("vacancies",))
    assert chosen.others == ("unemployed",)


def test_a_key_that_another_determines_is_left_out() -> None:
    rows = [{"date": f"2020-01-0{n}", "region": r, "short": r[0], "value": "1.5"}
            for n in (1, 2) for r in ("north", "south")]  # fmt: skip
    assert choose(list(rows[0]), rows, Wanted()).keys == ("region",)


def test_a_wide_table_is_a_series_a_column() -> None:
    rows = [(n + 2, {"Date": f"2020-01-{n:02}", "US": "99.5", "GB": f"{n}.5"}) for n in (1, 2, 3)]
    table = read_table(rows, Wanted())
    assert [one.name for one in table.series] == ["GB", "US"]
    assert table.kind is Kind.INDEX


def test_unsorted_rows_missing_values_and_bad_rows() -> None:
    rows = [
        (2, {"date": "2020-01-02", "value": "2"}),
        (3, {"date": "2020-01-01", "value": "1"}),
        (4, {"date": "2020-01-03", "value": "NaN"}),
        (5, {"date": "someday", "value": "4"}),
    ]
    table = read_table(rows, Wanted(date="date", value="value"))
    assert [v for _, v in table.series[0].points] == [1.0, 2.0]
    assert table.refused == ("row 5: no date in 'someday'",)


def test_the_same_date_twice_is_refused_with_the_row() -> None:
    rows = [(n, {"date": "2020-01-01", "value": str(n)}) for n in (2, 3)]
    with pytest.raises(SeriesError, match="row 3: a second value"):
        read_table(rows, Wanted())


@pytest.mark.parametrize(("gap", "expected"), [(1, Frequency.DAILY), (7, Frequency.WEEKLY)])
def test_frequency_by_spacing(gap: int, expected: Frequency) -> None:
    rows = [
        (n, {"date": (START + timedelta(days=gap * n)).isoformat(), "value": f"{n}.5"})
        for n in range(30)
        if n != 7
    ]
    assert read_table(rows, Wanted()).frequency is expected


def test_a_rounded_index_is_no_count_and_poisson_numbers_are() -> None:
    rng = random.Random(3)
    rounded = [(n, {"date": (START + timedelta(days=n)).isoformat(), "value": f"{v:.0f}"})
               for n, v in enumerate(index(400, 200, -0.5))]  # fmt: skip
    counted = [(n, {"date": (START + timedelta(days=n)).isoformat(),
                    "value": str(sum(rng.random() < 0.1 for _ in range(1000)))})
               for n in range(400)]  # fmt: skip
    assert read_table(rounded, Wanted()).kind is Kind.INDEX
    assert read_table(counted, Wanted()).kind is Kind.COUNTS


@pytest.mark.parametrize(("size", "direction"), [(-0.4, Direction.DOWN), (0.4, Direction.UP)])
@pytest.mark.parametrize("shock", [45, 300])
def test_a_shock_is_found_within_two_weeks(size: float, direction: Direction, shock: int) -> None:
    found = watch_index(series(index(500, shock, size)), Frequency.DAILY).found
    first = next(f for f in found if f.stage is Stage.ALARM)
    assert first.direction is direction
    assert 0 <= (first.detected_on - START).days - shock <= 14
    assert first.onset_on <= first.detected_on


def test_a_quiet_index_raises_nothing() -> None:
    for seed in range(5):
        found = watch_index(series(index(1000, 5000, 0.0, seed)), Frequency.DAILY).found
        assert found == ()


def test_a_drift_over_years_is_not_told_again_and_again_but_the_same_move_in_a_quarter_is() -> None:
    calm = index(1500, 5000, 0.0)
    slow = [v * exp(0.0004 * n) for n, v in enumerate(calm)]
    fast = [v * exp(0.6 * min(max(n - 700, 0), 91) / 91) for n, v in enumerate(calm)]
    assert watch_index(series(slow), Frequency.DAILY).found == ()
    assert len(watch_index(series(fast), Frequency.DAILY).found) > 1


def test_a_crash_is_severe_whichever_test_would_have_spoken() -> None:
    found = watch_index(series(index(500, 300, -0.9)), Frequency.DAILY).found
    assert found[0].severity is Severity.SEVERE
    assert found[0].method is Method.CRASH


def test_a_rebound_after_a_crash_is_told_by_growth_where_it_is_steep() -> None:
    detector = IndexDetector()
    for n in range(200):
        detector.observe(-0.01 * min(max(n - 100, 0), 60))
    told = [detector.observe(-0.6 + 0.006 * n) for n in range(40)]
    assert next(step for step in told if step.told is not Told.NOTHING).told is Told.UP


@pytest.mark.parametrize(("bump", "first"), [(0.14, Told.UP), (-0.06, Told.DOWN)])
def test_a_rise_before_the_first_fall_does_not_hide_a_crash_s_beginning(
    bump: float, first: Told
) -> None:
    detector = IndexDetector()
    steps = [detector.observe(bump * (n >= 40)) for n in range(60)]
    assert [step.told for step in steps if step.told is not Told.NOTHING] == [first]
    falling = [detector.observe(bump - 0.004 * n) for n in range(1, 16)]
    soon = [n for n, step in enumerate(falling, start=1) if step.told is Told.DOWN]
    assert bool(soon) is (first is Told.UP)


def test_only_falls_are_told_sooner_at_the_start() -> None:
    for bump, told in ((0.06, Told.NOTHING), (-0.06, Told.DOWN)):
        detector = IndexDetector()
        steps = {detector.observe(bump * (n >= 40)).told for n in range(60)}
        assert steps == {Told.NOTHING, told}


def test_what_the_middle_series_did_is_no_part_of_the_scale() -> None:
    along, apart = IndexDetector(), IndexDetector()
    for n in range(300):
        along.observe(0.002 * n, 0.002 * min(n, 28))
        apart.observe(0.002 * n)
    assert along.scale < DEFAULT.prior < apart.scale


def test_stricter_thresholds_tell_less() -> None:
    strict = DEFAULT.stricter(2.0)
    calm = series([*index(60, 40, 0.3), *index(500, 300, -0.16)])
    strictly = watch_index(calm, Frequency.DAILY, parameters=strict).found
    assert len(strictly) < len(watch_index(calm, Frequency.DAILY).found)


def test_nothing_after_the_day_of_detection_is_used() -> None:
    values = index(400, 200, -0.5)
    whole = watch_index(series(values), Frequency.DAILY).found
    cut = (whole[0].detected_on - START).days + 1
    assert watch_index(series(values[:cut]), Frequency.DAILY).found == whole[:1]


def test_a_weekly_series_is_found_too_and_a_long_gap_begins_anew() -> None:
    weekly = watch_index(series(index(500, 300, -0.5)[::7], step=7), Frequency.WEEKLY)
    assert [f.direction for f in weekly.found][:1] == [Direction.DOWN]
    points = [(START + timedelta(days=n), 100.0) for n in range(100)]
    points += [(START + timedelta(days=n), 300.0) for n in range(200, 300)]
    gap = Series(name="x", key=("x",), points=tuple(points))
    assert watch_index(gap, Frequency.DAILY).found == ()


def test_a_monthly_series_with_season_and_negative_values() -> None:
    rng = random.Random(5)
    points = tuple(
        (date(2010 + n // 12, n % 12 + 1, 1),
         cos(n * pi / 6) + rng.gauss(0.0, 0.1) - (2.5 if n >= 84 else 0.0))
        for n in range(120)
    )  # fmt: skip
    found = watch_index(Series(name="x", key=("x",), points=points), Frequency.MONTHLY).found
    assert found[0].method is Method.SEASONAL
    assert found[0].direction is Direction.DOWN
    assert date(2017, 1, 1) <= found[0].detected_on <= date(2017, 3, 1)
    assert not found[0].is_ratio


@pytest.mark.parametrize("made", [IndexDetector, SeasonalDetector])
def test_a_restored_detector_continues_bit_for_bit(
    made: type[IndexDetector] | type[SeasonalDetector],
) -> None:
    values = [v / 100.0 for v in index(300, 150, -0.6)]
    straight, first = made(), made()
    steps = [straight.observe(v) for v in values]
    before = [first.observe(v) for v in values[:140]]
    second = made.restore(json.loads(json.dumps(first.export())))
    assert before + [second.observe(v) for v in values[140:]] == steps


def test_sparse_counts_are_answered_by_their_sum() -> None:
    rng = random.Random(9)
    rows = [
        (n, {"date": (START + timedelta(days=n)).isoformat(), "series": f"s{k}",
             "count": str(sum(rng.random() < (0.06 if n >= 500 else 0.02) for _ in range(10)))})
        for n in range(700)
        for k in range(30)
    ]  # fmt: skip
    table = read_table(rows, Wanted())
    watched = list(watch_table(table, Watching(parameters=load_parameters())))
    assert {w.answer for w in watched[:-1]} == {Answer.INSUFFICIENT}
    assert watched[-1].series == "(all)"
    day = START + timedelta(days=500)
    assert any(f.direction is Direction.UP and f.detected_on >= day for f in watched[-1].found)


def test_the_command_prints_alarms_and_refuses_clearly(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = [f"{START + timedelta(days=n)},{v:.2f}" for n, v in enumerate(index(400, 200, -0.5))]
    path.write_text("date,index\n" + "\n".join(rows) + "\n")
    run = CliRunner()
    done = run.invoke(app, ["evaluate", str(path), "--format", "json", "--report", str(tmp_path)])
    assert done.exit_code == 0
    found = json.loads((tmp_path / "alarms.json").read_text())
    assert found[0]["direction"] == "down"
    assert found[0]["series"] == "index"
    none = run.invoke(app, ["evaluate", str(path), "--direction", "up"])
    assert "no alarms" in none.output
    assert run.invoke(app, ["evaluate", str(path), "--value", "nope"]).exit_code == 1
    assert run.invoke(app, ["evaluate", str(tmp_path / "absent.csv")]).exit_code == 1
