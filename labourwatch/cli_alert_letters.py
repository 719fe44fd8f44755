"""`labourwatch alerts undelivered`: notices that could not be delivered, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.accounts.chain import Deed
from labourwatch.reaching import reach, running
from labourwatch.shell_deeds import note
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from alerts.store import AlertStore
    from config.settings import Settings


def undelivered(
    again: Annotated[str, typer.Option(help="Id of a dead letter to send once more.")] = "",
    drop: Annotated[str, typer.Option(help="Id of a dead letter to remove.")] = "",
) -> None:
    """Dead letters with their reasons, and messages that were put off."""
    settings = running()
    if again and drop:
        raise fail("either --again or --drop")
    if again or drop:
        found = reach(lambda: _take(settings, again or drop, again=bool(again)))
        if not found:
            raise fail(f"no dead letter {again or drop!r}; see `labourwatch alerts undelivered`")
        deed = f"--again {again}" if again else f"--drop {drop}"
        note(settings, Deed.COMMAND, f"alerts undelivered {deed}")
        say("it is sent once more with the next tick" if again else "removed")
        return
    for line in reach(lambda: list(_lines(settings))):
        say(line)


def _take(settings: Settings, letter_id: str, *, again: bool) -> bool:
    with _opened(settings) as store:
        return store.take_dead(letter_id, again=again) is not None


def _lines(settings: Settings) -> Iterator[str]:
    with _opened(settings) as store:
        letters, failed = store.dead_letters(), store.attempts()
    for letter in letters:
        alert = letter.message.alert
        yield (
            f"{letter.letter_id}  {_at(letter.at)}  {letter.channel}  {alert.kind.value} "
            f"{alert.cell.key} ({letter.message.message_id}): {letter.reason}"
        )
    for name, each in sorted(failed.items()):
        whose = "the mail server" if name == "@server" else name
        yield f"waiting: {whose}, {each.tries} attempts, next {_at(each.next_at)}: {each.why}"
    if not letters and not failed:
        yield "everything was delivered"


@contextmanager
def _opened(settings: Settings) -> Iterator[AlertStore]:
    import redis

    from alerts.store import AlertStore

    with redis.Redis.from_url(settings.redis_url, socket_timeout=5) as client:
        yield AlertStore(client)


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
