"""Boards that cannot be read, as some real ones: what a crawl must say of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchmarks.boards.board import HTML, Answer, Ask, Board, Refusal
from benchmarks.boards.structured import sitemap
from benchmarks.boards.truth import Truth
from scrapers.items import RunOutcome

_LIST: Final = "kind: json_api\nlist: {url: /api/v1/jobs, items: jobs, fields: {title: t}}"


def checkpoint(_truths: Sequence[Truth], ask: Ask) -> Refusal | int:
    """HTTP 429 with a security checkpoint on every read: a refusal, not a fault."""
    if ask.path == "/robots.txt":
        return 404
    return HTML, "<title>Vercel Security Checkpoint</title><p>Verifying your browser</p>", 429


def unreachable_behind(_truths: Sequence[Truth], ask: Ask) -> Answer | int:
    """A shell in front, and an interface that answers HTTP 522."""
    return 404 if ask.path == "/robots.txt" else 522


def shell(_truths: Sequence[Truth], ask: Ask) -> Answer | int:
    """A page without adverts where a sitemap was declared."""
    return 404 if ask.path == "/robots.txt" else (HTML, "<div id=__nuxt></div>")


def closed(truths: Sequence[Truth], ask: Ask) -> Answer | int:
    """robots.txt that disallows everything."""
    if ask.path == "/robots.txt":
        return "text/plain", "User-agent: *\nDisallow: /\n"
    return "application/xml", sitemap(truths, ask.base)


_SITEMAP: Final = "kind: sitemap_jsonld\nlist: {url: /sitemap.xml, id_pattern: '/job/'}"
BOARDS: Final[tuple[tuple[Board, RunOutcome], ...]] = (
    (Board(name="checkpoint", layout="HTTP 429 with a security checkpoint", respond=checkpoint,
           declaration=_LIST), RunOutcome.REFUSED),
    (Board(name="gateway", layout="interface answers HTTP 522", respond=unreachable_behind,
           declaration=_LIST), RunOutcome.FAILED),
    (Board(name="shell", layout="empty shell instead of a sitemap", respond=shell,
           declaration=_SITEMAP), RunOutcome.FAILED),
    (Board(name="nowhere", layout="a host without an address", respond=shell,
           declaration=_SITEMAP + "\nbase_url: http://jobweb.invalid"), RunOutcome.FAILED),
    (Board(name="closed", layout="robots.txt disallows everything", respond=closed,
           declaration=_SITEMAP), RunOutcome.REFUSED),
)  # fmt: skip
