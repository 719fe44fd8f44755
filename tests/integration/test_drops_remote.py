"""Files on a web server and on a real SFTP server, both on loopback, through the real broker."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest
from aiohttp import web

from config.settings import Settings
from config.topics import POSTINGS, SOURCE_RUNS
from scrapers.context import CrawlContext
from scrapers.drop_live import collect_drops
from scrapers.items import JobPosting, RunOutcome
from scrapers.sources import Source
from tests.crawl_stack import crawl_context, crawl_settings
from tests.processes import free_port
from tests.topic_reader import records

pytestmark = pytest.mark.integration
TABLE = "Ref,Job Title,Company\n1,Driver,Mekong\n2,Cook,Mekong\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with crawl_settings(tmp_path_factory) as settings:
        yield settings


@pytest.fixture
async def context(settings: Settings) -> AsyncIterator[CrawlContext]:
    async with crawl_context(settings) as context:
        yield context


def source(name: str, **drop: object) -> Source:
    return Source.model_validate(
        {"id": name, "name": name, "kind": "drop", "rate": 100, "drop": {"settle_s": 0.05, **drop}}
    )


async def titles(context: CrawlContext, name: str) -> list[str]:
    found = await records(context.settings.bootstrap_servers, POSTINGS)
    return [r.title for r in found if isinstance(r, JobPosting) and r.source_id == name]


@dataclass
class FileServer:
    """A web server with one file; tests change it between looks."""

    body: bytes = TABLE.encode()
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    robots: str = ""
    redirect: str = ""
    asked: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text=self.robots)
        self.asked.append(request.headers.get("If-None-Match", ""))
        if self.redirect:
            raise web.HTTPFound(self.redirect)
        if self.headers.get("ETag", "-") == self.asked[-1]:
            return web.Response(status=304, headers=self.headers)
        return web.Response(status=self.status, body=self.body, headers=self.headers)


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[FileServer, str]]:
    server, app, port = FileServer(), web.Application(), free_port()
    app.router.add_get("/{path:.*}", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield server, f"http://127.0.0.1:{port}/out/jobs.csv"
    finally:
        await runner.cleanup()


async def test_a_file_on_the_web_is_read_when_it_changes(context: CrawlContext) -> None:
    async with serving() as (server, url):
        one = source("web", where="http", url=url)
        server.headers = {"ETag": '"1"'}
        assert (await collect_drops(one, context)).record.published == 2
        assert (await collect_drops(one, context)).record.detail == "no new file"
        assert server.asked == ["", '"1"']
        server.body, server.headers = TABLE.replace("Cook", "Baker").encode(), {"ETag": '"2"'}
        assert (await collect_drops(one, context)).record.published == 1
    assert await titles(context, "web") == ["Driver", "Cook", "Baker"]


async def test_the_web_is_asked_politely_and_within_limits(context: CrawlContext) -> None:
    async with serving() as (server, url):
        one = source("limits", where="http", url=url, largest_mb=1)
        server.status = 503
        server.headers = {"Retry-After": "77"}
        crawled = await collect_drops(one, context)
        assert (crawled.record.outcome, crawled.retry_after_s) == (RunOutcome.FAILED, 77.0)
        server.status, server.headers = 200, {"Content-Encoding": "gzip"}
        server.body = gzip.compress(b"title\n" + b"0" * 30_000_000)
        assert (await collect_drops(one, context)).record.outcome is RunOutcome.FAILED
        server.headers, server.redirect = {}, "http://169.254.169.254/latest"
        assert (await collect_drops(one, context)).record.outcome is RunOutcome.REFUSED
        server.redirect, server.robots = "", "User-agent: *\nDisallow: /out"
        context.robots = type(context.robots)()
        asked = len(server.asked)
        assert (await collect_drops(one, context)).record.outcome is RunOutcome.REFUSED
        assert len(server.asked) == asked
    private = source("private", where="http", url="http://10.0.0.1/jobs.csv")
    assert (await collect_drops(private, context)).record.outcome is RunOutcome.REFUSED
    assert await titles(context, "limits") == []


@dataclass(frozen=True)
class Sftp:
    """A real SFTP server, with one account that has one key."""

    folder: Path
    port: int
    known_hosts: Path
    key_file: Path

    def source(self, name: str, **changes: object) -> Source:
        told = {"host": "127.0.0.1", "port": self.port, "user": "labourwatch", "path": "/in"}
        files = {"known_hosts": str(self.known_hosts), "key_file": str(self.key_file)}
        return source(name, where="sftp", **{**told, **files, **changes})


@pytest.fixture
async def sftp(tmp_path: Path) -> AsyncIterator[Sftp]:
    host, ours = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    ours.write_private_key(tmp_path / "key")
    ours.write_public_key(tmp_path / "authorised")
    folder = tmp_path / "root" / "in"
    folder.mkdir(parents=True)
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[host],
        authorized_client_keys=str(tmp_path / "authorised"),
        sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=bytes(tmp_path / "root")),
    )
    port = server.get_port()
    public = host.export_public_key().decode()
    (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}")
    yield Sftp(folder, port, tmp_path / "known_hosts", tmp_path / "key")
    server.close()
    await server.wait_closed()


async def test_files_on_an_sftp_server_are_read_and_put_away(
    context: CrawlContext, sftp: Sftp
) -> None:
    (sftp.folder / "a.csv").write_text(TABLE)
    (sftp.folder / "b.json").write_text("no json")
    (sftp.folder / "c.csv.part").write_text(TABLE.replace("Cook", "Never"))
    (sftp.folder / "link.csv").symlink_to("/etc/hostname")
    one = sftp.source("sftp", after="archive")
    assert (await collect_drops(one, context)).record.published == 2
    (sftp.folder / "a.csv").write_text(TABLE.replace("Cook", "Baker"))
    assert (await collect_drops(one, context)).record.published == 1
    assert (await collect_drops(one, context)).record.detail == "no new file"
    assert await titles(context, "sftp") == ["Driver", "Cook", "Baker"]
    below = {str(p.relative_to(sftp.folder)) for p in sftp.folder.rglob("*") if not p.is_dir()}
    assert below == {
        "archive/a.csv", "archive/a-2.csv", "refused/b.json", "c.csv.part", "link.csv",
    }  # fmt: skip


async def test_a_server_of_another_key_is_not_spoken_to(context: CrawlContext, sftp: Sftp) -> None:
    (sftp.folder / "a.csv").write_text(TABLE)
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    sftp.known_hosts.write_text(f"[127.0.0.1]:{sftp.port} {other}")
    record = (await collect_drops(sftp.source("pinned"), context)).record
    assert record.outcome is RunOutcome.FAILED
    assert "HostKeyNotVerifiable" in record.detail
    sftp.known_hosts.unlink()
    missing = (await collect_drops(sftp.source("pinned"), context)).record
    assert "with the server's key" in missing.detail
    assert await titles(context, "pinned") == []


@pytest.mark.parametrize(
    "changes", [{"user": "x", "key_file": "missing"}, {"path": "/nowhere"}, {"port": 1}]
)
async def test_what_an_sftp_server_refuses_is_a_failed_run(
    context: CrawlContext, sftp: Sftp, changes: dict[str, object]
) -> None:
    crawled = await collect_drops(sftp.source("failing", **changes), context)
    assert crawled.record.outcome is RunOutcome.FAILED
    assert crawled.record.detail.startswith("127.0.0.1: ") or "key" in crawled.record.detail
    runs = await records(context.settings.bootstrap_servers, SOURCE_RUNS)
    assert [r for r in runs if r.source_id == "failing"][-1].outcome is RunOutcome.FAILED
