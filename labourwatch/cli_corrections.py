"""The words of `labourwatch correct` and `labourwatch corrections`: codes said by a person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from config.settings import load_settings
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

corrections = typer.Typer(no_args_is_help=True, help="What officers say of codes, and its effect.")
T = TypeVar("T")

Why = Annotated[str, typer.Option(help="The reason, for the record; no personal data.")]
Officer = Annotated[str, typer.Option(help="Account identifier, never a person's name.")]
Text = Annotated[str | None, typer.Option()]


@noted("correct", "vacancy_id")
def correct(
    vacancy_id: Annotated[str, typer.Argument(help="The vacancy, or how its id begins.")],
    why: Why,
    officer: Officer = "operator",
    isco: Annotated[str | None, typer.Option(help="ISCO-08, 4 digits; '' not codable.")] = None,
    isic: Annotated[str | None, typer.Option(help="ISIC section or division.")] = None,
    province: Annotated[str | None, typer.Option(help="ISO 3166-2:LA.")] = None,
    district: Annotated[str | None, typer.Option(help="P-code.")] = None,
    pay: Annotated[str | None, typer.Option(help="lower-upper, kip a month.")] = None,
    skills: Annotated[str | None, typer.Option(help="Codes with a space between.")] = None,
    education: Annotated[str | None, typer.Option(help="ISCED 2011, 0 to 8.")] = None,
    experience: Annotated[str | None, typer.Option(help="Months.")] = None,
    employment_type: Annotated[str | None, typer.Option(help="Such as FULL_TIME.")] = None,
    flags: Annotated[str | None, typer.Option(help="green, digital, platform.")] = None,
    double_coding: Annotated[
        bool, typer.Option(help="A blind second code: changes no vacancy.")
    ] = False,
) -> None:
    """Say what a vacancy's codes are; each option is a correction of its own."""
    from labourwatch.recoding import send_corrections

    said = {
        "isco08": isco, "isic": isic, "province": province, "district": district, "pay": pay,
        "skills": skills, "education": education, "experience_months": experience,
        "employment_type": employment_type, "flags": flags,
    }  # fmt: skip
    given = {name: value for name, value in said.items() if value is not None}
    if not given:
        raise fail("nothing to correct: name a field, for example --isco 7411")
    lines = _reach(
        lambda: asyncio.run(
            send_corrections(
                load_settings(),
                vacancy_id,
                given,
                officer=officer,
                why=why,
                at=datetime.now(UTC),
                blind=double_coding,
            )
        )
    )
    for line in lines:
        say(line)


@corrections.command("list")
def list_corrections(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    officer: Annotated[str, typer.Option(help="Only of this account.")] = "",
    standing: Annotated[
        str, typer.Option(help="learned, applied, held, blocked, quarantined or revoked")
    ] = "",
    vacancy: Annotated[str, typer.Option(help="Only of this vacancy.")] = "",
) -> None:
    """The newest corrections, a line each, with what became of them."""
    from labourwatch.recoding import listing

    settings = load_settings()
    for line in _reach(
        lambda: listing(
            settings, limit=limit, officer=officer, standing=standing, vacancy_id=vacancy
        )
    ):
        say(line)


@corrections.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="A CSV file that does not exist yet.")],
) -> None:
    """All corrections with what became of them, as CSV."""
    from labourwatch.recoding import export_csv

    settings = load_settings()
    count = _reach(lambda: export_csv(settings, file))
    say(f"{count} corrections in {file}")


@corrections.command("revoke")
@noted("corrections revoke", "correction_ids")
def revoke(
    correction_ids: Annotated[list[str], typer.Argument(help="Ids or their beginnings.")],
    why: Why,
    officer: Officer = "operator",
) -> None:
    """Take corrections back: the coder's own codes count again, and the learner forgets them."""
    from labourwatch.recoding import revoke_corrections

    settings = load_settings()
    now = datetime.now(UTC)
    for line in _reach(
        lambda: asyncio.run(
            revoke_corrections(settings, correction_ids, officer=officer, why=why, at=now)
        )
    ):
        say(line)


def _reach(work: Callable[[], T]) -> T:
    """The result of `work`, or a message where it cannot be done or the stack does not answer."""
    from aiokafka.errors import KafkaError
    from clickhouse_connect.driver.exceptions import Error

    from scrapers.publish import DeliveryError
    from warehouse.opinions import CorrectionFaultError

    try:
        return work()
    except (CorrectionFaultError, FileExistsError) as error:
        raise fail(str(error)) from error
    except (Error, KafkaError, DeliveryError) as error:
        raise fail(f"the stack does not answer: {error}; see `labourwatch status`") from error
