"""Ways in which inputs break, each drawn from a seed: encodings, cuts, depth, numbers, bombs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

Mutation = Callable[[bytes, random.Random], bytes]
_NUMBERS: Final = (
    b"NaN", b"Infinity", b"-Infinity", b"-1", b"1e309", b"0x1F", b"1" * 5000, b"-0", b"1e-999", b"0.1.2",
)  # fmt: skip
_DATES: Final = (
    b"0000-00-00", b"9999-99-99", b"31/02/2026", b"2569-13-45", b"1000000-01-01", b"-1", b"tomorrow",
    b"2026-01-05T25:61:61+99:99", b"99999999999999", b"\xe0\xbb\x99\xe0\xbb\x99/\xe0\xbb\x91",
)  # fmt: skip
_INSERTED: Final = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"&#0;", b"&#xD800;", b"<!--", b"]]>", b"]]",
    b"<script>", b"</script>", b"\x1b[31m", b"\xe2\x80\xae", b'"', b"'", b"\\", b"{{", b"}}", b"\r", b"\x85",
)  # fmt: skip
_ENTITIES: Final = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b'<!ENTITY z SYSTEM "file:///etc/passwd">]>'
)
_CLOSING: Final = re.compile(rb"[}\])]|</\w+>")
_NUMBER: Final = re.compile(rb"\d+(\.\d+)?(e\d+)?")
_DATE: Final = re.compile(rb"\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?")
_WORD: Final = re.compile(rb"[A-Za-z]{4,}")


def mutated(content: bytes, generator: random.Random) -> tuple[str, bytes]:
    """A broken version of a good input, and how it was broken (one to three ways)."""
    chosen = generator.sample(list(MUTATIONS), generator.choice((1, 1, 2, 3)))
    for name in chosen:
        content = MUTATIONS[name](content, generator)
    return "+".join(chosen), content


def _cut(content: bytes, generator: random.Random) -> bytes:
    return content[: generator.randrange(len(content) + 1)]


def _hole(content: bytes, generator: random.Random) -> bytes:
    start, end = sorted(generator.randrange(len(content) + 1) for _ in range(2))
    return content[:start] + content[end:]


def _doubled(content: bytes, generator: random.Random) -> bytes:
    start, end = sorted(generator.randrange(len(content) + 1) for _ in range(2))
    return content[:end] + content[start:end] * generator.choice((1, 2, 50)) + content[end:]


def _flipped(content: bytes, generator: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(min(len(changed), generator.choice((1, 5, 50)))):
        changed[generator.randrange(len(changed))] = generator.randrange(256)
    return bytes(changed)


def _inserted(content: bytes, generator: random.Random) -> bytes:
    place = generator.randrange(len(content) + 1)
    return content[:place] + generator.choice(_INSERTED) + content[place:]


def _recoded(content: bytes, generator: random.Random) -> bytes:
    name = generator.choice(("utf-16", "utf-16-le", "utf-32", "cp874", "cp1252", "shift_jis"))
    return content.decode("utf-8", "replace").encode(name, "replace")


def _numbers(content: bytes, generator: random.Random) -> bytes:
    return _NUMBER.sub(lambda _: generator.choice(_NUMBERS), content)


def _dates(content: bytes, generator: random.Random) -> bytes:
    return _DATE.sub(lambda _: generator.choice(_DATES), content)


def _unclosed(content: bytes, generator: random.Random) -> bytes:
    return _CLOSING.sub(lambda m: b"" if generator.random() < 0.5 else m[0], content)


def _renamed(content: bytes, generator: random.Random) -> bytes:
    return _WORD.sub(lambda m: m[0][::-1] if generator.random() < 0.2 else m[0], content)


def _deep(content: bytes, generator: random.Random) -> bytes:
    opening, closing = generator.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>")))
    depth = generator.choice((50, 3_000))
    place = generator.randrange(len(content) + 1)
    return content[:place] + opening * depth + closing * depth + content[place:]


def _long(content: bytes, generator: random.Random) -> bytes:
    place = generator.randrange(len(content) + 1)
    filling = generator.choice((b"x", b" ", b"<", b"&", b'"', b"\n", b"\xe0\xba\x81"))
    return content[:place] + filling * 150_000 + content[place:]


def _with_entities(content: bytes, generator: random.Random) -> bytes:
    start = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
    body = _WORD.sub(lambda m: b"&j;" if generator.random() < 0.2 else m[0], content[start:])
    return content[:start] + _ENTITIES + body


def _quotes(content: bytes, generator: random.Random) -> bytes:
    other = generator.choice((b"'", "“".encode(), b"&quot;", b""))
    return content.replace(b'"', other)


MUTATIONS: Final[dict[str, Mutation]] = {
    "cut": _cut,
    "hole": _hole,
    "doubled": _doubled,
    "flipped": _flipped,
    "inserted": _inserted,
    "recoded": _recoded,
    "numbers": _numbers,
    "dates": _dates,
    "unclosed": _unclosed,
    "renamed": _renamed,
    "deep": _deep,
    "long": _long,
    "entities": _with_entities,
    "quotes": _quotes,
}
