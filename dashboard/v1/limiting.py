"""How often an address without a token may ask: fixed windows of a minute, in this process."""

from __future__ import annotations

from datetime import datetime
from typing import Final

PER_MINUTE: Final = 120
_WINDOW_S: Final = 60
_MOST_KEPT: Final = 50_000


class Windows:
    """Requests of this minute by address. Nothing outlives the minute."""

    def __init__(self, per_minute: int = PER_MINUTE) -> None:
        self._per_minute = per_minute
        self._minute = -1
        self._counts: dict[str, int] = {}

    def wait_s(self, address: str, now: datetime) -> int | None:
        """Count a request; `None` where it is within the limit, else seconds until it may come.

        Exact over a window, at most twice the limit around its border. Where more addresses ask
        than can be kept, the unknown ones share one count.
        """
        seconds = int(now.timestamp())
        if seconds // _WINDOW_S != self._minute:
            self._minute = seconds // _WINDOW_S
            self._counts.clear()
        if len(self._counts) >= _MOST_KEPT and address not in self._counts:
            address = ""
        count = self._counts.get(address, 0) + 1
        self._counts[address] = count
        return None if count <= self._per_minute else _WINDOW_S - seconds % _WINDOW_S
