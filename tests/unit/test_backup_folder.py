"""Making, checking and restoring backups of a state directory that stands still."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labourwatch.backup import making
from labourwatch.backup.folder import Folder, opened
from labourwatch.backup.making import About, make
from labourwatch.backup.records import FORMAT, BackupError, Head, Manifest
from labourwatch.backup.restoring import restore, verify
from labourwatch.backup.staging import Stage, stage

PIECE_BYTES = 1 << 14
ABOUT = About(version="0.4.0", schema=29, workspace="live")
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SECRET = b"a passphrase of the tests"


def write(var: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_bytes(content)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(making, "PIECE_BYTES", PIECE_BYTES)
    place = tmp_path / "var"
    write(place, {
        "stack.env": b"LABOURWATCH_CLICKHOUSE_PASSWORD=secret\n",
        "broker/logs/postings/0/0.log": b"batch" * 1000,
        "redis/appendonlydir/a.aof": os.urandom(PIECE_BYTES + 10),
        "warehouse/store/store/fbd/u/202611_1_1_0/data.bin": b"",
        "log/load.log": b"told",
    })  # fmt: skip
    (place / "warehouse/store/store/fbd/u/detached").mkdir()
    (place / "warehouse/store/link").symlink_to("store/fbd/u")
    return place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Folder]:
    with opened(tmp_path / "backups", None, create=True) as found:
        yield found


def made(place: Folder, var: Path, *, minutes: int = 0, full: bool = False) -> Head:
    return make(place, var, ABOUT, NOON + timedelta(minutes=minutes), full=full)


def tree(root: Path) -> dict[str, bytes | str]:
    """Every path below `root` that a backup holds: bytes of files, targets of links."""
    found: dict[str, bytes | str] = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if name.startswith(("log", "restored-config")):
            continue
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else "folder"
    return found


def test_what_is_restored_is_what_was_there(place: Folder, var: Path, tmp_path: Path) -> None:
    head = made(place, var)
    restore(place, head, tmp_path / "again", newest_schema=29)
    assert tree(tmp_path / "again") == tree(var)
    assert (tmp_path / "again" / "stack.env").stat().st_mode & 0o777 == (
        var / "stack.env"
    ).stat().st_mode & 0o777
    assert not (var / "backup-staging").exists()
    assert (head.full, head.running, head.paused_s) == (True, False, 0.0)


def test_configuration_of_elsewhere_comes_back_beside(
    place: Folder, var: Path, tmp_path: Path
) -> None:
    write(tmp_path, {"sources/board.yaml": b"id: board\n"})
    elsewhere = {"restored-config/sources/board.yaml": tmp_path / "sources/board.yaml"}
    head = make(place, var, ABOUT, NOON, full=False, configuration=elsewhere)
    restore(place, head, tmp_path / "again", newest_schema=29)
    found = tmp_path / "again/restored-config/sources/board.yaml"
    assert found.read_bytes() == b"id: board\n"


def test_the_second_backup_stores_only_what_is_new(
    place: Folder, var: Path, tmp_path: Path
) -> None:
    first = made(place, var)
    with (var / "redis/appendonlydir/a.aof").open("ab") as out:
        out.write(b"one more command")
    second = made(place, var, minutes=1)
    assert not second.full
    assert 0 < second.stored < first.stored / 10  # the first piece is shared
    restore(place, second, tmp_path / "again", newest_schema=29)
    assert tree(tmp_path / "again") == tree(var)
    assert made(place, var, minutes=2, full=True).stored >= first.stored


def test_what_is_appended_after_the_moment_does_not_belong_to_it(
    place: Folder, var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = var / "broker/logs/postings/0/0.log"
    before = path.read_bytes()
    take = stage

    def take_then_append(var_dir: Path, scratch: Path) -> Stage:
        staged = take(var_dir, scratch)
        with path.open("ab") as out:
            out.write(b"later")
        return staged

    monkeypatch.setattr(making, "stage", take_then_append)
    head = made(place, var)
    assert path.read_bytes() == before + b"later"
    restore(place, head, tmp_path / "again", newest_schema=29)
    assert (tmp_path / "again/broker/logs/postings/0/0.log").read_bytes() == before


def test_a_damaged_pack_is_not_used_again(place: Folder, var: Path) -> None:
    first = made(place, var)
    pack = next(place.packs.iterdir())
    pack.write_bytes(pack.read_bytes()[:-1])
    second = made(place, var, minutes=1)
    assert second.stored >= first.stored
    verify(place, second)
    with pytest.raises(BackupError):
        verify(place, first)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), secret=st.booleans())
def test_no_changed_bit_goes_unnoticed(
    var: Path, tmp_path_factory: pytest.TempPathFactory, share: float, bit: int, secret: bool
) -> None:
    where = tmp_path_factory.mktemp("bits") / "b"
    with opened(where, SECRET if secret else None, create=True) as place:
        head = made(place, var)
        stored = sorted([*place.packs.iterdir(), *(where / "manifests").iterdir()])
        at = int(share * sum(path.stat().st_size for path in stored))
        for path in stored:
            content = bytearray(path.read_bytes())
            if at < len(content):
                content[at] ^= 1 << bit
                path.write_bytes(content)
                break
            at -= len(content)
        with pytest.raises(BackupError):
            verify(place, head)
    shutil.rmtree(where)


def test_an_encrypted_folder_shows_nothing_and_opens_to_its_passphrase_only(
    var: Path, tmp_path: Path
) -> None:
    where = tmp_path / "closed"
    with opened(where, SECRET, create=True) as place:
        head = made(place, var)
        restore(place, head, tmp_path / "again", newest_schema=29)
    assert tree(tmp_path / "again") == tree(var)
    lying = b"".join(path.read_bytes() for path in where.rglob("*") if path.is_file())
    assert b"secret" not in lying
    assert b"stack.env" not in lying
    for other in (b"another passphrase", None):
        with pytest.raises(BackupError, match="passphrase"), opened(where, other):
            pass


def test_a_backup_that_was_broken_off_is_none_and_leaves_nothing(
    place: Folder, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(place, var)
    (var / "redis/appendonlydir/b.aof").write_bytes(os.urandom(1000))
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "write_head", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            made(place, var, minutes=1)
    assert place.heads() == [whole]
    assert place.remove_unneeded() > 1000
    verify(place, whole)


def test_packs_stay_as_long_as_a_backup_needs_them(place: Folder, var: Path) -> None:
    first = made(place, var)
    second = made(place, var, minutes=1)
    place.remove(first)
    assert place.remove_unneeded() == 0
    assert list(place.packs.iterdir()) != []
    assert verify(place, second).files == second.files
    assert place.heads() == [second]


def test_only_one_uses_the_folder(place: Folder) -> None:
    with pytest.raises(BackupError, match="another"), opened(place.place, None):
        pass


def test_a_folder_with_something_else_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BackupError, match="something else"), opened(tmp_path, None, create=True):
        pass


@pytest.mark.parametrize(
    ("schema", "occupied", "why"), [(28, False, "schema 29"), (29, True, "not empty")]
)
def test_restoring_is_refused_where_it_could_do_harm(
    place: Folder, var: Path, tmp_path: Path, schema: int, occupied: bool, why: str
) -> None:
    head = made(place, var)
    target = tmp_path / "target"
    if occupied:
        write(target, {"stack.env": b"mine"})
    with pytest.raises(BackupError, match=why):
        restore(place, head, target, newest_schema=schema)
    assert tree(target) == ({"stack.env": b"mine"} if occupied else {})


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "warehouse/store/link/x", ""])
def test_a_hostile_backup_writes_nothing_outside(
    place: Folder, var: Path, tmp_path: Path, path: str
) -> None:
    head = made(place, var)
    manifest = place.manifest(head)
    strange = replace(manifest, files=(replace(manifest.files[0], path=path),))
    with pytest.raises(BackupError, match="leads out"):
        restore(place, rewritten(place, head, strange), tmp_path / "t", newest_schema=29)
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("target", ["/etc", "../../..", "../../../../etc"])
def test_a_hostile_link_is_refused(place: Folder, var: Path, tmp_path: Path, target: str) -> None:
    head = made(place, var)
    strange = replace(place.manifest(head), links={"warehouse/l": target})
    with pytest.raises(BackupError, match="leads out"):
        restore(place, rewritten(place, head, strange), tmp_path / "t", newest_schema=29)


def rewritten(place: Folder, head: Head, manifest: Manifest) -> Head:
    """The head of a backup whose manifest somebody has replaced consistently."""
    again = replace(head, manifest_sha256=place.write_manifest(manifest))
    place.write_head(again)
    return again


def test_a_later_format_is_not_guessed_at(place: Folder, var: Path) -> None:
    place.write_head(replace(made(place, var), format=FORMAT + 1))
    with pytest.raises(BackupError, match="later release"):
        place.heads()


def test_a_directory_without_a_stack_is_no_state(place: Folder, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(BackupError, match=r"stack\.env"):
        made(place, tmp_path / "other")
