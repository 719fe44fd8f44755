"""A member of a consumer group, run as a process so that it can be killed."""

from __future__ import annotations

import asyncio
import sys

from tests.contract.broker_clients import consumer, take


async def main(bootstrap: str, topic: str, group: str, session_ms: str) -> None:
    options = {"group_id": group, "session_timeout_ms": int(session_ms)}
    async with consumer(bootstrap, topic, **options) as client:
        await take(client, 1)
        await client.commit()
        print("committed", flush=True)
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
