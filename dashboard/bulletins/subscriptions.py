"""Who gets bulletins: `config/bulletins.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from alerts.releases.plan import Kind
from config.declared import load_declared
from config.vocabulary import provinces

NATION: Final = "nation"


class Subscription(BaseModel):
    """Recipients of one kind of bulletin."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    send: bool
    languages: tuple[Literal["lo", "en"], ...] = Field(min_length=1)
    to: dict[str, tuple[str, ...]]

    @field_validator("to")
    @classmethod
    def _places(cls, to: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        known = {NATION, *provinces()}
        if unknown := sorted(set(to) - known):
            raise ValueError(f"{', '.join(unknown)}: expected `nation` or an ISO 3166-2:LA code")
        return to

    def recipients(self, place: str, default: str) -> tuple[str, ...]:
        """Addresses of a place; "" is the nation."""
        return self.to.get(place or NATION) or (default,)


class Subscriptions(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weekly: Subscription
    monthly: Subscription

    def of(self, kind: Kind) -> Subscription:
        """Those of one kind.

        Raises:
            KeyError: there are no bulletins of this kind.
        """
        return {Kind.WEEKLY: self.weekly, Kind.MONTHLY: self.monthly}[kind]


@cache
def subscriptions() -> Subscriptions:
    """The installation's subscriptions.

    Raises:
        config.declared.DeclarationError: the file is wrong; the message says where.
    """
    return load_declared(files("config") / "bulletins.yaml", Subscriptions)
