"""A Redis whose every call is a step at which something may happen: a death, a rival's turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis


class Killed(BaseException):
    """The process died here."""


@dataclass
class Fate:
    """What happens at one of the steps to come."""

    left: int = 0
    deed: Callable[[], None] | None = None
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.deed is not None:
            self.left -= 1
            if self.left <= 0:
                deed, self.deed = self.deed, None
                deed()


class FatefulPipeline(redis.client.Pipeline):
    fate: Fate

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        self.fate.step()
        done = super().execute(raise_on_error)
        self.fate.step()
        return done

    def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        self.fate.step()
        return super().immediate_execute_command(*args, **options)  # type: ignore[no-untyped-call]


class FatefulRedis(redis.Redis):
    fate: Fate

    def execute_command(self, *args: Any, **options: Any) -> Any:
        self.fate.step()
        done = super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        self.fate.step()
        return done

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> redis.client.Pipeline:
        pipe = FatefulPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )
        pipe.fate = self.fate
        return pipe
