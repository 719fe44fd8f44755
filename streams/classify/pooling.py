"""The coder's candidates and learned opinions put together. Pure.

Each is taken for an independent witness with a known reliability: the product of their
probabilities, normalised (a logarithmic opinion pool: Genest and Zidek 1986). Of two that
contradict each other the more reliable wins; two that agree are surer than one. So a similar title
never overrules a whole expression of the lexicon, and what officers said of the very title does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from streams.classify.learner import Kind, Opinion

GROUPS: Final = 436
"""Unit groups of ISCO-08: what no witness names is spread over them."""
LEAST: Final = 0.4
"""Below it, a posting that the coder cannot code stays not codable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Candidates in order of probability, and the evidence that changed the leader, if any."""

    candidates: tuple[tuple[str, float], ...]
    decided_by: Kind | None


def pool(coder: Mapping[str, float], opinions: Sequence[Opinion]) -> Pooled:
    """The candidates of `coder` (code → probability; empty: not codable) with `opinions`."""
    named = {code for code in coder if code} | {
        code for opinion in opinions for code in opinion.shares
    }
    before = max(coder, key=lambda code: (coder[code], code)) if coder else ""
    weights = dict.fromkeys(sorted(named), 1.0)
    other = 1.0
    rest = max(1.0 - sum(coder.values()), 0.02) / (GROUPS - len(coder)) if coder else 1 / GROUPS
    for code in weights:
        weights[code] *= max(coder.get(code, rest), rest)
    other *= rest
    for opinion in opinions:
        floor = (1 - opinion.reliability) / GROUPS
        other *= floor
        for code in weights:
            weights[code] *= opinion.reliability * opinion.shares.get(code, 0.0) + floor
    total = sum(weights.values()) + other * (GROUPS - len(weights))
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    candidates = tuple((code, weight / total) for code, weight in ranked[:5])
    if not candidates or (not before and candidates[0][1] < LEAST):
        return Pooled(candidates=candidates, decided_by=None)
    leader = candidates[0][0]
    return Pooled(
        candidates=candidates, decided_by=_decider(leader, opinions) if leader != before else None
    )


def _decider(leader: str, opinions: Sequence[Opinion]) -> Kind | None:
    """The most reliable evidence for `leader`."""
    found = [
        (opinion.reliability * opinion.shares.get(leader, 0.0), opinion.kind)
        for opinion in opinions
        if leader in opinion.shares
    ]
    return max(found, key=lambda one: one[0])[1] if found else None
