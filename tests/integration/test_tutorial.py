"""The tutorial is followed word for word: its pages are served, its file is used as it stands."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.processes import free_port

pytestmark = pytest.mark.integration
TUTORIAL = Path(__file__).parents[2] / "docs" / "sources" / "tutorial.md"


def block(language: str, number: int = 0) -> str:
    """The block of `language` that the tutorial shows as its `number`th."""
    found = re.findall(rf"```{language}\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)
    text: str = found[number]
    return text


@asynccontextmanager
async def board() -> AsyncIterator[str]:
    """The tutorial's board: one page of two cards, then pages that claim more and carry none."""
    listing, advert = block("html"), block("html", 1)
    empty = re.sub(r'<div class="job-card.*</div>', "", listing, flags=re.DOTALL)

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nAllow: /\n")
        if request.path == "/jobs":
            text = listing if request.query.get("page", "1") == "1" else empty
            return web.Response(text=text, content_type="text/html")
        if request.path.startswith("/jobs/47"):
            return web.Response(text=advert, content_type="text/html")
        raise web.HTTPNotFound

    app = web.Application()
    app.router.add_get("/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def labourwatch(folder: Path, *words: str) -> tuple[int | None, str]:
    """Exit status and output of a command, as a person runs it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "labourwatch", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "LABOURWATCH_SOURCES_DIR": str(folder)},
    )  # fmt: skip
    told = (await process.communicate())[0].decode()
    return process.returncode, told


async def test_a_newcomer_adds_a_board_without_python(tmp_path: Path) -> None:
    path = tmp_path / "champa.yaml"
    async with board() as address:
        # A board on this machine is asked as fast as it answers; nothing else differs.
        text = block("yaml").replace("https://board.example", address)
        path.write_text(text.replace("rate: 0.5", "rate: 200"), "utf-8")
        assert (await labourwatch(tmp_path, "sources", "check", "champa"))[0] == 0
        status, shown = await labourwatch(
            tmp_path, "sources", "test", "champa", "--adverts", "2", "--json"
        )
    assert status == 0, shown
    first, second = sorted(json.loads(shown)["postings"], key=lambda p: p["posting_id"])
    assert first["title"] == "Site electrician"
    assert first["hiring_organization"] == "Nam Ngiep Construction Co., Ltd"
    assert first["job_location_raw"] == "Pakxe, Champasak"
    assert first["base_salary_raw"] == "4,500,000 - 6,000,000 LAK / month"
    assert (first["date_posted"], first["valid_through"]) == ("2026-11-03", "2026-11-30")
    assert first["total_job_openings_raw"] == "3"
    assert "Two years of experience." in first["description"]
    assert second["hiring_organization"] == "ບໍລິສັດ ດອກຈຳປາ ຈຳກັດ"
    assert second["job_location_raw"] == "ນະຄອນຫຼວງວຽງຈັນ"


async def test_the_mistake_that_the_tutorial_suggests_is_told(tmp_path: Path) -> None:
    wrong = block("yaml").replace("items:", "itmes:")
    (tmp_path / "champa.yaml").write_text(wrong, "utf-8")
    status, told = await labourwatch(tmp_path, "sources", "check", "champa")
    assert status == 1
    assert "champa.yaml:7: list.itmes: no such field" in told


async def test_it_is_switched_on_only_with_a_legal_basis(tmp_path: Path) -> None:
    path = tmp_path / "champa.yaml"
    path.write_text(block("yaml"), "utf-8")
    assert (await labourwatch(tmp_path, "sources", "enable", "champa"))[0] == 1
    text = path.read_text("utf-8")
    for entry in ("legal_basis", "contact", "owner"):
        text = text.replace(f'{entry}: ""', f"{entry}: agreement of 2026-11-20")
    path.write_text(text, "utf-8")
    assert (await labourwatch(tmp_path, "sources", "enable", "champa"))[0] == 0
    assert "✓ champa" in (await labourwatch(tmp_path, "sources", "list"))[1]
