"""The alert process of a chain whose history passes in minutes: its present is read from a file.

All else is as `labourwatch alert` has it: heartbeat, lease, rounds. Run by the chain's supervisor.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from config.settings import Settings, load_settings

CLOCK: Final = "present"
"""File in the state directory; without it the present is now."""


def present(place: Path) -> datetime:
    """What the file says, or now (UTC)."""
    try:
        return datetime.fromisoformat(place.read_text(encoding="ascii"))
    except FileNotFoundError:
        return datetime.now(UTC)


def set_present(place: Path, moment: datetime) -> None:
    """Let the alert process live at `moment`; replaces the file in one step."""
    draft = place.with_suffix(".new")
    draft.write_text(moment.isoformat(), encoding="ascii")
    draft.replace(place)


def main(settings: Settings) -> None:
    """Serve until SIGTERM."""
    from alerts.scheduler import serve
    from labourwatch.embedded.process import die_with_parent
    from labourwatch.health import with_heartbeat
    from labourwatch.logs import configure
    from labourwatch.processes import alert_rounds

    configure("alert", as_json=False)
    die_with_parent()
    clock = partial(present, settings.var_dir / CLOCK)

    async def alert(given: Settings) -> None:
        with alert_rounds(given) as rounds:
            await serve(given, clock=clock, rounds=rounds)

    asyncio.run(with_heartbeat(settings, "alert", alert))


if __name__ == "__main__":
    main(load_settings())
