"""A local mailbox for the demonstration: accepts mail on loopback and keeps it as `.eml` files."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session

from labourwatch.embedded.stopping import until_stopped


class Mailbox:
    """Keeps each message once: a message sent again bears the same Message-ID and its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Store one message (the name is the SMTP library's)."""
        del server, session
        content = envelope.content or b""
        data = content.encode() if isinstance(content, str) else content
        identity = message_from_bytes(data)["Message-ID"]
        name = sha256(str(identity).encode() if identity else data).hexdigest()[:20]
        target = self._folder / f"{name}.eml"
        await asyncio.to_thread(_write, target, data)
        return "250 Message accepted for delivery"


def _write(target: Path, data: bytes) -> None:
    scratch = target.with_suffix(".tmp")
    scratch.write_bytes(data)
    scratch.replace(target)


async def serve(folder: Path, host: str, port: int) -> None:
    """Accept mail on `host:port` until SIGTERM or SIGINT.

    Raises:
        OSError: the port is in use.
    """
    loop = asyncio.get_running_loop()
    controller = UnthreadedController(Mailbox(folder), hostname=host, port=port, loop=loop)
    server = await loop.create_server(controller.factory, host=host, port=port)
    try:
        await until_stopped()
    finally:
        server.close()
        await server.wait_closed()
