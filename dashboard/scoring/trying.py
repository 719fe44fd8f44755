"""*What if*: what is asked, and its answer by a process of its own; one at a time, for so long.

Living a year again takes all of one core for a minute. A process can be stopped and leaves the
interpreter of the pages free; a thread could do neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from threading import Lock
from typing import TYPE_CHECKING, Final

import redis

from alerts.parameters import load_parameters
from alerts.scheduler import rules_of
from alerts.scorecard.card import last_day
from alerts.store import read_fed_through
from alerts.whatif.comparison import WhatIf
from alerts.whatif.past import NoPastError, what_if
from alerts.whatif.policy import ChangeFaultError, Changes, changed, policy_of
from warehouse.client import connect

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from config.settings import Settings

LIMIT_S: Final = 240.0
"""After so many seconds an answer is given up."""
YEAR: Final = timedelta(days=365)
WHOLE: Final = ("budget", "least_vacancies", "least_employers", "repeat_days")
BROKEN: Final = ("threshold_scale", "p_threshold")


class WhatIfError(Exception):
    """It cannot be answered; `args[0]` is the key of what is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked."""

    settings: Settings
    changes: Changes
    now: datetime


def changes_of(values: Mapping[str, str], settings: Settings) -> Changes:
    """The changes that a form asks for.

    Raises:
        ChangeFaultError: no number, nothing changed, or a value outside its bounds.
    """
    given: dict[str, float | int | None] = {}
    for name in (*WHOLE, *BROKEN):
        text = values.get(name, "").strip().replace(",", ".")[:20]
        try:
            given[name] = (int(text) if name in WHOLE else float(text)) if text else None
        except ValueError as error:
            raise ChangeFaultError(f"{name}: expected a number") from error
    changes = Changes(**given)  # type: ignore[arg-type]
    changed(policy_of(load_parameters(), rules_of(settings)), changes)
    return changes


class Desk:
    """One question at a time for the whole process of pages."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._busy = Lock()
        self._limit_s = limit_s

    def answer(self, question: Question) -> WhatIf:
        """What another policy had told over the last year. Blocks; for a thread of its own.

        Raises:
            WhatIfError: another is being answered, it took too long, or it failed.
        """
        if not self._busy.acquire(blocking=False):
            raise WhatIfError("what_if_busy")
        try:
            return self._answer(question)
        finally:
            self._busy.release()

    def _answer(self, question: Question) -> WhatIf:
        context = get_context("spawn")
        receiving, sending = context.Pipe(duplex=False)
        worker = context.Process(target=_live, args=(sending, question), daemon=True)
        worker.start()
        sending.close()
        try:
            if not receiving.poll(self._limit_s):
                raise WhatIfError("what_if_too_long")
            found = receiving.recv()
        except EOFError as error:
            raise WhatIfError("what_if_failed") from error
        finally:
            worker.kill()
            worker.join()
            receiving.close()
        if isinstance(found, str):
            raise WhatIfError(found)
        return found  # type: ignore[no-any-return]


def _live(sending: Connection, question: Question) -> None:
    """In the process of its own; what fails otherwise ends it, with its traceback in the log."""
    try:
        sending.send(lived(question))
    except NoPastError:
        sending.send("what_if_no_past")


def lived(question: Question) -> WhatIf:
    """The answer itself.

    Raises:
        NoPastError: the watch has not begun, or nothing has been observed.
    """
    settings = question.settings
    with redis.Redis.from_url(settings.redis_url) as held:
        fed = read_fed_through(held)
    if fed is None:
        raise NoPastError("the watch has not begun")
    until: date = min(last_day(question.now), fed)
    with connect(settings, readonly=True) as client:
        return what_if(
            client, question.changes, parameters=load_parameters(), rules=rules_of(settings),
            since=until - YEAR, until=until, now=question.now,
        )  # fmt: skip
