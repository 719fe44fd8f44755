"""Whose corrections are learned from, and when a second officer is waited for. Pure.

One vacancy is an officer's to code. What the machine learns from it touches vacancies that nobody
looks at, and is not his alone: what contradicts strong evidence, comes in bulk from one account, or
from an account that others often contradict, waits until a second officer says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from streams.codes import Codes

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
MOST_AN_HOUR: Final = 120
"""Corrections of one account in an hour that are learned; a person reads no faster."""
MOST_ONE_SIDED: Final = 8
"""Changes of one code into one other by one account in a day, without a second officer."""
MOST_CONFLICTS: Final = 10
"""Changes against strong evidence by one account in an hour; then nothing of it acts any more."""
LEAST_TRUST: Final = 0.6
_PRIOR_AGREED, _PRIOR_PAIRS = 4.0, 5.0  # a new account is believed at 0.8, as a coder would be
_STRONG: Final = 0.8
_LEAST_PLAUSIBLE: Final = 0.05


class Reason(StrEnum):
    """Why a correction stands as it does."""

    NOT_WORSE = "not_worse"
    SECOND_OFFICER = "second_officer"
    FIELD_NOT_LEARNED = "field_not_learned"
    NOT_CODABLE = "not_codable"
    DOUBLE_CODING = "double_coding"
    REVOCATION = "revocation"
    REVOKED = "revoked"
    STRONG_EVIDENCE = "contradicts_strong_evidence"
    ONE_SIDED = "one_sided"
    MANY_AT_ONCE = "many_at_once"
    LOW_AGREEMENT = "low_agreement"
    MANY_CONFLICTS = "many_conflicts"
    WORSE = "worse_on_what_is_trusted"


class Act(msgspec.Struct, frozen=True, array_like=True):
    """One change of an occupation by an account."""

    at: int
    correction_id: str
    before: str
    after: str
    conflict: bool


class Account(msgspec.Struct, array_like=True):
    """What is known of one officer's account."""

    agreed: int = 0
    disagreed: int = 0
    acts: list[Act] = []
    """Of the last day of event time."""

    @property
    def trust(self) -> float:
        """Expected agreement with other officers, in (0, 1)."""
        pairs = self.agreed + self.disagreed
        return (self.agreed + _PRIOR_AGREED) / (pairs + _PRIOR_PAIRS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Whether a correction may be learned from (`None`) or why it waits."""

    reason: Reason | None
    detail: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the vacancy itself is not to be changed either."""
        return self.reason is Reason.MANY_CONFLICTS


def contradicts(codes: Codes, known: frozenset[str], after: str) -> bool:
    """Whether `after` is against strong evidence.

    Args:
        codes: what the coder says; it is strong where it is sure and `after` no candidate.
        known: codes under which dictionaries have the very title; strong where `after` is none.
        after: what the officer says.
    """
    if codes.isco08 == after:
        return False
    plausible = any(
        one.isco08 == after and one.probability >= _LEAST_PLAUSIBLE for one in codes.candidates
    )
    sure = codes.isco08 != "" and codes.isco08_probability >= _STRONG and not plausible
    return sure or (bool(known) and after not in known)


def remember(account: Account, act: Act) -> None:
    """Note `act`, and forget what is older than a day of event time."""
    account.acts = [old for old in account.acts if act.at - old.at < DAY_MS] + [act]


def judge(account: Account, act: Act, *, supported: bool, pair_supported: bool) -> Judged:
    """Whether `act`, already remembered, may be learned from.

    Args:
        account: of the officer who says it.
        act: what is said.
        supported: another officer said the same of the same title.
        pair_supported: another officer changed the same code into the same other.
    """
    hour = [old for old in account.acts if act.at - old.at < HOUR_MS]
    conflicts = sum(old.conflict for old in hour)
    if conflicts >= MOST_CONFLICTS:
        return Judged(reason=Reason.MANY_CONFLICTS, detail=f"{conflicts} in an hour")
    if supported:
        return Judged(reason=None)
    if act.conflict:
        return Judged(
            reason=Reason.STRONG_EVIDENCE, detail=f"{act.before} is sure or of a dictionary"
        )
    if account.trust < LEAST_TRUST:
        pairs = account.agreed + account.disagreed
        return Judged(reason=Reason.LOW_AGREEMENT, detail=f"{account.agreed} of {pairs} agree")
    if len(hour) > MOST_AN_HOUR:
        return Judged(reason=Reason.MANY_AT_ONCE, detail=f"{len(hour)} in an hour")
    run = one_sided(account, act)
    if len(run) > MOST_ONE_SIDED and not pair_supported:
        detail = f"{len(run)} times {act.before} → {act.after} in a day"
        return Judged(reason=Reason.ONE_SIDED, detail=detail)
    return Judged(reason=None)


def one_sided(account: Account, act: Act) -> list[str]:
    """Corrections of the account's last day that change the same code into the same other."""
    if act.before == act.after:
        return []
    return [
        old.correction_id
        for old in account.acts
        if (old.before, old.after) == (act.before, act.after)
    ]


def pairs_agree(said: Mapping[str, str], officer: str, value: str) -> Iterable[tuple[str, bool]]:
    """Other officers who coded the same vacancy, and whether they agree."""
    return [(other, code == value) for other, code in said.items() if other != officer]
