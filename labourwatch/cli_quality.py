"""The words of `labourwatch quality`: how often the coder is right, as measured and stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import load_settings
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clickhouse_connect.driver.client import Client

    from warehouse.coder_quality import Measured


def quality(
    refresh: Annotated[
        bool, typer.Option("--double-coding", help="Measure on double-coded vacancies first.")
    ] = False,
) -> None:
    """How often each coder version is right, by sample, language and level."""
    from clickhouse_connect.driver.exceptions import Error

    from warehouse.client import connect
    from warehouse.coder_quality import read_measured

    try:
        client = connect(load_settings(), readonly=not refresh)
        try:
            if refresh:
                _measure(client)
            lines = list(_lines(read_measured(client)))
        finally:
            client.close()
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    for line in lines or ["nothing measured yet: `labourwatch classify FILE --truth … --store`"]:
        say(line)


def _measure(client: Client) -> None:
    from streams.classify.confusion import confusions_of
    from streams.classify.pipeline import VERSION
    from warehouse.coder_quality import DOUBLE_CODING, double_coded, write_confusions

    pairs = double_coded(client, coder_version=VERSION, scheme="isco08")
    found = confusions_of(pairs, coder_version=VERSION, scheme="isco08", levels=(1, 2, 3, 4))
    write_confusions(client, found, sample=DOUBLE_CODING, measured_at=datetime.now(UTC))
    say(f"{len(pairs)} vacancies that two officers have coded alike")


def _lines(measured: Iterable[Measured]) -> Iterable[str]:
    from streams.classify.accuracy import wilson

    for each in measured:
        share = wilson(each.right, each.postings)
        yield (
            f"{each.coder_version}  {each.scheme} digits {each.digits}  "
            f"{each.language or 'all languages'}  {each.sample}: "
            f"{share.value or 0:.3f} ({share.lower:.3f} to {share.upper:.3f}) "
            f"of {each.postings}, {each.measured_at:%Y-%m-%d}"
        )
