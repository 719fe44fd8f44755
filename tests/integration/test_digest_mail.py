"""The weekly digest through a real mail server and Redis: once for every office, whoever sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from alerts.digests import DigestDesk
from alerts.operators import NOTICES
from alerts.releases.plan import DigestTiming
from config.settings import Settings
from tests.integration.test_mail_server import office, redis_url  # noqa: F401 - fixtures
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from tests.mail_office import HEAD, OFFICE, Office

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_warehouse(tmp_path_factory.mktemp("digests")) as found:
        yield found


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    with fresh_schema(settings) as (found, _):
        yield found


def desk(of: Office, client: Client) -> DigestDesk:
    capital = replace(of.routes[0], name="capital", provinces=("LA-VT",), to=(HEAD,))
    timing = DigestTiming(after_days=3, at=time(8), catch_up_days=3)
    return DigestDesk(client, of.client, (capital, *of.routes), of.settings, timing)


DIGEST_AT = datetime(2026, 11, 25, 1, tzinfo=UTC)
SUNDAY = date(2026, 11, 22)


def test_every_office_gets_its_digest_once_whoever_sends(
    office: Office,  # noqa: F811 - the fixture
    client: Client,
) -> None:
    one, two = desk(office, client), desk(office, client)
    assert one.send(DIGEST_AT - timedelta(minutes=1), SUNDAY, "one") == 0
    assert one.send(DIGEST_AT, SUNDAY - timedelta(days=1), "one") == 0, "not all is read yet"
    assert one.send(DIGEST_AT, SUNDAY, "one") == 2
    assert two.send(DIGEST_AT, SUNDAY, "two") == 0
    assert desk(office, client).send(DIGEST_AT + timedelta(hours=9), SUNDAY, "one") == 0
    office.client.flushall()
    assert desk(office, client).send(DIGEST_AT, SUNDAY, "one") == 0, "Redis has lost that they were"
    assert sorted(office.room.addressed) == [[HEAD], [OFFICE]]
    later = DIGEST_AT + timedelta(days=7)
    assert two.send(later, SUNDAY + timedelta(days=7), "two") == 2


def test_a_digest_killed_before_its_record_is_repeated_under_one_identity(
    office: Office,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("alerts.boxes.Boxes.mark_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            desk(office, client).send(DIGEST_AT, SUNDAY, "one")
    assert desk(office, client).send(DIGEST_AT, SUNDAY, "two") == 1, "the claim still holds"
    assert desk(office, client).send(DIGEST_AT, SUNDAY, "one") == 1
    heads = [text for to, text in office.room.taken if to == [HEAD]]
    ids = {line for text in heads for line in text.splitlines() if line.startswith("Message-ID")}
    assert (len(heads), len(ids)) == (2, 1)


def test_a_digest_that_is_put_off_is_sent_later_and_one_refused_is_told(
    office: Office,  # noqa: F811 - the fixture
    client: Client,
) -> None:
    office.room.answers = {HEAD: "452 mailbox full", OFFICE: "550 gone"}
    assert desk(office, client).send(DIGEST_AT, SUNDAY, "one") == 0
    assert office.client.llen(NOTICES) == 1
    office.room.answers.clear()
    assert desk(office, client).send(DIGEST_AT + timedelta(minutes=1), SUNDAY, "one") == 1
    assert office.room.addressed == [[HEAD]]
