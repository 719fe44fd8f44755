"""The coder's candidates and what was learned put together. Pure.

Of two that contradict each other, the one that has more often been right in such a case wins; two
that agree are surer than one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from streams.classify.learner import Kind, Weighed, leader_of

LEAST: Final = 0.4
"""Below it, a posting that the coder cannot code stays not codable."""
_NAMED: Final = 0.8
"""Of what neither leader has, the part that goes to the other codes named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Candidates in order of probability, and the evidence that changed the leader, if any."""

    candidates: tuple[tuple[str, float], ...]
    decided_by: Kind | None


def pool(coder: Mapping[str, float], learned: Weighed | None) -> Pooled:
    """The candidates of `coder` (code → probability; empty: not codable) with what was learned."""
    before = leader_of(coder) if coder else ""
    if learned is None:
        return Pooled(candidates=_ranked(coder), decided_by=None)
    leader = leader_of(learned.shares)
    found = {leader: learned.learned}
    if before and before != leader:
        found[before] = min(learned.coder, 1 - learned.learned)
    candidates = _ranked({**_others(coder, learned.shares, found), **found})
    first, probability = candidates[0]
    unsure = not before and probability < LEAST
    changed = first != before and not unsure
    return Pooled(candidates=candidates, decided_by=learned.kind if changed else None)


def _others(
    coder: Mapping[str, float], shares: Mapping[str, float], found: Mapping[str, float]
) -> dict[str, float]:
    """Codes that either names behind its leader, sharing most of what the leaders leave, and never
    more than they."""
    named = {
        code: coder.get(code, 0.0) + shares.get(code, 0.0) * (0.5 if coder else 1.0)
        for code in sorted({*coder, *shares} - found.keys())
    }
    total = sum(named.values())
    left = max(0.0, 1 - sum(found.values())) * _NAMED
    most = max(found.values()) * 0.99
    return {code: min(left * part / total, most) for code, part in named.items() if total > 0}


def _ranked(shares: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:5])
