"""Who is let in: every role at every address, forms of others, and requests of other sites.

Counts what was allowed and must not be, by the table that a test holds to every route.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Figure
from dashboard.accounts.records import Role
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
)
from tests.unit.test_account_views import ALERT, HELD
from warehouse.disclosure.records import View

_ASKING: Final = (Role.POLICYMAKER, Role.ANALYST, Role.ADMIN)
"""Who may try another policy of alerts."""
_ASKED: Final = ("", "?province=LA-CH", "?province=LA-XA", "?province=LA-CH&province=LA-XA")
_FOREIGN: Final[tuple[dict[str, str], ...]] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
)


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and their details; nothing is drawn by lot, `quick` asks for one province and
    leaves out who may see everything."""
    del seed
    with tempfile.TemporaryDirectory() as folder, matrix_house(Path(folder)) as house:
        asked, allowed = _rows(house, _ASKED[1:2] if quick else _ASKED, quick)
        tried, taken = _foreign(house)
    found = (
        ("unauthorised_allowed", len(allowed), "answers given that must not be", "0"),
        ("authorisation_asked", asked, "role × address × province asked", ""),
        ("foreign_forms_taken", len(taken), "acts that another site made a browser do", "0"),
        ("foreign_forms_tried", tried, "such attempts", ""),
        ("routes_in_matrix", len(ROWS), "routes, each with a row", ""),
    )
    figures = [
        Figure(key=key, value=value, about=about, goal=goal) for key, value, about, goal in found
    ]
    return figures, {"allowed": allowed, "taken": taken}


def _rows(house: House, provinces: tuple[str, ...], quick: bool) -> tuple[int, list[str]]:
    asked, allowed = 0, []
    for row, guard in ROWS.items():
        method, path = row.split()
        if method in ("WS", "MOUNT") or (method != "GET" and guard is Guard.PAGE):
            continue  # sockets and updates are asked below or carry no figure
        if "component-suites" in path:
            continue
        for who in (one for one in WHO if not (quick and one in EXACT)):
            for more in provinces if guard in (Guard.VIEW, Guard.OWN_CELLS) else ("",):
                asked += 1
                if _is_too_much(house, guard, who, method, path, more):
                    allowed.append(f"{who}: {row}{more}")
    for who in WHO:
        for alert_id in (ALERT, ELSEWHERE, NATIONAL):
            asked += 1
            house.acknowledged.clear()
            sent = acknowledging(alert_id)
            house.ask(who, "POST", "/_dash-update-component", json=sent)
            own = who is Role.PROVINCIAL and alert_id == ALERT
            if house.acknowledged and not (own or who is Role.POLICYMAKER):
                allowed.append(f"{who}: acknowledge {alert_id}")
    return asked, allowed


def _is_too_much(house: House, guard: Guard, who: Any, method: str, path: str, more: str) -> bool:
    """Whether somebody got what is not theirs."""
    house.views.clear()
    body: dict[str, str] | None = {} if method == "POST" else None
    answer = house.ask(who, method, filled(path) + more, data=body)
    if guard is Guard.TOKEN:
        return answer.status_code != 401
    if guard in (Guard.ADMIN, Guard.OPERATIONS):
        return answer.status_code != 403 and who is not Role.ADMIN
    if guard is Guard.WHAT_IF:  # a form of nobody's browser, empty: 415 to who may ask, else 403
        return answer.status_code != (415 if who in _ASKING else 403)
    if guard is Guard.LOGGED_IN:
        return answer.status_code == 200 and who == "nobody"
    if guard is Guard.SHUT:
        return answer.status_code not in (403, 404)
    if guard in (Guard.VIEW, Guard.OWN_CELLS):
        own = guard is Guard.OWN_CELLS and more == "?province=LA-CH" and who is Role.PROVINCIAL
        return View.DEPARTMENT in house.views and not (own or who in EXACT)
    if HELD.cube is None:
        return False
    text = re.sub(r"<[^>]*>", " ", answer.text)
    exact = f"{HELD.cube.weekly_flow()[1][-1]:,}"
    shown = MARK in text and who is not Role.PROVINCIAL
    return who not in EXACT and (shown or exact in text)


def _foreign(house: House) -> tuple[int, list[str]]:
    """Forms without the browser's own token, and requests that bear another site's mark."""
    tried, taken = 0, []
    for path in ("/accounts", "/account", "/log-out", "/_dash-update-component"):
        for headers in (*_FOREIGN, {}):
            if path.startswith("/_dash") and not headers:
                continue  # a page of ours
            tried += 1
            values = {"form": "0" * 64, "step": "add", "name": "planted", "role": "admin"}
            answer = house.ask(Role.ADMIN, "POST", path, data=values, headers=headers)
            shown = house.ask(Role.ADMIN, "GET", "/accounts").text
            if answer.status_code in (200, 303) or "planted" in shown:
                taken.append(f"{path} {headers}")
    return tried, taken
