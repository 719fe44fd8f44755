"""Who may be logged in, and what is known of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account is for; each has one."""

    POLICYMAKER = "policymaker"
    PROVINCIAL = "provincial"
    ANALYST = "analyst"
    CORRECTOR = "corrector"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may log in: an office or a function, not necessarily a person."""

    name: str
    role: Role
    province: str = ""
    """ISO 3166-2:LA, of a provincial account only."""
    password: str = ""
    """Its argon2id hash; "" until one is chosen: then only a set-up link opens the account."""
    identity: str = ""
    """What the OpenID provider calls its holder (the claim that settings name); "" for none."""
    subject: str = ""
    """The provider's lasting identifier of the holder, bound at the first log-in there."""
    epoch: int = 0
    """Sessions begun under an earlier number are over."""
    created_at: datetime
    disabled_at: datetime | None = None
    demonstration: bool = False
    """Whether its password is printed for everybody: exists in a demonstration only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One log-in of one browser."""

    account: str
    epoch: int
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks. Without a role: anybody."""

    name: str = ""
    role: Role | None = None
    province: str = ""
    demonstration: bool = False

    @property
    def is_known(self) -> bool:
        """Whether somebody is logged in."""
        return self.role is not None


NOBODY: Final = Viewer()


def viewer_of(account: Account) -> Viewer:
    """The viewer that a logged-in account is."""
    return Viewer(
        name=account.name,
        role=account.role,
        province=account.province,
        demonstration=account.demonstration,
    )
