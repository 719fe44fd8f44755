"""Who is told of an alert, how and in which language: config/routes.yaml, first fit wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from email.errors import HeaderParseError
from email.headerregistry import Address
from enum import StrEnum
from pathlib import Path
from typing import Final

import yaml

from alerts.alert import Alert, Reason
from alerts.calendar import LAO_TIME
from alerts.parameters import ParameterError
from alerts.severity import Severity
from alerts.signal import Classification
from alerts.transition import TOLD_AT_END

ROUTES_FILE: Final = Path(__file__).parent.parent / "config" / "routes.yaml"
LANGUAGES: Final = {"lo": ("lo",), "en": ("en",), "both": ("lo", "en")}
NATION: Final = "nation"
"""As a province: alerts of the whole country."""
_KINDS: Final = tuple(one.value for one in Classification)
_SEVERITIES: Final = tuple(one.value for one in Severity)
_GROUPS: Final = tuple("0123456789")
_KNOWN: Final = {
    "name", "province", "occupation", "sector", "kind", "severity", "to", "language", "channel",
    "quiet", "escalate",
}  # fmt: skip
_OF_LEVEL: Final = {"to", "channel"}
_SECTIONS: Final = tuple("ABCDEFGHIJKLMNOPQRSTU")


class Mismatch(StrEnum):
    """Why an alert does not go a way."""

    PROVINCE = "province"
    OCCUPATION = "occupation"
    SECTOR = "sector"
    KIND = "kind"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the day in Laos in which only severe alerts are told; they may cross midnight."""

    begins: time
    ends: time

    def holds(self, now: datetime) -> bool:
        """Whether it is quiet at `now` (aware)."""
        at = now.astimezone(LAO_TIME).time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Who is told when those before did not acknowledge in time. Empty: as the route."""

    to: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One rule. What is empty means any; an empty `to` means the default address."""

    name: str
    provinces: tuple[str, ...]
    kind: str
    to: tuple[str, ...]
    languages: tuple[str, ...]
    occupations: tuple[str, ...] = ()
    """ISCO-08 major groups."""
    sectors: tuple[str, ...] = ()
    """ISIC sections; an alert that no section leads fits none of them."""
    severity: str = ""
    """The least that is told."""
    channels: tuple[str, ...] = ("email",)
    """`email`, or names of endpoints from the settings."""
    quiet: Quiet | None = None
    levels: tuple[Level, ...] = ()
    """Of escalation, from level 1 on; later ones are as the last."""

    def telling(self, alert: Alert, reason: Reason) -> Route:
        """The way of one telling: an escalation goes to its level, an end to all who were told."""
        if not self.levels or not alert.level:
            return self
        raised = self.levels[: alert.level]
        if reason is Reason.ESCALATED:
            level = self.levels[min(alert.level, len(self.levels)) - 1]
            return replace(self, to=level.to or self.to, channels=level.channels or self.channels)
        if reason not in TOLD_AT_END:
            return self
        to = [*self.to, *(one for level in raised for one in level.to)] if self.to else []
        channels = [*self.channels, *(one for level in raised for one in level.channels)]
        return replace(self, to=tuple(dict.fromkeys(to)), channels=tuple(dict.fromkeys(channels)))

    def mismatch(self, alert: Alert) -> Mismatch | None:
        """Why the alert does not go this way; None where it does."""
        province, group = alert.cell.province or NATION, alert.cell.isco1
        if self.provinces and province not in self.provinces:
            return Mismatch.PROVINCE
        if self.occupations and group not in self.occupations:
            return Mismatch.OCCUPATION
        if self.sectors and alert.industry not in self.sectors:
            return Mismatch.SECTOR
        if self.kind not in ("", alert.kind.value):
            return Mismatch.KIND
        if self.severity and alert.severity.rank < Severity(self.severity).rank:
            return Mismatch.SEVERITY
        return None

    def fits(self, alert: Alert) -> bool:
        """Whether the alert goes this way."""
        return self.mismatch(alert) is None

    def waits(self, alert: Alert, now: datetime) -> bool:
        """Whether the telling waits for the end of the quiet hours."""
        quiet = self.quiet is not None and self.quiet.holds(now)
        return quiet and alert.severity is not Severity.SEVERE


def choose(routes: Sequence[Route], alert: Alert) -> Route | None:
    """The first route that fits, or None: nobody is to be told."""
    return next((route for route in routes if route.fits(alert)), None)


def load_routes(path: Path = ROUTES_FILE) -> tuple[Route, ...]:
    """The routes in `path`.

    Raises:
        ParameterError: with file, line, and what was expected.
    """
    root = yaml.compose(path.read_text(encoding="utf-8"))
    nodes = _value(root, "routes") if isinstance(root, yaml.MappingNode) else None
    if not isinstance(nodes, yaml.SequenceNode) or not nodes.value:
        raise ParameterError(f"{path}:1: expected `routes:` with at least one route")
    return tuple(_route(node, path) for node in nodes.value)


def _route(node: yaml.Node, path: Path) -> Route:
    where = f"{path}:{node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode):
        raise ParameterError(f"{where}: a route must be a mapping of names to values")
    steps = _value(node, "escalate")
    entries = {
        key.value: _strings(value, where) if value is not steps else () for key, value in node.value
    }
    if unknown := sorted(set(entries) - _KNOWN):
        raise ParameterError(f"{where}: unknown entry {unknown[0]!r}; known: {sorted(_KNOWN)}")
    language = _one({"language": ("both",), **entries}, "language", tuple(LANGUAGES), where)
    to = _addresses(entries, where)
    return Route(
        name=next(iter(entries.get("name", ())), where),
        provinces=entries.get("province", ()),
        kind=_one(entries, "kind", ("", *_KINDS), where),
        to=to,
        languages=LANGUAGES[language],
        occupations=_all(entries, "occupation", _GROUPS, where),
        sectors=_all(entries, "sector", _SECTIONS, where),
        severity=_one(entries, "severity", ("", *_SEVERITIES), where),
        channels=entries.get("channel", ("email",)) or ("email",),
        quiet=_quiet(entries.get("quiet", ()), where),
        levels=() if steps is None else tuple(_levels(steps, path)),
    )


def _levels(node: yaml.Node, path: Path) -> Iterator[Level]:
    where = f"{path}:{node.start_mark.line + 1}"
    if not isinstance(node, yaml.SequenceNode):
        raise ParameterError(f"{where}: escalate must be a list of levels, each with `to`")
    for one in node.value:
        where = f"{path}:{one.start_mark.line + 1}"
        if not isinstance(one, yaml.MappingNode):
            raise ParameterError(f"{where}: a level must be a mapping with `to` or `channel`")
        entries = {key.value: _strings(value, where) for key, value in one.value}
        if unknown := sorted(set(entries) - _OF_LEVEL):
            raise ParameterError(f"{where}: unknown entry {unknown[0]!r}; known: to, channel")
        yield Level(to=_addresses(entries, where), channels=entries.get("channel", ()))


def _addresses(entries: dict[str, tuple[str, ...]], where: str) -> tuple[str, ...]:
    to = entries.get("to", ())
    if wrong := [address for address in to if not _is_address(address)]:
        raise ParameterError(f"{where}: {wrong[0]!r} is no e-mail address")
    return to


def _quiet(given: tuple[str, ...], where: str) -> Quiet | None:
    if not given:
        return None
    begins, _, ends = given[0].partition("-")
    try:
        return Quiet(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
    except ValueError as error:
        raise ParameterError(f"{where}: quiet must be like 20:00-07:00") from error


def _is_address(text: str) -> bool:
    """Whether mail can be addressed to it: else the first alert would find out that it cannot."""
    try:
        return bool(Address(addr_spec=text).domain)
    except (ValueError, IndexError, HeaderParseError):
        return False


def _all(
    entries: dict[str, tuple[str, ...]], name: str, allowed: tuple[str, ...], where: str
) -> tuple[str, ...]:
    given = entries.get(name, ())
    if not set(given) <= set(allowed):
        raise ParameterError(f"{where}: {name} must be of {list(allowed)}")
    return given


def _one(
    entries: dict[str, tuple[str, ...]], name: str, allowed: tuple[str, ...], where: str
) -> str:
    value = next(iter(entries.get(name, ("",))), "")
    if value not in allowed:
        raise ParameterError(f"{where}: {name} must be one of {[a for a in allowed if a]}")
    return value


def _strings(node: yaml.Node, where: str) -> tuple[str, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not all(isinstance(item, yaml.ScalarNode) for item in items):
        raise ParameterError(f"{where}: expected text or a list of texts")
    return tuple(str(item.value) for item in items)


def _value(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if key.value == name), None)
