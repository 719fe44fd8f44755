"""Networks that are torn, disks without room, wrong clocks, a flushed Redis, an absent warehouse.

`make test` cuts the embedded broker off once; `make faults` makes every fault twenty times on both
stacks (the warehouse away for ten minutes: once).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from benchmarks.faults_places import faults_on, made, standing, why_left_out
from benchmarks.faults_places_deeds import LASTS_S, Place
from benchmarks.faults_places_stack import Places

pytestmark = pytest.mark.functional

RUNS = int(os.environ.get("LABOURWATCH_FAULTS", "1"))
WHOLE = RUNS > 1
FAULTS = list(Place) if WHOLE else [Place.BROKER_CUT]


@pytest.fixture(scope="module", params=[0, 3] if WHOLE else [0], ids=lambda n: f"kafka-{n}")
def at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Places]:
    with standing(tmp_path_factory.mktemp("places"), kafka=request.param) as found:
        yield found


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_acknowledged_is_lost_or_doubled(at: Places, fault: Place) -> None:
    if fault not in faults_on(len(at.seats) if at.cluster else 0):
        pytest.skip(why_left_out() or "there is one broker: it has no neighbours")
    row = made(at, fault, 7, runs=RUNS, lasts_s=LASTS_S if WHOLE else 2.0)
    assert (row.lost, row.doubled, row.unrecovered) == (0, 0, 0)
