"""An online classifier in two stages on River: sub-major group first, then its unit groups.

One softmax over hundreds of classes costs milliseconds a title; two small ones cost less than one
and lose nothing (measured in `benchmarks/coding_learning.py`). Old lessons are rehearsed with every
new one, so that a week of drivers does not make it forget teachers.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any, Final

from streams.classify.lessons import Features

_RATE: Final = 3.0  # features are unit vectors: a step of 1 moves a score by 1
_STAGES: Final = 3
"""Sub-major groups within which unit groups are looked at."""
_LEAST_KNOWN: Final = 0.25
"""Part of a title's (squared) weight that must have been seen."""
_REHEARSED: Final = 2
_KEPT: Final = 500

Weights = list[tuple[str, list[tuple[int, float]]]]
"""Label → feature → weight, in the order in which they came: sums must come out the same."""


class TwoStage:
    """Strictly online; equal lessons in equal order give equal weights to the last bit."""

    def __init__(self, seed: int = 20261125) -> None:
        self._seed = seed
        self._top = _fresh()
        self._within: dict[str, Any] = {}
        self._kept: list[tuple[str, list[tuple[int, float]]]] = []
        self._seen = 0
        self._known: set[int] = set()

    def learn(self, features: Features, isco08: str) -> None:
        """Take one lesson, and rehearse some earlier ones."""
        dice = random.Random(self._seed * 1_000_003 + self._seen)  # noqa: S311 - no secret
        self._step(features, isco08)
        for label, old in dice.sample(self._kept, min(_REHEARSED, len(self._kept))):
            self._step(dict(old), label)
        self._seen += 1
        entry = (isco08, list(features.items()))
        if len(self._kept) < _KEPT:
            self._kept.append(entry)
        elif (place := dice.randrange(self._seen)) < _KEPT:  # reservoir sampling (Vitter 1985)
            self._kept[place] = entry

    def shares(self, features: Features) -> dict[str, float]:
        """Probabilities of the unit groups within the likeliest sub-major groups.

        Empty where too little of the title was ever seen. Features without weight are left out:
        they add nothing to a score.
        """
        features = {name: weight for name, weight in features.items() if name in self._known}
        if sum(weight * weight for weight in features.values()) < _LEAST_KNOWN:
            return {}
        first = self._top.predict_proba_one(features)
        leading = sorted(first, key=lambda group: (-first[group], group))[:_STAGES]
        return {
            code: first[group] * share
            for group in leading
            for code, share in self._within[group].predict_proba_one(features).items()
        }

    def snapshot(self) -> dict[str, Any]:
        """All that `restore` needs, of plain types."""
        return {
            "seed": self._seed,
            "seen": self._seen,
            "kept": self._kept,
            "top": _weights(self._top),
            "within": [(group, _weights(model)) for group, model in self._within.items()],
        }

    @classmethod
    def restore(cls, data: dict[str, Any]) -> TwoStage:
        """The classifier that `snapshot` was taken of, to the last bit."""
        model = cls(seed=data["seed"])
        model._seen = data["seen"]
        model._kept = [
            (label, [(feature, weight) for feature, weight in old]) for label, old in data["kept"]
        ]
        model._top = _with(data["top"])
        model._known = {name for weights in model._top.weights.values() for name in weights}
        model._within = {group: _with(weights) for group, weights in data["within"]}
        return model

    def _step(self, features: Features, isco08: str) -> None:
        group = isco08[:2]
        if group not in self._within:
            self._within[group] = _fresh()
        self._known.update(features)
        self._top.learn_one(features, group)
        self._within[group].learn_one(features, isco08)


def _fresh() -> Any:
    """A softmax regression of River, which is not typed."""
    from river.linear_model import SoftmaxRegression
    from river.optim import SGD

    return SoftmaxRegression(optimizer=SGD(_RATE))


def _weights(model: Any) -> Weights:
    return [(label, list(weights.items())) for label, weights in model.weights.items()]


def _with(weights: Weights) -> Any:
    model = _fresh()
    for label, of_label in weights:
        model.weights[label] = defaultdict(float, {int(f): w for f, w in of_label})
    return model
