"""The words `labourwatch scorecard` and `labourwatch events …`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from labourwatch.reaching import running, said
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail

events = typer.Typer(
    no_args_is_help=True, help="Confirmed events of the labour market, which alerts are scored by."
)
Officer = Annotated[str, typer.Option(help="Account of who says so; never a name.")]
_DAY = "a day, 2026-11-25"


class CardForm(StrEnum):
    """How a scorecard is printed."""

    MD = "md"
    JSON = "json"


def scorecard(
    province: Annotated[
        str | None, typer.Option(help="ISO 3166-2:LA, or nation; default all.")
    ] = None,
    since: Annotated[str, typer.Option(help="First day; default a year before the last.")] = "",
    until: Annotated[str, typer.Option(help="Last day; default the last that is over.")] = "",
    as_of: Annotated[
        str,
        typer.Option(
            help="As was known then: a day, of which the end counts, or 2026-11-25T10:00 UTC."
        ),
    ] = "",
    form: Annotated[CardForm, typer.Option("--format", help="Form.")] = CardForm.MD,
) -> None:
    """How right, how soon and how well answered alerts were: precision, recall, delay, 7-1-7."""
    from config.vocabulary import provinces
    from labourwatch.scoring_alerts import scorecard as told

    if province is not None and province not in {*provinces(), "nation"}:
        raise fail(f"--province: expected an ISO 3166-2:LA code or nation, not {province!r}")
    first, last, moment = day("since", since), day("until", until), moment_of(as_of)
    settings = running()
    said(
        lambda: told(
            settings, province=province, since=first, until=last, as_of=moment,
            as_json=form is CardForm.JSON,
        )
    )  # fmt: skip


@events.command("add")
@noted("events add", "begin")
def events_add(
    direction: Annotated[str, typer.Option(help="up or down")],
    begin: Annotated[str, typer.Option("--from", help="First day.")],
    basis: Annotated[str, typer.Option(help="official, officer or news")],
    citation: Annotated[str, typer.Option(help="Where it can be looked up; no personal data.")],
    officer: Officer,
    end: Annotated[str, typer.Option("--to", help="Last day; default: it lasts.")] = "",
    province: Annotated[str, typer.Option(help="ISO 3166-2:LA; default the nation.")] = "",
    occupation: Annotated[str, typer.Option(help="ISCO-08, 1 to 4 digits; default all.")] = "",
    industry: Annotated[str, typer.Option(help="ISIC Rev. 4 section; default all.")] = "",
    confirmed: Annotated[str, typer.Option(help="Day of confirmation; default today.")] = "",
) -> None:
    """Register what truly happened; stated again with another end, the later statement counts."""
    from alerts.scorecard.registering import Told
    from labourwatch.scoring_alerts import add

    started = day("from", begin)
    if started is None:
        raise fail(f"--from: expected {_DAY}")
    told = Told(
        province=province, occupation=occupation, industry=industry, direction=direction,
        started_on=started, ended_on=day("to", end), confirmed_on=day("confirmed", confirmed),
        basis=basis, citation=citation, officer=officer,
    )  # fmt: skip
    settings = running()
    said(lambda: add(settings, told, now=datetime.now(UTC)))


@events.command("list")
def events_list(
    every: Annotated[bool, typer.Option("--all", help="Withdrawn ones too.")] = False,
) -> None:
    """Registered events, a line each."""
    from labourwatch.scoring_alerts import listing

    settings = running()
    said(lambda: listing(settings, every=every))


@events.command("withdraw")
@noted("events withdraw", "event_id")
def events_withdraw(
    event_id: Annotated[str, typer.Argument(help="Event id or its beginning, of `events list`.")],
    officer: Officer,
    why: Annotated[str, typer.Option(help="The reason; no personal data.")],
) -> None:
    """Say that an event did not happen after all; its statements stay in the history."""
    from labourwatch.scoring_alerts import withdraw

    settings = running()
    said(lambda: withdraw(settings, event_id, officer=officer, why=why, now=datetime.now(UTC)))


def day(name: str, text: str) -> date | None:
    """The day that an option gives; None where it gives none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise fail(f"--{name}: expected {_DAY}, not {text!r}") from error


def moment_of(text: str) -> datetime:
    """The moment that `--as-of` gives, UTC where it has no zone; of a day its end in Vientiane,
    and now where it gives none or one that is still to come."""
    from alerts.calendar import end_of_day

    now = datetime.now(UTC)
    try:
        if len(text) == len("2026-11-25"):
            return min(now, end_of_day(date.fromisoformat(text)))
        given = datetime.fromisoformat(text) if text else now
    except ValueError as error:
        raise fail(f"--as-of: expected a day or a moment in UTC, not {text!r}") from error
    return min(now, given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC))
