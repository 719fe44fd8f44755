"""What one run shows of its source, noted while it is crawled. Pure; holds no text of a posting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import blake2b
from statistics import median, quantiles
from typing import Final

from scrapers.health_records import RunHealth
from scrapers.items import JobPosting

_HEAD: Final = 400
_SCRIPTS: Final = (
    ("lo", re.compile("[\u0e81-\u0edf]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("vi", re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")),
)
_SHARES: Final = {"vi": 0.05}
_LETTER: Final = re.compile(r"[^\W\d_]")
_COMPANY: Final = re.compile(
    r"\b(co\.?,? ?ltd|sole co|limited|ltd|plc|inc|corp(oration)?|company)\b|ບໍລິສັດ|ຈຳກັດ|บริษัท",
    re.IGNORECASE,
)
FIELDS: Final = (
    "title", "employer", "place", "description", "date_posted", "valid_through", "pay",
)  # fmt: skip
MOST_NAMES: Final = 500


def name_mark(text: str) -> str:
    """A short hash of a name, by which it is known again without being kept."""
    return blake2b(" ".join(text.lower().split()).encode(), digest_size=5).hexdigest()


def script_of(text: str) -> str:
    """Language by script of the first letters: `lo`, `th`, `zh`, `ko`, `vi`, else `latin`.

    The stream tells languages apart better; for a change of a source its script is enough.
    """
    head = text[:_HEAD]
    letters = len(_LETTER.findall(head)) or 1
    for language, pattern in _SCRIPTS:
        if len(pattern.findall(head)) / letters >= _SHARES.get(language, 1 / 3):
            return language
    return "latin"


def filled_fields(posting: JobPosting) -> frozenset[str]:
    """Which of `FIELDS` a posting fills; a date where it could be parsed."""
    values = {
        "title": bool(posting.title),
        "employer": bool(posting.hiring_organization),
        "place": any(letter.isalpha() for letter in posting.job_location_raw),
        "description": bool(posting.description),
        "date_posted": posting.date_posted is not None,
        "valid_through": posting.valid_through is not None,
        "pay": bool(posting.base_salary_raw),
    }
    return frozenset(name for name, there in values.items() if there)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One read posting, as far as the source's health is concerned."""

    filled: frozenset[str]
    title: str
    """Hash, as `employer`."""
    employer: str
    """"" where the posting names none."""
    place: str
    language: str
    length: int
    company_title: bool
    """The title has a legal form of companies in it, and the employer has none."""


def seen(posting: JobPosting) -> Seen:
    """What is noted of a posting."""
    employer = posting.hiring_organization
    company = bool(_COMPANY.search(posting.title)) and not _COMPANY.search(employer)
    return Seen(
        filled=filled_fields(posting),
        title=name_mark(posting.title),
        employer=name_mark(employer) if employer else "",
        place=name_mark(posting.job_location_raw),
        language=script_of(f"{posting.title} {posting.description}"),
        length=len(posting.description),
        company_title=company,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """A known advert and how it was read while the source was healthy."""

    posting_id: str
    seen: Seen


@dataclass(slots=True, kw_only=True)
class Notes:
    """What a run notes. Its owner calls the methods as things happen."""

    new: int = 0
    wanted: int = 0
    """New and changed postings that were to be read."""
    listed: int = 0
    repeats: int = 0
    adverts_failed: int = 0
    read: list[Sentinel] = field(default_factory=list)
    """New and changed postings."""
    read_again: dict[str, Seen | None] = field(default_factory=dict)
    """Sentinels as they are read now; `None` where the advert was refused."""
    failures: Counter[str] = field(default_factory=Counter)
    """Reason → new and changed postings that were read and refused."""
    refused: list[str] = field(default_factory=list)
    """Identifiers of these."""
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    texts: int = 0
    """Answers, or records that a provider or a file gave, that have letters beyond ASCII."""
    encoded_twice: int = 0
    """Those of them that had to be restored."""
    bytes_read: int = 0

    def take(self, posting: JobPosting) -> None:
        """A new or changed posting was read and taken."""
        self.read.append(Sentinel(posting_id=posting.posting_id, seen=seen(posting)))

    @property
    def tell_something(self) -> bool:
        """Whether anything was asked for or read."""
        return bool(self.statuses or self.read or self.failures)

    @property
    def postings(self) -> list[Seen]:
        """What was noted of each new and changed posting."""
        return [sentinel.seen for sentinel in self.read]

    def answer(self, status: int, latency_s: float | None, size: int) -> None:
        """The source answered a request; `latency_s` is `None` where it is not known."""
        self.statuses[str(status)] += 1
        self.bytes_read += size
        if latency_s is not None:
            self.latencies.append(latency_s)

    def text(self, *, encoded_twice: bool) -> None:
        """The text of an answer, or of a record that came without one, was looked at."""
        self.texts += 1
        self.encoded_twice += encoded_twice

    @property
    def median_latency_s(self) -> float:
        """Median time to an answer; 0 where none is known."""
        return median(self.latencies) if self.latencies else 0.0

    def measured(
        self,
        *,
        full: bool = True,
        employers: Collection[str] = (),
        titles: Collection[str] = (),
        open_before: int = 0,
        vanished: int = 0,
    ) -> RunHealth:
        """The run's measurements; `employers` and `titles` are hashes known from earlier runs."""
        read = self.postings
        return RunHealth(
            full=full,
            new=self.new,
            read=len(read),
            filled={name: sum(name in s.filled for s in read) for name in FIELDS},
            failures=dict(self.failures),
            adverts_failed=self.adverts_failed,
            repeats=self.repeats,
            copies=len(read) - len({(s.title, s.employer, s.place) for s in read}),
            crossed=sum(is_crossed(s, employers, titles) for s in read),
            open_before=open_before,
            vanished=vanished,
            languages=dict(Counter(s.language for s in read)),
            text_length_median=float(median(s.length for s in read)) if read else 0.0,
            answers=self.statuses.total(),
            latency_median_s=round(self.median_latency_s, 4),
            latency_p95_s=round(_p95(self.latencies), 4),
            bytes_read=self.bytes_read,
            statuses=dict(self.statuses),
            canaries=len(self.read_again),
        )


def is_crossed(posting: Seen, employers: Collection[str], titles: Collection[str]) -> bool:
    """Whether title and employer seem to have changed places."""
    if posting.company_title:
        return True
    known = posting.title in employers and posting.title not in titles
    return known or (posting.employer in titles and posting.employer not in employers)


def _p95(values: list[float]) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=20, method="inclusive")[18]
