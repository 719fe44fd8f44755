"""Work of the leading scheduler beside its ticks, and what it does about failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import redis
import structlog
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from alerts.store import LostLeadershipError
from config.settings import Settings
from warehouse.client import Failure, classify_failure

_log = structlog.get_logger(__name__)

Round = Callable[[Client, Settings, datetime, Callable[[], None]], None]
"""Further work of the leader once a minute; it is given what renews its lead."""


@contextmanager
def waiting_out() -> Iterator[None]:
    """Log what fails for now; what no later try will mend is raised."""
    try:
        yield
    except LostLeadershipError as error:
        _log.warning("leadership_lost", why=str(error))
    except (redis.ConnectionError, redis.TimeoutError) as error:
        _log.warning("waiting", why=repr(error))
    except Error as error:
        if classify_failure(error) in {Failure.FATAL, Failure.INVALID}:
            raise
        _log.warning("waiting", why=str(error))
