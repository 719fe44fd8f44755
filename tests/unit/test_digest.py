"""The weekly digest: when it is due, what it holds, whom it goes to, and how it reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from alerts.alert import Alert, Hold, State
from alerts.calendar import end_of_day
from alerts.cells import Cell
from alerts.digest import Audience, Digest, audiences, digest_of, due_week
from alerts.notify.digest import compose_digest, put_digest
from alerts.releases.plan import DigestTiming, schedule
from alerts.routing import Route, load_routes
from alerts.signal import Classification
from config.settings import Settings
from tests.factories_notices import alert_of
from warehouse.series import Observation, SeriesKey, Standing

MONDAY = date(2026, 11, 16)
TIMING = DigestTiming(after_days=3, at=time(8), catch_up_days=2)
DUE = datetime(2026, 11, 25, 1, tzinfo=UTC)
ROUTES = (
    Route(name="faults", provinces=(), kind="collection_fault", to=("op@example.org",),
          languages=("en",)),
    Route(name="capital", provinces=("LA-VT",), kind="", to=("vt@example.org",),
          languages=("lo", "en")),
    Route(name="rest", provinces=(), kind="", to=("all@example.org",), languages=("en",)),
)  # fmt: skip


def alerts() -> list[Alert]:
    told = end_of_day(MONDAY)
    other = Cell("LA-SV", "5")
    return [
        alert_of("shortage"),
        replace(alert_of("forecast"), state=State.ACKNOWLEDGED),
        replace(alert_of("rise"), hold=Hold.BUDGET_SPENT, tellings=0),
        replace(alert_of("pressure"), state=State.RESOLVED, changed_at=told, tellings=2),
        replace(alert_of("fall"), state=State.RESOLVED, changed_at=told - timedelta(days=9)),
        replace(alert_of("surplus"), hold=Hold.EXPLAINED_BY_PARENT, tellings=0),
        replace(alert_of("indicator_up"), cell=other),
        alert_of("fault"),
    ]


def judged(standing: Standing, occupation: str, province: str = "LA-VT") -> Observation:
    value = 0.2 if standing is Standing.ASSESSABLE else None
    return Observation(
        series=SeriesKey(
            indicator="shortage_probability", province=province, occupation=occupation
        ),
        time_value=MONDAY, issue=DUE, value=value, standing=standing, n=30, employers=9,
    )  # fmt: skip


def capital() -> Digest:
    rows = [judged(Standing.ASSESSABLE, g) for g in "01234"]
    rows += [judged(Standing.NO_SUPPLY, g) for g in "567"]
    rows += [judged(Standing.TOO_FEW, g) for g in "89"]
    rows += [judged(Standing.TOO_FEW, "5", "LA-SV"), judged(Standing.TOO_FEW, "")]
    return digest_of(Audience(route=ROUTES[1], area="LA-VT"), MONDAY, alerts(), ROUTES, rows)


def test_it_holds_what_goes_this_way_and_says_what_it_does_not_tell() -> None:
    found = capital()
    assert [a.kind for a in found.open] == [Classification.SHORTAGE, Classification.FORECAST]
    assert [a.kind for a in found.ended] == [Classification.DEMAND_PRESSURE]
    assert [a.kind for a in found.held] == [Classification.LABOUR]
    assert (found.cells, dict(found.unassessed)) == (
        10, {Standing.NO_SUPPLY: 3, Standing.TOO_FEW: 2},
    )  # fmt: skip
    rest = digest_of(Audience(route=ROUTES[2], area=""), MONDAY, alerts(), ROUTES, [])
    assert [a.kind for a in rest.open] == [Classification.INDICATOR]


def test_every_office_reads_one_and_operators_none() -> None:
    assert [(one.route.name, one.area) for one in audiences(ROUTES)] == [
        ("capital", "LA-VT"), ("rest", ""),
    ]  # fmt: skip
    names = {one.name(MONDAY) for one in audiences(ROUTES)}
    assert len(names) == 2
    assert all(name.endswith("2026-W47") for name in names)
    assert [one.area for one in audiences(load_routes())] == [""]


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (DUE - timedelta(seconds=1), None),
        (DUE, MONDAY),
        (DUE + timedelta(days=1, hours=23), MONDAY),
        (DUE + timedelta(days=2), None),
        (DUE + timedelta(days=7), MONDAY + timedelta(days=7)),
    ],
)
def test_it_is_due_once_a_week_and_not_long_after(now: datetime, week: date | None) -> None:
    assert due_week(now, TIMING) == week


def test_the_shipped_schedule_has_it_after_the_weekly_release() -> None:
    weekly = schedule().releases
    digest = schedule().digest
    assert all(
        (timing.after_days, timing.at) < (digest.after_days, digest.at)
        for kind, timing in weekly.items() if kind == "weekly"
    )  # fmt: skip


@pytest.mark.parametrize("language", ["lo", "en"])
def test_it_reads_in_both_languages(language: str) -> None:
    told = put_digest(capital(), language, "https://watch.example")
    assert [len(lines) for _, lines in told["sections"]] == [2, 1, 1]
    text = str(told)
    assert "{" not in " ".join((told["heading"], told["lead"], told["unassessed"]))
    assert "LA-VT" not in text
    assert ("5" in told["unassessed"], "10" in told["unassessed"]) == (True, True)
    assert {"93", "84"} <= {word for word in text.replace(" ", ";").split(";") if word.isdigit()}


def test_a_quiet_week_says_so() -> None:
    nothing = digest_of(Audience(route=ROUTES[1], area="LA-VT"), MONDAY, [], ROUTES, [])
    mail = compose_digest(nothing, Settings(workspace="live"), DUE)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().count("None.") == 3
    assert "not published yet" in body.get_content()
    assert mail["To"] == "vt@example.org"


def test_the_same_digest_has_the_same_identity_and_hostile_names_do_no_harm() -> None:
    evil = replace(ROUTES[1], name="<script>\r\nBcc: x@example.org")
    found = replace(capital(), audience=Audience(route=evil, area="LA-VT"))
    first, again = (compose_digest(found, Settings(), DUE + timedelta(hours=h)) for h in (0, 5))
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Bcc"] is None
    html = first.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
