"""Where a request may go, judged by its address before any name is resolved. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from scrapers.politeness import forbidden_address
from scrapers.robots import wired
from scrapers.sources import Source

_PRIVATE_NAMES: Final = (
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "corp", "private",
)  # fmt: skip
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
"""A last label by which a resolver reads the whole name as an IPv4 address."""
_PORTS: Final = {"http": 80, "https": 443}


def upgraded(url: str, source: Source) -> str | None:
    """The https address to ask instead where an https source lists one of its own by http."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or not source.address.startswith("https://"):
        return None
    if port not in (None, 80) or not _is_declared(parts.hostname or "", source):
        return None
    return parts._replace(scheme="https", netloc=parts.hostname or "").geturl()


def forbidden_target(url: str, source: Source) -> str | None:
    """Why an address must not be asked; `None` where it may be."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        return f"not an address: {error}"
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not _is_declared(host, source):
        return f"{host or url} is not one of the source's hosts"
    if parts.username is not None or parts.password is not None:
        return "an address with a user name is not asked"
    if parts.scheme == "http" and source.address.startswith("https://"):
        return "an https source is not asked by http"
    if port not in _declared_ports(source, parts):
        return f"port {port} is not declared"
    return _private(host, source)


def _is_declared(host: str, source: Source) -> bool:
    return wired(host) in {wired(declared) for declared in source.hosts}


def _declared_ports(source: Source, parts: SplitResult) -> set[int]:
    """The port of the source's own address for its own host; elsewhere the scheme's."""
    own = urlsplit(source.address)
    usual = _PORTS[parts.scheme]
    if wired(parts.hostname or "") != wired(own.hostname or ""):
        return {usual, own.port or usual} if source.is_loopback else {usual}
    stated = own.port or _PORTS.get(own.scheme, usual)
    return {stated, 443} if parts.scheme == "https" else {stated}


def _private(host: str, source: Source) -> str | None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".")
        if _NUMBER.fullmatch(name.rpartition(".")[2]):
            return f"{host} is an address in disguise"
        local = "." not in name or name.rpartition(".")[2] in _PRIVATE_NAMES
        local = local or name.endswith(".home.arpa")
        return f"{host} is a name of a local network" if local and not source.is_loopback else None
    bad = forbidden_address([host], loopback_allowed=source.is_loopback)
    return f"{bad} is not a public address" if bad else None
