"""State of a detector as plain values, and a detector that continues from it bit for bit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, TypeVar

_Detector = TypeVar("_Detector")
_OF_RIVER: Final = "_drift_detected"


def exported(detector: object, left_out: Collection[str] = ()) -> dict[str, Any]:
    """Attributes by name, lists copied; without those `left_out` and the one that River sets."""
    return {
        name: list(value) if isinstance(value, list) else value
        for name, value in vars(detector).items()
        if name != _OF_RIVER and name not in left_out
    }


def restored(made: _Detector, state: Mapping[str, Any]) -> _Detector:
    """A new detector that is given the attributes of `state`."""
    for name, value in state.items():
        setattr(made, name, list(value) if isinstance(value, list) else value)
    return made
