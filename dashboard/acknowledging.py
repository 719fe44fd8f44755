"""Acknowledging an alert, as the pages see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Acknowledge = Callable[[str, datetime], bool]
"""Marks the alert with this id as seen at this time; `False` where its state does not allow it."""
