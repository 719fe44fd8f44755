"""What we are built of is pinned and listed; tools find nothing that nobody has argued."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.auditing import (
    LOCK,
    ROOT,
    bill_of_materials,
    code_findings,
    packages,
    secret_findings,
    settings_and_texts,
)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_registry(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(pinned) > 100
    assert [one.split()[0] for one in pinned if "--hash=sha256:" not in one] == []
    assert "://" not in "".join(line for line in text.splitlines() if "#" not in line)


def test_the_bill_of_materials_names_every_locked_package() -> None:
    found = bill_of_materials()
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    listed = {one["name"].lower(): one["version"] for one in found["components"]}
    assert listed == packages(LOCK)


def test_every_likely_secret_is_accounted_for(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(f'api_key = "{"a1b2c3d4" * 4}"\n-----BEGIN RSA PRIVATE {"KEY"}-----\n')
    assert {one.rule for one in secret_findings([planted])} >= {"Private Key"}
    assert secret_findings(settings_and_texts()) == []  # `make audit` reads programs too


def test_static_analysis_finds_nothing_that_is_not_argued() -> None:
    assert code_findings() == []
