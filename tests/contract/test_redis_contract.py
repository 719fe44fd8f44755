"""What every Redis owes the service: the embedded one and any server by address.

`LABOURWATCH_TEST_REDIS_URL=redis://host:port/db` adds a server; its database is not emptied, the
tests use keys of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import redis

from labourwatch.embedded.redis import SERVERS
from tests.fixtures_redis import MODULE, launch_redis, start_redis
from tests.fixtures_shim import Shim, preloaded, why_no_shim

pytestmark = pytest.mark.integration

URL_VARIABLE = "LABOURWATCH_TEST_REDIS_URL"


@pytest.fixture(scope="module", params=["embedded", "server"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "embedded":
        with start_redis(tmp_path_factory.mktemp("contract") / "redis") as found:
            yield found
        return
    if URL_VARIABLE not in os.environ:
        pytest.skip(f"{URL_VARIABLE} names no Redis server")
    yield os.environ[URL_VARIABLE]


@pytest.fixture
def store(url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(url, decode_responses=True) as opened:
        yield opened


@pytest.fixture
def key(store: redis.Redis) -> Iterator[str]:
    name = f"contract:{uuid.uuid4().hex}"
    yield name
    store.delete(name)


def test_a_pipeline_answers_in_order(store: redis.Redis, key: str) -> None:
    with store.pipeline(transaction=False) as pipe:
        pipe.set(key, "ວຽກ", ex=60)
        pipe.get(key)
        pipe.ttl(key)
        stored, value, seconds = pipe.execute()
    assert (stored, value) == (True, "ວຽກ")
    assert 0 < seconds <= 60


def test_sets_keep_members_once(store: redis.Redis, key: str) -> None:
    assert store.sadd(key, "a", "b") == 2
    assert store.sadd(key, "b", "c") == 1
    assert store.smembers(key) == {"a", "b", "c"}
    assert store.smismember(key, ["a", "z"]) == [1, 0]


def test_sorted_sets_are_ordered_by_score(store: redis.Redis, key: str) -> None:
    store.zadd(key, {"late": 30, "early": 10, "middle": 20})
    assert store.zrangebyscore(key, 10, 20) == ["early", "middle"]
    assert store.zremrangebyscore(key, "-inf", 15) == 1


def test_hashes_hold_fields(store: redis.Redis, key: str) -> None:
    store.hset(key, mapping={"title": "ຊ່າງ", "n": "1"})
    assert store.hincrby(key, "n", 4) == 5
    assert store.hmget(key, ["title", "n", "none"]) == ["ຊ່າງ", "5", None]


def test_a_transaction_gives_way_to_a_concurrent_write(store: redis.Redis, key: str) -> None:
    store.set(key, "1")
    with store.pipeline() as pipe:
        pipe.watch(key)  # type: ignore[no-untyped-call]
        store.set(key, "2")
        pipe.multi()
        pipe.set(key, "3")
        with pytest.raises(redis.WatchError):
            pipe.execute()
    assert store.get(key) == "2"


def test_a_script_runs_as_one_step(store: redis.Redis, key: str) -> None:
    take = store.register_script(
        "local n = redis.call('INCRBY', KEYS[1], ARGV[1]) return {n, n * 2}"
    )
    assert take(keys=[key], args=[5]) == [5, 10]


def test_set_if_absent_elects_one(store: redis.Redis, key: str) -> None:
    assert store.set(key, "first", nx=True, px=60_000)
    assert store.set(key, "second", nx=True, px=60_000) is None


def test_a_published_message_reaches_its_subscribers(store: redis.Redis, key: str) -> None:
    with store.pubsub() as listener:  # type: ignore[no-untyped-call]
        listener.subscribe(key)
        assert listener.get_message(timeout=30)["type"] == "subscribe"
        assert store.publish(key, '{"rows": 1}') == 1
        message = listener.get_message(timeout=30, ignore_subscribe_messages=True)
    assert message is not None
    assert message["data"] == '{"rows": 1}'


def _killed_after(folder: Path, writes: Callable[[redis.Redis], None]) -> None:
    """A kill -9 right after the last of `writes` was acknowledged."""
    part = launch_redis(folder)
    try:
        with redis.Redis(port=part.port, decode_responses=True) as store:
            writes(store)
    finally:
        part.kill()


def test_kill_9_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    """Three kills, each right after the last of many acknowledged writes."""

    def fill(store: redis.Redis, part_number: int) -> None:
        assert store.dbsize() == 2000 * part_number
        with store.pipeline(transaction=False) as pipe:
            for n in range(2000):
                pipe.set(f"key:{part_number}:{n}", n)
            assert all(pipe.execute())

    for part_number in range(3):
        _killed_after(tmp_path / "redis", partial(fill, part_number=part_number))
    with start_redis(tmp_path / "redis") as url, redis.Redis.from_url(url) as store:
        assert store.dbsize() == 6000
        assert store.get("key:2:1999") == b"1999"


@pytest.mark.skipif(bool(why_no_shim()), reason=why_no_shim() or "-")
def test_kill_9_keeps_what_was_acknowledged_while_the_disk_was_slow(tmp_path: Path) -> None:
    """Writes that come while earlier ones are being forced may not be acknowledged from memory."""

    def write(store: redis.Redis, shim: Shim) -> None:
        for server in SERVERS:
            shim.set(server, slower_s=0.5)
        for n in range(4):
            assert store.set(f"key:{n}", n)

    with preloaded(tmp_path / "shim") as shim:
        _killed_after(tmp_path / "redis", partial(write, shim=shim))
    with start_redis(tmp_path / "redis") as url, redis.Redis.from_url(url) as store:
        assert store.dbsize() == 4


def test_a_clean_restart_keeps_all(tmp_path: Path) -> None:
    part = launch_redis(tmp_path / "redis")
    with redis.Redis(port=part.port) as store:
        store.zadd("z", {"a": 1})
    assert part.stop() == 0
    part = launch_redis(tmp_path / "redis")
    with redis.Redis(port=part.port) as store:
        assert store.zscore("z", "a") == 1
    part.stop()


def test_it_serves_loopback_only(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", MODULE, "--dir", str(tmp_path), "--port", "1", "--host", "0.0.0.0"],  # noqa: S104
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "loopback only" in ended.stderr
