"""The production layout keeps its rules: schema, hardening, pins, secrets, one process a service.

That it starts cannot be shown without an engine; `tests/integration/test_compose_commands.py` runs
the commands themselves, and `make deploy-check` asks the tools of the parts.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator

from config.settings import PREFIX, Settings, load_settings
from labourwatch.parts import PARTS
from tests.compose_file import NOT_IN_PRODUCTION, ROOT, composed, own_services, services

_SECRET: Final = re.compile(r"PASSWORD|SECRET|TOKEN|_KEYS?$")


def test_the_file_is_what_the_compose_specification_allows() -> None:
    # Its schemas are wanted, not its command, which asks for a newer click than Faust allows.
    spec = find_spec("check_jsonschema")
    assert spec is not None
    assert spec.origin is not None
    schemas = Path(spec.origin).parent / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text(encoding="utf-8"))
    loaded = {name: part for name, part in composed().items() if not name.startswith("x-")}
    assert [error.message for error in Draft7Validator(schema).iter_errors(loaded)] == []


@pytest.mark.parametrize("dockerfile", ["Dockerfile", "deploy/caddy/Dockerfile"])
def test_hadolint_finds_nothing(dockerfile: str) -> None:
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([program, dockerfile], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", services())
def test_every_service_is_held_in(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= limits.keys()
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert re.search(r":v?\d+\.\d+", service["image"]), "pinned by version at least"
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", services())
def test_no_secret_stands_in_an_environment(name: str) -> None:
    for variable in services()[name].get("environment", {}):
        held = _SECRET.search(variable) and not variable.endswith(("_FILE", "_DIR"))
        assert not held, variable


def test_secrets_are_files_and_all_are_used() -> None:
    declared = composed()["secrets"]
    assert all(entry["file"] == f"./secrets/{name}" for name, entry in declared.items())
    used = {secret for service in services().values() for secret in service.get("secrets", ())}
    assert used == declared.keys()


def test_the_script_makes_every_secret_and_settings_read_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make_secrets(tmp_path / "secrets")
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert made.keys() == composed()["secrets"].keys()
    _make_secrets(tmp_path / "secrets")
    assert {p.name: p.read_text() for p in (tmp_path / "secrets").iterdir()} == made
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv(f"{PREFIX}SECRETS_DIR", str(tmp_path / "secrets"))
    monkeypatch.delenv(f"{PREFIX}REDIS_URL", raising=False)
    settings = load_settings(tmp_path)
    word = made["labourwatch_clickhouse_password"].strip()
    assert settings.clickhouse_password.get_secret_value() == word
    assert settings.redis_url == made["labourwatch_redis_url"].strip()
    assert made["valkey_auth"].strip().removeprefix("requirepass ") in settings.redis_url
    assert word not in repr(settings)


def _make_secrets(folder: Path) -> None:
    script = ROOT / "deploy" / "make-secrets"
    subprocess.run(["bash", script, folder], check=True, capture_output=True)


def test_the_environment_goes_before_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "labourwatch_smtp_user").write_text("from-a-file\n")
    monkeypatch.setenv(f"{PREFIX}SECRETS_DIR", str(tmp_path))
    assert load_settings(tmp_path).smtp_user == "from-a-file"
    monkeypatch.setenv(f"{PREFIX}SMTP_USER", "from-the-environment")
    assert load_settings(tmp_path).smtp_user == "from-the-environment"


def test_every_setting_named_exists() -> None:
    named = {
        variable.removeprefix(PREFIX).lower()
        for service in own_services().values()
        for variable in service["environment"]
        if variable.startswith(PREFIX)
    }
    assert named <= set(Settings.model_fields)
    secrets = {name for name in composed()["secrets"] if name.startswith(PREFIX.lower())}
    assert {name.removeprefix(PREFIX.lower()) for name in secrets} <= set(Settings.model_fields)


def test_each_part_of_the_service_is_one_service() -> None:
    parts = {part.name for part in PARTS if part.name not in NOT_IN_PRODUCTION}
    assert own_services().keys() == parts
    for name, service in own_services().items():
        assert service["command"] == ["labourwatch", name]
        assert service["healthcheck"]["test"] == ["CMD", "labourwatch", "healthy", name]


def test_only_the_proxy_is_reached_from_outside() -> None:
    ports = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert ports.keys() == {"proxy", "grafana"}
    assert all(port.startswith("127.0.0.1:") for port in ports["grafana"])


@pytest.mark.parametrize("name", services())
def test_servers_of_state_have_no_way_out(name: str) -> None:
    networks = services()[name]["networks"]
    if re.match(r"kafka|clickhouse|keeper|redis|load|stream|dashboard", name):
        assert all(composed()["networks"][network].get("internal") for network in networks)


@pytest.mark.parametrize("name", services())
def test_what_is_mounted_exists(name: str) -> None:
    for volume in services()[name].get("volumes", ()):
        source, target, *mode = volume.split(":")
        if source.startswith("./"):
            assert (ROOT / source).exists(), source
            assert mode == ["ro"], f"{target} could be written to from the container"
        else:
            assert source in composed()["volumes"]


def test_a_cluster_has_three_voters_and_keeps_two_copies() -> None:
    values = _variables("cluster")
    brokers = {f"kafka-{number}" for number in (1, 2, 3)}
    assert {place.split(":")[0] for place in values["KAFKA_BROKERS"].split(",")} == brokers
    voters = dict(voter.split("@") for voter in values["KAFKA_VOTERS"].split(","))
    for name in brokers:
        node = services()[name]["environment"]["KAFKA_NODE_ID"]
        assert voters[node] == f"{name}:9093"
    assert (values["KAFKA_REPLICATION"], values["KAFKA_MIN_ISR"]) == ("3", "2")
    assert _variables("single").keys() < values.keys()


def _variables(name: str) -> dict[str, str]:
    lines = (ROOT / "deploy" / f"{name}.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_servers_of_the_cluster_know_each_other() -> None:
    folder = ROOT / "deploy" / "clickhouse"
    for path in folder.glob("*.xml"):
        ET.parse(path)  # noqa: S314 (our own file)
    cluster = ET.parse(folder / "cluster.xml")  # noqa: S314
    hosts = {host.text for host in cluster.iter("host")}
    assert hosts <= services().keys()
    keeper = ET.parse(folder / "keeper.xml")  # noqa: S314
    assert {host.text for host in keeper.iter("hostname")} == {
        name for name in services() if name.startswith("keeper")
    }


def test_the_image_holds_every_package_and_nothing_else_is_sent() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        line.split()[1:] for line in lines if line.startswith("COPY ") and "--from" not in line
    ]
    sources = {source for words in copied for source in words[:-1]}
    assert all((ROOT / source).exists() for source in sources)
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in allowed if line.startswith("!")}
    assert {source.split("/")[0] for source in sources} == sent
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "benchmarks"} <= sources


def _image_user(name: str) -> Any:
    found = re.findall(r"^USER (.*)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    return found[-1]


def test_images_of_ours_run_as_the_user_of_their_service() -> None:
    assert {service["user"] for service in own_services().values()} == {_image_user("Dockerfile")}
    assert services()["proxy"]["user"] == _image_user("deploy/caddy/Dockerfile")
