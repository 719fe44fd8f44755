"""Who may reach which address: a row for every route, without the language in front of it.

A route without a row fails `tests/integration/test_access_matrix.py`. To add one, say what stands
between a visitor and what the address gives.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final


class Guard(Enum):
    """What decides who gets what."""

    OPEN = auto()
    """The same for everybody, and nothing that the release rules are about."""
    PUBLIC = auto()
    """For everybody, by the release rules, whoever asks."""
    PAGE = auto()
    """For everybody; shows what the viewer's snapshot holds."""
    VIEW = auto()
    """For everybody; departments get exact figures."""
    OWN_CELLS = auto()
    """The same; a province gets exact figures where it asks for itself alone."""
    TOKEN = auto()
    """A provider's token; no log-in stands for one."""
    PROOF = auto()
    """A form whose submission proves itself: access code, signed link, set-up link, password, a
    receipt's number, the token of a form that anybody may send."""
    LOGGED_IN = auto()
    """One's own account."""
    DEEDS = auto()
    """Who acts on the alert: policymakers, and a province for its own."""
    WHAT_IF = auto()
    """Policymakers, analysts and admins."""
    OPERATIONS = auto()
    """Admins, who read how the service runs."""
    ADMIN = auto()
    """Admins."""
    SHUT = auto()
    """Nobody."""


ROWS: Final[dict[str, Guard]] = {
    "GET /healthz": Guard.OPEN,
    "GET /api/openapi.json": Guard.OPEN,
    "GET /api/live": Guard.OPEN,
    "WS /live": Guard.OPEN,
    "GET /api/summary": Guard.PUBLIC,
    "POST /v1/postings": Guard.TOKEN,
    "POST /v1/postings/text": Guard.TOKEN,
    "DELETE /v1/postings/{posting_id:path}": Guard.TOKEN,
    "POST /v1/supply": Guard.TOKEN,
    "GET /v1/receipts/{receipt_id}": Guard.TOKEN,
    "POST /v1/sql": Guard.TOKEN,
    "GET /v1/saved": Guard.TOKEN,
    "POST /v1/saved": Guard.TOKEN,
    "GET /v1/saved/{reference}": Guard.TOKEN,
    "GET /v1/saved/{reference}/result": Guard.TOKEN,
    "GET /v1/runs": Guard.TOKEN,
    "GET /v1/series": Guard.OWN_CELLS,
    "GET /v1/vacancies": Guard.OWN_CELLS,
    "GET /v1/vacancies/records": Guard.OWN_CELLS,
    "GET /v1/forecasts": Guard.VIEW,
    "GET /v1/indicators": Guard.VIEW,
    "GET /v1/releases": Guard.VIEW,
    "GET /v1/alerts": Guard.VIEW,
    "GET /v1/alerts/{alert_id}": Guard.VIEW,
    "GET /v1/scorecard": Guard.VIEW,
    "GET /v1/strategy": Guard.VIEW,
    "GET /v1/codelists": Guard.VIEW,
    "GET /v1/codelists/{name}": Guard.VIEW,
    "GET /v1/sources": Guard.VIEW,
    "GET /download/flow.csv": Guard.VIEW,
    "GET /download/vacancies.csv": Guard.VIEW,
    "OPTIONS /v1/{path:path}": Guard.OPEN,
    "GET /v1/{path:path}": Guard.SHUT,
    "POST /v1/{path:path}": Guard.SHUT,
    "PUT /v1/{path:path}": Guard.SHUT,
    "PATCH /v1/{path:path}": Guard.SHUT,
    "DELETE /v1/{path:path}": Guard.SHUT,
    "GET /explore": Guard.VIEW,
    "GET /methods": Guard.PAGE,
    "GET /accessibility": Guard.OPEN,
    "POST /methods": Guard.WHAT_IF,
    "GET /operations": Guard.OPERATIONS,
    "GET /sdmx/2.1/data/{rest:path}": Guard.VIEW,
    "GET /sdmx/3.0/data/{rest:path}": Guard.VIEW,
    "GET /sdmx/2.1/availableconstraint/{rest:path}": Guard.VIEW,
    "GET /sdmx/3.0/availability/{rest:path}": Guard.VIEW,
    "GET /sdmx/3.0/structure/{rest:path}": Guard.VIEW,
    "GET /sdmx/2.1/{rest:path}": Guard.VIEW,
    "GET /sdmx/{rest:path}": Guard.OPEN,
    "GET /catalogue": Guard.VIEW,
    "GET /codelists": Guard.VIEW,
    "GET /codelists/{name}": Guard.VIEW,
    "GET /codelists/{name}/{code}": Guard.OPEN,
    "GET /alerts/feed.atom": Guard.PUBLIC,
    "GET /alerts/cap": Guard.PUBLIC,
    "GET /alerts/cap/{notice_id}.xml": Guard.PUBLIC,
    "GET /bulletins": Guard.PUBLIC,
    "GET /bulletins/{name}.html": Guard.PUBLIC,
    "GET /bulletins/{name}.pdf": Guard.PUBLIC,
    "GET /act/{purpose}/{token}": Guard.PROOF,
    "POST /act/{purpose}": Guard.PROOF,
    "GET /answer/{alert_id}": Guard.DEEDS,
    "POST /answer/{alert_id}": Guard.DEEDS,
    "GET /submit": Guard.PROOF,
    "POST /submit": Guard.PROOF,
    "GET /corrections": Guard.PROOF,
    "POST /corrections": Guard.PROOF,
    "GET /feedback": Guard.OPEN,
    "POST /feedback": Guard.PROOF,
    "GET /feedback/{feedback_id}": Guard.PROOF,
    "GET /log-in": Guard.PROOF,
    "POST /log-in": Guard.PROOF,
    "GET /log-in/provider": Guard.PROOF,
    "GET /log-in/answer": Guard.PROOF,
    "POST /log-out": Guard.PROOF,
    "GET /set-up/{secret}": Guard.PROOF,
    "POST /set-up/{secret}": Guard.PROOF,
    "GET /account": Guard.LOGGED_IN,
    "POST /account": Guard.LOGGED_IN,
    "GET /accounts": Guard.ADMIN,
    "POST /accounts": Guard.ADMIN,
    "GET /worker.js": Guard.OPEN,
    "GET /manifest.webmanifest": Guard.OPEN,
    "GET /offline": Guard.OPEN,
    "GET /crawler": Guard.OPEN,
    "GET /": Guard.PAGE,
    "GET /alerts": Guard.PAGE,
    "GET /alerts/{item}": Guard.PAGE,
    "GET /vacancies": Guard.PAGE,
    "GET /provinces": Guard.PAGE,
    "GET /provinces/{item}": Guard.PAGE,
    "GET /sectors": Guard.PAGE,
    "GET /sectors/{item}": Guard.PAGE,
    "GET /occupations": Guard.PAGE,
    "GET /occupations/{item}": Guard.PAGE,
    "GET /forecasts": Guard.PAGE,
    "GET /strategy": Guard.PAGE,
    "GET /skills": Guard.PAGE,
    "GET /skills/{item}": Guard.PAGE,
    "GET /sources": Guard.PAGE,
    "GET /about": Guard.PAGE,
    "GET /{path:path}": Guard.PAGE,
    "MOUNT /assets": Guard.OPEN,
    "GET /_dash-component-suites/plotly/package_data/plotly.min.js": Guard.OPEN,
    "GET /_dash-component-suites/{package_name}/{fingerprinted_path:path}": Guard.OPEN,
    "GET /_dash-layout": Guard.OPEN,
    "GET /_dash-dependencies": Guard.OPEN,
    "GET /_reload-hash": Guard.OPEN,
    "GET /_favicon.ico": Guard.OPEN,
    "POST /_dash-update-component": Guard.PAGE,
    "WS /_dash-ws-callback": Guard.SHUT,
}
