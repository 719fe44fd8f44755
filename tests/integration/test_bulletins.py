"""Bulletins through the real warehouse and a real mail server: made once, archived, sent once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_string

import clickhouse_connect
import pytest
import redis
from clickhouse_connect.driver.client import Client
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr
from starlette.middleware.base import RequestResponseEndpoint

from alerts.boxes import Boxes
from alerts.operators import NOTICES
from alerts.releases.issuing import make
from alerts.releases.plan import Kind, period_of, schedule
from alerts.retrying import GIVEN_UP
from benchmarks.simulated_register import Day, register, store
from config.settings import Settings
from dashboard.accounts.records import Role, Viewer
from dashboard.accounts.visiting import _PRESENT, Visit
from dashboard.bulletins.office import PATIENCE, RECENT, make_due
from dashboard.bulletins.routes import bulletin_routes
from dashboard.bulletins.sending import Mailing
from dashboard.bulletins.subscriptions import Subscription, Subscriptions
from dashboard.v1.reading import Reading
from dashboard.views import Snapshot
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from tests.mail_office import Mailroom
from tests.mail_office import served as served_mail
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
TO = {
    "LA-SV": ("labour@sv.example", "head@sv.example"),
    "LA-CH": ("labour@ch.example", "gone@ch.example"),
}
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


@pytest.fixture(scope="module")
def mailing(
    installation: tuple[Client, Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mailing]:
    client, settings = installation
    with (
        start_redis(tmp_path_factory.mktemp("boxes")) as url,
        redis.Redis.from_url(url) as connection,
    ):
        boxes = Boxes(connection)
        yield Mailing(client=client, boxes=boxes, settings=settings, owner="one")


def test_each_bulletin_goes_to_its_own_province_once(mailing: Mailing) -> None:
    room, minute = Mailroom(), timedelta(minutes=1)
    assert mailing.send_due(PLAN, MAKING) == 0, "nobody serves mail"
    room.answers = {"head@sv.example": "452 mailbox full", "gone@ch.example": "550 gone"}
    with served_mail(room) as port:
        mailing = replace(mailing, settings=mailing.settings.model_copy(update={"smtp_port": port}))
        assert mailing.send_due(PLAN, MAKING) == 0, "the server is left alone for a while"
        assert mailing.send_due(PLAN, MAKING + minute) == 18
        assert mailing.send_due(PLAN, MAKING + minute) == 0
        room.answers.clear()
        other = replace(mailing, owner="two")
        assert other.send_due(PLAN, MAKING + 2 * minute) == 0, "the first has claimed it"
        assert mailing.send_due(PLAN, MAKING + 2 * minute) == 1
        left = unsent(mailing.client, since=NOW)
        assert [one for one in left if one.view is View.DEPARTMENT and one.kind == "weekly"] == []
        assert mailing.send_due(PLAN, MAKING + GIVEN_UP) == 0
    addressed = [to for to in room.addressed if to[0].endswith(("sv.example", "ch.example"))]
    assert sorted(addressed) == [["head@sv.example"], ["labour@ch.example"], ["labour@sv.example"]]
    mails = [(to, message_from_string(text)) for to, text in room.taken]
    assert len({mail["Message-ID"] for _, mail in mails}) == 19
    (ours,) = [mail for to, mail in mails if to == ["head@sv.example"]]
    pdfs = [part for part in ours.walk() if part.get_content_type() == "application/pdf"]
    assert [part.get_filename() for part in pdfs] == [
        "labourwatch-W2026-W46.0.LA-SV.department.lo.pdf",
        "labourwatch-W2026-W46.0.LA-SV.department.en.pdf",
    ]
    contents = [part.get_payload(decode=True) for part in pdfs]
    assert all(isinstance(held, bytes) and held.startswith(b"%PDF") for held in contents)


def test_what_became_of_a_bulletin_s_mail_is_noted(mailing: Mailing) -> None:
    rows = mailing.client.query(
        "SELECT bulletin_id, outcome, detail FROM bulletin_mails WHERE position(bulletin_id, '-W')"
    ).result_rows
    noted = {name: (outcome, detail) for name, outcome, detail in rows}
    assert len(rows) == len(noted) == 38
    assert noted["W2026-W46.0.LA-SV.department.en"] == ("sent", "")
    outcome, detail = noted["W2026-W46.0.LA-CH.department.lo"]
    assert (outcome, detail) == ("sent", "a recipient: 550 gone")
    redis_client = mailing.boxes._redis
    assert redis_client.llen(NOTICES) == 1
    assert redis_client.keys("lw:alert:reached:*") == []
    assert mailing.boxes.attempts() == {}


def test_a_bulletin_refused_or_put_off_for_days_is_given_up_and_its_note_names_nobody(
    mailing: Mailing,
) -> None:
    mailing.client.command("TRUNCATE TABLE bulletin_mails")
    mailing.boxes._redis.flushall()
    room = Mailroom()
    room.answers = {
        "labour@sv.example": "550 no Labour@SV.example here", "head@sv.example": "551 gone",
        "labour@ch.example": "451 greylisted", "gone@ch.example": "451 greylisted",
    }  # fmt: skip
    with served_mail(room) as port:
        mailing = replace(mailing, settings=mailing.settings.model_copy(update={"smtp_port": port}))
        assert mailing.send_due(PLAN, MAKING) == 17
        assert mailing.send_due(PLAN, MAKING + GIVEN_UP) == 0
    rows = mailing.client.query(
        "SELECT detail FROM bulletin_mails WHERE outcome = 'refused' ORDER BY bulletin_id"
    ).result_rows
    details = [row[0] for row in rows]
    assert len(details) == 4
    assert details[0].startswith("given up: a recipient: 451")
    assert "550 no a recipient here" in details[-1]
    assert not any("@" in detail for detail in details)


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
