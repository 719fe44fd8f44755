"""`labourwatch status`: each part's state, age and health, in lines for a terminal."""

from __future__ import annotations

import asyncio

from aiokafka.errors import KafkaError

from alerts.backlog import backlog
from config.settings import Settings
from labourwatch.health import is_healthy
from labourwatch.parts import parts_of
from labourwatch.progress import read_progress
from labourwatch.supervision import Supervisord


def _age(seconds: int) -> str:
    hours, rest = divmod(max(seconds, 0), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _waiting(settings: Settings) -> dict[str, int] | None:
    """Records before each consumer; `None` while the broker does not answer."""
    try:
        return asyncio.run(backlog(settings))
    except KafkaError:
        return None


def report(settings: Settings) -> tuple[list[str], bool]:
    """Lines to show, and whether every part is healthy.

    Raises:
        labourwatch.supervision.SupervisorAbsentError: nothing runs from this directory.
    """
    states = Supervisord(settings.var_dir).states()
    lines = [f"{'part':<11}{'state':<10}{'healthy':<9}{'pid':>8}  up"]
    every = True
    for part in parts_of(demonstration=settings.is_demonstration):
        state = states.get(part.name)
        healthy = state is not None and state.running and is_healthy(settings, part)
        every = every and healthy
        if state is None:
            lines.append(f"{part.name:<11}{'absent':<10}{'no':<9}")
            continue
        age = _age(state.now - state.started) if state.running else "-"
        word = "yes" if healthy else "no"
        lines.append(f"{part.name:<11}{state.state.lower():<10}{word:<9}{state.pid:>8}  {age}")
    progress = read_progress(settings)
    if progress.phase:
        lines.append(f"\ncrawler: {progress.phase}, {progress.detail}")
    waiting = _waiting(settings)
    if waiting is not None:
        lines.append(
            "waiting: " + ", ".join(f"{topic} {count}" for topic, count in waiting.items())
        )
    lines.append(f"dashboard: {settings.dashboard_url}")
    return lines, every
