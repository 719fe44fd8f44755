"""The words of `labourwatch schema`: what the warehouse is made of, and whether it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from config.settings import load_settings
from labourwatch.terminal import fail, say

schema = typer.Typer(no_args_is_help=True, help="Tables of the warehouse: show, check, seal.")


@schema.command()
def show(
    cluster: Annotated[
        str, typer.Option(help="Replicated and sharded, for a cluster of this name.")
    ] = "",
) -> None:
    """The statements that make the warehouse, from the migrations; needs no server."""
    from warehouse.cluster import ClusterError, cluster_statements
    from warehouse.migrate import parse, read_files

    parts = parse(read_files())
    try:
        made = cluster_statements(parts, cluster) if cluster else [p.statement for p in parts]
    except ClusterError as error:
        raise fail(str(error)) from error
    for statement in made:
        say(f"{statement};\n")


@schema.command()
def check() -> None:
    """Compare the warehouse with what the migrations say; exit 1 where they differ."""
    from clickhouse_connect.driver.exceptions import Error

    from warehouse.client import connect
    from warehouse.schema_check import check_schema

    settings = load_settings()
    try:
        client = connect(settings)
        try:
            found = check_schema(
                client, database=settings.clickhouse_database, now=datetime.now(UTC)
            )
        finally:
            client.close()
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    for finding in found:
        say(f"{finding.fault.value:<10} {finding.subject} {finding.detail}".rstrip())
    if found:
        raise typer.Exit(1)
    say("the warehouse is what the migrations say")


@schema.command()
def seal() -> None:
    """Compute the months of skills, pay, durations and vacancies that have changed since."""
    from clickhouse_connect.driver.exceptions import Error

    from warehouse.client import connect
    from warehouse.questions.sealing import seal as seal_months

    try:
        client = connect(load_settings())
        try:
            attempts = seal_months(client, now=datetime.now(UTC))
        finally:
            client.close()
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    for attempt in attempts:
        say(f"{attempt.rollup.value} {attempt.month:%Y-%m}: {attempt.outcome.value}")
    say(f"{len(attempts)} months computed" if attempts else "nothing has changed since")
