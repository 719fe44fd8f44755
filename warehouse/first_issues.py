"""Released figures as they were first told: what a revision says later does not change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.history import observation_of
from warehouse.series import Observation, SeriesKey

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_OBSERVED: Final = (
    *SeriesKey.__dataclass_fields__,
    *(name for name in Observation.__dataclass_fields__ if name != "series"),
)


def read_first_issues(
    client: Client, indicators: Sequence[str], *, since: date, as_of: datetime
) -> list[Observation]:
    """Weekly and monthly figures of the nation, provinces and major groups, each as first released.

    Only those that could be told then, of the cell itself.

    Args:
        client: may be read-only.
        indicators: their codes.
        since: first period.
        as_of: what had been issued by then.
    """
    rows = fetch(
        client,
        f"""SELECT * FROM (
          SELECT {", ".join(_OBSERVED)} FROM observations
          WHERE indicator IN {{indicators:Array(String)}} AND frequency IN ('W', 'M')
            AND (province = '' OR occupation = '') AND length(occupation) <= 1
            AND industry = '' AND skill = '' AND time_value >= {{since:Date}}
            AND issue <= {moment("as_of")} AND release_id != ''
          ORDER BY indicator, frequency, province, occupation, time_value, issue, release_id
          LIMIT 1 BY indicator, frequency, province, occupation, time_value)
        WHERE standing = 'assessable' AND isNotNull(value)""",
        indicators=list(indicators), since=since, as_of=as_of,
    )  # fmt: skip
    return [observation_of(row) for row in rows]
