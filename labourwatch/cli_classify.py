"""The words of `labourwatch classify`; what it does is in `labourwatch.classifying`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labourwatch.terminal import fail, harmless, say

if TYPE_CHECKING:
    from labourwatch.classifying import Table
    from labourwatch.scoring import Score
    from labourwatch.scoring_isic import IsicScore
    from streams.classify.confusion import Confusion


def classify(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, JSON, JSON Lines or Parquet; .gz.")],
    out: Annotated[str, typer.Option(help="File for the codes; - for standard output.")] = "",
    form: Annotated[str, typer.Option("--format", help="csv or jsonl.")] = "",
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="column=field, repeatable")
    ] = None,
    truth: Annotated[
        str, typer.Option(help="Column with true ISCO-08 codes: tells how right the codes are.")
    ] = "",
    truth_isic: Annotated[
        str, typer.Option(help="Column with true ISIC codes (sections, divisions or finer).")
    ] = "",
    store: Annotated[
        bool, typer.Option("--store", help="Keep the confusion matrices in the warehouse.")
    ] = False,
    as_of: Annotated[
        str, typer.Option(help="Day on which the postings were seen; default: today.")
    ] = "",
    as_data: Annotated[bool, typer.Option("--json", help="Print the score as JSON.")] = False,
) -> None:
    """Code the postings of a file; with --truth, tell how right the codes are. Needs no stack."""
    from labourwatch.classify_output import form_of
    from labourwatch.classifying import Table
    from labourwatch.ingesting import MappingError, parse_mapping
    from labourwatch.scoring import Score
    from labourwatch.scoring_isic import IsicScore

    truths = [column for column in (truth, truth_isic) if column]
    target = out or ("" if truths else "-")
    try:
        seen_at = _moment(as_of)
        written = form_of(target, form)
        told = parse_mapping(mapping or [])
    except (MappingError, ValueError) as error:
        raise fail(str(error)) from error
    table = Table(path=file, told=told, truths=truths, seen_at=seen_at)
    score, industry = Score(column=truth), IsicScore(column=truth_isic)
    _run(table, target, written.value, [score, industry])
    if store and truths:
        _store([*score.confusions(), *industry.confusions()], file.name)
    if truths:
        tell = _aside if target == "-" else say
        for line in _told(score, industry, as_data=as_data):
            tell(line)
    elif target != "-" or score.refused:
        coded = score.rows - score.refused
        _aside(f"{file}: {score.rows} rows, {coded} coded, {score.refused} refused")


def _told(score: Score, industry: IsicScore, *, as_data: bool) -> list[str]:
    """The scores that were asked for, as one JSON object or in words."""
    if as_data:
        record = score.as_record() if score.column else {}
        record |= {"isic": industry.as_record()} if industry.column else {}
        return [json.dumps(record, indent=2, ensure_ascii=False)]
    lines = list(score.as_lines()) if score.column else []
    return [*lines, *(industry.as_lines() if industry.column else ())]


def _run(table: Table, target: str, form: str, scores: Sequence[Score | IsicScore]) -> None:
    """Code the table's rows, write them to `target` if one is named, and count them."""
    from labourwatch.classify_output import Form, opened
    from labourwatch.classifying import classify_rows
    from scrapers.formats.rows import TableError
    from scrapers.parsing.columns import ColumnError
    from streams.classify.pipeline import load_coder

    try:
        with ExitStack() as stack:
            writer = stack.enter_context(opened(target, Form(form))) if target else None
            for outcome in classify_rows(table, load_coder()):
                for score in scores:
                    score.add(outcome)
                if writer is not None:
                    writer.write(outcome)
                if outcome.refused is not None:
                    why = outcome.refused
                    _aside(f"row {outcome.row}: {why.reason}: {why.detail}")
    except BrokenPipeError:
        raise typer.Exit(1) from None
    except (TableError, ColumnError, OSError) as error:
        raise fail(str(error)) from error


def _store(matrices: Sequence[Confusion], sample: str) -> None:
    """Keep how often which code was given for which, for the correction of counts."""
    from clickhouse_connect.driver.exceptions import Error

    from config.settings import load_settings
    from warehouse.client import connect
    from warehouse.coder_quality import write_confusions

    try:
        client = connect(load_settings())
        try:
            now = datetime.now(UTC)
            cells = write_confusions(client, matrices, sample=sample, measured_at=now)
        finally:
            client.close()
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    _aside(f"{cells} cells of confusion matrices stored")


def _moment(day: str) -> datetime:
    """Noon in Laos of a day, or now. Raises `ValueError`."""
    from streams.normalise import VIENTIANE

    if not day:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(day).date()
    except ValueError as error:
        raise ValueError(f"--as-of: expected a day such as 2026-11-25, not {day!r}") from error
    return datetime.combine(found, time(12), VIENTIANE).astimezone(UTC)


def _aside(line: str) -> None:
    """Say a line on standard error, where it does not mix with codes."""
    typer.echo(harmless(line), err=True)
