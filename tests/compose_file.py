"""`docker-compose.yml` as tests read it: merged, with variables at their defaults."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[1]
_VARIABLE: Final = re.compile(r"\$\{(\w+):-([^}]*)\}")
NOT_IN_PRODUCTION: Final = frozenset({"redis", "broker", "warehouse", "mail", "boards"})
"""Parts in whose place production has real servers, or nothing."""


@cache
def composed() -> dict[str, Any]:
    """The whole file."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    loaded = yaml.safe_load(_VARIABLE.sub(lambda found: found[2], text))
    assert isinstance(loaded, dict)
    return loaded


def services() -> dict[str, dict[str, Any]]:
    """Services by name."""
    found: dict[str, dict[str, Any]] = composed()["services"]
    return found


def own_services() -> dict[str, dict[str, Any]]:
    """Services that run a process of ours."""
    return {
        name: service
        for name, service in services().items()
        if service.get("command", [""])[0] == "labourwatch"
    }
