"""What a market needs to go on after a restart: its seed, its anchor, its size."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from labourwatch.demo.calendar import civil_day
from labourwatch.demo.events import STANDARD_MEAN
from labourwatch.demo.live import Live, LiveLog
from labourwatch.demo.market import Clock, Market
from labourwatch.demo.store import Store
from labourwatch.demo.vacancies import Scenario, make_scenario

FORMAT = 1


class StateError(RuntimeError):
    """The stored market cannot be continued; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFile:
    """Contents of `market.json`."""

    seed: int
    anchor: str
    """Moment (ISO 8601, with zone) that ends the history."""
    history_days: int = 420
    mean_per_day: float = STANDARD_MEAN
    format: int = FORMAT


def open_market(directory: Path, wanted: MarketFile, clock: Clock) -> Market:
    """The market of a directory: continued where it has one, else begun as `wanted`.

    Raises:
        StateError: the stored market is unreadable or of another format.
    """
    path = directory / "market.json"
    kept = _read(path) if path.exists() else _write(path, wanted)
    scenario = _scenario(kept)
    store = Store(scenario)
    live = Live(store, LiveLog(directory / "live.jsonl"), datetime.fromisoformat(kept.anchor))
    return Market(scenario=scenario, store=store, live=live, clock=clock)


def kept_scenario(directory: Path) -> tuple[Scenario, datetime]:
    """What fixes the market of a directory, and the moment that ends its history.

    Raises:
        StateError: there is none, or it is unreadable or of another format.
    """
    kept = _read(directory / "market.json")
    return _scenario(kept), datetime.fromisoformat(kept.anchor)


def _scenario(kept: MarketFile) -> Scenario:
    return make_scenario(
        seed=kept.seed,
        anchor=civil_day(datetime.fromisoformat(kept.anchor)),
        history_days=kept.history_days,
        mean_per_day=kept.mean_per_day,
    )


def _read(path: Path) -> MarketFile:
    try:
        kept = MarketFile(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise StateError(f"{path}: cannot be read ({error}); remove it to begin anew") from error
    if kept.format != FORMAT:
        raise StateError(
            f"{path}: format {kept.format}, expected {FORMAT}; remove it to begin anew"
        )
    return kept


def _write(path: Path, wanted: MarketFile) -> MarketFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(wanted), indent=1) + "\n", "utf-8")
    draft.replace(path)
    return wanted
