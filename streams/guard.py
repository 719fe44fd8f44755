"""Stops the stream when so much is refused that something upstream must have changed."""

from __future__ import annotations

from collections import deque
from typing import Final

WINDOW: Final = 2_000
"""Records over which the share is taken: a few days of one country, or seconds of a backfill."""
FEWEST: Final = 1_000
"""Records before the share says anything: a handful of broken pages is no change upstream."""
LIMIT: Final = 0.5


class RefusalShareError(RuntimeError):
    """Too large a share of the records is refused; a person must look before more is consumed."""


class RefusalGuard:
    """Watches the share of refused records over the last `WINDOW`."""

    def __init__(self, window: int = WINDOW, fewest: int = FEWEST, limit: float = LIMIT) -> None:
        self._batches: deque[tuple[int, int]] = deque()
        self._window = window
        self._fewest = fewest
        self._limit = limit
        self._records = 0
        self._refused = 0

    def count(self, records: int, refused: int) -> None:
        """Take in a batch of `records` of which `refused` became dead letters.

        Raises:
            RefusalShareError: the share over the window is above the limit.
        """
        self._batches.append((records, refused))
        self._records += records
        self._refused += refused
        while self._records - self._batches[0][0] >= self._window:
            old_records, old_refused = self._batches.popleft()
            self._records -= old_records
            self._refused -= old_refused
        if self._records >= self._fewest and self._refused > self._limit * self._records:
            raise RefusalShareError(
                f"{self._refused} of the last {self._records} records were refused; "
                f"at most {self._limit:.0%} are expected: see `labourwatch deadletters list`"
            )
