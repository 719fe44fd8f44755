"""What vacancies that employers post in bunches are worth as a sample of groups. Pure.

Kish (1965), "Survey Sampling": where units come in clusters of n_e that are alike by ρ, a share
varies 1 + ρ (Σ n_e²/n − 1) times as much as if each were drawn on its own. ρ is how much oftener
two vacancies of one employer are of the same group than two of different employers, as a part of
what is possible (Cohen's κ of pairs).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

_BELIEVED: Final = (0.5, 5.0)
"""ρ before any pair is seen, by judgement, and how many further vacancies of employers seen
before it counts for."""


def bunching(groups: Sequence[Mapping[int, int]], n: float) -> float:
    """The design effect, at least 1 and at most `n`.

    Args:
        groups: vacancies of each group by employer; those whose employer has no name are in none
            and count as drawn one by one.
        n: vacancies of all groups.
    """
    held = [{name: count for name, count in group.items() if count > 0} for group in groups]
    sizes: Counter[int] = Counter()
    for group in held:
        sizes.update(group)
    pairs = sum(size * (size - 1) for size in sizes.values())
    if not pairs or n <= 0:
        return 1.0
    return min(max(1.0 + _alike(held, sizes, pairs) * pairs / n, 1.0), max(n, 1.0))


def _alike(held: Sequence[Mapping[int, int]], sizes: Mapping[int, int], pairs: int) -> float:
    """ρ as seen among named employers, drawn towards what is believed before."""
    believed, weight = _BELIEVED
    named = sum(sizes.values())
    together = sum(count * (count - 1) for group in held for count in group.values())
    same = sum(sum(group.values()) * (sum(group.values()) - 1) for group in held)
    between = named * (named - 1) - pairs
    if not between or same - together >= between:
        return believed
    by_chance = (same - together) / between
    seen = (together / pairs - by_chance) / (1 - by_chance)
    further = named - len(sizes)
    return min(max((believed * weight + seen * further) / (weight + further), 0.0), 1.0)
