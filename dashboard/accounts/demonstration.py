"""Accounts that everybody may use, in a demonstration only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.accounts.records import Role

DEMO_PASSWORD: Final = "demonstration only"  # noqa: S105 - printed on the form, on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """One of them."""

    name: str
    role: Role
    province: str = ""


def demo_accounts() -> tuple[DemoAccount, ...]:
    """One for each role but admin, whose account is set up by a link."""
    return (
        DemoAccount(name="demo-policymaker", role=Role.POLICYMAKER),
        DemoAccount(name="demo-champasak", role=Role.PROVINCIAL, province="LA-CH"),
        DemoAccount(name="demo-analyst", role=Role.ANALYST),
        DemoAccount(name="demo-corrector", role=Role.CORRECTOR),
    )
