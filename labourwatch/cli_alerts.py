"""The words `labourwatch alerts …`: what stands, and what an officer does about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from labourwatch.reaching import reach, running, said
from labourwatch.terminal import say

alerts = typer.Typer(no_args_is_help=True, help="Alerts, and what is done about them.")
Id = Annotated[str, typer.Argument(help="Alert id or its beginning, of `alerts list`.")]
Officer = Annotated[str, typer.Option(help="Account of who acts; never a name.")]
Province = Annotated[str, typer.Option(help="ISO 3166-2:LA, or nation.")]
Occupation = Annotated[str, typer.Option(help="ISCO-08 major group.")]
Kind = Annotated[str, typer.Option(help="labour, shortage, forecast, …")]


@alerts.command("list")
def alerts_list(
    every: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
) -> None:
    """Alerts that stand, the newest change first, a line each."""
    from labourwatch.alerting import listing

    settings = running()
    for line in reach(lambda: listing(settings, every=every)):
        say(line)


@alerts.command("show")
def alerts_show(alert_id: Id) -> None:
    """One alert whole: its figures, its history, and what was done about it."""
    _tell("whole", alert_id)


@alerts.command("ack")
def alerts_ack(
    alert_id: Id,
    officer: Officer,
    note: Annotated[str, typer.Option(help="No personal data.")] = "",
) -> None:
    """Take a firing alert on: it is neither repeated nor escalated."""
    _tell("take_on", alert_id, officer=officer, note=note)


@alerts.command("verdict")
def alerts_verdict(
    alert_id: Id,
    verdict: Annotated[str, typer.Argument(help="true, false or unsure")],
    officer: Officer,
    done: Annotated[str, typer.Option(help="What was done about it.")] = "",
    note: Annotated[str, typer.Option(help="No personal data.")] = "",
) -> None:
    """Say whether it truly happened; the scorecard is computed from this."""
    _tell("judge", alert_id, verdict=verdict, officer=officer, done=done, note=note)


@alerts.command("silence")
def alerts_silence(
    until: Annotated[
        datetime, typer.Option(help="Last moment, UTC: 2026-12-24 or 2026-12-24T10:00")
    ],
    officer: Officer,
    why: Annotated[str, typer.Option(help="The reason; no personal data.")],
    begin: Annotated[
        datetime | None, typer.Option("--from", help="First moment, UTC; default now.")
    ] = None,
    province: Province = "",
    occupation: Occupation = "",
    kind: Kind = "",
    indicator: Annotated[str, typer.Option(help="Code of an indicator, such as flow.")] = "",
    alert: Annotated[str, typer.Option(help="One alert's id.")] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Only show what it would hide.")
    ] = False,
) -> None:
    """Be not told of matching alerts for a while; they are decided and recorded all the same."""
    from alerts.silences import Matchers

    matchers = Matchers(
        province=province, occupation=occupation, kind=kind, indicator=indicator, alert_id=alert
    )
    _tell("hush", matchers, begin=begin, until=until, officer=officer, why=why, preview=preview)


@alerts.command("silences")
def alerts_silences() -> None:
    """Silences that hold or will hold."""
    _tell("silences")


@alerts.command("unsilence")
def alerts_unsilence(
    silence_id: Annotated[str, typer.Argument(help="Id of `alerts silences`.")], officer: Officer
) -> None:
    """End a silence now; what still fires is told."""
    _tell("unhush", silence_id, officer=officer)


@alerts.command("rebuild")
def alerts_rebuild() -> None:
    """Make the state anew from the warehouse's history when Redis lost it; nobody is told twice."""
    _tell("rebuild")


def _tell(deed: str, *arguments: object, **options: object) -> None:
    """Do it, and say what came of it; what is wrong with it is told in plain words."""
    from labourwatch import alerting

    settings = running()
    said(lambda: getattr(alerting, deed)(settings, *arguments, **options))
