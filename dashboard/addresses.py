"""Addresses of pages: `/vacancies` is Lao, `/en/vacancies` is English."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote, unquote


class Page(StrEnum):
    """The pages, in the order of the navigation."""

    NOW = "now"
    ALERTS = "alerts"
    VACANCIES = "vacancies"
    SOURCES = "sources"
    ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the reader is. `item` is the id of one alert on its own page, else empty."""

    language: str = "lo"
    page: Page = Page.NOW
    item: str = ""

    @property
    def path(self) -> str:
        """The URL path that leads here."""
        parts = [] if self.language == "lo" else [self.language]
        if self.page is not Page.NOW:
            parts.append(self.page.value)
        if self.item:
            parts.append(quote(self.item, safe=""))
        return "/" + "/".join(parts)

    def in_language(self, code: str) -> Address:
        """The same page in another language."""
        return replace(self, language=code)

    def to(self, page: Page, item: str = "") -> Address:
        """Another page in the same language."""
        return replace(self, page=page, item=item)


def submit_path(code: str) -> str:
    """The form for officers, which is drawn apart from the pages."""
    return "/submit" if code == "lo" else f"/{code}/submit"


def corrections_path(code: str) -> str:
    """The page on which officers correct codes, which is drawn apart from the pages."""
    return "/corrections" if code == "lo" else f"/{code}/corrections"


def bulletins_path(code: str) -> str:
    """The archive of bulletins, which is drawn apart from the pages."""
    return "/bulletins" if code == "lo" else f"/{code}/bulletins"


def parse(path: str) -> Address | None:
    """The address `path` names, or `None` where there is no such page."""
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    code = parts.pop(0) if parts and parts[0] == "en" else "lo"
    if not parts:
        return Address(language=code)
    name, *rest = parts
    if name not in set(Page) - {Page.NOW} or len(rest) > (1 if name == Page.ALERTS else 0):
        return None
    return Address(language=code, page=Page(name), item=rest[0] if rest else "")


def crawler_path(code: str) -> str:
    """The page about the crawler, for owners of the sites it reads; outside the navigation."""
    return "/crawler" if code == "lo" else f"/{code}/crawler"
