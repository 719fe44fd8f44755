"""Figures of the correction loop: what the queue's order is worth, and how sound its intervals are.

A simulated market: cells of very different size, a calibrated coder, an officer who always says
the truth. Nothing of it is tuned: the queue is the one that officers see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from benchmarks.report import Figure
from config.vocabulary import occupations, provinces
from dashboard.coding.agreement import cohen_kappa, estimate, share_equal
from dashboard.coding.influence import queue
from warehouse.coding import QueueRow

_NOISE: Final = 0.9
_ALERTING: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Vacancies as coded, and their true major groups by vacancy."""

    rows: list[QueueRow]
    truth: dict[str, str]
    alerting: frozenset[tuple[str, str]]


def simulated(size: int, random: Any) -> Market:
    """Vacancies over provinces and unit groups by Zipf's law; the truth is drawn from what the
    coder believes, so that its probabilities are calibrated."""
    codes = sorted(code for code in occupations() if len(code) == 4 and code[0] != "0")
    code_share = _zipf(len(codes), random)
    places = list(provinces())
    place_share = _zipf(len(places), random)
    rows: list[QueueRow] = []
    truth: dict[str, str] = {}
    for number in range(size):
        chosen = list(random.choice(len(codes), size=4, replace=False, p=code_share))
        sure = random.beta(1.5, 1.0)
        rest = random.dirichlet((_NOISE,) * 3) * (1 - sure)
        shares = sorted((sure, *rest), reverse=True)
        candidates = tuple(
            (codes[at], float(share)) for at, share in zip(chosen, shares, strict=True)
        )
        name = f"v{number}"
        rows.append(
            QueueRow(
                vacancy_id=name,
                title="",
                employer="",
                language="lo",
                province=places[int(random.choice(len(places), p=place_share))],
                isco08=candidates[0][0],
                probability=candidates[0][1],
                candidates=candidates,
                openings=1,
                opened_on=date(2026, 11, 1),
                source_id="a",
            )
        )
        truth[name] = candidates[int(random.choice(4, p=np.array(shares) / sum(shares)))][0][0]
    cells = sorted({(row.province, row.isco08[0]) for row in rows})
    chosen_cells = random.choice(len(cells), size=_ALERTING, replace=False)
    return Market(rows=rows, truth=truth, alerting=frozenset(cells[int(at)] for at in chosen_cells))


def _zipf(size: int, random: Any) -> Any:
    """Shares by Zipf's law, in an order by chance."""
    shares = 1 / np.arange(1, size + 1)
    return random.permutation(shares / shares.sum())


def count_error(market: Market, corrected: Sequence[str]) -> float:
    """Mean over cells of |counted - true| / (true + 1), after the officer said the truth."""
    known = set(corrected)
    true = Counter((row.province, market.truth[row.vacancy_id]) for row in market.rows)
    counted = Counter(
        (row.province, market.truth[row.vacancy_id] if row.vacancy_id in known else row.isco08[0])
        for row in market.rows
    )
    cells = sorted({*true, *counted})
    return float(np.mean([abs(counted[cell] - true[cell]) / (true[cell] + 1) for cell in cells]))


def orders(market: Market, random: Any) -> dict[str, list[str]]:
    """Vacancies in the order in which an officer would take them, by way of ordering."""
    cells = Counter((row.province, row.isco08[0]) for row in market.rows)
    by_chance = [row.vacancy_id for row in market.rows]
    random.shuffle(by_chance)
    unsure = sorted(market.rows, key=lambda row: (row.probability, row.vacancy_id))
    return {
        "queue": [one.row.vacancy_id for one in queue(market.rows, cells, market.alerting)],
        "least probable first": [row.vacancy_id for row in unsure],
        "by chance": by_chance,
    }


def coverage(items: int, trials: int, random: Any) -> tuple[float, float]:
    """Share of trials in which the intervals of percent and kappa hold the true figure.

    Two coders over five categories of unequal share: each says the true one with probability 0.8,
    else any by share. The truth is computed from the model, not from a large draw.
    """
    share = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    right = 0.8
    says = right * np.eye(5) + (1 - right) * share
    same = float((share[:, None] * says**2).sum())
    margin = share @ says
    kappa = (same - float((margin**2).sum())) / (1 - float((margin**2).sum()))
    hits = [0, 0]
    for trial in range(trials):
        truth = random.choice(5, size=items, p=share)
        first, second = ([str(random.choice(5, p=says[at])) for at in truth] for _ in range(2))
        for which, (statistic, value) in enumerate(
            ((share_equal(first, second), same), (cohen_kappa(first, second), kappa))
        ):
            found = estimate(statistic, [1.0] * items, seed=trial)
            if found.lower is not None and found.upper is not None:
                hits[which] += found.lower <= value <= found.upper
    return hits[0] / trials, hits[1] / trials


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """The part's figures."""
    random = np.random.default_rng(seed)
    markets, size = (3, 600) if quick else (20, 2_000)
    budgets = (0, size // 20, size // 10, size // 5)
    errors: dict[str, list[list[float]]] = {}
    for _ in range(markets):
        market = simulated(size, random)
        for name, order in orders(market, random).items():
            found = [count_error(market, order[:budget]) for budget in budgets]
            errors.setdefault(name, []).append(found)
    means = {name: np.mean(each, axis=0) for name, each in errors.items()}
    removed = {name: 1 - mean[2] / mean[0] for name, mean in means.items()}
    percent, kappa = coverage(100, 60 if quick else 1_000, random)
    figures = [
        Figure(
            key="queue_error_removed",
            value=round(float(removed["queue"]), 3),
            about="share of the mean relative error of cell counts that an officer removes who "
            "corrects a tenth of the vacancies in the queue's order (simulated market)",
        ),
        Figure(
            key="least_probable_error_removed",
            value=round(float(removed["least probable first"]), 3),
            about="the same, least probable code first",
        ),
        Figure(
            key="chance_error_removed",
            value=round(float(removed["by chance"]), 3),
            about="the same, in any order",
        ),
        Figure(
            key="agreement_interval_coverage",
            value=round(percent, 3),
            about="share of 95 % intervals of percent agreement that hold the truth (100 adverts)",
        ),
        Figure(
            key="kappa_interval_coverage",
            value=round(kappa, 3),
            about="the same for Cohen's kappa",
        ),
    ]
    rows = [
        {"order": name, **{f"{budget} of {size}": round(float(at), 4) for budget, at in
                           zip(budgets, mean, strict=True)}}
        for name, mean in means.items()
    ]  # fmt: skip
    return figures, {"tables": {"Error of cell counts after so many corrections": rows}}
