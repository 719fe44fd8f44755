"""The wire form of stream records; the envelope is the collection stage's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from scrapers.codec import COLLECTION_RECORDS, decode, encode
from streams.opinions import Correction, CorrectionDecision
from streams.records import VacancyUpdate

STREAM_RECORDS: Mapping[str, type[Any]] = {
    **COLLECTION_RECORDS,
    "VacancyUpdate": VacancyUpdate,
    "Correction": Correction,
    "CorrectionDecision": CorrectionDecision,
}

__all__ = ["STREAM_RECORDS", "decode_update", "encode"]


def decode_update(data: bytes) -> VacancyUpdate:
    """The update in `data`.

    Raises:
        scrapers.codec.CodecError: the bytes are no `VacancyUpdate` of this version.
    """
    return cast(VacancyUpdate, decode(data, {"VacancyUpdate": VacancyUpdate}))
