"""`labourwatch provider`: who may push data, and the tokens they do it with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar, cast, get_args

import typer

from config.settings import Settings, load_settings
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say
from scrapers.push.providers import (
    Provider,
    ProviderError,
    ProviderStore,
    Right,
    Tongue,
    new_token,
    validated,
    with_token,
)

T = TypeVar("T")
providers = typer.Typer(no_args_is_help=True, help="Who may push data, and with which token.")
_SHOWN_ONCE = "Its token, shown this once and kept nowhere (send it by a safe way):"


def _now() -> datetime:
    return datetime.now(UTC)


def _with_store(work: Callable[[ProviderStore], Awaitable[T]]) -> T:
    """The result of `work` on the store of the running stack, or a message."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    async def reach(settings: Settings) -> T:
        async with Redis.from_url(settings.redis_url) as client:
            return await work(ProviderStore(client))

    try:
        return asyncio.run(reach(load_settings()))
    except RedisError as error:
        raise fail(f"the state store does not answer: {error}; see `labourwatch status`") from error
    except ProviderError as error:
        raise fail(str(error)) from error


def _declared() -> set[str]:
    """Ids of declared sources: a pushed source must be nobody else's."""
    return {path.stem for path in load_settings().sources_dir.glob("*.yaml")}


async def _held(store: ProviderStore, provider_id: str) -> Provider:
    provider = await store.get(provider_id)
    if provider is None:
        raise ProviderError(f"no provider {provider_id!r}; see `labourwatch provider list`")
    return provider


def _rights(names: list[str]) -> tuple[Right, ...]:
    try:
        return tuple(dict.fromkeys(Right(name) for name in names))
    except ValueError as error:
        raise ProviderError(f"may: expected one or more of {', '.join(Right)}") from error


def _tongue(code: str) -> Tongue:
    if code not in get_args(Tongue):
        raise ProviderError(f"language: expected one of {', '.join(get_args(Tongue))}")
    return cast(Tongue, code)


@providers.command("add")
@noted("provider add", "provider_id")
def add(
    provider_id: Annotated[str, typer.Argument(help="Source id of everything it sends.")],
    name: Annotated[str, typer.Option(help="For people.")],
    may: Annotated[
        list[str], typer.Option(help="postings, supply, text, correct, read or sql; repeatable.")
    ],
    legal_basis: Annotated[str, typer.Option(help="Agreement or law, with its date.")],
    contact: Annotated[str, typer.Option(help="Of the organisation, not of a person.")],
    owner: Annotated[str, typer.Option(help="Who answers for the data.")],
    feed: Annotated[list[str] | None, typer.Option(help="Supply feed; repeatable.")] = None,
    province: Annotated[str, typer.Option(help="ISO code where a posting names no place.")] = "",
    language: Annotated[str, typer.Option(help="lo, en, th, vi, zh or und.")] = "und",
    per_minute: Annotated[int, typer.Option(help="Requests a minute at most.")] = 60,
    per_day: Annotated[int, typer.Option(help="Records a day at most.")] = 100_000,
    expiry_days: Annotated[int, typer.Option(help="A posting without closing date lasts.")] = 60,
) -> None:
    """Note an agreement with a provider and show its token, once."""
    token = new_token(provider_id)
    if provider_id in _declared():
        raise fail(f"there is a source file {provider_id}.yaml; its source belongs to the crawler")

    async def work(store: ProviderStore) -> None:
        provider = Provider(
            id=provider_id,
            name=name,
            rights=_rights(may),
            feeds=tuple(feed or ()),
            legal_basis=legal_basis,
            contact=contact,
            owner=owner,
            province_default=province,
            language=_tongue(language),
            requests_per_minute=per_minute,
            records_per_day=per_day,
            expiry_days=expiry_days,
            created_at=_now(),
        )
        await store.add(with_token(validated(provider), token, _now(), timedelta(0)))

    _with_store(work)
    say(f"Provider {provider_id} added.\n{_SHOWN_ONCE}\n{token}")


@providers.command("list")
def listing() -> None:
    """Every provider, a line each."""

    async def work(store: ProviderStore) -> list[Provider]:
        return list((await store.all()).values())

    held = _with_store(work)
    if not held:
        say("No providers.")
        return
    say(f"{'id':<24}{'may':<24}{'standing':<12}{'owner':<30}legal basis")
    for one in held:
        standing = "revoked" if one.revoked_at else "active"
        rights = ",".join(one.rights)
        line = f"{one.id:<24}{rights:<24}{standing:<12}{one.owner[:28]:<30}{one.legal_basis}"
        say(line)


@providers.command("revoke")
@noted("provider revoke", "provider_id")
def revoke(provider_id: str) -> None:
    """Let none of a provider's tokens open anything any more, at once."""

    async def work(store: ProviderStore) -> None:
        provider = await _held(store, provider_id)
        await store.put(replace(provider, revoked_at=_now()))

    _with_store(work)
    say(f"Provider {provider_id} revoked. What it sent stays.")


@providers.command("rotate")
@noted("provider rotate", "provider_id")
def rotate(
    provider_id: str,
    overlap_hours: Annotated[float, typer.Option(min=0, max=720, help="Old token lasts.")] = 0,
) -> None:
    """Show a new token; the old one ends at once, or after the overlap. Revoked: active again."""
    token = new_token(provider_id)

    async def work(store: ProviderStore) -> None:
        provider = await _held(store, provider_id)
        overlap = timedelta(0) if provider.revoked_at else timedelta(hours=overlap_hours)
        await store.put(with_token(provider, token, _now(), overlap))

    _with_store(work)
    say(f"Provider {provider_id} has a new token.\n{_SHOWN_ONCE}\n{token}")
