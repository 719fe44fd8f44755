"""What a push is answered when it is not taken: problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from aiokafka.errors import KafkaError
from fastapi import Request
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError

from scrapers.publish import DeliveryError
from scrapers.push.lease import LeaseBusyError, LeaseLostError
from scrapers.push.records import MassWithdrawalError
from scrapers.push.supply import TableRefusedError
from scrapers.topics_admin import TopicRefusedError

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER_S: Final = 15


class ProblemError(Exception):
    """A request that is answered with problem details; nothing of it was taken."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.members = dict(headers or {}), dict(members or {})

    def answer(self) -> JSONResponse:
        """The response."""
        body = {
            "type": f"urn:labourwatch:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
        headers = {"Cache-Control": "no-store", **self.headers}
        return JSONResponse(body, self.status, headers=headers, media_type=MEDIA_TYPE)


def answer_problem(_: Request, error: Exception) -> JSONResponse:
    """Exception handler of the application for `ProblemError`."""
    if not isinstance(error, ProblemError):
        raise error
    return error.answer()


@contextmanager
def told_as_problems() -> Iterator[None]:
    """Turn what the collection raises into what a provider is told."""
    try:
        yield
    except MassWithdrawalError as error:
        counts = {"withdrawn": error.withdrawn, "standing": error.standing}
        raise ProblemError(409, "mass_withdrawal", str(error), members=counts) from error
    except TableRefusedError as error:
        raise ProblemError(422, "schema", str(error)) from error
    except (
        DeliveryError,
        KafkaError,
        LeaseBusyError,
        LeaseLostError,
        RedisError,
        TimeoutError,
        TopicRefusedError,
    ) as error:
        raise ProblemError(
            503,
            "not_delivered",
            "The records could not be delivered and none is counted as known; send the same push "
            "again.",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        ) from error
