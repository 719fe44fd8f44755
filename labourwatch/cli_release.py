"""The words `labourwatch release …`: what was published when, and that it can be given again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from labourwatch.reaching import running
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

release = typer.Typer(no_args_is_help=True, help="What was published when, and giving it again.")
Name = Annotated[str, typer.Argument(help="Release id, such as W2026-W47.0.")]


@contextmanager
def open_warehouse(*, readonly: bool = True) -> Iterator[Client]:
    """A client of the stack of this state directory; failures told in plain words."""
    from clickhouse_connect.driver.exceptions import Error

    from alerts.releases.issuing import ReleaseError
    from warehouse.client import connect
    from warehouse.releases import UnknownReleaseError

    try:
        with connect(running(), readonly=readonly) as client:
            yield client
    except (UnknownReleaseError, ReleaseError) as error:
        raise fail(str(error).strip("'\"")) from error
    except Error as error:
        why = str(error).splitlines()[0]
        raise fail(f"the warehouse does not answer: {why}; see `labourwatch status`") from error


@release.command("list")
def release_list(
    kind: Annotated[str, typer.Option(help="daily, weekly or monthly; default all.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 30,
) -> None:
    """Releases, the newest first."""
    from warehouse.published import releases

    with open_warehouse() as client:
        rows = releases(client, kinds=[kind] if kind else [])[:limit]
    say(f"{'release':<16}{'status':<13}{'published (UTC)':<22}{'figures':>8}  digest")
    for row in rows:
        published = f"{row.issue:%Y-%m-%d %H:%M:%S}"
        named = f"{row.release_id:<16}{row.status:<13}{published:<22}"
        say(f"{named}{row.figures:>8}  {row.digest[:16]}")


@release.command("show")
def release_show(release_id: Name) -> None:
    """All that is known of one release."""
    from warehouse.releases import release_named

    with open_warehouse() as client:
        row = release_named(client, release_id)
    for name in type(row).__dataclass_fields__:
        value = getattr(row, name)
        say(f"{name:<14}{', '.join(value) if isinstance(value, tuple) else value}")


@release.command("file")
def release_file(
    release_id: Name,
    out: Annotated[Path | None, typer.Option(help="File; default the terminal.")] = None,
) -> None:
    """The release as it was published, byte by byte, made of the figures that are stored."""
    from alerts.releases.issuing import file_of
    from warehouse.releases import release_named

    with open_warehouse() as client:
        data = file_of(client, release_named(client, release_id))
    if out is None:
        typer.echo(data, nl=False)
    else:
        out.write_bytes(data)


@release.command("verify")
def release_verify(
    releases_asked: Annotated[
        list[str] | None, typer.Argument(metavar="[RELEASE]…", help="Default: all.")
    ] = None,
    recompute: Annotated[
        bool, typer.Option(help="Compute them again from the raw rows at their cut-off too.")
    ] = True,
) -> None:
    """Compare releases with what was published; status 1 where a byte differs."""
    from alerts.releases.issuing import verify
    from warehouse.published import releases
    from warehouse.releases import release_named

    differing = 0
    with open_warehouse() as client:
        asked = [release_named(client, name) for name in releases_asked or ()]
        for row in asked or releases(client):
            checked = verify(client, row, recompute=recompute)
            differing += not checked.same
            say(f"{'same' if checked.same else 'DIFFERS':<9}{row.release_id:<16}{row.digest[:16]}")
    raise typer.Exit(1 if differing else 0)


@release.command("make")
@noted("release make", "period")
def release_make(
    period: Annotated[str, typer.Argument(help="Such as W2026-W47, M2026-10 or D2026-11-24.")],
    why: Annotated[str, typer.Option(help="Of a revision: why it is made, in plain words.")] = "",
) -> None:
    """Publish a period: its first release, or a revision of it (which needs --why).

    The cut-off is a minute ago, so that all rows of before are stored.
    """
    from alerts.calendar import local_day
    from alerts.releases.issuing import make, next_revision
    from alerts.releases.office import SETTLING
    from alerts.releases.plan import period_named, schedule

    try:
        asked = period_named(period)
    except ValueError as error:
        raise fail(str(error)) from error
    now = datetime.now(UTC) - SETTLING
    if local_day(now) <= asked.last:
        raise fail(f"{asked.name} is not over")
    with open_warehouse(readonly=False) as client:
        revision, before = next_revision(client, asked)
        if revision and not why:
            raise fail(f"{before} is published: say --why it is revised")
        row, _ = make(
            client, asked, schedule().releases[asked.kind], cutoff=now, issue=now,
            revision=revision, supersedes=before, note=why,
        )  # fmt: skip
    say(f"{row.release_id}: {row.figures:,} figures, digest {row.digest[:16]}")


@release.command("revisions")
def release_revisions(
    indicator: Annotated[str, typer.Argument(help="Code of an indicator, such as flow.")],
    province: Annotated[str, typer.Option(help="ISO 3166-2:LA; default the nation.")] = "",
    occupation: Annotated[str, typer.Option(help="ISCO-08 major group; default all.")] = "",
    frequency: Annotated[str, typer.Option(help="D, W or M")] = "W",
) -> None:
    """How a series was revised: its triangle, and how far later issues lay from the first."""
    from alerts.releases.triangle import by_lag
    from warehouse.releases import revisions
    from warehouse.series import Frequency, SeriesKey

    try:
        series = SeriesKey(
            indicator=indicator, province=province, occupation=occupation,
            frequency=Frequency(frequency),
        )  # fmt: skip
    except ValueError as error:
        raise fail(f"frequency: expected D, W or M, got {frequency!r}") from error
    with open_warehouse() as client:
        issues = revisions(client, series)
    for row in issues:
        value = "not told" if row.value is None else f"{row.value:g}"
        say(f"{row.time_value}  {row.issue:%Y-%m-%d %H:%M}  {row.release_id:<16}{value:>12}")
    for step in by_lag(issues):
        say(
            f"issue {step.lag + 1}: {step.n} figures, mean revision {step.mean:+.3g}, mean "
            f"absolute {step.mean_absolute:.3g}, outside the first interval "
            f"{step.outside} of {step.intervals}"
        )
