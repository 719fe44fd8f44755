"""Addresses of pages: `/vacancies` is Lao, `/en/vacancies` is English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self
from urllib.parse import quote, unquote

from config.skills import skills
from config.vocabulary import industries, occupations, provinces
from dashboard.accounts.policy import Resource


class Page(StrEnum):
    """The pages, in the order of the navigation.

    A page that is not for everybody says so beside its address, for example
    `OPERATIONS = "operations", Resource.OPERATIONS`. Whoever may see a page sees in it what the
    snapshot holds for them, so pages of figures are for everybody.
    """

    needs: Resource

    def __new__(cls, value: str, needs: Resource = Resource.PUBLIC) -> Self:
        """A page with what its viewer must be allowed to read."""
        page = str.__new__(cls, value)
        page._value_ = value
        page.needs = needs
        return page

    NOW = "now"
    ALERTS = "alerts"
    VACANCIES = "vacancies"
    PROVINCES = "provinces"
    SECTORS = "sectors"
    OCCUPATIONS = "occupations"
    SKILLS = "skills"
    FORECASTS = "forecasts"
    STRATEGY = "strategy"
    SOURCES = "sources"
    ABOUT = "about"


NAVIGATION: Final[Mapping[str, tuple[Page, ...]]] = {
    "watch": (Page.NOW, Page.ALERTS, Page.VACANCIES),
    "explore": (Page.PROVINCES, Page.SECTORS, Page.OCCUPATIONS, Page.SKILLS, Page.FORECASTS),
    "trust": (Page.STRATEGY, Page.SOURCES, Page.ABOUT),
}
"""Groups of the navigation, each page in one."""
ITEMED: Final = (
    Page.ALERTS, Page.PROVINCES, Page.SECTORS, Page.OCCUPATIONS, Page.SKILLS,
)  # fmt: skip
"""Pages that have a page of its own for each of something."""
ASKED: Final = frozenset({Page.ALERTS})
"""Pages whose address may hold a question: which of their lines to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the reader is. `item` is what a page is of: an alert, a province…; "" is all."""

    language: str = "lo"
    page: Page = Page.NOW
    item: str = ""
    query: str = ""
    """What the page was asked, without question mark; only of pages in `ASKED`."""

    @property
    def path(self) -> str:
        """The URL that leads here, question and all."""
        parts = [] if self.language == "lo" else [self.language]
        if self.page is not Page.NOW:
            parts.append(self.page.value)
        if self.item:
            parts.append(quote(self.item, safe=""))
        return asking("/" + "/".join(parts), self.query)

    @property
    def standing(self) -> Page | Apart | None:
        """Its line in the navigation, to be marked as the present one; `None` where it has none."""
        return self.page

    @property
    def returning(self) -> str:
        """Where one comes back to after logging in from here."""
        return self.path

    def in_language(self, code: str) -> Address:
        """The same page in another language."""
        return replace(self, language=code)

    def to(self, page: Page, item: str = "") -> Address:
        """Another page in the same language."""
        return replace(self, page=page, item=item, query="")


class Apart(StrEnum):
    """Pages that are drawn anew for each question, without scripts, and stand in the navigation."""

    needs: Resource

    def __new__(cls, value: str, needs: Resource = Resource.PUBLIC) -> Self:
        """A page with what its viewer must be allowed to read."""
        page = str.__new__(cls, value)
        page._value_ = value
        page.needs = needs
        return page

    EXPLORE = "explore"
    METHODS = "methods"
    OPERATIONS = "operations", Resource.OPERATIONS


APART: Final[Mapping[str, tuple[Apart, ...]]] = {
    "explore": (Apart.EXPLORE,),
    "trust": (Apart.METHODS, Apart.OPERATIONS),
}
"""Pages apart by the group of the navigation that they follow."""
DRAWN_APART: Final = frozenset(
    {
        *Apart, "accessibility", "account", "accounts", "act", "answer", "bulletins", "corrections",
        "crawler", "feedback", "log-in", "offline", "set-up", "submit",
    }
)  # fmt: skip
"""Every page that is no `Page`, by the first part of its address; what follows may be secret."""


def asking(path: str, query: str) -> str:
    """An address with its question, if it has one."""
    return f"{path}?{query}" if query else path


def path_in(code: str, rest: str) -> str:
    """An address in a language, `rest` without slash; Lao is the one that needs no mark."""
    return f"/{rest}" if code == "lo" else f"/{code}/{rest}"


def apart_path(code: str, apart: Apart) -> str:
    """Where a page apart is."""
    return path_in(code, apart)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAddress(Address):
    """A page apart with the question that it answers."""

    apart: Apart

    @property
    def path(self) -> str:
        """The URL that leads here, question and all."""
        return asking(apart_path(self.language, self.apart), self.query)

    @property
    def standing(self) -> Apart:
        """Its line in the navigation."""
        return self.apart

    def to(self, page: Page, item: str = "") -> Address:
        """A page in the same language."""
        return Address(language=self.language, page=page, item=item)


def answer_path(code: str, alert_id: str) -> str:
    """Where officers answer an alert, which is drawn apart from the pages."""
    return path_in(code, f"answer/{alert_id}")


def submit_path(code: str) -> str:
    """The form for officers, which is drawn apart from the pages."""
    return path_in(code, "submit")


def corrections_path(code: str) -> str:
    """The page on which officers correct codes, which is drawn apart from the pages."""
    return path_in(code, "corrections")


def bulletins_path(code: str) -> str:
    """The archive of bulletins, which is drawn apart from the pages."""
    return path_in(code, "bulletins")


def parse(path: str) -> Address | None:
    """The address `path` names, or `None` where there is no such page."""
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    code = parts.pop(0) if parts and parts[0] == "en" else "lo"
    if not parts:
        return Address(language=code)
    name, *rest = parts
    if name not in set(Page) - {Page.NOW} or len(rest) > 1:
        return None
    if rest and not _is_item(Page(name), rest[0]):
        return None
    return Address(language=code, page=Page(name), item=rest[0] if rest else "")


def _is_item(page: Page, item: str) -> bool:
    """Whether a page has one of its own for `item`. Any alert may be asked for."""
    if page is Page.PROVINCES:
        return item in provinces()
    if page is Page.SECTORS:
        return len(item) == 1 and item in industries()
    if page is Page.OCCUPATIONS:
        return len(item) == 1 and item in occupations()
    if page is Page.SKILLS:
        return item in skills()
    return page is Page.ALERTS


def log_in_path(code: str) -> str:
    """The form by which one logs in."""
    return path_in(code, "log-in")


def account_path(code: str) -> str:
    """One's own account."""
    return path_in(code, "account")


def accounts_path(code: str) -> str:
    """All accounts, for admins."""
    return path_in(code, "accounts")


def set_up_path(code: str) -> str:
    """Before the secret of a link by which a password is chosen."""
    return path_in(code, "set-up")


def manifest_path(code: str) -> str:
    """The web app manifest in a language."""
    return path_in(code, "manifest.webmanifest")


def offline_path(code: str) -> str:
    """What a browser shows without a connection where it kept no page."""
    return path_in(code, "offline")


def crawler_path(code: str) -> str:
    """The page about the crawler, for owners of the sites it reads; outside the navigation."""
    return path_in(code, "crawler")


def feedback_path(code: str) -> str:
    """The form by which readers say what is wrong with a page."""
    return path_in(code, "feedback")


def accessibility_path(code: str) -> str:
    """The statement of accessibility, which is drawn apart from the pages."""
    return path_in(code, "accessibility")
