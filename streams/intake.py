"""From the bytes of the `postings` topic to a record that the register can decide about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from scrapers.codec import CodecError, decode
from scrapers.items import JobPosting, PostingWithdrawn, Stage
from streams.corrected_codes import fault_in
from streams.identity import identify
from streams.normalise import Refusal, check_identity, normalise
from streams.opinions import Correction
from streams.records import LinkCorrection, NormalisedPosting
from streams.state import block_name

READABLE = {
    "JobPosting": JobPosting,
    "PostingWithdrawn": PostingWithdrawn,
    "LinkCorrection": LinkCorrection,
    "Correction": Correction,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A usable record, and the block of the register to which it belongs."""

    record: NormalisedPosting | PostingWithdrawn | LinkCorrection | Correction
    block: str
    also: str = ""
    """Another posting whose block the decision needs."""

    @property
    def event_time(self) -> datetime:
        """When the source was observed."""
        record = self.record
        if isinstance(record, LinkCorrection | Correction):
            return record.corrected_at
        return record.fetched_at if isinstance(record, NormalisedPosting) else record.withdrawn_at

    @property
    def posting(self) -> NormalisedPosting | None:
        """The posting as the record tells it, if it does."""
        record = self.record
        if isinstance(record, LinkCorrection | Correction):
            return record.posting
        return record if isinstance(record, NormalisedPosting) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """Why a message is refused, and what of it could be told."""

    stage: Stage
    reason: str
    detail: str
    source_id: str = ""
    posting_id: str = ""
    event_time: datetime | None = None


class _Clue(msgspec.Struct):
    source_id: str = ""
    posting_id: str = ""


class _Clues(msgspec.Struct):
    record: _Clue


_CLUES = msgspec.json.Decoder(_Clues)


def read(payload: bytes | None) -> Arrival | Unusable:
    """The record in `payload`, or why there is none. Never raises."""
    if not payload:
        return Unusable(
            stage=Stage.NORMALISE, reason="payload_empty", detail="a message without content"
        )
    try:
        record: JobPosting | PostingWithdrawn | LinkCorrection | Correction
        record = decode(payload, READABLE)
    except CodecError as error:
        return _undecodable(payload, error)
    if isinstance(record, LinkCorrection | Correction):
        return _correction(record)
    if isinstance(record, PostingWithdrawn):
        refusal = check_identity(record.source_id, record.posting_id, record.withdrawn_at)
        return (
            _refused(record, record.withdrawn_at, refusal)
            if refusal
            else Arrival(record=record, block=block_name(record))
        )
    normalised = normalise(record)
    if isinstance(normalised, Refusal):
        return _refused(record, record.fetched_at, normalised)
    return Arrival(record=normalised, block=block_name(record))


def _correction(record: LinkCorrection | Correction) -> Arrival | Unusable:
    refusal = check_identity(record.source_id, record.posting_id, record.corrected_at)
    if refusal:
        return _refused(record, record.corrected_at, refusal)
    if isinstance(record, Correction):
        if fault := fault_in(record.field, record.after):
            return Unusable(
                stage=Stage.CLASSIFY,
                reason="value_not_of_the_list",
                detail=fault,
                source_id=record.source_id,
                posting_id=record.posting_id,
                event_time=record.corrected_at,
            )
        return Arrival(record=record, block=identify(record.posting_key))
    return Arrival(record=record, block=identify(record.posting_key), also=record.other_key)


def _refused(
    record: JobPosting | PostingWithdrawn | LinkCorrection | Correction,
    event_time: datetime,
    refusal: Refusal,
) -> Unusable:
    return Unusable(
        stage=Stage.NORMALISE,
        reason=refusal.reason.value,
        detail=refusal.detail,
        source_id=record.source_id[:200],
        posting_id=record.posting_id[:200],
        event_time=event_time if event_time.tzinfo else None,
    )


def _undecodable(payload: bytes, error: CodecError) -> Unusable:
    """The codec's message names fields and types, never their values."""
    clue = _clue(payload)
    return Unusable(
        stage=Stage.NORMALISE,
        reason="undecodable",
        detail=str(error)[:500],
        source_id=clue.source_id[:200],
        posting_id=clue.posting_id[:200],
    )


def _clue(payload: bytes) -> _Clue:
    try:
        return _CLUES.decode(payload).record
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Clue()
