"""The lease by which one of several schedulers acts."""

from __future__ import annotations

from typing import Final, cast

import redis

from alerts.store import LostLeadershipError

LEADER: Final = "lw:alert:leader"
_LEASE_MS: Final = 15_000
KEEP_SECONDS: Final = 4
"""How often the leader renews it, however long its work takes. A leader that is killed is followed
within the lease; one that was stopped for longer saves nothing over its successor."""


class Lead:
    """A lease on being the one scheduler that acts."""

    def __init__(self, client: redis.Redis, owner: str) -> None:
        self._redis = client
        self.owner = owner

    def hold(self) -> bool:
        """Take or renew the lease; False while another process has it."""
        if self._redis.set(LEADER, self.owner, nx=True, px=_LEASE_MS):
            return True
        if cast(bytes | None, self._redis.get(LEADER)) != self.owner.encode():
            return False
        return bool(self._redis.pexpire(LEADER, _LEASE_MS))

    def keep(self) -> None:
        """Renew the lease where this process has it; never take it."""
        if cast(bytes | None, self._redis.get(LEADER)) == self.owner.encode():
            self._redis.pexpire(LEADER, _LEASE_MS)

    def require(self) -> None:
        """Renew the lease.

        Raises:
            LostLeadershipError: another process has it.
        """
        if not self.hold():
            raise LostLeadershipError("another scheduler leads")

    def release(self) -> None:
        """Give the lease up, so that a successor need not wait for it to end."""
        if cast(bytes | None, self._redis.get(LEADER)) == self.owner.encode():
            self._redis.delete(LEADER)
