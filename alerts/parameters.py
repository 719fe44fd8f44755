"""Parameters of the detectors, one set per density class, read once and validated with the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from math import log
from pathlib import Path
from typing import Final

import yaml

_LEAST_RATE: Final = 0.1
DETECTORS_FILE: Final = Path(__file__).parent.parent / "config" / "detectors.yaml"


class ParameterError(ValueError):
    """A configuration file is wrong; the message names file, line, and what was expected."""


class Density(StrEnum):
    """How many new vacancies a cell sees a day; bounds are METHODS section 4's."""

    AGGREGATE = "aggregate"
    DENSE = "dense"
    MEDIUM = "medium"
    SPARSE = "sparse"


def density_of(rate: float) -> Density:
    """Class of a cell expecting `rate` vacancies a day."""
    if rate >= 20.0:
        return Density.AGGREGATE
    if rate >= 5.0:
        return Density.DENSE
    return Density.MEDIUM if rate >= 0.5 else Density.SPARSE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassParameters:
    """What one density class uses. Days are days; ratios are ratios of rates."""

    ratio: float
    """The change the test is sharpest for: rate times or divided by this."""
    threshold: float
    """Log-likelihood ratio at which a change is declared, of a cell expecting one a day…"""
    threshold_slope: float
    """…and what each unit of the log rate adds: with 1, cells of all rates err equally often."""
    doubt: float
    """What the threshold is higher on the day on which the level is begun anew."""
    supporting_days: int
    """Days of evidence in the running excursion below which nothing is declared."""
    half_life: float
    """Memory of the rate."""
    clear: float
    """Log-likelihood ratio in favour of the old level at which an episode is over."""

    def threshold_at(self, rate: float) -> float:
        """The threshold of a cell expecting `rate` vacancies a day."""
        if self.threshold_slope == 0.0:
            return self.threshold
        return self.threshold + self.threshold_slope * log(max(rate, _LEAST_RATE))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorParameters:
    """All that a detector needs besides data."""

    classes: Mapping[Density, ClassParameters]
    guard_days: int
    """Days before a count may teach the expectation, so that a change does not hide itself."""
    minimum_history: int
    """Scored only after so many days were learned."""
    absorb_days: int
    """A level that lasted so long is the new normal."""
    doubt_half_life: float
    """Days after which half of that doubt is gone."""
    zero_run_share: float
    """A run of zeros is quarantined when even a fall to this share of the rate…"""
    zero_run_probability: float
    """…would produce it with less than this probability."""


_BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "ratio": (1.05, 5.0),
    "threshold": (0.5, 50.0),
    "threshold_slope": (0.0, 2.0),
    "doubt": (0.0, 10.0),
    "doubt_half_life": (1.0, 400.0),
    "supporting_days": (1, 30),
    "half_life": (14.0, 400.0),
    "clear": (0.5, 50.0),
    "guard_days": (0, 60),
    "minimum_history": (14, 400),
    "absorb_days": (28, 400),
    "zero_run_share": (0.05, 1.0),
    "zero_run_probability": (1e-9, 0.1),
}
_WHOLE: Final = frozenset({"supporting_days", "guard_days", "minimum_history", "absorb_days"})


def load_parameters(path: Path = DETECTORS_FILE) -> DetectorParameters:
    """The parameters in `path`.

    Raises:
        ParameterError: unknown, missing or out-of-range entry, with file and line.
    """
    entries = _mapping(yaml.compose(path.read_text(encoding="utf-8")), path, "the file")
    classes_node = _take(entries, "classes", path)
    by_class = _mapping(classes_node, path, "classes")
    classes = {}
    for density in Density:
        node = _take(by_class, density.value, path)
        values = _numbers(node, path, ClassParameters, ())
        classes[density] = ClassParameters(**values)  # type: ignore[arg-type]
    _refuse_unknown(by_class, {d.value for d in Density}, path)
    rest = _numbers_of(entries, path, DetectorParameters, ("classes",))
    return DetectorParameters(classes=classes, **rest)  # type: ignore[arg-type]


type_numbers = dict[str, float | int]


def _numbers(
    node: yaml.Node, path: Path, record: type[object], skip: tuple[str, ...]
) -> type_numbers:
    return _numbers_of(_mapping(node, path, "a density class"), path, record, skip)


def _numbers_of(
    entries: Mapping[str, tuple[int, yaml.Node]],
    path: Path,
    record: type[object],
    skip: tuple[str, ...],
) -> type_numbers:
    names = [f.name for f in fields(record)]  # type: ignore[arg-type]
    _refuse_unknown(entries, set(names), path)
    return {
        name: _number(name, _take(entries, name, path), path) for name in names if name not in skip
    }


def _number(name: str, node: yaml.Node, path: Path) -> float | int:
    low, high = _BOUNDS[name]
    where = f"{path}:{node.start_mark.line + 1}"
    try:
        value = float(node.value) if isinstance(node, yaml.ScalarNode) else float("nan")
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ParameterError(f"{where}: {name} must be a number from {low:g} to {high:g}")
    if name in _WHOLE and value != int(value):
        raise ParameterError(f"{where}: {name} must be a whole number of days")
    return int(value) if name in _WHOLE else value


def _mapping(node: yaml.Node | None, path: Path, what: str) -> dict[str, tuple[int, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1 if node is not None else 1
        raise ParameterError(f"{path}:{line}: {what} must be a mapping of names to values")
    return {str(k.value): (k.start_mark.line + 1, v) for k, v in node.value}


def _take(entries: Mapping[str, tuple[int, yaml.Node]], name: str, path: Path) -> yaml.Node:
    if name not in entries:
        line = min((line for line, _ in entries.values()), default=1)
        raise ParameterError(f"{path}:{line}: {name} is missing")
    return entries[name][1]


def _refuse_unknown(
    entries: Mapping[str, tuple[int, yaml.Node]], known: set[str], path: Path
) -> None:
    for name, (line, _) in entries.items():
        if name not in known:
            raise ParameterError(f"{path}:{line}: unknown entry {name!r}; known: {sorted(known)}")
