"""The folder that backups lie in: its encryption, its heads and manifests, one user at a time."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from labourwatch.backup.records import FORMAT, BackupError, Head, Manifest
from labourwatch.backup.sealing import Seal, key_of
from labourwatch.durable import DirectoryInUseError, locked, replace_file

_ABOUT: Final = "folder.json"
_CHECKED: Final = b"labourwatch backup"


class Folder:
    """Backups under one directory. `seal` closes and opens what they hold."""

    def __init__(self, place: Path, seal: Seal) -> None:
        self.place = place
        self.seal = seal
        self.packs = place / "packs"
        self._heads = place / "heads"
        self._manifests = place / "manifests"

    def heads(self) -> list[Head]:
        """Every whole backup, oldest first.

        Raises:
            BackupError: a head that cannot be read, or of a later format.
        """
        found = [self._read_head(path) for path in self._heads.glob("*.json")]
        return sorted(found, key=lambda head: (head.made_at, head.backup_id))

    def head(self, backup_id: str) -> Head:
        """One backup's head; `latest` is the newest.

        Raises:
            BackupError: there is none.
        """
        heads = self.heads()
        for head in reversed(heads):
            if backup_id in {head.backup_id, "latest"}:
                return head
        named = ", ".join(head.backup_id for head in heads[-5:]) or "none"
        raise BackupError(f"no backup {backup_id} in {self.place}; the last are: {named}")

    def manifest(self, head: Head) -> Manifest:
        """What a backup consists of.

        Raises:
            BackupError: absent, changed, damaged, or of another passphrase.
        """
        path = self._manifests / head.backup_id
        try:
            closed = path.read_bytes()
        except OSError as error:
            raise BackupError(f"the manifest of {head.backup_id} is gone: {error}") from error
        if hashlib.sha256(closed).hexdigest() != head.manifest_sha256:
            raise BackupError(f"the manifest of {head.backup_id} is not what was written")
        plain = self.seal.open(closed, f"manifest {head.backup_id}")
        try:
            manifest = msgspec.json.decode(plain, type=Manifest)
        except msgspec.DecodeError as error:
            raise BackupError(f"the manifest of {head.backup_id}: {error}") from error
        if manifest.backup_id != head.backup_id or manifest.schema != head.schema:
            raise BackupError(f"head and manifest of {head.backup_id} contradict each other")
        return manifest

    def write_manifest(self, manifest: Manifest) -> str:
        """Store a manifest, on the disk when this returns; the SHA-256 of its file."""
        plain = msgspec.json.encode(manifest)
        closed = self.seal.close(plain, f"manifest {manifest.backup_id}")
        replace_file(self._manifests / manifest.backup_id, closed, private=True)
        return hashlib.sha256(closed).hexdigest()

    def write_head(self, head: Head) -> None:
        """Make a backup exist, all at once."""
        plain = msgspec.json.format(msgspec.json.encode(head), indent=1)
        replace_file(self._heads / f"{head.backup_id}.json", plain + b"\n", private=True)

    def remove(self, head: Head) -> None:
        """Let a backup exist no more; packs stay until nobody needs them."""
        (self._heads / f"{head.backup_id}.json").unlink()
        (self._manifests / head.backup_id).unlink(missing_ok=True)

    def remove_unneeded(self) -> int:
        """Delete packs and manifests that no backup names; bytes that came free.

        Raises:
            BackupError: a manifest cannot be read, so that nobody knows what it needs.
        """
        heads = self.heads()
        needed = {name for head in heads for name in self.manifest(head).packs}
        known = {head.backup_id for head in heads}
        unneeded = [path for path in self.packs.iterdir() if path.name not in needed]
        unneeded += [path for path in self._manifests.iterdir() if path.name not in known]
        freed = sum(path.stat().st_size for path in unneeded)
        for path in unneeded:
            path.unlink()
        return freed

    def _read_head(self, path: Path) -> Head:
        try:
            head = msgspec.json.decode(path.read_bytes(), type=Head)
        except (OSError, msgspec.DecodeError) as error:
            raise BackupError(f"{path} cannot be read: {error}") from error
        if head.format > FORMAT:
            raise BackupError(f"{path} is of a later release; upgrade Labourwatch first")
        if path.stem != head.backup_id:
            raise BackupError(f"{path} says that it is {head.backup_id}")
        return head


@contextmanager
def opened(place: Path, passphrase: bytes | None, *, create: bool = False) -> Iterator[Folder]:
    """The folder of backups, for this process alone until the block ends.

    Args:
        place: the directory.
        passphrase: None opens a folder that is not encrypted, or makes one.
        create: whether to begin a folder where there is none.

    Raises:
        BackupError: none there, used by another process, or another passphrase.
    """
    about = place / _ABOUT
    if not about.exists():
        if not create:
            raise BackupError(f"{place} holds no backups")
        _begin(place, passphrase)
    with ExitStack() as held:
        try:
            held.enter_context(locked(place, by="backup or restore"))
        except DirectoryInUseError as error:
            raise BackupError(f"another backup or restore uses {place}: wait for it") from error
        yield Folder(place, _seal(about, passphrase))


def _begin(place: Path, passphrase: bytes | None) -> None:
    if place.exists() and any(place.iterdir()):
        raise BackupError(f"{place} holds something else: name an empty folder")
    for name in ("packs", "heads", "manifests"):
        (place / name).mkdir(parents=True, mode=0o700)
    place.chmod(0o700)
    about = {"format": FORMAT, "salt": "", "check": ""}
    if passphrase is not None:
        salt = secrets.token_bytes(16)
        check = Seal(key_of(passphrase, salt)).close(_CHECKED, "check")
        about |= {"salt": salt.hex(), "check": check.hex()}
    replace_file(place / _ABOUT, json.dumps(about).encode(), private=True)


def _seal(about: Path, passphrase: bytes | None) -> Seal:
    try:
        said = json.loads(about.read_bytes())
        later, salt, check = said["format"] > FORMAT, said["salt"], bytes.fromhex(said["check"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{about} cannot be read: {error}") from error
    if later:
        raise BackupError(f"{about} is of a later release; upgrade Labourwatch first")
    if not salt:
        if passphrase is not None:
            raise BackupError(
                f"{about.parent} is not encrypted: name no passphrase, or a new folder"
            )
        return Seal()
    if passphrase is None:
        raise BackupError(f"{about.parent} is encrypted: name the file of its passphrase")
    seal = Seal(key_of(passphrase, bytes.fromhex(salt)))
    if seal.open(check, "check") != _CHECKED:
        raise BackupError(f"{about} is damaged")
    return seal
