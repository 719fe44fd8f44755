"""Counts by code, corrected for the coder's errors, with intervals that say so. Pure.

Let t be the true counts by category, n the counts as coded, and P[i, j] the probability that a
posting of category i is given j. Then E(n) = Pᵀt, and t̂ = (Pᵀ)⁻¹n (with two categories this is
Rogan and Gladen's estimator, 1978); where that would be negative, the likeliest t ≥ 0 is found by
expectation maximisation. P is taken from a random sample that people have coded: it does not
depend on how common the categories are, so that it holds when the market changes its mix.

Variance, by the delta method, of the sample's and the coding's randomness (A = (Pᵀ)⁻¹, m_i
sampled postings of category i):

    V = A · Σ_i (t_i + t_i²/m_i) (diag(P_i) − P_i P_iᵀ) · Aᵀ
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from streams.classify.confusion import Confusion

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Z95: Final = 1.959964
FEWEST_OF_A_CODE: Final = 20
"""Coded postings of a category below which it is not told apart from the rest."""
_WORST_CONDITION: Final = 25.0
_STEPS: Final = 2_000
_REST: Final = "\x00rest"


class Standing(StrEnum):
    """Why counts were corrected or not. Only `corrected` ones have intervals."""

    CORRECTED = "corrected"
    NOT_MEASURED = "not_measured"
    """No posting has been coded by people."""
    TOO_FEW_CODED = "too_few_coded"
    """Fewer than two categories have been coded often enough."""
    NOT_SEPARABLE = "not_separable"
    """The coder confuses categories so much that a correction would be mostly noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedCount:
    """The true number of postings of one category, estimated; bounds are 95 %."""

    value: float
    error: float
    """Standard error."""
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Counts after correction; `counts` and `variance` are empty unless `standing` is CORRECTED."""

    standing: Standing
    counts: Mapping[str, CorrectedCount]
    pooled: tuple[str, ...]
    """Categories coded too rarely to be told apart; they are in `rest`."""
    rest: CorrectedCount | None
    n: int
    """Postings counted."""
    coded: int
    """Postings that people have coded."""


def correct_counts(observed: Mapping[str, int], confusion: Confusion | None) -> Corrected:
    """True counts behind counts as coded.

    Args:
        observed: postings by the code they were given ("" for not codable), at the level and in
            the language of `confusion`.
        confusion: of a *random* sample. Corrections that officers make of what looks wrong are
            none: they over-state the errors.
    """
    total = sum(observed.values())
    if confusion is None or not confusion.n:
        return _uncorrected(Standing.NOT_MEASURED, total, 0)
    names, pooled = _categories(observed, confusion)
    if len(names) < 2:
        return _uncorrected(Standing.TOO_FEW_CODED, total, confusion.n)
    import numpy as np

    sample = _sample(confusion, names)
    rates, weight = _rates(sample)
    if not np.linalg.cond(rates) < _WORST_CONDITION:
        return _uncorrected(Standing.NOT_SEPARABLE, total, confusion.n)
    counts = np.zeros(len(names))
    for code, count in observed.items():
        counts[_place(code, names)] += count
    truths = _solve(rates, counts)
    found = _intervals(truths, _variance(rates, truths, weight), total)
    told = dict(zip(names, found, strict=True))
    return Corrected(
        standing=Standing.CORRECTED,
        counts={name: count for name, count in told.items() if name != _REST},
        pooled=pooled,
        rest=told.get(_REST),
        n=total,
        coded=confusion.n,
    )


def _uncorrected(standing: Standing, total: int, coded: int) -> Corrected:
    return Corrected(standing=standing, counts={}, pooled=(), rest=None, n=total, coded=coded)


def _categories(
    observed: Mapping[str, int], confusion: Confusion
) -> tuple[Sequence[str], tuple[str, ...]]:
    """Categories told apart, the rest last; and those that are pooled into it.

    The rest too needs enough coded postings; where it has not, it is joined by the rarest others.
    """
    truths = confusion.truths()
    said = {code for _, code in confusion.counts}
    everything = sorted({*observed, *truths, *said}, key=lambda code: (-truths.get(code, 0), code))
    kept = [code for code in everything if truths.get(code, 0) >= FEWEST_OF_A_CODE]
    rest = everything[len(kept) :]
    while rest and kept and sum(truths.get(code, 0) for code in rest) < FEWEST_OF_A_CODE:
        rest.insert(0, kept.pop())
    return [*sorted(kept), *([_REST] if rest else [])], tuple(sorted(rest))


def _place(code: str, names: Sequence[str]) -> int:
    return names.index(code) if code in names else names.index(_REST)


def _sample(confusion: Confusion, names: Sequence[str]) -> NDArray[Any]:
    import numpy as np

    sample = np.zeros((len(names), len(names)))
    for (truth, said), count in confusion.counts.items():
        sample[_place(truth, names), _place(said, names)] += count
    return sample


def _rates(sample: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """P with rows shrunken a little towards what the coder does on the whole, and rows' weights.

    Each row has a Dirichlet prior: right as often as the whole sample, wrong as the sample's wrong
    answers are spread. Its weight is one posting, so that no cell of P is exactly zero or one.
    """
    import numpy as np

    size = len(sample)
    right = np.trace(sample) / sample.sum()
    wrong = (sample - np.diag(np.diag(sample))).sum(axis=0) + 1 / size
    away = np.tile(wrong, (size, 1))
    np.fill_diagonal(away, 0.0)
    away /= away.sum(axis=1, keepdims=True)
    prior = right * np.eye(size) + (1 - right) * away
    weight = sample.sum(axis=1) + 1.0
    return (sample + prior) / weight[:, None], weight


def _solve(rates: NDArray[Any], counts: NDArray[Any]) -> NDArray[Any]:
    """True counts by inversion; where one would be negative, the likeliest that are not."""
    import numpy as np

    found = np.linalg.solve(rates.T, counts)
    if (found >= 0).all():
        return found
    truths = np.full(len(counts), counts.sum() / len(counts))
    for _ in range(_STEPS):
        expected = np.maximum(rates.T @ truths, 1e-12)
        following = truths * (rates @ (counts / expected))
        done = np.abs(following - truths).max() < 1e-6
        truths = following
        if done:
            break
    return truths


def _variance(rates: NDArray[Any], truths: NDArray[Any], weight: NDArray[Any]) -> NDArray[Any]:
    """Covariance of the true counts, as the module's head says."""
    import numpy as np

    # A category seen empty may hold some: its coding still varies, as if it held one.
    held = np.maximum(truths, 1.0)
    factor = held + held**2 / weight
    middle = np.diag(factor @ rates) - (rates * factor[:, None]).T @ rates
    inverse = np.linalg.inv(rates.T)
    return np.asarray(inverse @ middle @ inverse.T)


def _intervals(
    truths: NDArray[Any], variance: NDArray[Any], total: int
) -> Sequence[CorrectedCount]:
    return [
        _count(float(value), float(spread) ** 0.5, total)
        for value, spread in zip(truths, variance.diagonal(), strict=True)
    ]


def _count(value: float, error: float, total: int) -> CorrectedCount:
    return CorrectedCount(
        value=value,
        error=error,
        lower=max(0.0, value - _Z95 * error),
        upper=min(float(total), value + _Z95 * error),
    )


def together(parts: Sequence[Corrected]) -> Corrected:
    """The sum of counts that were corrected apart, one language from another.

    What is not told in every part goes to the rest. Errors are added as of independent samples;
    within the rest they are taken for independent too, which is on the safe side, since one
    posting too many in one category is one too few in another.

    Raises:
        ValueError: a part was not corrected.
    """
    if any(part.standing is not Standing.CORRECTED for part in parts) or not parts:
        raise ValueError("only corrected counts can be added")
    shared = set.intersection(*(set(part.counts) for part in parts))
    others = [count for part in parts for name, count in part.counts.items() if name not in shared]
    others += [part.rest for part in parts if part.rest is not None]
    total = sum(part.n for part in parts)
    return Corrected(
        standing=Standing.CORRECTED,
        counts={
            name: _sum([part.counts[name] for part in parts], total) for name in sorted(shared)
        },
        pooled=tuple(sorted({name for part in parts for name in _untold(part, shared)})),
        rest=_sum(others, total) if others else None,
        n=total,
        coded=sum(part.coded for part in parts),
    )


def _untold(part: Corrected, shared: set[str]) -> set[str]:
    return {*part.pooled, *part.counts} - shared


def _sum(counts: Sequence[CorrectedCount], total: int) -> CorrectedCount:
    error = sum(count.error**2 for count in counts) ** 0.5
    return _count(sum(count.value for count in counts), error, total)
