"""Does one source show clearly fewer or more new vacancies while the others are as before?

Every day and source, online: the count is held against the source's own level, moved by what the
others did in the week before, as a likelihood-ratio CUSUM of "halved" and of "doubled" against "as
usual". The same question is put to the others: what moves them too is the market. A whole source
is judged, and each province and occupation group of which it shows a vacancy a day or more.

Pure. Operators are told (`alerts.source_marks`); no alert of the labour market depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from alerts.cells import NATION, Cell, parse_cell
from alerts.panel import Panel
from alerts.source_stream import LEARNED_DAYS, LEFT, NEW_NORMAL, Count, Stream, moved

_PART_RATE: Final = 1.0
"""Vacancies a day from which a part of a source is followed."""
WHOLE: Final = 4.0
"""Threshold for a whole source: in simulated quiet markets about one notice a year by chance."""
_PART: Final = 8.0
"""Threshold for a part: there are many."""
Key = tuple[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What one stream showed on one day, and what its own level expected."""

    count: float
    exposure: float
    expected: float


@dataclass(slots=True, kw_only=True)
class Volumes:
    """All streams, by source and cell. `follow` days in order."""

    streams: dict[Key, Stream] = field(default_factory=dict)
    threshold: float = WHOLE

    def follow(self, day: int, panel: Panel, weight: Callable[[int], float]) -> None:
        """Take in a complete day: judge it, then learn from it.

        Args:
            day: ordinal.
            panel: openings of the day and of four weeks before it.
            weight: relative exposure of a day; 0 leaves it out.
        """
        here, exposure = panel.on(day), weight(day)
        self._leave(here.established, day)
        if exposure <= 0.0:
            return
        shown = panel.shown(day, day)
        self._begin(day, panel, shown)
        seen = {
            key: _Day(
                count=float(shown[key]), exposure=exposure,
                expected=stream.level.predict(day, exposure),
            )
            for key, stream in self.streams.items()
            if key[0] in here.observed
        }  # fmt: skip
        for key in sorted(seen):
            self._judge(key, seen, day)
        for key, that in seen.items():
            if not self._is_shadowed(key):
                self.streams[key].learn(day, that.count, that.exposure, that.expected)

    # -- which streams there are -----------------------------------------------------------------

    def _leave(self, established: frozenset[str], day: int) -> None:
        """Who is not compared any more is not judged, and starts anew if it comes back."""
        for key, stream in list(self.streams.items()):
            if key[0] in established:
                continue
            stream.end(day, LEFT)
            if stream.period is None:
                del self.streams[key]
            elif stream.level.days:
                self.streams[key] = Stream(period=stream.period)

    def _begin(self, day: int, panel: Panel, shown: Mapping[Key, int]) -> None:
        established = panel.on(day).established
        for source in established:
            self.streams.setdefault((source, NATION), Stream())
        missing = [key for key in shown if key not in self.streams and key[0] in established]
        if day % 7 or not missing:
            return
        recent = panel.shown(day - LEARNED_DAYS + 1, day)
        for key in sorted(missing):
            if recent[key] >= _PART_RATE * LEARNED_DAYS:
                self.streams[key] = Stream()

    # -- judging ---------------------------------------------------------------------------------

    def _judge(self, key: Key, seen: Mapping[Key, _Day], day: int) -> None:
        stream = self.streams[key]
        if not stream.is_ready or self._is_shadowed(key):
            return
        nation, others = self._others((key[0], NATION), seen), self._others(key, seen)
        common = self._week(others, self._week(nation))
        own = self._counted([key], seen, common)
        if stream.is_open:
            stream.follow(own, day)
            if stream.period is not None and stream.period.ending == NEW_NORMAL:
                self._renew_parts(key, day)
        elif others:
            threshold = self.threshold if key[1] == NATION else max(self.threshold, _PART)
            beside = self._counted(others, seen, common)
            usual = 1.0 if key[1] == NATION else self._today(nation, seen)
            stream.look(own, beside, day, threshold=threshold, usual=usual)

    def _others(self, key: Key, seen: Mapping[Key, _Day]) -> list[Key]:
        """Other sources in the same cell that can be asked whether the market changed."""
        return [k for k in seen if k[1] == key[1] and k[0] != key[0] and self._is_usual(k)]

    def _is_shadowed(self, key: Key) -> bool:
        """It is a part of a source that is not as usual as a whole."""
        whole = self.streams.get((key[0], NATION))
        return key[1] != NATION and whole is not None and whole.is_open

    def _is_usual(self, key: Key) -> bool:
        """It is no part of a change itself."""
        stream = self.streams[key]
        return stream.is_ready and not stream.is_open and not self._is_shadowed(key)

    def _week(self, others: list[Key], usual: float = 1.0) -> float:
        """How the others did in the week before, against their levels."""
        lately = [each for key in others for each in self.streams[key].lately]
        return moved(sum(n for _, n, _ in lately), sum(mean for _, _, mean in lately), usual)

    def _today(self, others: list[Key], seen: Mapping[Key, _Day]) -> float:
        """How the others do today, against their own week before."""
        counted = self._counted(others, seen, self._week(others))
        return moved(counted.count, counted.mean)

    def _counted(self, keys: list[Key], seen: Mapping[Key, _Day], common: float) -> Count:
        """Some streams together; the variances of their counts add."""
        mean = extra = 0.0
        for key in keys:
            part = max(seen[key].expected * common, 1e-6)
            mean += part
            extra += part * part / self.streams[key].level.precision(part)
        count = sum(seen[key].count for key in keys)
        return Count(count=count, mean=mean, size=mean * mean / extra if extra else 1.0)

    def _renew_parts(self, key: Key, day: int) -> None:
        """The levels of a source's parts are those of before: they are learned anew."""
        for other, stream in self.streams.items():
            if key[1] == NATION and other[0] == key[0] and other != key:
                stream.end(day, NEW_NORMAL)
                self.streams[other] = Stream(period=stream.period)

    # -- state -----------------------------------------------------------------------------------

    def export(self) -> list[tuple[str, str, dict[str, Any]]]:
        """State as plain values: source, cell, stream."""
        return [(s, cell.key, stream.export()) for (s, cell), stream in self.streams.items()]

    @classmethod
    def restore(cls, state: list[tuple[str, str, dict[str, Any]]]) -> Volumes:
        """The volumes that `export` was asked for."""
        return cls(streams={(s, parse_cell(cell)): Stream.restore(one) for s, cell, one in state})
