"""Officers' corrections for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from scrapers.codec import encode
from scrapers.items import JobPosting
from streams.intake import Arrival, read
from streams.opinions import CorrectedField, Correction, CorrectionDecision, Standing
from streams.records import NormalisedPosting
from tests.factories_streams import START, a_posting

AFTER = START + timedelta(days=5)


def normalised(posting: JobPosting) -> NormalisedPosting:
    arrival = read(encode(posting))
    assert isinstance(arrival, Arrival)
    assert arrival.posting is not None
    return arrival.posting


def a_correction(**changes: Any) -> Correction:
    """An occupation corrected five days after the opening; any field can be changed."""
    given: dict[str, Any] = {
        "vacancy_id": "v1",
        "posting": normalised(changes.pop("advert", a_posting())),
        "field": CorrectedField.ISCO08,
        "before": "2411",
        "after": "3313",
        "officer": "officer-1",
        "why": "keeps books, signs nothing",
        "corrected_at": AFTER,
    }
    return Correction(**{**given, **changes})


def a_decision(**changes: Any) -> CorrectionDecision:
    """An occupation that was learned."""
    given: dict[str, Any] = {
        "decision_id": "d1",
        "correction_id": "c1",
        "vacancy_id": "v1",
        "officer": "officer-1",
        "standing": Standing.LEARNED,
        "reason": "not_worse",
        "detail": "",
        "learner_state": "5d41402a",
        "decided_at": AFTER,
    }
    return CorrectionDecision(**{**given, **changes})
