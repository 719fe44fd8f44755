"""Every role at every address: who is let in, and who is told exact figures of which province."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from config.settings import Settings
from dashboard.accounts.records import Role
from dashboard.app import create_app
from dashboard.language import CODES
from dashboard.scoring.routes import FIELDS
from tests.access_matrix import ROWS, Guard
from tests.matrix_house import (
    ELSEWHERE,
    EXACT,
    MARK,
    NATIONAL,
    WHO,
    House,
    acknowledging,
    filled,
    matrix_house,
    updated,
)
from tests.own_forms import COOKIE as FORM_COOKIE
from tests.own_forms import TOKEN
from tests.unit.test_account_views import ALERT, HELD
from tests.unit.test_dashboard_app import Seeded
from tests.unit.test_what_leaves import walk
from warehouse.disclosure.records import View

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with matrix_house(tmp_path_factory.mktemp("matrix")) as running:
        yield running


def every_route() -> list[Any]:
    """Of an application with everything switched on."""
    settings = Settings(redis_url="redis://127.0.0.1:1/0", oidc_issuer="https://id.example")
    return list(walk(create_app(settings, Seeded(), lambda *_: True).routes))


def addresses() -> dict[str, str]:
    """Every route as `METHOD path`, the language taken off, with a module that answers it."""
    found = {}
    for route in every_route():
        path = re.sub(rf"^/({'|'.join(CODES)})(?=/|$)", "", route.path) or "/"
        kind = type(route).__name__
        methods = {"APIWebSocketRoute": {"WS"}, "Mount": {"MOUNT"}}.get(kind) or route.methods
        for method in methods - {"HEAD"}:
            found[f"{method} {path}"] = route.path
    return found


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(addresses()) == set(ROWS), "add what is missing to tests/access_matrix.py"


def test_what_answers_get_answers_head_with_the_same_guard() -> None:
    """HEAD is always a method of a route that has GET, or of its twin on the same path."""
    routes = [route for route in every_route() if getattr(route, "methods", None)]
    paths = {route.path for route in routes if "GET" in route.methods}
    heads = {route.path for route in routes if "HEAD" in route.methods}
    assert heads <= paths


def of(*guards: Guard) -> list[str]:
    return [row for row, guard in ROWS.items() if guard in guards]


@pytest.mark.parametrize("row", of(Guard.TOKEN))
def test_no_log_in_stands_for_a_token(house: House, row: str) -> None:
    method, path = row.split()
    for who in WHO:
        assert house.ask(who, method, filled(path), json={}).status_code == 401, who


@pytest.mark.parametrize("row", of(Guard.VIEW, Guard.OWN_CELLS))
def test_departments_alone_are_told_exact_figures(house: House, row: str) -> None:
    path = filled(row.split()[1]).replace("dataflow/all", "LABOURWATCH,FLOW/all")
    of_one = ("", "?province=LA-XA", "?province=LA-CH&province=LA-XA")
    for who in WHO:
        for asked in ("?province=LA-CH", *(of_one if ROWS[row] is Guard.OWN_CELLS else ())):
            house.views.clear()
            answer = house.ask(who, "GET", path + asked)
            assert answer.status_code not in (401, 403) or who not in EXACT
            own = ROWS[row] is Guard.OWN_CELLS and asked == "?province=LA-CH"
            exact = who in EXACT or (who is Role.PROVINCIAL and own)
            assert set(house.views) <= {View.DEPARTMENT if exact else View.PUBLIC}, (who, asked)
            assert house.views or answer.status_code in (404, 406, 422), answer.status_code
            if exact:
                assert "access-control-allow-origin" not in answer.headers
                assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("row", of(Guard.ADMIN))
def test_admins_alone_manage_accounts(house: House, row: str) -> None:
    method, path = row.split()
    for who in WHO:
        answer = house.ask(who, method, path, data={"step": "add"} if method == "POST" else None)
        assert (answer.status_code != 403) == (who is Role.ADMIN), who
        assert ('<th scope="row">test-analyst</th>' in answer.text) == (who is Role.ADMIN), who


@pytest.mark.parametrize("row", of(Guard.DEEDS))
@pytest.mark.parametrize("alert_id", [ALERT, ELSEWHERE, NATIONAL])
def test_alerts_are_answered_by_those_who_answer_for_them(
    house: House, row: str, alert_id: str
) -> None:
    method = row.split(maxsplit=1)[0]
    for who in WHO:
        answer = house.ask(who, method, f"/en/answer/{alert_id}", data={"step": "verdict"})
        acts = who is Role.POLICYMAKER or (who is Role.PROVINCIAL and alert_id == ALERT)
        assert ('value="verdict"' in answer.text) == acts, who
        assert (answer.status_code == 200) == (acts and method == "GET"), who


@pytest.mark.parametrize("row", of(Guard.WHAT_IF))
def test_another_policy_is_tried_by_those_who_set_it(house: House, row: str) -> None:
    method, path = row.split()
    for who in WHO:
        answer = house.ask(who, method, path, data={"budget": "x"})
        asks = who in (Role.POLICYMAKER, Role.ANALYST, Role.ADMIN)
        assert (f'name="{FIELDS[0]}"' in answer.text) == asks, who
        assert answer.status_code == 403, "let in or not, the form was of nobody's browser"


@pytest.mark.parametrize("row", of(Guard.OPERATIONS))
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_admins_alone_see_how_the_service_runs(house: House, row: str, prefix: str) -> None:
    method, path = row.split()
    for who in WHO:
        answer = house.ask(who, method, prefix + path)
        assert answer.status_code == (200 if who is Role.ADMIN else 403), who
        assert ("there is no warehouse here" in answer.text) == (who is Role.ADMIN), who


@pytest.mark.parametrize("row", of(Guard.LOGGED_IN))
def test_ones_own_account_takes_a_log_in(house: House, row: str) -> None:
    method, path = row.split()
    for who in WHO:
        answer = house.ask(who, method, path, headers={} if who != "nobody" else FORM_COOKIE,
                           data={"form": TOKEN} if method == "POST" else None)  # fmt: skip
        if who == "nobody":
            assert answer.headers["location"] == "/log-in"
        else:
            assert answer.status_code in (200, 403)


@pytest.mark.parametrize("row", of(Guard.OPEN, Guard.PUBLIC, Guard.PROOF))
def test_what_is_for_everybody_tells_nobody_exact_figures(house: House, row: str) -> None:
    method, path = row.split()
    if method in ("WS", "MOUNT", "OPTIONS") or "component-suites" in path:
        pytest.skip("files, and a number")
    texts = {}
    for who in WHO:
        house.views.clear()
        answer = house.ask(who, method, filled(path), data={} if method == "POST" else None)
        assert MARK not in answer.text, who
        if ROWS[row] is Guard.PUBLIC and "bulletin" not in path:
            texts[who] = answer.text
    assert len(set(texts.values())) <= 1


@pytest.mark.parametrize("row", of(Guard.SHUT))
def test_what_is_shut_is_shut_to_all(house: House, row: str) -> None:
    method, path = row.split()
    for who in WHO:
        sent = "GET" if method == "WS" else method
        assert house.ask(who, sent, filled(path)).status_code in (403, 404), who


@pytest.mark.parametrize("row", [row for row in of(Guard.PAGE) if row.startswith("GET")])
def test_pages_show_each_viewer_what_is_theirs(house: House, row: str) -> None:
    path = ("/en" + filled(row.split()[1])).rstrip("/")
    assert HELD.cube is not None
    exact_week = f"{HELD.cube.weekly_flow()[1][-1]:,}"
    for who in WHO:
        text = re.sub(r"<[^>]*>", " ", house.ask(who, "GET", path).text)
        assert (exact_week in text) == (who in EXACT and path == "/en"), who
        assert MARK not in text or who in EXACT or who is Role.PROVINCIAL, who


def test_updates_of_pages_show_each_viewer_what_is_theirs(house: House) -> None:
    for who in WHO:
        for path in ("/en/alerts", f"/en/alerts/{ALERT}"):
            answer = house.ask(who, "POST", "/_dash-update-component", json=updated(path))
            assert answer.status_code == 200, answer.text
            shown = MARK in answer.text
            assert shown == (who in EXACT or who is Role.PROVINCIAL), (who, path)


@pytest.mark.parametrize("alert_id", [ALERT, ELSEWHERE, NATIONAL])
def test_alerts_are_acknowledged_by_those_who_answer_for_them(house: House, alert_id: str) -> None:
    for who in WHO:
        house.acknowledged.clear()
        answer = house.ask(who, "POST", "/_dash-update-component", json=acknowledging(alert_id))
        may = who is Role.POLICYMAKER or (who is Role.PROVINCIAL and alert_id == ALERT)
        assert answer.status_code == 200, answer.text
        assert house.acknowledged == ([(alert_id, f"test-{who}")] if may else []), who


def test_the_walk_finds_routes_of_included_routers() -> None:
    assert len(every_route()) > 100
