"""The words of backups: `labourwatch backup`, `backups`, `verify` and `restore`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import Settings, load_settings
from dashboard.accounts.chain import Deed
from labourwatch.shell_deeds import keep
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from labourwatch.backup.folder import Folder
    from labourwatch.backup.keeping import Rule
    from labourwatch.backup.records import Head

_Place = Annotated[
    Path | None, typer.Option("--folder", help="Folder of the backups; default the setting.")
]
_Key = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File of the passphrase; encrypts.")
]
_Id = Annotated[str, typer.Argument(help="Name of a backup; default the newest.")]
_MIB = 1 << 20


def backup(
    folder: _Place = None,
    passphrase_file: _Key = None,
    full: Annotated[
        bool, typer.Option("--full", help="Store everything anew; needs no earlier backup.")
    ] = False,
    prune: Annotated[bool, typer.Option(help="Then remove backups that are over.")] = True,
    last: Annotated[int, typer.Option(min=1, help="Newest backups kept.")] = 3,
    daily: Annotated[int, typer.Option(min=0, help="Days of which the last is kept.")] = 14,
    weekly: Annotated[int, typer.Option(min=0, help="Weeks of which the last is kept.")] = 8,
) -> None:
    """Back up the state directory, running or not, and remove backups that are over."""
    from labourwatch.backup.about import about, configuration
    from labourwatch.backup.keeping import Rule
    from labourwatch.backup.making import make

    settings, now = load_settings(), datetime.now(UTC)
    with _folder(settings, folder, passphrase_file, create=True) as place:
        told = about(settings)
        elsewhere = configuration(settings)
        made = make(place, settings.var_dir, told, now, full=full, configuration=elsewhere)
        say(_line(made))
        if made.running:
            say(f"the parts stood still for {made.paused_s:.2f} s")
        if prune:
            _prune(place, Rule(last=last, daily=daily, weekly=weekly))


def backups(folder: _Place = None, passphrase_file: _Key = None) -> None:
    """Every backup of the folder, oldest first."""
    with _folder(load_settings(), folder, passphrase_file) as place:
        heads = place.heads()
    for head in heads:
        say(_line(head))
    if not heads:
        say("No backups.")


def verify(
    backup_id: _Id = "latest",
    folder: _Place = None,
    passphrase_file: _Key = None,
    every: Annotated[bool, typer.Option("--all", help="Every backup of the folder.")] = False,
) -> None:
    """Read a backup whole and compare every piece with its SHA-256; restores nothing."""
    from labourwatch.backup.restoring import verify as read_whole

    with _folder(load_settings(), folder, passphrase_file) as place:
        for head in place.heads() if every else [place.head(backup_id)]:
            found = read_whole(place, head)
            size = found.size / _MIB
            say(f"{head.backup_id} is whole: {found.files} files, {size:.1f} MiB as restored")


def restore(
    backup_id: _Id = "latest",
    var: Annotated[
        Path | None, typer.Option(help="State directory to make; default that of the settings.")
    ] = None,
    folder: _Place = None,
    passphrase_file: _Key = None,
) -> None:
    """Put a backup's state directory back where there is none; no stack may run there."""
    from labourwatch.backup.about import newest_schema
    from labourwatch.backup.chosen import RESTORED
    from labourwatch.backup.restoring import restore as put_back

    settings = load_settings()
    target = (var or settings.var_dir).absolute()
    with _folder(settings, folder, passphrase_file) as place:
        head = place.head(backup_id)
        put_back(place, head, target, newest_schema=newest_schema())
    keep(target, Deed.COMMAND, f"restore {head.backup_id}")
    live = " --live" if head.workspace == "live" else ""
    say(f"{head.backup_id} restored to {target}, as of {head.made_at:%Y-%m-%d %H:%M:%S} UTC")
    say(f"configuration of that time: {target / RESTORED}; compare it with what is in force")
    say(f"start it with: labourwatch run{live} --var {target}")


def _prune(place: Folder, rule: Rule) -> None:
    from labourwatch.backup.keeping import Why, judge

    heads = place.heads()
    judged = judge({head.backup_id: head.made_at for head in heads}, rule)
    over = [head for head in heads if judged[head.backup_id] is Why.OVER]
    for head in over:
        place.remove(head)
        say(f"{head.backup_id} removed: the rule keeps it no longer")
    freed = place.remove_unneeded()
    if freed:
        say(f"{freed / _MIB:.1f} MiB freed")


@contextmanager
def _folder(
    settings: Settings, chosen: Path | None, key_file: Path | None, *, create: bool = False
) -> Iterator[Folder]:
    """The folder that is meant; what goes wrong in the block is told and ends the command."""
    from labourwatch.backup.folder import opened
    from labourwatch.backup.records import BackupError

    try:
        named = key_file or (settings.backup_passphrase_file or None)
        passphrase = None if named is None else _read_passphrase(Path(named))
        with opened(chosen or settings.backup_dir, passphrase, create=create) as place:
            yield place
    except BackupError as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(f"the disk refused it: {error}") from error


def _read_passphrase(path: Path) -> bytes:
    from labourwatch.backup.records import BackupError

    passphrase = path.read_bytes().strip()
    if len(passphrase) < 16:
        raise BackupError(f"{path}: expected a passphrase of 16 bytes or more")
    return passphrase


def _line(head: Head) -> str:
    kind = "full" if head.full else "incremental"
    size, stored = head.size / _MIB, head.stored / _MIB
    return (
        f"{head.backup_id}  {kind:<12} {head.workspace:<14} release {head.version}, schema "
        f"{head.schema}, {head.files} files, {size:.1f} MiB, {stored:.1f} MiB stored"
    )
