"""Bulletins through the real warehouse and a real mail server: made once, archived, sent once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes

import clickhouse_connect
import pytest
from aiosmtpd.controller import Controller
from clickhouse_connect.driver.client import Client
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr
from starlette.middleware.base import RequestResponseEndpoint

from alerts.releases.issuing import make
from alerts.releases.plan import Kind, period_of, schedule
from benchmarks.simulated_register import Day, register, store
from config.settings import Settings
from dashboard.accounts.records import Role, Viewer
from dashboard.accounts.visiting import _PRESENT, Visit
from dashboard.bulletins.office import PATIENCE, RECENT, make_due, send_due
from dashboard.bulletins.routes import bulletin_routes
from dashboard.bulletins.subscriptions import Subscription, Subscriptions
from dashboard.v1.reading import Reading
from dashboard.views import Snapshot
from tests.fixtures_warehouse import start_warehouse
from tests.integration.test_watch import Mailbox
from tests.processes import free_port
from tests.reading_stack import Tokens
from tests.served_dashboard import get, served
from warehouse.bulletins import UnknownBulletinError, digest_of, heads, read, unsent
from warehouse.disclosure.records import View
from warehouse.migrate import migrate

pytestmark = pytest.mark.integration
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 15)
NOW = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)
MAKING = NOW + PATIENCE + timedelta(minutes=1)
"""The public's tables of counts are never issued here: the office stops waiting for them."""
TO = {"LA-SV": ("labour@sv.example", "head@sv.example")}
PLAN = Subscriptions(
    weekly=Subscription(send=True, languages=("lo", "en"), to=TO),
    monthly=Subscription(send=False, languages=("en",), to={}),
)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Settings]]:
    with start_warehouse(tmp_path_factory.mktemp("bulletins")) as (host, port, secret):
        client = clickhouse_connect.get_client(
            host=host, port=port, password=secret, autogenerate_session_id=False, tz_mode="aware"
        )
        migrate(client, database="labourwatch", now=NOW)
        client.database = "labourwatch"
        whole: dict[str, list[dict[str, object]]] = {}
        for day in register(5, first=FIRST, days=76, per_day=6.0, until=LAST):
            for table, rows in day.rows.items():
                whole.setdefault(table, []).extend(rows)
        store(client, Day(on=LAST, rows=whole))
        for kind, on in ((Kind.WEEKLY, date(2026, 11, 11)), (Kind.MONTHLY, date(2026, 10, 3))):
            timing = schedule().releases[kind]
            make(client, period_of(kind, on), timing, cutoff=NOW, issue=NOW)
        yield (
            client,
            Settings(
                smtp_port=free_port(),
                clickhouse_host=host,
                clickhouse_port=port,
                clickhouse_password=SecretStr(secret),
                clickhouse_database="labourwatch",
            ),
        )


def test_bulletins_wait_for_public_counts_and_are_then_made_once(
    installation: tuple[Client, Settings],
) -> None:
    client, settings = installation
    first = make_due(client, settings, NOW + timedelta(hours=1))
    assert {name.split(".")[3] for name in first} == {"department"}
    second = make_due(client, settings, MAKING)
    assert {name.split(".")[3] for name in second} == {"public"}
    assert len(first) == len(second) == 2 * 19 + 2
    assert make_due(client, settings, MAKING) == []
    assert make_due(client, settings, NOW + RECENT + timedelta(days=1)) == []


def test_the_archive_gives_what_was_published_and_keeps_departments_apart(
    installation: tuple[Client, Settings],
) -> None:
    client, _ = installation
    public = heads(client, views=[View.PUBLIC])
    assert len(public) == 40
    one = read(client, public[0].bulletin_id, views=[View.PUBLIC])
    assert digest_of(one.html, one.pdf) == one.head.digest
    inside = heads(client, views=[View.DEPARTMENT], place="LA-SV", language="en")
    assert [head.kind for head in inside] == ["weekly"]
    with pytest.raises(UnknownBulletinError):
        read(client, inside[0].bulletin_id, views=[View.PUBLIC])
    told = read(client, inside[0].bulletin_id, views=[View.DEPARTMENT]).html
    assert "Do not publish" in told
    assert "new vacancies were advertised (95% interval" in told


def test_each_bulletin_goes_to_its_own_province_once(
    installation: tuple[Client, Settings],
) -> None:
    client, settings = installation
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=settings.smtp_port)
    with pytest.raises(OSError, match=r"refused|connect"):
        send_due(client, settings, PLAN, MAKING)
    assert unsent(client, since=NOW)
    server.start()
    try:
        assert send_due(client, settings, PLAN, MAKING) == 19
        assert send_due(client, settings, PLAN, MAKING) == 0
    finally:
        server.stop()
    mails = [message_from_bytes(raw) for raw in box.mails]
    assert len(mails) == len({mail["Message-ID"] for mail in mails}) == 19
    ours = [mail for mail in mails if mail["To"] and "labour@sv.example" in mail["To"]]
    assert len(ours) == 1
    pdfs = [part for part in ours[0].walk() if part.get_content_type() == "application/pdf"]
    assert [part.get_filename() for part in pdfs] == [
        "labourwatch-W2026-W46.0.LA-SV.department.lo.pdf",
        "labourwatch-W2026-W46.0.LA-SV.department.en.pdf",
    ]
    contents = [part.get_payload(decode=True) for part in pdfs]
    assert all(isinstance(held, bytes) and held.startswith(b"%PDF") for held in contents)


def test_anybody_reads_the_archive_and_nobody_a_department_s(
    installation: tuple[Client, Settings],
) -> None:
    _, settings = installation
    app = FastAPI()
    reading = Reading(settings, Tokens(), lambda: MAKING)  # type: ignore[arg-type]
    app.include_router(bulletin_routes(reading, Snapshot, demonstration=False))
    with served(app) as url:
        listed = get(f"{url}/en/bulletins").text
        assert "W2026-W46.0.LA-SV.public.en.html" in listed
        assert "department" not in listed
        page = get(f"{url}/bulletins/W2026-W46.0.LA-SV.public.en.html")
        assert page.status == 200
        assert "immutable" in page.headers["Cache-Control"]
        pdf = get(f"{url}/bulletins/W2026-W46.0.LA.public.lo.pdf")
        assert pdf.headers["Content-Type"] == "application/pdf"
        assert pdf.body.startswith(b"%PDF")
        for name in ("W2026-W46.0.LA-SV.department.en", "nothing"):
            assert get(f"{url}/bulletins/{name}.html").status == 404


@pytest.mark.parametrize(
    ("viewer", "read"),
    [
        (Viewer(name="p", role=Role.POLICYMAKER), {"LA-SV", "LA-CH"}),
        (Viewer(name="s", role=Role.PROVINCIAL, province="LA-SV"), {"LA-SV"}),
        (Viewer(name="a", role=Role.ADMIN), set()),
    ],
)
def test_departments_read_their_own_and_keep_them_out_of_caches(
    installation: tuple[Client, Settings], viewer: Viewer, read: set[str]
) -> None:
    _, settings = installation
    app = FastAPI()
    reading = Reading(settings, Tokens(), lambda: MAKING)  # type: ignore[arg-type]
    app.include_router(bulletin_routes(reading, Snapshot, demonstration=False))

    @app.middleware("http")
    async def log_in(request: Request, go_on: RequestResponseEndpoint) -> Response:
        token = _PRESENT.set(Visit(viewer=viewer))
        try:
            return await go_on(request)
        finally:
            _PRESENT.reset(token)

    with served(app) as url:
        listed = get(f"{url}/en/bulletins").text
        for place in ("LA-SV", "LA-CH"):
            name = f"W2026-W46.0.{place}.department.en"
            assert (name in listed) == (place in read)
            answer = get(f"{url}/bulletins/{name}.html")
            assert answer.status == (200 if place in read else 404)
            if place in read:
                assert answer.headers["Cache-Control"] == "no-store"
