"""The words `labourwatch quality-checks` and `quality-report`: quality of the data.

`labourwatch quality`, without more, is about the coder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.settings import load_settings
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from warehouse.quality.records import Result


class Form(StrEnum):
    """How a report is written."""

    MARKDOWN = "md"
    JSON = "json"
    HTML = "html"


class Tongue(StrEnum):
    """Language of a report."""

    LAO = "lo"
    ENGLISH = "en"


AsOf = Annotated[
    str, typer.Option("--as-of", help="Only what was stored by then (ISO 8601); default now.")
]


def quality_checks(
    checks: Annotated[list[str] | None, typer.Argument(help="Only these; default all.")] = None,
    as_of: AsOf = "",
    store: Annotated[
        bool, typer.Option("--store", help="Keep the results; operators are told of failures.")
    ] = False,
) -> None:
    """Put the checks of data quality to the warehouse, over the last four whole weeks."""
    from warehouse.quality.accompanying import whole_days_until
    from warehouse.quality.declared import catalogue
    from warehouse.quality.measuring import measure, worst
    from warehouse.quality.records import Verdict
    from warehouse.quality.results import write_results

    now, names = datetime.now(UTC), checks or []
    if unknown := [name for name in names if name not in catalogue().checks]:
        raise fail(f"no check {unknown[0]!r}; there are {', '.join(catalogue().checks)}")
    scope = whole_days_until(_moment(as_of, now))
    with _warehouse(readonly=not store) as client:
        results = measure(client, catalogue(), scope, computed_at=now, only=names)
        if store:
            write_results(client, results)
    say(f"{scope.since} to {scope.until}, as known at {scope.as_of:%Y-%m-%d %H:%M:%S} UTC")
    for result in results:
        say(_line(result))
    raise typer.Exit(1 if worst(results) is Verdict.FAIL else 0)


def quality_report(
    release: Annotated[str, typer.Option(help="Release id; default the data as they stand.")] = "",
    language: Annotated[Tongue, typer.Option(help="lo or en")] = Tongue.LAO,
    form: Annotated[Form, typer.Option("--format", help="md, json or html")] = Form.MARKDOWN,
    as_of: AsOf = "",
    out: Annotated[
        Path | None, typer.Option(help="Directory for all three forms in place of the terminal.")
    ] = None,
) -> None:
    """The quality report of a release, under the headings of the European Statistical System."""
    from warehouse.quality.accompanying import UnknownReleaseError, report_on
    from warehouse.quality.forms import as_html, as_json, as_markdown

    settings = load_settings()
    forms: dict[Form, Callable[..., str]] = {
        Form.MARKDOWN: as_markdown,
        Form.JSON: as_json,
        Form.HTML: as_html,
    }
    with _warehouse(readonly=True) as client:
        try:
            report = report_on(
                client,
                release_id=release,
                as_of=_moment(as_of, datetime.now(UTC)),
                language=language.value,
                demonstration=settings.is_demonstration,
            )
        except UnknownReleaseError as error:
            raise fail(f"{error}; see `labourwatch release`") from error
    if out is None:
        say(forms[form](report).rstrip("\n"))
        return
    out.mkdir(parents=True, exist_ok=True)
    for kind, write in forms.items():
        path = out / f"quality-{release or report.scope.until}.{language}.{kind}"
        path.write_text(write(report), encoding="utf-8")
        say(str(path))


@contextmanager
def _warehouse(*, readonly: bool) -> Iterator[Client]:
    from clickhouse_connect.driver.exceptions import Error

    from warehouse.client import connect

    try:
        client = connect(load_settings(), readonly=readonly)
        try:
            yield client
        finally:
            client.close()
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error


def _moment(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise fail(f"--as-of {text!r}: expected like 2026-11-20 or 2026-11-20T03:00Z") from error
    return min(now, found if found.tzinfo else found.replace(tzinfo=UTC))


def _line(result: Result) -> str:
    def told(value: float | None) -> str:
        return "–" if value is None else f"{value:,.4g}"

    interval: Any = ""
    if result.lower is not None:
        interval = f" ({told(result.lower)} to {told(result.upper)})"
    name = f"{result.check_id} {result.subject}".strip()
    return (
        f"{result.verdict:<15} {name:<44} {told(result.value)}{interval} {result.unit}, "
        f"n = {result.n:,}{', ' + result.detail if result.detail else ''}"
    )
