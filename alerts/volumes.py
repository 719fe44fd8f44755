"""Does one source show clearly fewer or more new vacancies while the others are as before?

Every day and source, online: the count is held against the source's own level, moved by what the
others did in the week before, as a likelihood-ratio CUSUM of "halved" and of "doubled" against "as
usual". The same question is put to the others: what moves them too is the market. A whole source
is judged, and each province and occupation group of which it shows a vacancy a day or more.

Pure. Operators are told (`alerts.source_marks`), and a change of the market in which such a source
takes part must be told by the others without it (`alerts.faults`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from alerts.cells import NATION, Cell, is_within, parse_cell
from alerts.panel import Panel
from alerts.signal import Direction
from alerts.source_stream import LEARNED_DAYS, LEFT, NEW_NORMAL, Count, Stream, moved

_PART_RATE: Final = 1.0
"""Vacancies a day from which a part of a source is followed."""
WHOLE: Final = 4.0
"""Threshold for a whole source: in simulated quiet markets about one notice a year by chance."""
_PART: Final = 8.0
"""Threshold for a part: there are many."""
Key = tuple[str, Cell]


class _Sum(NamedTuple):
    """Streams of one cell together, or one alone: sums, so that any one can be left out."""

    streams: float = 0.0
    shown: float = 0.0
    """Of the day."""
    expected: float = 0.0
    """Of the day, by their own levels; the next two make the variance of the count."""
    spread: float = 0.0
    doubt: float = 0.0
    week_count: float = 0.0
    week_expected: float = 0.0

    def plus(self, other: _Sum, sign: int = 1) -> _Sum:
        """Both together; with a `sign` of -1 this without the other."""
        return _Sum(*(mine + sign * theirs for mine, theirs in zip(self, other, strict=True)))

    def week(self, usual: float = 1.0) -> float:
        """How they did in the week before, against their levels."""
        return moved(self.week_count, self.week_expected, usual)

    def counted(self, common: float) -> Count:
        """The day's count against levels that all moved by `common`; variances add."""
        mean = max(self.expected * common, 1e-6)
        extra = self.spread * common + self.doubt * common * common
        return Count(count=self.shown, mean=mean, size=mean * mean / max(extra, 1e-9))


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
            key: _sum(stream, float(shown[key]), stream.level.predict(day, exposure))
            for key, stream in sorted(self.streams.items())
            if key[0] in here.observed
        }
        cells: dict[Cell, _Sum] = {}
        usual = {key: that for key, that in seen.items() if self._is_usual(key)}
        for (_, cell), that in usual.items():
            cells[cell] = cells.get(cell, _Sum()).plus(that)
        for key, that in seen.items():
            others, nation = (
                cells.get(cell, _Sum()).plus(usual.get((key[0], cell), _Sum()), -1)
                for cell in (key[1], NATION)
            )
            self._judge(key, that, others, nation, day)
        for key, that in seen.items():
            if not self._is_shadowed(key):
                self.streams[key].learn(day, that.shown, exposure, that.expected)

    def suspects(self, cell: Cell, direction: Direction) -> dict[str, int]:
        """Sources that alone went this way, as a whole or in a part that meets the cell.

        Each with the first day of that, as it is estimated.
        """
        found: dict[str, int] = {}
        for (source, part), stream in self.streams.items():
            period = stream.period
            if not stream.is_open or period is None or period.direction is not direction:
                continue
            if part == cell or is_within(cell, part):
                found[source] = min(period.onset, found.get(source, period.onset))
        return found

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
        for source in sorted(established):
            self.streams.setdefault((source, NATION), Stream())
        missing = [key for key in shown if key not in self.streams and key[0] in established]
        if day % 7 or not missing:
            return
        recent = panel.shown(day - LEARNED_DAYS + 1, day)
        for key in sorted(missing):
            if recent[key] >= _PART_RATE * LEARNED_DAYS:
                self.streams[key] = Stream()

    # -- judging ---------------------------------------------------------------------------------

    def _judge(self, key: Key, that: _Sum, others: _Sum, nation: _Sum, day: int) -> None:
        """Judge a stream's day.

        Args:
            key: of the stream.
            that: its day.
            others: the other sources in its cell, as far as they are as usual.
            nation: these sources as a whole.
            day: ordinal.
        """
        stream = self.streams[key]
        if not stream.is_ready or self._is_shadowed(key):
            return
        common = others.week(nation.week())
        own = that.counted(common)
        if stream.is_open:
            stream.follow(own, day)
            if stream.period is not None and stream.period.ending == NEW_NORMAL:
                self._renew_parts(key, day)
        elif others.streams:
            whole, today = key[1] == NATION, nation.counted(nation.week())
            stream.look(
                own, others.counted(common), day,
                threshold=self.threshold if whole else max(self.threshold, _PART),
                usual=1.0 if whole else moved(today.count, today.mean),
            )  # fmt: skip

    def _is_shadowed(self, key: Key) -> bool:
        """It is a part of a source that is not as usual as a whole."""
        whole = self.streams.get((key[0], NATION))
        return key[1] != NATION and whole is not None and whole.is_open

    def _is_usual(self, key: Key) -> bool:
        """It is no part of a change itself."""
        stream = self.streams[key]
        return stream.is_ready and not stream.is_open and not self._is_shadowed(key)

    def _renew_parts(self, key: Key, day: int) -> None:
        """The levels of a source's parts are those of before: they are learned anew."""
        for other, stream in self.streams.items():
            if key[1] == NATION and other[0] == key[0] and other != key:
                stream.end(day, NEW_NORMAL)
                self.streams[other] = Stream(period=stream.period)

    # -- state -----------------------------------------------------------------------------------

    def export(self) -> list[tuple[str, str, dict[str, Any]]]:
        """State as plain values: source, cell, stream."""
        return [(s, c.key, stream.export()) for (s, c), stream in sorted(self.streams.items())]

    @classmethod
    def restore(cls, state: list[tuple[str, str, dict[str, Any]]]) -> Volumes:
        """The volumes that `export` was asked for."""
        return cls(streams={(s, parse_cell(cell)): Stream.restore(one) for s, cell, one in state})


def _sum(stream: Stream, count: float, expected: float) -> _Sum:
    level = stream.level
    return _Sum(
        streams=1.0, shown=count, expected=expected,
        spread=expected * (level.dispersion - 1.0), doubt=expected * expected / level.a,
        week_count=sum(n for _, n, _ in stream.lately),
        week_expected=sum(mean for _, _, mean in stream.lately),
    )  # fmt: skip
