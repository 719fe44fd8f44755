"""Confusion matrices of coder versions: stored with the sample they come from, and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from streams.classify.confusion import Confusion, Pair
from warehouse.client import fetch, moment
from warehouse.history import insert_token

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

DOUBLE_CODING: Final = "double_coding"
"""The sample of vacancies that two officers or more have coded alike without seeing codes."""
_COLUMNS: Final = (
    "coder_version", "scheme", "digits", "language", "sample", "measured_at", "truth", "said",
    "postings",
)  # fmt: skip
_LAST: Final = datetime.fromisoformat("2200-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A stored matrix in a few figures."""

    coder_version: str
    scheme: str
    digits: int
    language: str
    sample: str
    measured_at: datetime
    postings: int
    right: int


def write_confusions(
    client: Client, confusions: Sequence[Confusion], *, sample: str, measured_at: datetime
) -> int:
    """Append matrices; the same ones again change nothing. Returns the number of cells."""
    rows = [
        (c.coder_version, c.scheme, c.digits, c.language, sample, measured_at, truth, said, count)
        for c in confusions
        for (truth, said), count in c.counts.items()
    ]
    if rows:
        token = insert_token(repr(row) for row in rows)
        settings = {"insert_deduplication_token": token}
        client.insert("coder_quality", rows, column_names=_COLUMNS, settings=settings)
    return len(rows)


def read_confusion(
    client: Client,
    *,
    coder_version: str,
    scheme: str,
    digits: int,
    language: str = "",
    as_of: datetime | None = None,
) -> Confusion | None:
    """The matrix over all samples of a coder version, each as measured last; `None` without one."""
    rows = fetch(
        client,
        f"""SELECT truth, said, sum(postings) FROM (
          SELECT *, max(measured_at) OVER (PARTITION BY sample) AS latest FROM coder_quality
          WHERE coder_version = {{version:String}} AND scheme = {{scheme:String}}
            AND digits = {{digits:UInt8}} AND language = {{language:String}}
            AND measured_at <= {moment("as_of")})
        WHERE measured_at = latest GROUP BY truth, said ORDER BY truth, said""",
        version=coder_version,
        scheme=scheme,
        digits=digits,
        language=language,
        as_of=as_of or _LAST,
    )
    if not rows:
        return None
    return Confusion(
        coder_version=coder_version,
        scheme=scheme,
        digits=digits,
        language=language,
        counts={(truth, said): int(count) for truth, said, count in rows},
    )


def read_measured(client: Client) -> list[Measured]:
    """All matrices, each as measured last, the newest first."""
    rows = fetch(
        client,
        """SELECT coder_version, scheme, digits, language, sample, measured_at, sum(postings),
          sumIf(postings, truth = said)
        FROM coder_quality
        GROUP BY coder_version, scheme, digits, language, sample, measured_at
        ORDER BY measured_at DESC, coder_version, scheme, sample, digits, language
        LIMIT 1 BY coder_version, scheme, digits, language, sample""",
    )
    names = Measured.__dataclass_fields__
    return [Measured(**dict(zip(names, row, strict=True))) for row in rows]


def double_coded(client: Client, *, coder_version: str, scheme: str) -> list[Pair]:
    """Vacancies that at least two officers have coded alike without sight of a code, and what the
    coder said of them. The officers' latest word counts, unless it was taken back."""
    rows = fetch(
        client,
        f"""SELECT c.vacancy_id, c.after, v.language, v.{scheme} FROM (
          SELECT vacancy_id, officer, argMax(after, corrected_at) AS after FROM corrections
          WHERE mode = 'double_coding' AND field = {{scheme:String}} AND correction_id NOT IN (
            SELECT revokes FROM corrections WHERE mode = 'revocation')
          GROUP BY vacancy_id, officer) AS c
        INNER JOIN (SELECT * FROM vacancies WHERE coder_version = {{version:String}}
          ORDER BY version DESC LIMIT 1 BY vacancy_id) AS v ON v.vacancy_id = c.vacancy_id
        ORDER BY c.vacancy_id, c.officer""",
        scheme=scheme,
        version=coder_version,
    )
    words: dict[str, Counter[str]] = {}
    said: dict[str, Pair] = {}
    for vacancy, truth, language, code in rows:
        words.setdefault(vacancy, Counter())[truth] += 1
        said[vacancy] = Pair(truth=truth, said=code, language=language)
    return [said[key] for key, told in words.items() if len(told) == 1 and told.total() > 1]


def counts_as_coded(
    client: Client, *, coder_version: str, digits: int, since: date, until: date
) -> dict[str, dict[str, int]]:
    """Vacancies opened in a time (days in Laos, both inclusive), by language and ISCO-08 code as
    one coder version gave it; "" for not codable."""
    rows = fetch(
        client,
        """SELECT language, substring(isco08, 1, {digits:UInt8}) AS code, count()
        FROM vacancies_current
        WHERE coder_version = {version:String} AND opened_on BETWEEN {since:Date} AND {until:Date}
        GROUP BY language, code ORDER BY language, code""",
        version=coder_version,
        digits=digits,
        since=since,
        until=until,
    )
    found: dict[str, dict[str, int]] = {}
    for language, code, count in rows:
        found.setdefault(language, {})[code] = int(count)
    return found
