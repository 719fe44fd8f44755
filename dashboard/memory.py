"""What was drawn of the present snapshot, kept until there is a newer one.

Pages are pure functions of the snapshot, the address, the filters and who looks: many readers of
the same page are answered by one drawing. Nothing is kept of an older snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, TypeVar

MOST: Final = 2_000
"""Drawings that are kept; beyond that the memory begins anew."""

Drawn = TypeVar("Drawn")


class Drawings:
    """Drawings of one snapshot by what they show. For any number of threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._version: object = None
        self._held: dict[Hashable, object] = {}
        self._lock = Lock()

    def of(self, version: int, key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
        """The drawing of `key`, made by `draw` where it is not kept.

        Args:
            version: of the snapshot it is drawn from.
            key: everything else that it depends on.
            draw: makes it; its result must not be changed by anybody.
        """
        with self._lock:
            if version != self._version or len(self._held) >= self._most:
                self._version, self._held = version, {}
            held = self._held
            if key in held:
                return held[key]  # type: ignore[return-value]
        made = draw()
        with self._lock:
            held[key] = made
        return made
