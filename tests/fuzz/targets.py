"""Readers and codecs that take bytes of strangers, and how each may refuse them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final

from alerts.links import Keys, Purpose, Refusal, verify
from benchmarks.malformed.readers import end_of
from dashboard.push.bodies import decoded, lines, unzipped
from dashboard.push.problems import ProblemError
from labourwatch.backup.records import BackupError
from labourwatch.backup.sealing import Seal
from labourwatch.embedded.warehouse.compression import decode_body
from labourwatch.embedded.warehouse.errors import StatementError
from labourwatch.embedded.warehouse.sql import (
    find_insert,
    kill_by_name,
    refuse_local_access,
    shape_of,
)
from scrapers.codec import CodecError, decode
from warehouse.plan import PlanError, read_plan

NOW: Final = datetime(2026, 11, 26, tzinfo=UTC)
KEYS: Final = Keys(secrets={"a": b"0123456789abcdef"})
_READ: Final = (
    "jsonld", "microdata", "rdfa", "html_page", "html_list", "sitemap", "rss", "atom", "xml_feed",
    "json_list", "push", "robots", "source_yaml", "csv", "jsonl", "supply",
)  # fmt: skip


def _sql(data: bytes) -> None:
    with suppress(StatementError):
        refuse_local_access(data, {})
    find_insert(data)
    shape_of(data)
    kill_by_name(data)


def _body(data: bytes, encoding: str) -> None:
    with suppress(StatementError):
        assert len(decode_body(data, encoding, 1 << 16)) <= 1 << 16


def _push(data: bytes) -> None:
    for read in (unzipped, decoded, lines):
        with suppress(ProblemError):
            read(data)


def _codec(data: bytes) -> None:
    with suppress(CodecError):
        decode(data)


def _plan(data: bytes) -> None:
    with suppress(PlanError):
        plan = read_plan("vacancies", 0, 5, data.decode("utf-8", "replace"))
        assert plan is None or plan.end > 5


def _signed(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    assert isinstance(verify(text, Purpose.ACKNOWLEDGE, KEYS, NOW), Refusal)


def _sealed(data: bytes) -> None:
    for seal in (Seal(), Seal(b"k" * 32)):
        with suppress(BackupError):
            seal.open(data, "piece")


def _reader(data: bytes, name: str) -> None:
    assert end_of(name, data).reason


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "sql": _sql,
    "push": _push,
    "codec": _codec,
    "plan": _plan,
    "signed": _signed,
    "sealed": _sealed,
    **{
        f"body-{name}": partial(_body, encoding=name) for name in ("gzip", "lz4", "zstd", "deflate")
    },
    **{f"reader-{name}": partial(_reader, name=name) for name in _READ},
}
"""What fuzzing calls. A target that raises has found something."""
