"""A dashboard over a real broker, warehouse and Redis, with doubtful vacancies to correct."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from config import topics
from config.settings import Settings
from dashboard.app import create_app
from dashboard.data import Register
from scrapers.topics_admin import ensure_topics
from streams.codec import encode
from streams.codes import Candidate, Skill, SkillContext
from streams.opinions import Correction
from streams.records import VacancyUpdate
from tests.factories_warehouse import updates
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from tests.integration.warehouse_tables import LOADED_AT, Message, batch_of
from tests.served_dashboard import served
from tests.topic_reader import records
from warehouse.batch import build_batch
from warehouse.client import connect
from warehouse.migrate import migrate
from warehouse.plan import Plan
from warehouse.store import Store

TEXTS = (
    ("Senior Accountant", "Riverside Hotel needs an accountant. Excel is required.\nIn town."),
    ("ພະນັກງານບັນຊີ", "ຕ້ອງການພະນັກງານບັນຊີ ມີປະສົບການ 2 ປີ. ໃຊ້ Excel ໄດ້."),
    ("Sales and service all-rounder", "A person for everything in our shop <b>now</b>."),
    ("ຊ່າງໄຟຟ້າ", "ຕິດຕັ້ງ ແລະ ສ້ອມແປງລະບົບໄຟຟ້າໃນອາຄານ."),
    ("Driver / ຄົນຂັບລົດ", "Drive guests between hotel and airport."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodingStack:
    """A running dashboard and what it reads from."""

    url: str
    settings: Settings
    client: Client
    ids: tuple[str, ...]

    def corrections(self) -> list[Correction]:
        """Everything said so far, as the broker has it."""
        servers = self.settings.bootstrap_servers
        # In a thread of its own: a browser test has a loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            reading = thread.submit(lambda: asyncio.run(records(servers, topics.CORRECTIONS)))
            return reading.result()

    def load(self, topic: topics.Topic, said: list[Any], start: int) -> None:
        """Store records as the loader does."""
        messages = [Message(encode(record)) for record in said]
        plan = Plan(
            topic=topic.name,
            partition=0,
            start=start,
            end=start + len(messages),
            loaded_at=LOADED_AT,
        )
        Store(self.client).write(build_batch(plan, messages))


def doubtful_updates() -> list[VacancyUpdate]:
    """Openings of the last days with texts in two languages and close candidates."""
    opened = [item for item in updates(11, 40) if item.vacancy is not None]
    today = datetime.now(UTC).date()
    return [_doubtful(item, number, today) for number, item in enumerate(opened)]


def _doubtful(item: VacancyUpdate, number: int, today: date) -> VacancyUpdate:
    assert item.vacancy is not None
    assert item.posting is not None
    title, text = TEXTS[number % len(TEXTS)]
    title = title if number < len(TEXTS) else f"{title} {number}"
    language = "lo" if number % len(TEXTS) in (1, 3) else "en"
    code = ("2411", "3313", "5223", "7411", "8322")[number % len(TEXTS)]
    other = ("3313", "4311", "5221", "7412", "9621")[number % len(TEXTS)]
    start = f"{title}\n{text}".find("Excel")
    skill = Skill(
        code="S1", context=SkillContext.REQUIRED, start=start, end=start + 5, score=0.9
    )  # fmt: skip
    codes = replace(
        item.vacancy.codes,
        isco08=code,
        isco08_probability=0.45,
        isco08_reason="title_near",
        province="LA-VT",
        candidates=(
            Candidate(isco08=code, probability=0.45),
            Candidate(isco08=other, probability=0.35),
            Candidate(isco08="9629", probability=0.1),
        ),
        skills=(skill,) if start >= 0 else (),
    )
    posting = replace(
        item.posting, title=title, description=text, language=language, opened_on=today
    )
    vacancy = replace(
        item.vacancy, title=title, language=language, opened_on=today, codes=codes
    )  # fmt: skip
    events = tuple(
        replace(event, event_date=today, province="LA-VT", isco08=code) for event in item.events
    )
    return replace(item, posting=posting, vacancy=vacancy, events=events)


@contextmanager
def coding_stack(folder: Path) -> Iterator[CodingStack]:
    """The stack, its dashboard served in this process."""
    (folder / "broker").mkdir()
    with (
        start_broker(folder / "broker") as bootstrap,
        start_redis(folder / "redis") as redis_url,
        start_warehouse(folder / "warehouse") as (host, port, secret),
    ):
        settings = Settings(
            var_dir=folder,
            broker_url=f"kafka://{bootstrap}",
            redis_url=redis_url,
            clickhouse_host=host,
            clickhouse_port=port,
            clickhouse_password=SecretStr(secret),
        )
        migrate(
            connect(settings, database="default"),
            database=settings.clickhouse_database,
            now=LOADED_AT,
        )
        asyncio.run(ensure_topics(bootstrap))
        client = connect(settings)
        items = doubtful_updates()
        Store(client).write(batch_of(items))
        register = Register(
            partial(connect, settings, readonly=True),
            tuple,
            phase=str,
            clock=lambda: datetime.now(UTC),
        )
        with served(create_app(settings, register, lambda *_: True)) as url:
            yield CodingStack(url, settings, client, tuple(one.vacancy_id for one in items))
