"""The words of `labourwatch quality`: how often the coder is right, as measured and stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
    counts: Annotated[
        bool, typer.Option("--counts", help="Counts of four weeks, corrected by what is measured.")
    ] = False,
    digits: Annotated[int, typer.Option(min=1, max=4, help="Level of ISCO-08 of --counts.")] = 1,
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
            told = _counts(client, digits) if counts else _lines(read_measured(client))
            lines = list(told)
        finally:
            client.close()
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    for line in lines or ["nothing measured yet: `labourwatch classify FILE --truth … --store`"]:
        say(line)


def _counts(client: Client, digits: int) -> Iterable[str]:
    from labourwatch.corrected import Question, corrected_lines
    from streams.classify.pipeline import VERSION
    from streams.normalise import vientiane_day

    until = vientiane_day(datetime.now(UTC))
    since = until - timedelta(days=27)
    question = Question(coder_version=VERSION, digits=digits, since=since, until=until)
    return corrected_lines(client, question)


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
