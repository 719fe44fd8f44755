"""How fast and how large the embedded broker is, seen by one aiokafka client on this machine.

    python -m benchmarks.broker [--records 300000] [--hops 500]

prints JSON: hop_p50_ms and hop_p95_ms (produce to consume, one record at a time), produce_per_s
and consume_per_s (1 KB records, 4 partitions), rss_mib after all of it, start_s (start-up with
the data there, after kill -9).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

RECORD_BYTES: Final = 1000
PORT: Final = 19592


def start(directory: Path) -> tuple[subprocess.Popen[str], float]:
    """Start the broker; the process and the seconds until it was ready."""
    began = time.perf_counter()
    module = [sys.executable, "-m", "labourwatch.embedded.broker"]
    process = subprocess.Popen(
        [*module, "--dir", str(directory), "--port", str(PORT)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process, time.perf_counter() - began


async def measure(records: int, hops: int, seed: int) -> dict[str, float]:
    """Latency first, then throughput, against a running broker."""
    bootstrap = f"127.0.0.1:{PORT}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("hop", 1, 1), NewTopic("load", 4, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", max_batch_size=65536)
    consumer = AIOKafkaConsumer(
        "hop", bootstrap_servers=bootstrap, group_id="hop", auto_offset_reset="earliest"
    )
    await producer.start()
    await consumer.start()
    try:
        await hop(producer, consumer)
        latencies = [await hop(producer, consumer) for _ in range(hops)]
        produced = await produce(producer, records, seed)
    finally:
        await consumer.stop()
        await producer.stop()
    cuts = statistics.quantiles(latencies, n=20)
    return {
        "hop_p50_ms": round(cuts[9] * 1000, 2),
        "hop_p95_ms": round(cuts[18] * 1000, 2),
        "produce_per_s": round(produced),
        "consume_per_s": round(await consume(bootstrap, records)),
    }


async def hop(producer: AIOKafkaProducer, consumer: AIOKafkaConsumer) -> float:
    """Seconds from sending one record to having it."""
    began = time.perf_counter()
    await producer.send("hop", b"x" * RECORD_BYTES)
    await consumer.getone()
    return time.perf_counter() - began


async def produce(producer: AIOKafkaProducer, records: int, seed: int) -> float:
    """Records per second until all are acknowledged."""
    value = random.Random(seed).randbytes(RECORD_BYTES)
    began = time.perf_counter()
    for number in range(records):
        await producer.send("load", value, partition=number % 4)
    await producer.flush()
    return records / (time.perf_counter() - began)


async def consume(bootstrap: str, records: int) -> float:
    """Records per second from the first to the last."""
    consumer = AIOKafkaConsumer(
        "load", bootstrap_servers=bootstrap, group_id="load", auto_offset_reset="earliest"
    )
    await consumer.start()
    began, seen = time.perf_counter(), 0
    while seen < records:
        batches = await consumer.getmany(timeout_ms=1000)
        seen += sum(len(batch) for batch in batches.values())
    rate = records / (time.perf_counter() - began)
    await consumer.stop()
    return rate


def resident_mib(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def main() -> None:
    """Run everything once and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broker")
    parser.add_argument("--records", type=int, default=300_000)
    parser.add_argument("--hops", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        process, empty_start = start(Path(place))
        figures = asyncio.run(measure(arguments.records, arguments.hops, arguments.seed))
        figures["rss_mib"] = resident_mib(process.pid)
        process.kill()
        process.wait()
        process, full_start = start(Path(place))
        figures["start_empty_s"], figures["start_s"] = round(empty_start, 2), round(full_start, 2)
        figures["rss_after_start_mib"] = resident_mib(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait()
    print(json.dumps({"records": arguments.records, **figures}, indent=1))


if __name__ == "__main__":
    main()
