"""The officers' desk: alerts as they stand in the alert store, and taking one on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from alerts.alert import Alert, State
from alerts.store import AlertStore, LostLeadershipError, read_alerts
from config.topics import CRAWL_STATUS_KEY
from dashboard.accounts.store import read_accounts
from dashboard.views import AlertView

if TYPE_CHECKING:
    import redis

    from dashboard.accounts.records import Account

_ATTEMPTS: Final = 5


class Desk:
    """Reads and acknowledges alerts. Blocking; every call may raise `redis.RedisError`."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def standing(self) -> tuple[AlertView, ...]:
        """Alerts that stand or were resolved lately: newer than what the warehouse holds."""
        return tuple(view(alert) for alert in read_alerts(self._redis))

    def phase(self) -> str:
        """What the crawler says it is doing (`backfill`, `live`, `stopped`); "" if nothing yet."""
        said: Any = self._redis.hget(CRAWL_STATUS_KEY, "phase")
        return said.decode() if isinstance(said, bytes) else str(said or "")

    def accounts(self) -> Mapping[str, Account]:
        """Every account by name."""
        return read_accounts(self._redis)

    def acknowledge(self, alert_id: str, now: datetime, officer: str = "desk") -> bool:
        """Mark a firing alert as taken on by an account; `False` where it does not fire any more.

        The watch may save at the same moment: then the attempt is made again on what it saved.

        Raises:
            alerts.store.LostLeadershipError: five attempts met a save each.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                after = AlertStore(self._redis).acknowledge(alert_id, now, officer=officer)
            except LostLeadershipError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return after is not None and after.state is State.ACKNOWLEDGED
        return False


def view(alert: Alert) -> AlertView:
    """An alert of the store as pages show it."""
    return AlertView(
        alert_id=alert.alert_id,
        state=alert.state.value,
        kind=alert.kind.value,
        direction=alert.direction.value,
        province=alert.cell.province,
        isco1=alert.cell.isco1,
        onset_on=alert.onset_on,
        changed_at=alert.changed_at,
        observed=alert.observed,
        expected=alert.expected,
        ratio=alert.ratio,
        ratio_lower=alert.ratio_lower,
        ratio_upper=alert.ratio_upper,
        n=alert.n,
        sources=alert.sources,
        reason=alert.hold.value if alert.hold else "",
        detail=alert.detail,
        severity=alert.severity.value,
        industry=alert.industry,
        indicator=alert.indicator,
        probability=alert.probability,
    )
