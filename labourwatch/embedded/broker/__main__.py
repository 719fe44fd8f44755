"""`python -m labourwatch.embedded.broker --dir D --port P`: the broker as its own process."""

from __future__ import annotations

import argparse
import asyncio
import logging
from pathlib import Path

from labourwatch.embedded.broker.server import serve
from labourwatch.embedded.broker.state import BrokerOptions
from labourwatch.embedded.process import die_with_parent


def main() -> None:
    """Parse the command line and serve; "ready HOST:PORT" is printed once clients can connect."""
    defaults = BrokerOptions()
    parser = argparse.ArgumentParser(prog="python -m labourwatch.embedded.broker")
    parser.add_argument("--dir", type=Path, required=True, help="data directory")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--flush-interval", type=float, default=defaults.flush_interval)
    parser.add_argument("--retention-interval", type=float, default=defaults.retention_interval)
    arguments = parser.parse_args()
    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(message)s")
    die_with_parent()
    host, port = arguments.host, arguments.port
    asyncio.run(
        serve(
            arguments.dir,
            host,
            port,
            ready=lambda: print(f"ready {host}:{port}", flush=True),
            options=BrokerOptions(
                flush_interval=arguments.flush_interval,
                retention_interval=arguments.retention_interval,
            ),
        )
    )


if __name__ == "__main__":
    main()
