"""Every address, asked by nobody in particular, over data that must not leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from config.settings import Settings
from dashboard.app import create_app
from tests.reading_stack import filled
from tests.served_dashboard import get, served
from tests.unit.test_dashboard_app import Seeded
from tests.unit.test_what_leaves import GUARDED, walk
from warehouse.client import connect
from warehouse.history import write_observations
from warehouse.series import Frequency, Observation, SeriesKey

pytestmark = pytest.mark.integration
TRAPS = ("7341", "Company ", "0.731", "3512345", "3,512,345")
"""An exact count and ratio, names of employers, an exact wage."""
GIVEN = {
    "name": "provinces", "code": "LA-VT", "alert_id": "a1", "reference": "none", "rest": "all",
    "path": "none", "posting_id": "none", "receipt_id": "none",
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with filled(tmp_path_factory.mktemp("public")) as settings:
        client = connect(settings)
        issue = datetime(2026, 11, 24, tzinfo=UTC)
        write_observations(
            client,
            [
                Observation(
                    series=SeriesKey(indicator=name, province="LA-VT", frequency=frequency),
                    time_value=date(2026, 10, 5), issue=issue, value=value, n=7341,
                    employers=99, top_share=0.731, release_id="T",
                )
                for frequency in Frequency
                for name, value in (("flow", 7341.0), ("stock", 7341.0), ("tightness", 0.7312))
            ],
        )  # fmt: skip
        client.close()
        yield settings


def test_nothing_exact_leaves_by_any_address(settings: Settings) -> None:
    quiet = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    app = create_app(quiet, Seeded(), lambda *_: True)
    asked = 0
    with served(app) as url:
        for route in walk(app.routes):
            module = getattr(getattr(route, "endpoint", None), "__module__", "")
            guarded = module.startswith(GUARDED) or module == "dashboard.api"
            if guarded and "GET" in (route.methods or ()):
                path = route.path.replace(":path", "").format(**GIVEN)
                for words in ("", "?format=csv", "?limit=100000", "?vintages=true"):
                    answer = get(url + path + words)
                    held = [trap for trap in TRAPS if trap in answer.text]
                    assert (path, words, held) == (path, words, [])
                    asked += answer.status == 200
    assert asked >= 20
