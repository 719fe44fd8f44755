"""Two schedulers over a real Redis and a real mail server, killed and interleaved at any step.

The steps are all calls to Redis and to the warehouse, before and after each. Days are scripted:
the same day gives the same signals however often it is fed, as the warehouse would.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import redis
from aiosmtpd.controller import Controller

from alerts.alert import Alert, State
from alerts.calendar import end_of_day
from alerts.cells import Cell
from alerts.delivery import send_messages, write_history
from alerts.lead import LEADER, Lead
from alerts.lifecycle import Decision
from alerts.monitor import Monitor
from alerts.panel import Panel
from alerts.parameters import load_parameters
from alerts.routing import Route
from alerts.signal import Phase, Signal
from alerts.silences import Silence
from alerts.store import AlertStore, LostLeadershipError
from alerts.transition import Rules
from alerts.watch import Watch
from config.settings import Settings
from tests.engine_fate import Fate, FatefulRedis, Killed
from tests.engine_judge import Mailbox, Verdict, judged
from tests.factories_alerts import FIRST, signal, visited
from tests.fixtures_redis import start_redis
from tests.processes import free_port

RULES = Rules(budget=2, escalate_after=(timedelta(days=2), timedelta(days=3)))
CELLS = (Cell("LA-VT", "5"), Cell("LA-VT", "7"), Cell("LA-VT", "9"), Cell("LA-SV", "5"))
ROUTES = (Route(name="all", provinces=(), kind="", to=(), languages=("en",)),)
_COVERAGE = visited(2_000)


@dataclass
class Ledger:
    """The warehouse's part: keeps inserts, each token once, as the real one does."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tokens: set[tuple[str, str]] = field(default_factory=set)
    fate: Fate = field(default_factory=Fate)

    def insert(
        self, table: str, rows: Sequence[Any], *, column_names: Sequence[str],
        settings: dict[str, str],
    ) -> None:  # fmt: skip
        self.fate.step()
        token = (table, settings["insert_deduplication_token"])
        if token not in self.tokens:
            self.tokens.add(token)
            named = [dict(zip(column_names, row, strict=True)) for row in rows]
            self.rows.setdefault(table, []).extend(named)
        self.fate.step()


class ScriptedWatch(Watch):
    """Days are looked up, not detected; all else is the watch."""

    script: dict[int, list[Signal]]

    def _panel(self, first: int, last: int, coverage: Any) -> Panel:  # noqa: ARG002
        return cast(Panel, None)

    def _assessments(self, first: int, now: datetime) -> list[Any]:  # noqa: ARG002
        return []

    def _forecasts(self, now: datetime) -> list[Any]:  # noqa: ARG002
        return []

    def _first_issues(self, monitor: Monitor, now: datetime) -> deque[Any]:  # noqa: ARG002
        return deque()

    def _day(
        self,
        monitor: Monitor,
        day: int,
        panel: Panel,
        now: datetime,
        further: Sequence[Signal],  # noqa: ARG002
    ) -> tuple[list[Decision], list[Signal]]:
        found = self.script.get(day, [])
        decided = monitor._decide(day, panel, found, now, lambda _: 1.0)
        monitor.fed_through = day
        return decided, found


@dataclass
class Node:
    """One scheduler's process."""

    name: str
    client: FatefulRedis
    store: AlertStore
    watch: ScriptedWatch
    lead: Lead


class World:
    """Redis, mail server, ledger and two nodes; time moves only forward, by the caller."""

    def __init__(self, url: str, smtp_port: int, box: Mailbox) -> None:
        self.url = url
        self.box = box
        self.settings = Settings(redis_url=url, smtp_port=smtp_port)
        self.parameters = load_parameters()
        self.fate = Fate()
        self.plain = redis.Redis.from_url(url)
        self.begin()

    def begin(self) -> None:
        """Empty everything."""
        self.plain.flushall()
        self.box.mails.clear()
        self.fate = Fate()
        self.ledger = Ledger(fate=self.fate)
        self.day = FIRST.toordinal() + 1
        self.now = end_of_day(date.fromordinal(self.day))
        self.script: dict[int, list[Signal]] = {}
        self.detected: dict[Cell, date] = {}
        self.silenced: list[tuple[datetime, Silence]] = []
        self.crashes = 0
        self.interleaved = 0
        self.running = 0
        self.nodes = [self._node("one"), self._node("two")]

    def _node(self, name: str) -> Node:
        client = cast(FatefulRedis, FatefulRedis.from_url(self.url))
        client.fate = self.fate
        store = AlertStore(client)
        watch = ScriptedWatch(cast(Any, self.ledger), store, client, self.parameters, rules=RULES)
        watch.script = self.script
        return Node(name, client, store, watch, Lead(client, f"{name}{self.crashes}"))

    def pass_day(self, phases: Sequence[Phase | None]) -> None:
        """A day passes in which each cell shows its phase; None: nothing."""
        self.day += 1
        today = date.fromordinal(self.day)
        self.now = max(end_of_day(today), self.now + timedelta(seconds=1))
        found = []
        for cell, phase in zip(CELLS, phases, strict=False):
            if phase is None:
                continue
            began = self.detected.setdefault(cell, today)
            found.append(signal(today, cell=cell, phase=phase, detected=began))
            if found[-1].is_over:
                del self.detected[cell]
        self.script[self.day] = found

    def tick(self, which: int, *, led: bool = True) -> bool:
        """One tick of a node; whether it lived. With `led` false it believes that it leads."""
        node = self.nodes[which]
        self.running = which
        try:
            self._tick(node, led=led)
        except LostLeadershipError:
            node.watch.forget()
        except Killed:
            self.crashes += 1
            node.client.close()
            self.fate.deed = None
            if self.plain.get(LEADER) == node.lead.owner.encode():
                self.plain.delete(LEADER)  # its lease ends
            for key in self.plain.keys("lw:alert:claim:*"):
                if self.plain.get(key) == node.lead.owner.encode():
                    self.plain.delete(key)  # its claims end
            self.nodes[which] = self._node(node.name)
            return False
        return True

    def _tick(self, node: Node, *, led: bool) -> None:
        if led and not node.lead.hold():
            return
        keep = node.lead.require if led else (lambda: None)
        node.watch.advance(_COVERAGE, self.day, self.now, keep)
        node.watch.escalate(self.now)
        ledger = cast(Any, self.ledger)
        write_history(node.store, ledger)
        send_messages(node.store, self.settings, ROUTES, owner=node.lead.owner, now=self.now)
        write_history(node.store, ledger)

    def kill_at(self, step: int) -> None:
        """The next tick dies at its `step`-th step."""

        def die() -> None:
            raise Killed

        self.fate.left, self.fate.deed = step, die

    def interleave_at(self, step: int) -> None:
        """At the `step`-th step the node that is not at it runs a whole tick, believing that it
        leads. (A process never interrupts itself: its ticks wait for each other.)
        """

        def rival() -> None:
            self.interleaved += 1
            self.tick(1 - self.running, led=False)

        self.fate.left, self.fate.deed = step, rival

    def acknowledge(self, number: int) -> None:
        """An officer takes the `number`-th standing alert on."""
        standing = [a for a in self._alerts() if a.state is State.FIRING]
        if standing:
            alert = standing[number % len(standing)]
            AlertStore(self.plain).acknowledge(alert.alert_id, self.now, officer="desk")

    def silence(self, silence: Silence) -> None:
        """An officer silences. What was told before a clock was set back was told before it."""
        AlertStore(self.plain).keep_silence(silence, self.now)
        told = [alert.notified_at for alert in self._alerts() if alert.notified_at]
        self.silenced.append((max([self.now, *told]), silence))

    def settle(self) -> None:
        """Ticks without mishap until nothing waits."""
        self.fate.deed = None
        for which in (0, 1, 0, 1):
            self.tick(which)

    def _alerts(self) -> list[Alert]:
        found = cast(dict[bytes, bytes], self.plain.hgetall("lw:alert:current"))
        return [msgspec.json.decode(found[key], type=Alert) for key in sorted(found)]

    def judge(self) -> Verdict:
        """What an observer finds. Call `settle` before."""
        rows = self.ledger.rows.get("alert_history", [])
        return judged(rows, self.box.mails, self.silenced, RULES)


@contextmanager
def world(place: Path) -> Iterator[World]:
    """A world of its own, ended afterwards."""
    box, port = Mailbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with start_redis(place) as url:
            yield World(url, port, box)
    finally:
        server.stop()
