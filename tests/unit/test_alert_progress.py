"""A day is settled only when stream and loader have passed what was published by then."""

from __future__ import annotations

from alerts.progress import Barrier, Offsets, has_reached
from config.topics import LOADER_GROUP, POSTINGS, STREAM_GROUP, VACANCIES


class Broker:
    """Ends and positions, set by the test."""

    def __init__(self) -> None:
        self.end: dict[str, Offsets] = {POSTINGS.name: {0: 5, 1: 0}, VACANCIES.name: {0: 2}}
        self.at: dict[str, Offsets] = {STREAM_GROUP: {}, LOADER_GROUP: {}}

    async def ends(self, topic: str) -> Offsets:
        return self.end[topic]

    async def consumed(self, group: str, topic: str) -> Offsets:
        assert topic in self.end
        return self.at[group]


def test_partitions_without_records_need_no_position() -> None:
    assert has_reached({0: 5}, {0: 5, 1: 0})
    assert not has_reached({0: 4}, {0: 5})
    assert not has_reached({}, {0: 1})


async def test_a_watermark_settles_after_stream_and_loader() -> None:
    broker = Broker()
    barrier = Barrier(positions=broker)
    assert await barrier.advance(100) == 0
    broker.end[POSTINGS.name] = {0: 50}  # later postings are not waited for
    broker.at[STREAM_GROUP] = {0: 5}
    broker.end[VACANCIES.name] = {0: 9}
    assert await barrier.advance(101) == 0
    broker.at[LOADER_GROUP] = {0: 8}
    assert await barrier.advance(101) == 0
    broker.at[LOADER_GROUP] = {0: 9}
    assert await barrier.advance(101) == 100
    assert await barrier.advance(101) == 100
    broker.at[STREAM_GROUP] = {0: 50}
    assert await barrier.advance(101) == 101
