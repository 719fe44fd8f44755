"""What each role may do with what: one table, and a decision with its reason. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dashboard.accounts.records import NOBODY, Role, Viewer


class Action(StrEnum):
    """What is asked for."""

    READ = "read"
    ACT = "act"


class Resource(StrEnum):
    """What may be asked for. Pages and routes name one of these beside their address."""

    PUBLIC = "public"
    """What everybody may see, by the release rules."""
    DETAIL = "detail"
    """Exact figures: of one province, or without one of the whole country."""
    ALERTS = "alerts"
    """Taking on and judging alerts: of one province, or without one of the nation."""
    CORRECTIONS = "corrections"
    """Codes of single vacancies, and who said what of them."""
    WHAT_IF = "what_if"
    """Trying another policy of alerts on the past: counts of alerts, and a minute of one core."""
    OPERATIONS = "operations"
    """How the service runs."""
    ACCOUNTS = "accounts"
    """Who may log in, and the audit log."""
    OWN = "own"
    """One's own account and session."""


class Ground(StrEnum):
    """Why something is allowed or not."""

    OPEN = "open"
    ROLE = "role"
    OWN_PROVINCE = "own_province"
    OWN_ACCOUNT = "own_account"
    NOT_LOGGED_IN = "not_logged_in"
    OTHER_PROVINCE = "other_province"
    NOT_THIS_ROLE = "not_this_role"
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether it may be done, and why."""

    allowed: bool
    ground: Ground


_ROLES: Final[dict[tuple[Action, Resource], frozenset[Role]]] = {
    (Action.READ, Resource.DETAIL): frozenset({Role.POLICYMAKER, Role.ANALYST}),
    (Action.ACT, Resource.ALERTS): frozenset({Role.POLICYMAKER}),
    (Action.READ, Resource.CORRECTIONS): frozenset({Role.CORRECTOR}),
    (Action.ACT, Resource.CORRECTIONS): frozenset({Role.CORRECTOR}),
    (Action.ACT, Resource.WHAT_IF): frozenset({Role.POLICYMAKER, Role.ANALYST, Role.ADMIN}),
    (Action.READ, Resource.OPERATIONS): frozenset({Role.ADMIN}),
    (Action.ACT, Resource.OPERATIONS): frozenset({Role.ADMIN}),
    (Action.READ, Resource.ACCOUNTS): frozenset({Role.ADMIN}),
    (Action.ACT, Resource.ACCOUNTS): frozenset({Role.ADMIN}),
}
"""Without regard to provinces. An admin runs the service and sees no more figures than anybody."""
_OF_PROVINCE: Final = frozenset({(Action.READ, Resource.DETAIL), (Action.ACT, Resource.ALERTS)})
"""What a provincial account may in its own province."""


def may(viewer: Viewer, province: str, action: Action, resource: Resource) -> Decision:
    """Whether `viewer` may do this.

    Args:
        viewer: who asks.
        province: whose figures or alerts; "" is the whole country, or where none is concerned.
        action: reading or acting.
        resource: what.
    """
    if (action, resource) == (Action.READ, Resource.PUBLIC):
        return Decision(allowed=True, ground=Ground.OPEN)
    if resource is Resource.OWN:
        ground = Ground.OWN_ACCOUNT if viewer.is_known else Ground.NOT_LOGGED_IN
        return Decision(allowed=viewer.is_known, ground=ground)
    roles = _ROLES.get((action, resource))
    if roles is None:
        return Decision(allowed=False, ground=Ground.NOT_OFFERED)
    if viewer.role is None:
        return Decision(allowed=False, ground=Ground.NOT_LOGGED_IN)
    if viewer.role in roles:
        return Decision(allowed=True, ground=Ground.ROLE)
    if viewer.role is Role.PROVINCIAL and (action, resource) in _OF_PROVINCE:
        return _in_province(viewer, province)
    return Decision(allowed=False, ground=Ground.NOT_THIS_ROLE)


def _in_province(viewer: Viewer, province: str) -> Decision:
    own = bool(province) and province == viewer.province
    return Decision(allowed=own, ground=Ground.OWN_PROVINCE if own else Ground.OTHER_PROVINCE)


def reads_everything(viewer: Viewer) -> bool:
    """Whether exact figures of the whole country are for this viewer."""
    return may(viewer, "", Action.READ, Resource.DETAIL).allowed


def own_province(viewer: Viewer) -> str:
    """The one province whose exact figures are for this viewer; "" for none, or for all."""
    if viewer == NOBODY or reads_everything(viewer):
        return ""
    own = may(viewer, viewer.province, Action.READ, Resource.DETAIL).allowed
    return viewer.province if own else ""
