"""The supervisor's configuration, the choice of ports, and what is said about restarts."""

from __future__ import annotations

import configparser
import socket
import stat
from pathlib import Path

import pytest

from config.settings import Settings, load_settings
from labourwatch import addresses
from labourwatch.parts import PARTS, part_named, parts_of
from labourwatch.processes import ALONE, SERVERS
from labourwatch.standalone import WorkspaceMixError, restarts, run
from labourwatch.supervision import HELD_STATUS, PartState, configuration, socket_path


def state(name: str, status: str = "RUNNING", pid: int = 1, exit_status: int = 0) -> PartState:
    return PartState(name=name, state=status, pid=pid, started=0, now=10, exit_status=exit_status)


def test_every_part_is_a_command_and_every_command_a_part() -> None:
    assert {part.name for part in PARTS} == {*SERVERS, *ALONE}


def test_state_and_log_start_before_those_who_need_them() -> None:
    order = [part.name for part in parts_of(demonstration=True)]
    for early, late in (
        ("redis", "stream"),
        ("broker", "load"),
        ("warehouse", "dashboard"),
        ("boards", "crawl"),
        ("load", "alert"),
    ):
        assert order.index(early) < order.index(late)


def test_a_live_workspace_has_no_demonstration_parts() -> None:
    assert {"boards", "mail"}.isdisjoint(part.name for part in parts_of(demonstration=False))


def test_an_unknown_part_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="broker"):
        part_named("brokre")


def test_the_configuration_is_read_back_as_written(tmp_path: Path) -> None:
    text = configuration(parts_of(demonstration=True), tmp_path, {"A": "50%", "B": "x,y"})
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    for part in PARTS:
        section = parser[f"program:{part.name}"]
        assert section["autorestart"] == "unexpected"
        assert section["exitcodes"] == str(HELD_STATUS)  # even a clean end is unexpected
        assert section["autostart"] == "false"
        assert 'A="50%%"' in section["environment"]
        assert int(section["stopwaitsecs"]) == part.stop_seconds


def test_a_deep_directory_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    assert len(str(socket_path(deep))) < 100
    assert socket_path(deep) == socket_path(deep)
    assert socket_path(deep) != socket_path(tmp_path / "other")


def test_ports_are_distinct_free_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABOURWATCH_DASHBOARD_PORT", raising=False)
    first = addresses.choose(Settings(var_dir=tmp_path))
    addresses.write_env(tmp_path / "stack.env", first)
    again = addresses.choose(load_settings(tmp_path))
    assert again == first
    ports = [value for name, value in first.items() if name.endswith("_PORT")]
    assert len(set(ports)) == len(ports)


def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        chosen = addresses.choose(Settings(var_dir=tmp_path, dashboard_port=taken))
    assert int(chosen["LABOURWATCH_DASHBOARD_PORT"]) != taken


def test_a_port_asked_for_by_name_must_be_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setenv("LABOURWATCH_DASHBOARD_PORT", str(taken))
        with pytest.raises(addresses.PortTakenError, match=str(taken)):
            addresses.choose(load_settings(tmp_path))


def test_the_secret_is_readable_by_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "stack.env"
    addresses.write_env(path, {"LABOURWATCH_CLICKHOUSE_PASSWORD": "s"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_restarts_are_told_once() -> None:
    up, down = state("load", pid=7), state("load", "BACKOFF", pid=0, exit_status=137)
    back = state("load", pid=9)
    assert restarts({"load": up}, {"load": up}) == []
    assert "ended" in restarts({"load": up}, {"load": down})[0]
    assert "137" in restarts({"load": up}, {"load": down})[0]
    stopped = state("load", "EXITED", pid=0, exit_status=HELD_STATUS)
    assert "held" in restarts({"load": up}, {"load": stopped})[0]
    assert "restarted as process 9" in restarts({"load": down}, {"load": back})[0]
    assert "restarted as process 9" in restarts({"load": up}, {"load": back})[0]


def test_a_directory_keeps_to_one_workspace(tmp_path: Path) -> None:
    addresses.write_env(tmp_path / "stack.env", {"LABOURWATCH_WORKSPACE": "demonstration"})
    live = load_settings(tmp_path).model_copy(update={"workspace": "live"})
    with pytest.raises(WorkspaceMixError, match="var-live"):
        run(live, print)


def test_settings_are_frozen_and_know_their_workspace(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, broker_url="kafka://h:1", workspace="live")
    assert settings.bootstrap_servers == "h:1"
    assert not settings.is_demonstration
    with pytest.raises(Exception, match="frozen"):
        settings.workspace = "demonstration"  # type: ignore[misc]
