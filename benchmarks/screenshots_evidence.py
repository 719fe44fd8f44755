"""Pictures of alerts that a demonstration raises only after weeks: a shortage, and one foreseen.

Of the market that the tests make up, as a policymaker sees it, into `--out`.
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NoReturn

from benchmarks.screenshots import SIZES, Way, browser, pictures
from config.settings import Settings
from dashboard.accounts.records import Role
from dashboard.app import create_app
from dashboard.data import EVERYTHING, Part, Register
from tests.factories_dashboard import NOW, snapshot
from tests.factories_evidence import with_evidence
from tests.fixtures_redis import start_redis
from tests.logged_in import enter
from tests.served_dashboard import served

WAY: Final = Way(
    role=Role.POLICYMAKER,
    pages={"alert-shortage": "/alerts/shortage1", "alert-foreseen": "/alerts/ahead1"},
)


class _Held(Register):
    """A register that holds the tests' market and reads nothing."""

    def __init__(self) -> None:
        super().__init__(_nothing, tuple, phase=str, clock=lambda: NOW + timedelta(minutes=1))
        self.snapshot = with_evidence(snapshot(days=90, mean=60))
        self.trouble = None

    def refresh(self, parts: frozenset[Part] = EVERYTHING) -> bool:
        return not parts


def _nothing() -> NoReturn:
    raise OSError("there is no warehouse here")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    folder = parser.parse_args().out
    with TemporaryDirectory() as var, start_redis(Path(var)) as redis_url, browser() as opened:
        settings = Settings(var_dir=Path(var), redis_url=redis_url, clickhouse_port=9)
        with served(create_app(settings, _Held(), lambda *_: False)) as url:
            for size, (width, height) in SIZES.items():
                context = opened.new_context(viewport={"width": width, "height": height})
                enter(context, url, settings, Role.POLICYMAKER)
                for path in pictures(context.new_page(), url, folder, WAY, size):
                    print(path, flush=True)
                context.close()


if __name__ == "__main__":
    main()
