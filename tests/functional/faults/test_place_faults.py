"""Networks that are torn, disks without room, wrong clocks, a flushed Redis, an absent warehouse.

`make faults` makes every fault twenty times on both stacks (the warehouse away for ten minutes:
once). `make test` fills disks in `tests/contract/test_full_disks.py` and leaves these out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from benchmarks.faults_places import faults_on, made, standing, why_left_out
from benchmarks.faults_places_deeds import LASTS_S, Place
from benchmarks.faults_places_stack import Places

RUNS = int(os.environ.get("LABOURWATCH_FAULTS", "1"))
pytestmark = [
    pytest.mark.functional,
    pytest.mark.skipif(RUNS == 1, reason="takes hours: make faults"),
]


@pytest.fixture(scope="module", params=[0, 3], ids=["embedded", "kafka"])
def at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Places]:
    with standing(tmp_path_factory.mktemp("places"), kafka=request.param) as found:
        yield found


@pytest.mark.parametrize("fault", list(Place))
def test_nothing_acknowledged_is_lost_or_doubled(at: Places, fault: Place) -> None:
    if fault not in faults_on(len(at.seats) if at.cluster else 0):
        pytest.skip(why_left_out() or "there is one broker: it has no neighbours")
    row = made(at, fault, 7, runs=RUNS, lasts_s=LASTS_S)
    assert (row.lost, row.doubled, row.unrecovered) == (0, 0, 0)
