"""The words of `labourwatch doublecoding`; what they do is in `labourwatch.doublecoding`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from config.settings import Settings, load_settings
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from labourwatch.doublecoding import Plan

doublecoding = typer.Typer(
    no_args_is_help=True, help="Two officers code the same vacancies: samples, agreement, sets."
)
T = TypeVar("T")
_DAYS = 56

Sample = Annotated[str, typer.Option(help="Only this sample.")]


@doublecoding.command("sample")
def sample(
    coder: Annotated[list[str], typer.Option(help="Account of an officer who codes; twice.")],
    adjudicator: Annotated[str, typer.Option(help="Account that settles differences.")],
    size: Annotated[int, typer.Option(min=1, max=5_000, help="Vacancies.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same.")] = 1,
    since: Annotated[str, typer.Option(help="First day; default eight weeks ago.")] = "",
    until: Annotated[str, typer.Option(help="Last day; default today.")] = "",
) -> None:
    """Draw vacancies by language, sureness and major group; the officers find them waiting."""
    from labourwatch.doublecoding import Plan, by_stratum, draw_sample

    if len(coder) != 2:
        raise fail("expected --coder twice: two officers code, a third settles")
    now = datetime.now(UTC)
    plan = Plan(
        size=size,
        seed=seed,
        since=_day(since, now.date() - timedelta(days=_DAYS)),
        until=_day(until, now.date()),
        first=coder[0],
        second=coder[1],
        adjudicator=adjudicator,
    )
    settings = load_settings()
    _reach(lambda: asyncio.run(_checked(settings, plan)))
    items = _reach(lambda: _with_client(settings, lambda client: draw_sample(client, plan, now)))
    say(f"Sample {items[0].sample_id}: {len(items)} vacancies wait on the page Corrections.")
    for line in by_stratum(items):
        say(line)


@doublecoding.command("agreement")
def agreement(
    only: Annotated[str, typer.Argument(help="A sample; default all together.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """How far the officers agree, with 95 % intervals, and the coder beside them."""
    from dashboard.coding.rounds import progress
    from labourwatch.doublecoding import agreement_rows, as_data, as_lines, rounds_of

    settings = load_settings()
    held = _reach(lambda: _with_client(settings, lambda client: rounds_of(client, only)))
    rows = _reach(lambda: _with_client(settings, lambda client: agreement_rows(client, only)))
    if as_json:
        say(json.dumps(as_data(rows), indent=1))
        return
    for one in progress(held):
        say(
            f"{one.sample_id}: {one.items} vacancies, coded {one.first} and {one.second}, "
            f"{one.differing} differ, {one.settled} settled"
        )
    for line in as_lines(rows) or ["nothing is coded by two officers yet"]:
        say(line)


@doublecoding.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="A CSV file that does not exist yet.")],
    only: Sample = "",
) -> None:
    """Settled vacancies as an evaluation set, with where each comes from."""
    from labourwatch.doublecoding import export_set

    settings = load_settings()
    written, left = _reach(
        lambda: _with_client(settings, lambda client: export_set(client, file, only))
    )
    say(f"{written} vacancies in {file}; {left} are not settled. Score it with")
    say(f"  labourwatch classify {file} --truth isco08")


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError as error:
        raise fail(f"expected a day such as 2026-11-25, not {text!r}") from error


async def _checked(settings: Settings, plan: Plan) -> None:
    from redis.asyncio import Redis

    from labourwatch.doublecoding import check_officers
    from scrapers.push.providers import ProviderStore

    async with Redis.from_url(settings.redis_url) as client:
        await check_officers(ProviderStore(client), plan)


def _with_client(settings: Settings, work: Callable[[Client], T]) -> T:
    from warehouse.client import connect

    client = connect(settings)
    try:
        return work(client)
    finally:
        client.close()


def _reach(work: Callable[[], T]) -> T:
    """The result of `work`, or a message where it cannot be done or the stack does not answer."""
    from clickhouse_connect.driver.exceptions import Error
    from redis.exceptions import RedisError

    from labourwatch.doublecoding import SampleError

    try:
        return work()
    except (SampleError, FileExistsError) as error:
        raise fail(str(error)) from error
    except (Error, RedisError) as error:
        raise fail(f"the stack does not answer: {error}; see `labourwatch status`") from error
