"""Is it the labour market or the collection? A signal must survive leaving out each source.

If one source changed its format, died silently or began to flood, its counts shift and those of the
others don't. Leaving that source out then turns the evidence against the signal, while the same
shift shows in the source's counts elsewhere: outside the cell's province, or, of a cell of the
whole country, outside its occupation group. Where no other source shows the cell, the
source's counts elsewhere are compared with those of the others there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import log
from types import MappingProxyType
from typing import Final

from alerts.cells import NATION, Cell
from alerts.cusum import log_ratio
from alerts.grounds import Ground, Why
from alerts.panel import Panel
from alerts.signal import Classification
from warehouse.openings import Opening

BASELINE_DAYS: Final = 84
_EVIDENCE_DAYS: Final = 42
_LEAST_SHARE: Final = 0.1
"""A source behind less of the cell cannot have made its signal alone."""
_SURE: Final = 2.0
"""Log-likelihood ratio from which a few counts are taken to have changed, or not to have."""


_BY_THEMSELVES: Final = 8.0
"""The same from which sources tell a change without the one that is known to have changed alone."""
_ALIKE: Final = 2.0 / 3.0
"""Others that changed by this part of the whole change, as logarithms of ratios, changed alike."""
_ALIKE_SURE: Final = 3.0
"""Log-likelihood ratio from which others that changed alike tell it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Classification of a change and the reason."""

    classification: Classification
    detail: str
    """The reason in English."""
    suspect: str = ""
    """Source at fault, or ""."""
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Split:
    """Counts before and during, and how much longer "before" was."""

    before: Counter[str]
    during: Counter[str]
    scale: float
    """Exposure during divided by exposure before."""

    def gain(self, name: str, ratio: float, dispersion: float) -> float:
        """Log-likelihood ratio of "changed by `ratio`" against "unchanged" for counts `name`."""
        expected = (self.before[name] + 0.5) * self.scale
        doubt = max(dispersion - 1.0, 0.0) / expected + 1.0 / (self.before[name] + 0.5)
        return log_ratio(float(self.during[name]), expected, 1.0 / doubt, ratio)


def judge(
    panel: Panel,
    cell: Cell,
    onset: int,
    day: int,
    dispersion: float,
    weight_of_day: Callable[[int], float],
    suspects: Mapping[str, int] = MappingProxyType({}),
) -> Verdict:
    """Classify a change that began on `onset` and is seen on `day`.

    Args:
        panel: openings from at least 84 days before `onset`.
        cell: where the change is.
        onset: first day (ordinal) of the change.
        day: last day of evidence.
        dispersion: Fano factor of the cell's daily counts.
        weight_of_day: relative exposure of a day (weekday, holiday); 0 leaves it out.
        suspects: sources known to have changed alone, in the same direction (`alerts.volumes`),
            with the first day of that: without them the change must still be one by itself.
    """
    sources = sorted(panel.on(day).established)
    split = _split(panel, cell, onset, day, weight_of_day, sources)
    if split is None:
        return _labour(Ground.NO_BASELINE, "no comparable baseline")
    if len(sources) < 2:
        return _labour(Ground.ONE_SOURCE, "one source only: not cross-checked")
    total = split.before["all"] * split.scale
    ratio = (split.during["all"] + 0.5) / (total + 0.5)
    for source in sources:
        share = max(split.before[f"with {source}"], split.during[f"with {source}"])
        if share < _LEAST_SHARE * max(split.before["all"], split.during["all"], 1):
            continue
        blamed = _blamed(split, source, cell, ratio, dispersion)
        if blamed is None and source in suspects:
            begin = max(onset, suspects[source])
            since = _split(panel, cell, onset, day, weight_of_day, sources, begin)
            blamed = _carried(split, since or split, source, cell, ratio, dispersion)
        if blamed is not None:
            return blamed
    lone = next((one for one in sources if _is_lone(split, one, cell, ratio, dispersion)), "")
    if lone:
        return _uncontested(split, lone, ratio, dispersion)
    return _labour(Ground.SURVIVES, f"survives leaving out each of {len(sources)} sources")


def _labour(ground: Ground, detail: str, source: str = "") -> Verdict:
    why = Why(ground=ground, source=source)
    return Verdict(classification=Classification.LABOUR, detail=detail, why=why)


def _is_lone(split: _Split, source: str, cell: Cell, ratio: float, dispersion: float) -> bool:
    """Whether hardly anyone else shows the cell, and what the others show elsewhere is silent."""
    tells = (f"without {source}", f"others than {source}")
    silent = all(split.gain(name, ratio, dispersion) < _SURE for name in tells)
    return cell != NATION and _is_alone(split, source) and silent


def _uncontested(split: _Split, source: str, ratio: float, dispersion: float) -> Verdict:
    """A change that no other source could confirm: what the source shows elsewhere says."""
    elsewhere = split.gain(f"{source} elsewhere", ratio, dispersion)
    if elsewhere <= -_SURE:
        detail = f"only {source} shows this cell, and is as before elsewhere ({elsewhere:+.1f})"
        return _labour(Ground.SOUND_SOURCE, detail, source)
    return _labour(Ground.LONE_SOURCE, f"only {source} shows this cell: not cross-checked", source)


def _blamed(
    split: _Split, source: str, cell: Cell, ratio: float, dispersion: float
) -> Verdict | None:
    """The source's fault, if it is; where the others show little of the cell, they must be sure."""
    rest = split.gain(f"without {source}", ratio, dispersion)
    elsewhere = split.gain(f"{source} elsewhere", ratio, dispersion)
    alone = _is_alone(split, source)
    if rest < (-_SURE if alone else 0.0) and (cell == NATION or elsewhere > 0.0):
        detail = f"without {source} there is no such change ({rest:+.1f} log-likelihood)"
        return _fault(Ground.WITHOUT_SOURCE, source, detail)
    if not alone or elsewhere <= _SURE:
        return None
    if split.gain(f"others than {source}", ratio, dispersion) > -_SURE:
        return None
    detail = (
        f"only {source} shows this cell, and it changed alike elsewhere "
        f"({elsewhere:+.1f} log-likelihood), the other sources did not"
    )
    return _fault(Ground.ONLY_SOURCE, source, detail)


def _carried(
    split: _Split, since: _Split, source: str, cell: Cell, ratio: float, dispersion: float
) -> Verdict | None:
    """The fault of a source that changed alone, unless the change is told without it.

    The others tell it; where they show too little of the cell, the source's counts elsewhere do,
    by being as before: what changed here alone is not the source. Others that changed alike by
    chance, in one of many cells, are no witnesses where the source changed everywhere.

    Args:
        split: over the whole change.
        since: over its days since the source changed alone.
    """
    elsewhere = since.gain(f"{source} elsewhere", ratio, dispersion)
    if _is_alone(split, source) and cell != NATION and elsewhere <= 0.0:
        return None
    name = f"without {source}"
    own = (split.during[name] + 0.5) / ((split.before[name] + 0.5) * split.scale + 0.5)
    part = log(own) / log(ratio) if ratio != 1.0 else 0.0
    rest = split.gain(name, own, dispersion) if part > 0.0 else 0.0
    everywhere = cell != NATION and elsewhere > _SURE
    if everywhere and since.gain(f"others than {source}", ratio, dispersion) < -_SURE:
        part = 0.0
    if rest >= (_ALIKE_SURE if part >= _ALIKE else _BY_THEMSELVES):
        return None
    detail = f"{source} changed alone, and the others do not tell it ({rest:+.1f} log-likelihood)"
    return _fault(Ground.SUSPECT_SOURCE, source, detail)


def _fault(ground: Ground, source: str, detail: str) -> Verdict:
    return Verdict(
        classification=Classification.COLLECTION_FAULT, detail=detail, suspect=source,
        why=Why(ground=ground, source=source),
    )  # fmt: skip


def _is_alone(split: _Split, source: str) -> bool:
    """Whether the other sources show too little of the cell to be asked."""
    return split.before[f"without {source}"] < _LEAST_SHARE * split.before["all"]


def _split(
    panel: Panel,
    cell: Cell,
    onset: int,
    day: int,
    weight_of_day: Callable[[int], float],
    sources: list[str],
    since: int = 0,
) -> _Split | None:
    start = max(onset, since, day - _EVIDENCE_DAYS + 1)
    before_days = _full_days(panel, range(onset - BASELINE_DAYS, onset), weight_of_day)
    during_days = _full_days(panel, range(start, day + 1), weight_of_day)
    before_weight = sum(weight_of_day(d) for d in before_days)
    during_weight = sum(weight_of_day(d) for d in during_days)
    if not before_weight or not during_weight:
        return None
    return _Split(
        before=_tally(panel, cell, before_days, sources),
        during=_tally(panel, cell, during_days, sources),
        scale=during_weight / before_weight,
    )


def _full_days(
    panel: Panel, days: Iterable[int], weight_of_day: Callable[[int], float]
) -> list[int]:
    return [d for d in days if weight_of_day(d) > 0.0 and panel.on(d).is_full]


def _tally(panel: Panel, cell: Cell, days: list[int], sources: list[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for day in days:
        for row in panel.visible(cell, day, day):
            counted.update(_names(row, sources))
        for source, n in panel.source_totals(day).items():
            counted[f"{source} elsewhere"] += n
        for row in panel.visible(_surroundings(cell), day, day):
            counted.subtract(f"{source} elsewhere" for source in row.sources)
    whole = sum(counted[f"{source} elsewhere"] for source in sources)
    for source in sources:
        counted[f"others than {source}"] = whole - counted[f"{source} elsewhere"]
    return counted


def _surroundings(cell: Cell) -> Cell:
    """What "elsewhere" leaves out: a shock of a province meets all its groups."""
    return Cell(cell.province, "") if cell.province else cell


def _names(row: Opening, sources: list[str]) -> Iterable[str]:
    yield "all"
    showing = [source for source in sources if source in row.sources]
    for source in sources:
        if source in showing:
            yield f"with {source}"
        if showing and showing != [source]:
            yield f"without {source}"
