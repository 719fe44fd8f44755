"""`labourwatch doctor`: what could keep the service from running here, and what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import psutil

from config.settings import Settings
from labourwatch.addresses import is_free
from labourwatch.health import address, is_healthy
from labourwatch.parts import parts_of
from labourwatch.supervision import Supervisord

_DISK_NEEDED_GIB = 2.0
_MEMORY_NEEDED_GIB = 3.0
_RELEASED = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `advice` says what to do; "" where nothing needs doing."""

    subject: str
    grade: Literal["ok", "warning", "problem"]
    found: str
    advice: str = ""


def examine(settings: Settings, now: datetime | None = None) -> list[Finding]:
    """Look at everything a start needs. Nothing is changed."""
    return [
        *_disk(settings),
        _memory(),
        _clock(settings, now or datetime.now(UTC)),
        *_ports(settings),
        *_sources(settings),
        *_alerting(),
    ]


def _disk(settings: Settings) -> Iterator[Finding]:
    place = settings.var_dir.resolve()
    existing = next(path for path in (place, *place.parents) if path.exists())
    free = shutil.disk_usage(existing).free / 2**30
    if not os.access(existing, os.W_OK):
        yield Finding(
            subject="state directory",
            grade="problem",
            found=f"{place} cannot be written",
            advice="choose another with LABOURWATCH_VAR_DIR or --var",
        )
    yield Finding(
        subject="disk",
        grade="ok" if free >= _DISK_NEEDED_GIB else "problem",
        found=f"{free:.1f} GiB free for {place}",
        advice="" if free >= _DISK_NEEDED_GIB else f"free at least {_DISK_NEEDED_GIB:.0f} GiB",
    )


def _memory() -> Finding:
    available = psutil.virtual_memory().available / 2**30
    enough = available >= _MEMORY_NEEDED_GIB
    return Finding(
        subject="memory",
        grade="ok" if enough else "warning",
        found=f"{available:.1f} GiB available",
        advice="" if enough else f"the embedded stack wants {_MEMORY_NEEDED_GIB:.0f} GiB",
    )


def _clock(settings: Settings, now: datetime) -> Finding:
    """A clock that runs behind our own past would date new vacancies before old ones."""
    marks = [settings.var_dir / "stack.env", settings.var_dir / "demo" / "market.json"]
    newest = max(
        (datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in marks if path.exists()),
        default=_RELEASED,
    )
    if now < newest:
        return Finding(
            subject="clock",
            grade="problem",
            found=f"{now:%Y-%m-%d %H:%M} UTC, earlier than what was written here ({newest:%F %R})",
            advice="set the machine's clock; `timedatectl set-ntp true` keeps it right",
        )
    return Finding(subject="clock", grade="ok", found=f"{now:%Y-%m-%d %H:%M} UTC")


def _ports(settings: Settings) -> Iterator[Finding]:
    ours = Supervisord(settings.var_dir).answers()
    for part in parts_of(demonstration=settings.is_demonstration):
        if not part.port_setting:
            continue
        host, port = address(settings, part)
        subject = f"port of {part.name}"
        if ours:
            healthy = is_healthy(settings, part)
            yield Finding(
                subject=subject,
                grade="ok" if healthy else "problem",
                found=f"{host}:{port} {'in use by this stack' if healthy else 'does not answer'}",
                advice="" if healthy else f"see {settings.var_dir}/log/{part.name}.log",
            )
        elif port == 0 or is_free(port):
            yield Finding(subject=subject, grade="ok", found=f"{host}:{port or 'any'} free")
        else:
            yield Finding(
                subject=subject,
                grade="warning",
                found=f"{host}:{port} is in use by another program",
                advice="`labourwatch run` will take the next free port",
            )


def _sources(settings: Settings) -> Iterator[Finding]:
    from scrapers.source_files import SourceError, load_source

    folder = settings.sources_dir
    files = sorted(Path(folder).glob("*.yaml"))
    if not files:
        demonstration = settings.is_demonstration
        yield Finding(
            subject="sources",
            grade="ok" if demonstration else "problem",
            found=f"no source files in {folder}",
            advice="the demonstration writes its own at the first start"
            if demonstration
            else "add a YAML per source: see docs/sources",
        )
    for path in files:
        try:
            source = load_source(path)
        except SourceError as error:
            yield Finding(
                subject=f"source {path.stem}",
                grade="problem",
                found=str(error),
                advice="mend the line named",
            )
        else:
            why = source.disabled_reason or "not said why"
            word = "enabled" if source.enabled else f"disabled: {why}"
            yield Finding(subject=f"source {path.stem}", grade="ok", found=f"{source.kind}, {word}")


def _alerting() -> Iterator[Finding]:
    """A mistake in these files would otherwise show as an alert part that never becomes healthy."""
    import yaml

    from alerts.parameters import ParameterError, load_parameters
    from alerts.routing import load_routes

    loaders: dict[str, Callable[[], object]] = {
        "detectors": load_parameters,
        "alert routes": load_routes,
    }
    for subject, load in loaders.items():
        try:
            load()
        except (ParameterError, yaml.YAMLError, OSError) as error:
            yield Finding(
                subject=subject, grade="problem", found=str(error), advice="mend the line named"
            )
        else:
            yield Finding(subject=subject, grade="ok", found="read without mistakes")
