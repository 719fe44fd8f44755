"""The demonstration over HTTP: control interface, closed sites, robots.txt and a clean stop."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from labourwatch.demo.__main__ import main
from labourwatch.demo.serve import PORTS_NEEDED, SITES, serve_market
from scrapers.source_files import load_sources
from tests.factories_demo import ANCHOR, SetClock


@dataclass(frozen=True)
class Demo:
    control: str
    boards: list[str]
    session: ClientSession
    directory: Path
    clock: SetClock


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    ports = free_ports(PORTS_NEEDED + 1)
    stop, clock = asyncio.Event(), SetClock()
    serving = asyncio.create_task(
        serve_market(
            tmp_path,
            control_port=ports[0],
            ports=ports[1:],
            seed=5,
            anchor=ANCHOR,
            history_days=60,
            mean_per_day=10,
            pace_s=0,
            clock=clock,
            stop=stop,
        )
    )
    control = f"http://127.0.0.1:{ports[0]}"
    async with ClientSession() as session:
        await until_healthy(session, control, serving)
        yield Demo(control, [f"http://127.0.0.1:{p}" for p in ports[1:]], session, tmp_path, clock)
    stop.set()
    await serving


def free_ports(number: int) -> list[int]:
    """Distinct loopback ports that were free a moment ago."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


async def until_healthy(session: ClientSession, control: str, serving: asyncio.Task[Any]) -> None:
    while not serving.done():
        try:
            async with session.get(f"{control}/healthz") as answer:
                if answer.status == 200:
                    return
        except OSError:
            await asyncio.sleep(0.05)
    serving.result()


async def test_an_added_vacancy_is_on_its_board_and_in_the_totals(demo: Demo) -> None:
    async with demo.session.get(f"{demo.control}/totals") as answer:
        before = await answer.json()
    wish = {"title": "Bridge Painter", "board": "mekong-careers", "province": "LA-SV"}
    async with demo.session.post(f"{demo.control}/vacancies", json=wish) as answer:
        assert answer.status == 200
        added = await answer.json()
    assert added["posted_at"] == ANCHOR.isoformat()
    async with demo.session.get(f"{demo.boards[0]}/sitemap.xml") as answer:
        assert added["posting_id"] in await answer.text()
    async with demo.session.get(f"{demo.boards[0]}/jobs/{added['posting_id']}-job") as answer:
        assert "Bridge Painter" in await answer.text()
    async with demo.session.get(f"{demo.control}/totals") as answer:
        after = await answer.json()
    served = [t["boards"]["mekong-careers"]["served"] for t in (before, after)]
    assert served[1] == served[0] + 1
    assert after["served"] == before["served"] + 1


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"title": ""}', b"\xff"])
async def test_a_wrong_request_is_answered_with_what_was_expected(demo: Demo, body: bytes) -> None:
    async with demo.session.post(f"{demo.control}/vacancies", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]


async def test_truth_names_every_planted_thing_and_exports_each_posting(demo: Demo) -> None:
    async with demo.session.get(f"{demo.control}/truth") as answer:
        told = await answer.json()
    assert {e["kind"] for e in told["events"]} >= {"step", "outage", "new_portal"}
    assert set(told["boards"]) == {kind.source_id for kind in SITES}
    async with demo.session.post(f"{demo.control}/truth/postings") as answer:
        export = await answer.json()
    lines = await asyncio.to_thread(read_lines, export["path"])
    assert len(lines) == export["postings"] == told["totals"]["served"]
    assert len(json.loads(lines[0])["isco08"]) == 4


def read_lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines()


async def test_closed_sites_stay_closed(demo: Demo) -> None:
    refusing, dead = demo.boards[6:]
    for path in ("/robots.txt", "/", "/jobs/1"):
        async with demo.session.get(refusing + path) as answer:
            assert answer.status == 429
    async with demo.session.get(f"{dead}/api/v1/jobs") as answer:
        assert answer.status == 522
    async with demo.session.get(f"{dead}/robots.txt") as answer:
        assert all(line.startswith("#") for line in (await answer.text()).splitlines())


async def test_robots_names_delay_paths_and_sitemap(demo: Demo) -> None:
    async with demo.session.get(f"{demo.boards[0]}/robots.txt") as answer:
        robots = await answer.text()
    assert "Crawl-delay: 0.05" in robots
    assert "Disallow: /apply/" in robots
    assert f"Sitemap: {demo.boards[0]}/sitemap.xml" in robots


async def test_pages_past_the_last_claim_jobs_and_carry_none(demo: Demo) -> None:
    async with demo.session.get(f"{demo.boards[2]}/search_jobs.php?page=900") as answer:
        text = await answer.text()
    assert "of all 1700 jobs" in text
    assert "job-des-item" not in text


async def test_source_files_are_written_for_the_boards(demo: Demo) -> None:
    sources = {s.id: s for s in load_sources(demo.directory / "sources")}
    assert len(sources) == len(SITES) + 3
    for kind, base in zip(SITES, demo.boards, strict=False):
        assert sources[kind.source_id].base_url == base
    assert "vanished" in sources


async def test_archive_ends_three_days_before_the_anchor(demo: Demo) -> None:
    async with demo.session.get(f"{demo.boards[1]}/archive/index.json") as answer:
        days = (await answer.json())["days"]
    assert days[-1] == "2026-11-20"
    for path, status in (("2026-11-21", 404), ("not-a-day", 404)):
        async with demo.session.get(f"{demo.boards[1]}/archive/{path}.json") as answer:
            assert answer.status == status


async def test_bad_requests_to_the_list_are_refused(demo: Demo) -> None:
    url = f"{demo.boards[1]}/client-api/get-job-search-web"
    for body in (b"no", b"[]", b'{"page": 0}', b'{"page": "x"}'):
        async with demo.session.post(url, data=body) as answer:
            assert answer.status == 400


async def test_a_taken_port_is_an_error_and_leaves_nothing_open(tmp_path: Path) -> None:
    ports = free_ports(PORTS_NEEDED + 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports[3]))
        taken.listen()
        with pytest.raises(OSError, match=str(ports[3])):
            await serve_market(
                tmp_path,
                control_port=ports[0],
                ports=ports[1:],
                seed=1,
                anchor=ANCHOR,
                history_days=60,
                mean_per_day=2,
            )


async def test_a_wrong_number_of_ports_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="8 ports are needed, 1 given"):
        await serve_market(tmp_path, control_port=1, ports=[2], seed=1)


async def test_the_command_serves_and_stops_on_sigterm(tmp_path: Path) -> None:
    ports = free_ports(PORTS_NEEDED + 1)
    command = [
        *(sys.executable, "-m", "labourwatch.demo", "--dir", str(tmp_path)),
        *("--control-port", str(ports[0]), "--ports", ",".join(map(str, ports[1:]))),
        *("--history-days", "60", "--mean-per-day", "2"),
    ]
    process = await asyncio.create_subprocess_exec(*command)
    exited = asyncio.create_task(process.wait())
    async with ClientSession() as session:
        await until_healthy(session, f"http://127.0.0.1:{ports[0]}", exited)
    process.terminate()
    assert await exited == 0


def test_an_anchor_without_a_zone_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--dir", "x", "--control-port", "1", "--ports", "2", "--anchor", "2026-09-01T08:00"])
    assert "expected a moment with its zone" in capsys.readouterr().err
