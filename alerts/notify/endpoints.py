"""Channels beside e-mail: signed webhooks, and chat and SMS services by apprise."""

from __future__ import annotations

from datetime import datetime

from alerts.links import read_keys
from alerts.notify.sms import short_text
from alerts.notify.webhook import Guard, HookRefusedError, body_of, post, signature
from alerts.outbox import Message
from config.settings import Settings


def endpoints(settings: Settings) -> dict[str, str]:
    """Addresses by name, from the setting `endpoints` (one `name=address` a line)."""
    lines = settings.endpoints.get_secret_value().splitlines()
    pairs = (line.strip().partition("=")[::2] for line in lines if "=" in line)
    return {name.strip(): address.strip() for name, address in pairs}


def tell(message: Message, name: str, language: str, settings: Settings, now: datetime) -> None:
    """Tell one endpoint: https is a signed webhook, anything else a service of apprise.

    Raises:
        HookRefusedError: it is not configured, not allowed, or refuses for good.
        OSError: it cannot be reached now.
    """
    address = endpoints(settings).get(name)
    if address is None:
        raise HookRefusedError(f"there is no endpoint {name!r} in the settings")
    if address.startswith(("https:", "http:")):
        _hook(message, address, settings, now)
        return
    exercise = settings.is_demonstration
    text = short_text(message, language, settings.dashboard_url, exercise=exercise)
    chat(address, text)


def chat(address: str, text: str) -> None:
    """Send a text by apprise.

    Raises:
        HookRefusedError: apprise does not know such an address.
        OSError: the service did not take it.
    """
    from apprise import Apprise

    service = Apprise()
    if not service.add(address):
        raise HookRefusedError("no service of apprise has such an address")
    if not service.notify(body=text):
        raise OSError("the chat service did not take the message")


def _hook(message: Message, address: str, settings: Settings, now: datetime) -> None:
    keys = read_keys(settings.webhook_keys.get_secret_value())
    if keys is None:
        raise HookRefusedError("webhooks need the setting webhook_keys")
    hosts = frozenset(settings.webhook_hosts.replace(",", " ").split())
    body = body_of(message, settings.dashboard_url, exercise=settings.is_demonstration)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.message_id,
        "Labourwatch-Signature": signature(body, now, keys),
    }
    post(address, body, headers, Guard(hosts=hosts, private=settings.webhook_private))
