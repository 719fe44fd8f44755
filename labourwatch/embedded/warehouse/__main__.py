"""`python -m labourwatch.embedded.warehouse --dir D --port P`: the warehouse as its own process.

The secret comes from the settings (`LABOURWATCH_CLICKHOUSE_PASSWORD`), never from the command
line, where other users of the machine could read it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from config.settings import load_settings
from labourwatch.embedded.sandbox import SandboxError
from labourwatch.embedded.warehouse.confined import run
from labourwatch.embedded.warehouse.engine import DataDirectoryInUseError
from labourwatch.embedded.warehouse.server import UnsafeServerError


def main() -> int:
    """Serve until SIGTERM; "ready HOST:PORT" is printed once clients can connect."""
    parser = argparse.ArgumentParser(prog="python -m labourwatch.embedded.warehouse")
    parser.add_argument("--dir", type=Path, required=True, help="data directory")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address")
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args()
    # Read before the process is confined and before chDB starts threads.
    settings = load_settings()
    secret = settings.clickhouse_password.get_secret_value()
    address = f"{chosen.host}:{chosen.port}"
    try:
        run(
            chosen.dir,
            chosen.host,
            chosen.port,
            secret,
            ready=lambda: print(f"ready {address}", flush=True),
            database=settings.clickhouse_database,
        )
    except (DataDirectoryInUseError, UnsafeServerError, SandboxError, OSError) as error:
        print(f"warehouse: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
