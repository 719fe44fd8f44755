"""Seconds from a correction to its effect, through broker, Redis and the stream worker."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from config.topics import CORRECTIONS, POSTINGS, VACANCIES
from scrapers.codec import encode
from scrapers.topics_admin import ensure_topics
from streams.codec import decode_update
from streams.opinions import Correction
from streams.records import VacancyUpdate
from tests.factories_opinions import a_correction
from tests.factories_streams import START, a_posting
from tests.fixtures_broker import REPOSITORY, start_broker
from tests.fixtures_redis import start_redis

_PATIENCE_S: Final = 60
_TITLES: Final = ("boat pilot", "rice miller", "silk dyer", "loom weaver", "stone mason")


def measure(rounds: int) -> dict[str, float]:
    """Medians and the worst over `rounds` corrections.

    `vacancy`: from publishing the correction to the vacancy's new codes on the topic that the
    loader reads. `next_advert`: the same for an advert of that title published right after.
    """
    with tempfile.TemporaryDirectory(prefix="labourwatch-learning-") as name:
        directory = Path(name)
        with (
            start_broker(directory) as bootstrap,
            start_redis(directory / "redis") as url,
            (directory / "stream.log").open("ab") as log,
        ):
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.stream_worker", bootstrap, url, name],
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
            )
            try:
                return asyncio.run(_rounds(bootstrap, rounds))
            finally:
                worker.terminate()
                worker.wait(30)


async def _rounds(bootstrap: str, rounds: int) -> dict[str, float]:
    await ensure_topics(bootstrap)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    consumer = AIOKafkaConsumer(
        VACANCIES.name, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    )
    await producer.start()
    await consumer.start()
    try:
        found = [await _round(producer, consumer, number) for number in range(rounds)]
    finally:
        await producer.stop()
        await consumer.stop()
    vacancy, advert = [one[0] for one in found], [one[1] for one in found]
    return {
        "vacancy": statistics.median(vacancy),
        "next_advert": statistics.median(advert),
        "worst": max(*vacancy, *advert),
    }


async def _round(
    producer: AIOKafkaProducer, consumer: AIOKafkaConsumer, number: int
) -> tuple[float, float]:
    title = f"{_TITLES[number % len(_TITLES)]} {chr(97 + number)}{chr(98 + number)}"
    first = a_posting(posting_id=f"a{number}", title=title, hiring_organization=f"One {number}")
    await producer.send_and_wait(POSTINGS.name, encode(first), key=b"%d" % number)
    opened = await _until(consumer, _of(first.posting_key))
    said: Correction = a_correction(
        vacancy_id=opened.vacancy_id,
        advert=first,
        after=f"8{number % 2 + 1}60" if number % 2 == 0 else "8350",
        officer=f"officer-{number % 3}",
        corrected_at=START + timedelta(days=5, hours=number),
    )
    began = time.perf_counter()
    await producer.send_and_wait(CORRECTIONS.name, encode(said), key=b"c")
    await _until(consumer, lambda update: update.record_id == said.correction_id)
    vacancy = time.perf_counter() - began
    for attempt in range(100):
        key = f"b{number}-{attempt}"
        again = a_posting(posting_id=key, title=title, hiring_organization=f"Two {key}")
        await producer.send_and_wait(POSTINGS.name, encode(again), key=key.encode())
        told = await _until(consumer, _of(again.posting_key))
        if told.vacancy is not None and told.vacancy.codes.isco08 == said.after:
            break
    else:
        raise TimeoutError(f"{title!r} was not learned")
    return vacancy, time.perf_counter() - began


def _of(posting_key: str) -> Callable[[VacancyUpdate], bool]:
    return lambda update: update.posting_key == posting_key


async def _until(
    consumer: AIOKafkaConsumer, wanted: Callable[[VacancyUpdate], bool]
) -> VacancyUpdate:
    async with asyncio.timeout(_PATIENCE_S):
        async for message in consumer:
            update = decode_update(message.value)
            if wanted(update):
                return update
    raise TimeoutError("the topic ended")
