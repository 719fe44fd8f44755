"""Ways to decide whether two postings are of one vacancy: ours as it serves, and two baselines."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from benchmarks.dedup_labelled import Pair
from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn, WithdrawalReason
from streams.classify.place import Gazetteer
from streams.intake import Arrival, read
from streams.nearby import Nearby
from streams.records import NormalisedPosting
from streams.settle import Settling
from streams.sketch import resemblance, sketch
from streams.state import Block
from streams.text import fold
from tests.factories_streams import START, FixedCoder

Judge = Callable[[Pair], bool]
_ENDS_BEFORE: Final = timedelta(days=3)


def arrival(record: JobPosting | PostingWithdrawn) -> Arrival:
    """The record as the stream reads it.

    Raises:
        TypeError: the stream refuses it.
    """
    found = read(encode(record))
    if not isinstance(found, Arrival):
        raise TypeError(f"a pair's posting is refused: {found.detail}")
    return found


def records_of(pair: Pair) -> list[JobPosting | PostingWithdrawn]:
    """The pair as records in event order; what is re-posted has gone before."""
    records: list[JobPosting | PostingWithdrawn] = [pair.one]
    if pair.kind == "temporal":
        gone = pair.other.fetched_at - _ENDS_BEFORE
        records.append(
            PostingWithdrawn(
                source_id=pair.one.source_id,
                posting_id=pair.one.posting_id,
                hiring_organization=pair.one.hiring_organization,
                reason=WithdrawalReason.UNSEEN,
                last_seen_at=pair.one.fetched_at,
                withdrawn_at=gone,
            )
        )
    return [*records, pair.other]


class Service:
    """The stream's own decision: blocks, buckets, evidence and judgement, without Redis."""

    def __init__(self, code_of: Callable[[str], str]) -> None:
        self._settling = Settling(FixedCoder(), Gazetteer().code, code_of)

    def __call__(self, pair: Pair) -> bool:
        arrivals = [arrival(record) for record in records_of(pair)]
        names = [found.block for found in arrivals]
        probes = {
            number: probe
            for number, found in enumerate(arrivals)
            if (probe := self._settling.probe(found)) is not None
        }
        blocks = {name: Block() for name in names}
        nearby = Nearby(probes=probes, found={})
        settled = self._settling.settle(arrivals, names, blocks, nearby, processed_at=START)
        ids = {a.update.vacancy_id for a in settled.answers if a.update is not None}
        return len(ids) == 1


def before(pair: Pair) -> bool:
    """The rules of version 0.1: employer's name equal, then fingerprint, title or text."""
    one, other = (_normalised(posting) for posting in (pair.one, pair.other))
    if fold(one.employer) != fold(other.employer):
        return False
    places = [_province(posting.location_raw) for posting in (one, other)]
    if places[0] != places[1] and all(places):
        return False
    titles = [_plain(posting.title) for posting in (one, other)]
    if titles[0] == titles[1] and places[0] == places[1] and one.openings == other.openings:
        return True
    if _RANK.findall(titles[0]) != _RANK.findall(titles[1]):
        return False
    text = resemblance(sketch(one.description), sketch(other.description))
    if fuzz.token_sort_ratio(*titles) >= 92:
        return text is None or text >= 0.10
    return text is not None and text >= 0.70 and fuzz.token_set_ratio(*titles) >= 60


def cosine(pairs: Sequence[Pair]) -> Judge:
    """TF-IDF cosine of title and text at or above the cut best on the pairs tuned on, for one
    employer's name."""
    texts = [_words(p) for pair in pairs for p in (pair.one, pair.other)]
    seen = Counter(word for text in texts for word in set(text))

    def likeness(pair: Pair) -> float:
        if fold(pair.one.hiring_organization) != fold(pair.other.hiring_organization):
            return 0.0
        left, right = (
            {w: n * math.log(len(texts) / (1 + seen[w])) for w, n in Counter(_words(p)).items()}
            for p in (pair.one, pair.other)
        )
        norm = math.sqrt(sum(v * v for v in left.values()) * sum(v * v for v in right.values()))
        return sum(v * right.get(w, 0.0) for w, v in left.items()) / norm if norm else 0.0

    tuned = [(likeness(pair), pair.is_duplicate) for pair in pairs if not pair.is_test]
    cut = max(
        (step / 50 for step in range(1, 50)),
        key=lambda at: sum((value >= at) == label for value, label in tuned),
    )
    return lambda pair: likeness(pair) >= cut


def _words(posting: JobPosting) -> list[str]:
    return fold(f"{posting.title} {posting.description}").split()


def _normalised(posting: JobPosting) -> NormalisedPosting:
    record = arrival(posting).record
    assert isinstance(record, NormalisedPosting)
    return record


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer()


def _province(text: str) -> str:
    return _gazetteer().locate(text).province or fold(text)


def _plain(title: str) -> str:
    folded = fold(title)
    return " ".join(_DECORATION.sub(" ", folded).split()) or folded


_DECORATION: Final = re.compile(
    r"\b(?:urgent(?:ly)?|(?:we are )?(?:hiring|looking for)|wanted|needed|vacanc(?:y|ies)|apply now"
    r"|jobs?|positions?|m f|f m|male female|\d+ (?:persons?|people|pax|posts?|openings?))\b|ດ່ວນ"
    r"|(?:ປະກາດ)?ຮັບສະຫມັກ(?:ພະນັກງານ)?|ຕ້ອງການ|\d+ ?(?:ຄົນ|ຕຳແຫນ່ງ)"
)
_RANK: Final = re.compile(
    r"\b(?:senior|junior|sr|jr|assistant|asst|deputy|vice|chief|head|lead|leader|intern(?:ship)?"
    r"|trainee|manager|supervisor|director|officer|part|night|day|[ivx]{1,4}|\d+)\b"
    r"|ຫົວຫນ້າ|ຮອງ|ຜູ້ຊ່ວຍ|ຜູ້ຈັດການ|ຝຶກງານ|ຊ່ຽວຊານ|ອາວຸໂສ"
)
