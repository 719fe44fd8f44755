"""How bytes are stored: compressed and, with a passphrase, encrypted and authenticated.

AES-256-GCM under a key that scrypt (RFC 7914) makes of the passphrase and the folder's salt. Each
sealed text has a nonce of its own and is bound to its name, so that one cannot stand for another.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from labourwatch.backup.records import BackupError

_NONCE: Final = 12
_LEVEL: Final = 3
_SCRYPT_N: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Seal:
    """Closes and opens texts; `key` is None where nothing is encrypted."""

    key: bytes | None = None

    def close(self, plain: bytes, name: str) -> bytes:
        """`plain`, compressed and encrypted under `name`."""
        from backports.zstd import compress

        packed = compress(plain, _LEVEL)
        if self.key is None:
            return packed
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, packed, name.encode())

    def open(self, closed: bytes, name: str) -> bytes:
        """What was closed under `name`.

        Raises:
            BackupError: damaged, of another name, or of another passphrase.
        """
        from backports.zstd import ZstdError, decompress

        packed = closed if self.key is None else self._decrypt(self.key, closed, name)
        try:
            return decompress(packed)
        except (ZstdError, EOFError) as error:
            raise BackupError(f"{name} is damaged: {error}") from error

    @staticmethod
    def _decrypt(key: bytes, closed: bytes, name: str) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(key).decrypt(closed[:_NONCE], closed[_NONCE:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise BackupError(f"{name} is damaged, or closed with another passphrase") from error


def key_of(passphrase: bytes, salt: bytes) -> bytes:
    """The key for a folder with this salt; takes about 0.1 s, on purpose."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=8, p=1).derive(passphrase)
