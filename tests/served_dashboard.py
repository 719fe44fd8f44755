"""The dashboard in this process on a port of its own, for tests over real HTTP."""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message

import uvicorn
from fastapi import FastAPI

from dashboard.server import LIMITS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()


def get(url: str, headers: Mapping[str, str] | None = None) -> Answer:
    """GET; an error status is an answer too."""
    request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310
    return answer_to(request, timeout=20)


def answer_to(request: urllib.request.Request, timeout: float = 60) -> Answer:
    """What is answered to a request; an error status is an answer too."""
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Address of `app`, served until the block ends; on a free port unless one is given."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", port))
        config = uvicorn.Config(app, log_level="warning", **LIMITS)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
