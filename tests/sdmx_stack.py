"""A warehouse with published figures behind a real dashboard, for tests of the interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from config.settings import Settings
from dashboard.app import create_app
from tests.fixtures_redis import start_redis
from tests.integration.warehouse_tables import running_warehouse
from tests.push_stack import Idle
from tests.served_dashboard import served
from warehouse.client import connect
from warehouse.history import write_observations
from warehouse.migrate import migrate
from warehouse.series import Frequency, Observation, SeriesKey, Standing

FIRST_ISSUE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECOND_ISSUE = datetime(2026, 4, 6, 1, 0, tzinfo=UTC)
MONDAYS = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(6)]
MONTHS = [date(2026, 1, 1), date(2026, 2, 1)]
SOURCES = ("lao-jobs", "jobs & co <x>")


def observation(
    indicator: str, day: date, value: float | None, *, n: int = 120, **changes: object
) -> Observation:
    """A figure of the first release, told unless changed."""
    names = ("province", "occupation", "industry", "skill", "frequency")
    cell = {name: changes.pop(name) for name in names if name in changes}
    facts: dict[str, object] = {
        "issue": FIRST_ISSUE, "value": value, "n": n, "employers": 40, "grade": "B",
        "lower": None if value is None else value - 0.5,
        "upper": None if value is None else value + 0.5,
        "method": f"{indicator} 1", "top_share": 0.1, "sources": SOURCES,
        "release_id": "W2026-W09.0",
    }  # fmt: skip
    series = SeriesKey(indicator=indicator, **cell)  # type: ignore[arg-type]
    return Observation(series=series, time_value=day, **(facts | changes))  # type: ignore[arg-type]


def observations() -> list[Observation]:
    """Figures of several cells, kinds, frequencies and two issues."""
    rows = [
        observation("flow", day, 20.0 + week, n=20 + week, province=province)
        for province in ("", "LA-VT", "LA-XA")
        for week, day in enumerate(MONDAYS)
    ]
    rows += [observation("tightness", day, 0.125 * k - 0.3) for k, day in enumerate(MONDAYS)]
    rows += [
        observation("wage_median", day, 2_512_345.5, n=80, frequency=Frequency.MONTHLY,
                    province="LA-VT", occupation="2")
        for day in MONTHS
    ]  # fmt: skip
    rows += [
        observation("tightness", MONDAYS[0], None, n=3, standing=Standing.TOO_FEW, lower=None,
                    upper=None, province="LA-XE"),
        observation("tightness", MONDAYS[0], 0.7, n=8, province="LA-VT", occupation="2512",
                    standing=Standing.ROLLED_UP, answered_province="", answered_occupation="25"),
        observation("skill_share", MONTHS[0], 0.25, n=300, skill="S1.2",
                    frequency=Frequency.MONTHLY),
        observation("tightness", MONDAYS[1], 0.5, issue=SECOND_ISSUE, release_id="W2026-W14.0"),
    ]  # fmt: skip
    return rows


@contextmanager
def published(directory: Path) -> Iterator[Settings]:
    """Settings of a warehouse with the figures, some of them as public counts."""
    with (
        running_warehouse(directory) as bare,
        start_redis(directory / "redis") as redis_url,
    ):
        settings = bare.model_copy(update={"redis_url": redis_url, "var_dir": directory})
        client = connect(settings, database="default")
        migrate(client, database=settings.clickhouse_database, now=FIRST_ISSUE)
        client.close()
        client = connect(settings)
        write_observations(client, observations())
        client.insert("public_counts", public_counts(), column_names=PUBLIC_COLUMNS)
        client.insert("releases", releases(), column_names=RELEASE_COLUMNS)
        client.close()
        yield settings


PUBLIC_COLUMNS = (
    "measure", "frequency", "time_value", "province", "isco1", "isic", "issue", "release_id",
    "value", "step", "revised", "hidden",
)  # fmt: skip
RELEASE_COLUMNS = ("release_id", "kind", "status", "period_start", "period_end", "issue")


def public_counts() -> list[list[object]]:
    """The nation and the capital are told, Xaisomboun is not."""
    told: list[list[object]] = []
    for week, day in enumerate(MONDAYS):
        for province, value in (("", 20 + 5 * (week // 3)), ("LA-VT", 20), ("LA-XA", None)):
            step, hidden = (0, "confidential") if value is None else (5, "")
            told.append(
                ["flow", "W", day, province, "", "", FIRST_ISSUE, "W2026-W09.0", value, step, 0,
                 hidden]
            )  # fmt: skip
    told += [
        [
            "stock",
            "W",
            day + timedelta(days=6),
            "",
            "",
            "",
            FIRST_ISSUE,
            "W2026-W09.0",
            120,
            5,
            0,
            "",
        ]
        for day in MONDAYS
    ]
    cells = (("LA-VT", "2"), ("", ""))
    told += [
        ["flow", "M", day, province, isco1, "", FIRST_ISSUE, "W2026-W09.0", 80, 5, 0, ""]
        for day in MONTHS
        for province, isco1 in cells
    ]
    return told


def releases() -> list[list[object]]:
    """Both releases; the second is provisional."""
    return [
        ["W2026-W09.0", "weekly", "final", MONDAYS[0], MONDAYS[-1], FIRST_ISSUE],
        ["W2026-W14.0", "weekly", "provisional", MONDAYS[0], MONDAYS[-1], SECOND_ISSUE],
    ]


@contextmanager
def interface(settings: Settings) -> Iterator[str]:
    """Address of a dashboard over the warehouse."""
    with served(create_app(settings, Idle(), lambda *_: True)) as url:
        yield url
