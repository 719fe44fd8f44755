"""A Faust worker that forwards one topic to another, run as a process."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from typing import Any

import faust

from labourwatch.embedded.stopping import until_stopped


async def main(bootstrap: str, source: str, target: str) -> None:
    app = faust.App(
        f"forwarder-{source}",
        broker=f"kafka://{bootstrap}",
        value_serializer="raw",
        datadir=tempfile.mkdtemp(),
        web_enabled=False,
        topic_disable_leader=True,
        broker_session_timeout=10,
        broker_heartbeat_interval=3,
        consumer_auto_offset_reset="earliest",
    )
    incoming = app.topic(source, partitions=2, internal=True)
    outgoing = app.topic(target, partitions=2, internal=True)

    @app.agent(incoming)
    async def forward(stream: Any) -> None:
        async for value in stream:
            await outgoing.send(value=value)

    await app.start()
    await until_stopped()
    await app.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
