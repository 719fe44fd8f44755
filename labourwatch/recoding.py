"""Corrections of codes from the command line: sent, listed, exported, taken back."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Final

from config.settings import Settings
from config.topics import CORRECTIONS
from scrapers.publish import Publisher
from streams.opinions import CorrectedField, Correction, CorrectionMode
from warehouse.client import connect
from warehouse.opinions import (
    CorrectionFaultError,
    Opinion,
    correction_of,
    read_opinions,
    revocation_of,
    stored_vacancy,
)

_ALL: Final = 2**32 - 1
_SHORT: Final = 12


async def send_corrections(
    settings: Settings,
    vacancy_id: str,
    values: Mapping[str, str],
    *,
    officer: str,
    why: str,
    at: datetime,
    blind: bool = False,
) -> list[str]:
    """Send one correction for each of `values` (field → value); a line for each.

    Raises:
        CorrectionFaultError: no such vacancy, or a value of no list: then nothing is sent.
        DeliveryError: the broker did not take them.
    """
    vacancy = stored_vacancy(connect(settings, readonly=True), vacancy_id)
    if vacancy is None:
        raise CorrectionFaultError(f"not one vacancy begins with {vacancy_id!r}")
    mode = CorrectionMode.DOUBLE_CODING if blind else CorrectionMode.CORRECTION
    said = [
        correction_of(
            vacancy, CorrectedField(name), value, officer=officer, why=why, at=at, mode=mode
        )
        for name, value in values.items()
    ]
    await publish(settings, said)
    return [
        f"{one.correction_id[:_SHORT]}  {one.field.value}: {one.before or '-'} → {one.after or '-'}"
        for one in said
    ]


async def publish(settings: Settings, said: Sequence[Correction]) -> None:
    """Send corrections into the stream; on return the broker has them.

    Raises:
        DeliveryError: the broker did not take them.
    """
    async with Publisher(settings.bootstrap_servers) as publisher:
        outbox = publisher.outbox()
        for one in said:
            outbox.send(CORRECTIONS, one.vacancy_id.encode(), one)
        await outbox.delivered()


async def revoke_corrections(
    settings: Settings, correction_ids: Sequence[str], *, officer: str, why: str, at: datetime
) -> list[str]:
    """Take corrections back; a line for each.

    Raises:
        CorrectionFaultError: one of them cannot be taken back: then none is.
        DeliveryError: the broker did not take them.
    """
    client = connect(settings, readonly=True)
    said = [
        revocation_of(client, correction_id, officer=officer, why=why, at=at)
        for correction_id in correction_ids
    ]
    await publish(settings, said)
    return [f"{one.revokes[:_SHORT]}  {one.field.value} {one.before} is taken back" for one in said]


def listing(
    settings: Settings, *, limit: int, officer: str = "", standing: str = "", vacancy_id: str = ""
) -> list[str]:
    """The newest corrections, a line each."""
    found = read_opinions(
        connect(settings, readonly=True),
        limit=limit,
        officer=officer,
        standing=standing,
        vacancy_id=vacancy_id,
    )
    return [_line(one) for one in found] or ["no corrections"]


def _line(one: Opinion) -> str:
    when = f"{one.corrected_at:%Y-%m-%d %H:%M}"
    change = f"{one.before or '-'} → {one.after or '-'}"
    standing = f"{one.standing or 'under way'} {one.reason}".strip()
    return (
        f"{one.correction_id[:_SHORT]}  {when}  {one.officer:<12} {one.mode:<13} {one.field:<8}"
        f" {change:<14} {standing:<28} {one.title[:40]}"
    )


def export_csv(settings: Settings, file: Path) -> int:
    """Write all corrections to `file`; how many.

    Raises:
        FileExistsError: nothing is overwritten.
    """
    found = read_opinions(connect(settings, readonly=True), limit=_ALL)
    with file.open("x", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, [field.name for field in fields(Opinion)])
        writer.writeheader()
        for one in reversed(found):
            writer.writerow({**asdict(one), "corrected_at": one.corrected_at.isoformat()})
    return len(found)
