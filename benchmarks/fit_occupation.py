"""Fits the weights of evidence about occupations on postings made of taxonomies.

`python -m benchmarks.fit_occupation` prints the rows of `config/lexicon/occupation_weights.csv`;
`--write` writes them. Weights minimise the mean of -ln P(code) + 0.01 |w|^2 (L-BFGS). Only English
evidence is fitted; what pseudo-postings cannot show keeps the weight set by hand: lexicons, gloss,
stated category, ISCO's own names, and pairs of words, which tell in long texts only.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.pseudo_postings import pseudo_postings, scores_of, truths
from config.vocabulary import read_table
from streams.classify.english import (
    HEAD_MAJOR,
    HEAD_SUB,
    TEXT,
    TITLES,
    WORDS_MAJOR,
    WORDS_SUB,
)
from streams.classify.groups import Scores
from streams.classify.occupation import load_english

FITTED: Final = (TITLES, TEXT, HEAD_MAJOR, HEAD_SUB, WORDS_MAJOR, WORDS_SUB)
TABLE: Final = Path(__file__).parent.parent / "config" / "lexicon" / "occupation_weights.csv"
_SEED: Final = 20261126
_POSTINGS: Final = 2400
_PENALTY: Final = 0.01


def fit(named: Mapping[str, Scores], groups: NDArray[np.intp]) -> dict[str, float]:
    """Weights under which the given codes are likeliest."""
    from scipy.optimize import minimize

    names = list(named)
    scores = np.stack([named[name] for name in names], axis=2).astype(np.float64)
    rows = np.arange(len(groups))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total = scores @ weights
        raised = np.exp(total - total.max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        value = -np.log(shares[rows, groups] + 1e-12).mean() + _PENALTY * weights @ weights
        shares[rows, groups] -= 1
        slope = np.einsum("ng,ngf->f", shares, scores) / len(groups) + 2 * _PENALTY * weights
        return float(value), slope

    found: Any = minimize(loss, np.full(len(names), 0.3), jac=True, method="L-BFGS-B")
    return {name: round(float(weight), 3) for name, weight in zip(names, found.x, strict=True)}


def main() -> None:
    """Fit and print, or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--postings", type=int, default=_POSTINGS)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    made = pseudo_postings(options.postings, options.seed)
    named = {k: v for k, v in scores_of(load_english(), made).items() if k in FITTED}
    groups = truths(made)
    weights = fit(named, groups)
    alone = fit({name: scores for name, scores in named.items() if name != TEXT}, groups)
    factors = {name: round(weight / weights[name], 3) for name, weight in alone.items()}
    rows = [
        {
            **row,
            "weight": str(weights.get(row["evidence"], row["weight"])),
            "alone": str(factors.get(row["evidence"], row["alone"])),
        }
        for row in read_table("lexicon", "occupation_weights.csv")
    ]
    for row in rows:
        print(",".join(row.values()))
    if options.write:
        with TABLE.open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(
                table, ["evidence", "weight", "alone", "origin"], lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
