"""Commands that need the running stack: which one is meant, and what is said where it is silent."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from config.settings import PREFIX, Settings, load_settings
from labourwatch.terminal import fail, say

T = TypeVar("T")


def has_stack(settings: Settings) -> bool:
    """Whether the settings name a stack: its state directory, or a broker.

    Without either, default ports could reach a stack that somebody else runs on this machine.
    """
    return f"{PREFIX}BROKER_URL" in os.environ or (settings.var_dir / "stack.env").exists()


def running() -> Settings:
    """Settings of the stack of this state directory, or a message that there is none."""
    settings = load_settings()
    if has_stack(settings):
        return settings
    raise fail(
        f"no stack in {settings.var_dir.resolve()}: start one with `labourwatch run`, "
        f"or name its directory with {PREFIX}VAR_DIR"
    )


def reach(work: Callable[[], T]) -> T:
    """The result of `work`, or a message where the stack's servers do not answer."""
    from aiokafka.errors import KafkaError
    from redis.exceptions import RedisError

    from scrapers.publish import DeliveryError

    try:
        return work()
    except (KafkaError, RedisError, DeliveryError) as error:
        raise fail(f"the stack does not answer: {error}; see `labourwatch status`") from error


def said(work: Callable[[], list[str]]) -> None:
    """Say the lines of `work`; what is wrong is told in plain words."""
    from clickhouse_connect.driver.exceptions import Error

    try:
        lines = reach(work)
    except ValueError as error:
        raise fail(str(error)) from error
    except Error as error:
        why = str(error).splitlines()[0]
        raise fail(f"the warehouse does not answer: {why}; see `labourwatch status`") from error
    for line in lines:
        say(line)
