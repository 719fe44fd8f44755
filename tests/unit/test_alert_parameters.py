"""Configuration of detectors and routes: mistakes are named with file and line."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts.cells import Cell
from alerts.parameters import DETECTORS_FILE, Density, ParameterError, load_parameters
from alerts.routing import Mismatch, Quiet, Route, choose, load_routes
from alerts.severity import Severity
from alerts.signal import Classification
from labourwatch.cli import app
from tests.factories_alerts import alert


def test_the_shipped_parameters_are_valid_and_within_the_methods() -> None:
    parameters = load_parameters()
    assert set(parameters.classes) == set(Density)
    for density in (Density.AGGREGATE, Density.DENSE, Density.MEDIUM):
        assert 1.6 <= parameters.classes[density].ratio <= 2.5
        assert parameters.classes[density].supporting_days >= 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("guard_days: 14", "guard_days: 1400", r":4: guard_days must be a number from 0 to 60"),
        ("guard_days: 14", "guard_days: 3.5", r":4: guard_days must be a whole number"),
        ("guard_days: 14", "guard_days: soon", r":4: guard_days must be a number"),
        ("guard_days: 14", "gard_days: 14", r":4: unknown entry 'gard_days'"),
        ("absorb_days: 240\n", "", r"absorb_days is missing"),
        ("    ratio: 2.5\n", "", r"ratio is missing"),
        ("  medium:", "  middling:", r"medium is missing"),
        ("classes:", "classes: 3\nother:", r"must be a mapping"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = DETECTORS_FILE.read_text(encoding="utf-8")
    assert old in text
    wrong = tmp_path / "detectors.yaml"
    wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        load_parameters(wrong)


ROUTES = """routes:
  - name: capital
    province: [LA-VT, LA-VI]
    to: capital@example.org
    language: lo
  - name: operators
    kind: collection_fault
"""


def test_the_first_route_that_fits_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "routes.yaml"
    path.write_text(ROUTES, encoding="utf-8")
    routes = load_routes(path)
    capital = choose(routes, alert())
    assert capital is not None
    assert (capital.name, capital.to, capital.languages) == (
        "capital", ("capital@example.org",), ("lo",),
    )  # fmt: skip
    south = alert(cell=Cell("LA-CH", ""))
    assert choose(routes, south) is None
    fault = alert(cell=Cell("", ""), kind=Classification.COLLECTION_FAULT)
    found = choose(routes, fault)
    assert found is not None
    assert found.languages == ("lo", "en")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("routes: []", "at least one route"),
        ("- a", "expected `routes:`"),
        ("routes:\n  - kind: weather\n", r":2: kind must be one of"),
        ("routes:\n  - language: fr\n", r":2: language must be one of"),
        ("routes:\n  - to: nobody\n", r":2: 'nobody' is no e-mail address"),
        ("routes:\n  - to: a@b@c\n", r":2: 'a@b@c' is no e-mail address"),
        ("routes:\n  - town: x\n", r":2: unknown entry 'town'"),
        ("routes:\n  - word\n", r":2: a route must be a mapping"),
        ("routes:\n  - severity: huge\n", r":2: severity must be one of"),
        ("routes:\n  - occupation: [25]\n", r":2: occupation must be of"),
        ("routes:\n  - quiet: night\n", r":2: quiet must be like"),
        ("routes:\n  - sector: [c]\n", r":2: sector must be of"),
        ("routes:\n  - escalate: head@example.org\n", r":2: escalate must be a list"),
        ("routes:\n  - escalate:\n      - head\n", r":3: a level must be a mapping"),
        ("routes:\n  - escalate:\n      - to: head\n", r":3: 'head' is no e-mail address"),
        ("routes:\n  - escalate:\n      - after: 2\n", r":3: unknown entry 'after'"),
    ],
)
def test_a_wrong_route_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "routes.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        load_routes(path)


def test_every_alert_has_a_shipped_route() -> None:
    for kind in Classification:
        assert choose(load_routes(), alert(kind=kind)) is not None


def test_a_route_says_why_it_does_not_fit() -> None:
    route = Route(
        name="r", provinces=("LA-VT",), kind="labour", to=(), languages=("lo",),
        occupations=("5",), severity="severe",
    )  # fmt: skip
    severe = alert(severity=Severity.SEVERE)
    assert route.mismatch(severe) is None
    assert route.mismatch(alert(severity=Severity.MINOR)) is Mismatch.SEVERITY
    assert route.mismatch(alert(cell=Cell("LA-VT", "7"))) is Mismatch.OCCUPATION
    assert route.mismatch(alert(cell=Cell("", "5"))) is Mismatch.PROVINCE
    fault = alert(kind=Classification.COLLECTION_FAULT)
    assert route.mismatch(fault) is Mismatch.KIND


def test_quiet_hours_cross_midnight_and_do_not_hold_what_is_severe() -> None:
    quiet = Quiet(begins=time(20), ends=time(7))
    route = Route(name="r", provinces=(), kind="", to=(), languages=("lo",), quiet=quiet)
    night = datetime(2026, 11, 25, 15, tzinfo=UTC)  # 22:00 in Laos
    assert route.waits(alert(severity=Severity.MODERATE), night)
    assert not route.waits(alert(severity=Severity.SEVERE), night)
    assert not route.waits(alert(), night + timedelta(hours=10))


def test_the_example_has_a_route_for_every_province() -> None:
    routes = load_routes(Path("docs/examples/routes-18-provinces.yaml"))
    assert len({name for route in routes for name in route.provinces} - {"nation"}) == 18


def test_a_sector_takes_only_what_it_leads() -> None:
    route = Route(name="r", provinces=(), kind="", to=(), languages=("lo",), sectors=("C", "F"))
    assert route.mismatch(alert(industry="C")) is None
    assert route.mismatch(alert(industry="G")) is Mismatch.SECTOR
    assert route.mismatch(alert()) is Mismatch.SECTOR


def test_the_dry_run_tells_whom_an_escalation_reaches() -> None:
    file = "docs/examples/routes-18-provinces.yaml"
    asked = ["alerts", "route", "--province", "LA-VT", "--explain", "--file", file]
    ran = CliRunner().invoke(app, asked)
    assert ran.exit_code == 0
    assert "level 1, 3 days without acknowledgement: email to head." in ran.output
    assert "level 2, 10 days without acknowledgement: email to employment@" in ran.output
    same = CliRunner().invoke(app, ["alerts", "route", "--province", "LA-CH", "--explain"])
    assert "the same: the route names nobody for escalation" in same.output


def test_the_dry_run_tells_the_route_and_why_not_the_others() -> None:
    ran = CliRunner().invoke(app, ["alerts", "route", "--province", "LA-CH", "--explain"])
    assert ran.exit_code == 0
    assert "operators: no: kind" in ran.output
    assert "everyone: takes it" in ran.output
    assert "in lo, en" in ran.output
