"""CPU time and memory of the stream stage without classification.

`python -m benchmarks.stream_stage`: a seeded market of postings is processed in batches against a
real Redis, without a broker; with `--worker` it is published to the embedded broker and consumed
by the stream as a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from config.topics import POSTINGS, VACANCIES
from scrapers.codec import encode
from scrapers.publish import partition_key
from scrapers.topics_admin import ensure_topics
from streams.batches import BatchProcess
from streams.register import Register
from streams.settle import Settling
from streams.unpack import Incoming
from streams.worker import connect_register
from tests.factories_streams import FixedCoder, a_market, province_double
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis

BATCH = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--employers", type=int, default=800)
    parser.add_argument("--seed", type=int, default=20260901)
    parser.add_argument("--worker", action="store_true", help="through the broker and Faust")
    options = parser.parse_args()
    records = [
        Incoming(
            key=partition_key(record.hiring_organization, record.posting_key),
            payload=encode(record),
        )
        for record in a_market(options.records, options.seed, options.employers)
    ]
    with tempfile.TemporaryDirectory() as place, start_redis(Path(place)) as redis_url:
        if options.worker:
            figures = asyncio.run(_through_worker(Path(place), redis_url, records))
        else:
            figures = asyncio.run(_in_process(redis_url, records))
    print(json.dumps({"seed": options.seed, "records": options.records, **figures}, indent=2))


async def _in_process(redis_url: str, records: list[Incoming]) -> dict[str, float]:
    redis = connect_register(redis_url)
    before = (await redis.info("memory"))["used_memory"]
    settling = Settling(FixedCoder(), province_double)
    process = BatchProcess(Register(redis, settling.probe), settling, lambda: datetime.now(UTC))
    await process.process(records[:1])  # models and patterns are loaded once
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(0, len(records), BATCH):
        await process.process(records[start : start + BATCH])
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    after = (await redis.info("memory"))["used_memory"]
    await redis.aclose()
    return {
        "cpu_us_per_record": round(1e6 * cpu / len(records), 1),
        "records_per_s": round(len(records) / wall),
        "redis_bytes_per_record": round((after - before) / len(records)),
    }


async def _through_worker(place: Path, redis_url: str, records: list[Incoming]) -> dict[str, float]:
    with start_broker(place) as bootstrap:
        await ensure_topics(bootstrap)
        await _publish(bootstrap, records)
        arguments = ["-m", "tests.stream_worker", bootstrap, redis_url, str(place)]
        started = time.perf_counter()
        with subprocess.Popen([sys.executable, *arguments]) as worker:  # noqa: ASYNC220 - once
            seen = psutil.Process(worker.pid)
            await _until_told(bootstrap, 1)
            first, cpu = time.perf_counter(), sum(seen.cpu_times()[:2])
            await _until_told(bootstrap, len(records))
            wall, cpu = time.perf_counter() - first, sum(seen.cpu_times()[:2]) - cpu
            memory = seen.memory_info().rss
            worker.send_signal(signal.SIGTERM)
    return {
        "first_update_s": round(first - started, 2),
        "cpu_us_per_record": round(1e6 * cpu / len(records), 1),
        "records_per_s": round(len(records) / wall),
        "worker_rss_mib": round(memory / 2**20),
    }


async def _publish(bootstrap: str, records: list[Incoming]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=20)
    await producer.start()
    await asyncio.gather(
        *[await producer.send(POSTINGS.name, record.payload, key=record.key) for record in records]
    )
    await producer.stop()


async def _until_told(bootstrap: str, count: int) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    partitions = [TopicPartition(VACANCIES.name, n) for n in range(VACANCIES.partitions)]
    consumer.assign(partitions)
    while sum((await consumer.end_offsets(partitions)).values()) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await consumer.stop()


if __name__ == "__main__":
    main()
