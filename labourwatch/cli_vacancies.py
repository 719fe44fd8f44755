"""The words of `labourwatch vacancies`; what they do is in `labourwatch.corrections`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from config.settings import load_settings
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

vacancies = typer.Typer(no_args_is_help=True, help="Correct which vacancy a posting stands for.")

Why = Annotated[str, typer.Option(help="The reason, for the record; no personal data.")]


@vacancies.command("unlink")
@noted("vacancies unlink", "posting_key")
def unlink(posting_key: str, why: Why) -> None:
    """The posting is a vacancy of its own; it is never linked to this one again."""
    _correct("unlink", posting_key, "", why)


@vacancies.command("link")
@noted("vacancies link", "posting_key")
def link(posting_key: str, other_posting_key: str, why: Why) -> None:
    """The posting stands for the same vacancy as the other."""
    _correct("link", posting_key, other_posting_key, why)


def _correct(action: str, posting_key: str, other_key: str, why: str) -> None:
    from aiokafka.errors import KafkaError
    from clickhouse_connect.driver.exceptions import Error

    from labourwatch.corrections import CorrectionError, make_correction, publish, stored_posting
    from scrapers.publish import DeliveryError
    from streams.records import CorrectionAction

    settings = load_settings()
    try:
        correction = make_correction(
            stored_posting(settings, posting_key),
            CorrectionAction(action),
            stored_posting(settings, other_key) if other_key else None,
            why,
            datetime.now(UTC),
        )
        asyncio.run(publish(settings, correction))
    except CorrectionError as error:
        raise fail(str(error)) from error
    except (Error, KafkaError, DeliveryError) as error:
        raise fail(f"the stack does not answer: {error}; see `labourwatch status`") from error
    say(f"{action} of {posting_key} is on its way; without effect it becomes a dead letter.")
