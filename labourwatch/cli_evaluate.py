"""The words of `labourwatch evaluate`; what it does is in `labourwatch.evaluating`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labourwatch.terminal import fail, harmless, say

if TYPE_CHECKING:
    from alerts.series.found import Found, Watched


class KindWord(StrEnum):
    """What the values are."""

    AUTO = "auto"
    COUNTS = "counts"
    INDEX = "index"


class FrequencyWord(StrEnum):
    """How far apart the values are."""

    AUTO = "auto"
    D = "D"
    W = "W"
    M = "M"
    Q = "Q"


class DirectionWord(StrEnum):
    """Which changes are printed."""

    BOTH = "both"
    UP = "up"
    DOWN = "down"


class SeverityWord(StrEnum):
    """Least severity that is printed."""

    MINOR = "minor"
    MODERATE = "moderate"
    SEVERE = "severe"


class KnownWord(StrEnum):
    """From when on something counts as known in a replay."""

    STORED = "stored"
    SEEN = "seen"


class FormWord(StrEnum):
    """How it is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="CSV, XLSX, JSON or Parquet; .gz, .zip. Without: --simulated, --replay."
        ),
    ] = None,
    kind: Annotated[KindWord, typer.Option(help="What the values are.")] = KindWord.AUTO,
    frequency: Annotated[FrequencyWord, typer.Option(help="Spacing.")] = FrequencyWord.AUTO,
    date: Annotated[str, typer.Option(help="Column with the date.")] = "",
    value: Annotated[str, typer.Option(help="Column with the value.")] = "",
    series: Annotated[
        list[str] | None, typer.Option(help="Column that tells series apart; repeatable.")
    ] = None,
    direction: Annotated[DirectionWord, typer.Option(help="Which way.")] = DirectionWord.BOTH,
    severity: Annotated[SeverityWord, typer.Option(help="From which.")] = SeverityWord.MINOR,
    since: Annotated[str, typer.Option(help="First day of detection printed.")] = "",
    updates: Annotated[
        bool, typer.Option("--updates", help="Print what became of alarms, and silences.")
    ] = False,
    country: Annotated[
        str, typer.Option(help="Whose holidays daily counts leave out: LA or none.")
    ] = "LA",
    parents: Annotated[
        bool, typer.Option(help="Sparse series by their sum, indices beside their course.")
    ] = True,
    form: Annotated[FormWord, typer.Option("--format", help="Form.")] = FormWord.TABLE,
    report: Annotated[Path | None, typer.Option(help="Directory for files of all forms.")] = None,
    simulated: Annotated[
        int, typer.Option(help="Compare all methods on so many simulated series a class.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Of simulated series and planted events.")] = 1,
    replay: Annotated[
        bool, typer.Option("--replay", help="Replay what the running stack has recorded.")
    ] = False,
    as_of: Annotated[
        str, typer.Option(help="Replay: nothing stored after that day, or 2026-11-25T10:00 UTC.")
    ] = "",
    known: Annotated[
        KnownWord, typer.Option(help="Replay: known once stored, or once a source showed it.")
    ] = KnownWord.STORED,
    rounds: Annotated[int, typer.Option(help="Replay: how often events are planted.")] = 3,
) -> None:
    """Run the detectors on any table of (date, series, count or index) and print every alarm.

    Strictly online: an alarm rests on nothing later than its day of detection. Needs no stack,
    but for --replay: the service's own history, with registered and planted events.
    """
    if replay:
        from labourwatch.cli_replay import replay_recorded

        replay_recorded(
            as_of=as_of, known=known.value, rounds=rounds, seed=seed, report=report,
            as_json=form is FormWord.JSON,
        )  # fmt: skip
        return
    from alerts.parameters import load_parameters
    from alerts.series.columns import SeriesError, Wanted
    from alerts.series.reading import period_of
    from alerts.series.table import Frequency, Kind
    from alerts.series.watching import Watching, watch_table
    from labourwatch.evaluating import Form, printed, read_series, summary
    from scrapers.formats.rows import TableError

    if simulated or file is None:
        _compare(file, simulated, seed, report)
        return
    first = period_of(since) if since else None
    if since and first is None:
        raise fail(f"--since: expected a day such as 2026-11-25, not {since!r}")
    if country not in ("LA", "none"):
        raise fail(f"--country: only the holidays of LA are known (or none), not {country!r}")
    wanted = Wanted(date=date, value=value, series=tuple(series or ()))
    try:
        table = read_series(
            file, wanted,
            None if kind is KindWord.AUTO else Kind(kind.value),
            None if frequency is FrequencyWord.AUTO else Frequency(frequency.value),
        )  # fmt: skip
    except (TableError, SeriesError) as error:
        raise fail(str(error)) from error
    how = Watching(parameters=load_parameters(), holidays=country == "LA", with_parents=parents)
    watched = list(watch_table(table, how))
    kept = [
        found
        for found in _kept(watched, direction, severity, updates)
        if first is None or found.detected_on >= first
    ]
    for line in printed(kept, Form(form.value)):
        say(line)
    for line in summary(table, watched):
        typer.echo(harmless(line), err=True)
    if report is not None:
        _write(report, kept, [*summary(table, watched)])


def _kept(
    watched: list[Watched], direction: DirectionWord, severity: SeverityWord, updates: bool
) -> list[Found]:
    from alerts.series.found import Stage
    from alerts.severity import Severity

    return [
        found
        for one in watched
        for found in one.found
        if (updates or found.stage is Stage.ALARM)
        and direction.value in ("both", found.direction.value)
        and found.severity.rank >= Severity(severity.value).rank
    ]


def _compare(file: Path | None, simulated: int, seed: int, report: Path | None) -> None:
    """Every method side by side on simulated counts; files in `report`."""
    from alerts.evaluation.report import compare_all, markdown, write_report
    from alerts.parameters import load_parameters

    if file is not None or simulated < 2:
        raise fail("expected either a file, or --simulated with at least 2 series a class")
    try:
        results = compare_all(
            load_parameters(), seed=seed, tuning=max(2, simulated // 2), test=simulated
        )
        if report is not None:
            write_report(report, results, seed=seed, test=simulated)
    except (ValueError, OSError) as error:
        raise fail(str(error)) from error
    for line in markdown(results, seed=seed, test=simulated):
        say(line)


def _write(directory: Path, found: list[Found], about: list[str]) -> None:
    """`alarms.csv`, `alarms.json` and `report.md` in `directory`."""
    from labourwatch.evaluating import Form, printed

    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, form in (("alarms.csv", Form.CSV), ("alarms.json", Form.JSON)):
            (directory / name).write_text("\n".join(printed(found, form)) + "\n", encoding="utf-8")
        lines = ["# Alarms", "", *about, "", "```", *printed(found, Form.TABLE), "```", ""]
        (directory / "report.md").write_text("\n".join(lines), encoding="utf-8")
    except OSError as error:
        raise fail(f"--report: {error}") from error
