"""The stream with a coder double, as a process that tests can kill.

Takes the broker's bootstrap address, the Redis URL and a state directory.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from config.settings import Settings
from streams.worker import run
from tests.factories_streams import FixedCoder, province_double


def main() -> None:
    bootstrap, redis_url, directory = sys.argv[1:]
    settings = Settings(
        var_dir=Path(directory), broker_url=f"kafka://{bootstrap}", redis_url=redis_url
    )
    asyncio.run(run(settings, FixedCoder(), province_double))


if __name__ == "__main__":
    main()
