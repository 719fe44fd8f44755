"""What can be audited without asking anybody: code, secrets, packages, and the threat model.

`python -m benchmarks.auditing sbom FILE` writes the bill of materials, `… report` what was found.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.report import RESULTS

ROOT: Final = Path(__file__).parents[1]
LOCK: Final = ROOT / "requirements.lock"
KNOWN: Final = ROOT / "docs" / "security" / "known-findings.yaml"
MODEL: Final = ROOT / "docs" / "security" / "threat-model.md"
CODE: Final = ("config", "scrapers", "streams", "warehouse", "alerts", "dashboard", "labourwatch")
AT_THE_BORDER: Final = ("config", "scrapers", "labourwatch")
"""Of these, the folders that read from outside and start processes."""
_SECRETS: Final = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector",
    "CloudantDetector", "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector",
    "IbmCloudIamDetector", "JwtTokenDetector", "MailchimpDetector",
    "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector",
    "SendGridDetector", "SlackDetector", "SquareOAuthDetector", "StripeDetector",
    "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
_WRITTEN: Final = frozenset({
    ".py", ".yaml", ".yml", ".toml", ".md", ".json", ".sql", ".xml", ".html", ".j2", ".js", ".sh",
    ".env", ".in", ".cfg", ".conf", ".service", ".timer", "",
})  # fmt: skip
_LARGEST: Final = 200_000
_ROW: Final = re.compile(r"^\| ([A-Z]\d+) \| ([STRIDE, ]+) \| (.+?) \| (.+?) \| (.+?) \|$")
_TEST: Final = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_PINNED: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a tool points at."""

    tool: str
    rule: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """One row of the threat model. `tests` are (file, name), the name "" for the whole file."""

    threat_id: str
    kinds: str
    tests: tuple[tuple[str, str], ...]


def threats(text: str) -> list[Threat]:
    """Rows of the model's tables."""
    rows = (_ROW.match(line) for line in text.splitlines())
    return [
        Threat(threat_id=row[1], kinds=row[2], tests=tuple(_TEST.findall(row[5])))
        for row in rows
        if row is not None
    ]


def is_there(test: tuple[str, str]) -> bool:
    """Whether the test exists."""
    path, name = ROOT / test[0], test[1]
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    wanted = rf"def {re.escape(name)}\(" if name else r"def test_\w+\("
    return re.search(wanted, text) is not None


def packages(lock: Path = LOCK) -> dict[str, str]:
    """Locked packages with their versions."""
    return dict(_PINNED.findall(lock.read_text(encoding="utf-8")))


def code_findings(folders: Sequence[str] = CODE) -> list[Finding]:
    """What bandit finds in folders of the service's code and nobody exempts by rule or at its line.

    A line says why by `# noqa: Snnn`, the same number that ruff knows; rules are argued in
    `known-findings.yaml`.
    """
    places = [str(ROOT / name) for name in folders]
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    argued = set(_known()["bandit"])
    results = json.loads(done.stdout)["results"]
    return [found for found in map(_of_bandit, results) if not _is_argued(found, argued)]


def _of_bandit(result: dict[str, Any]) -> Finding:
    path = Path(result["filename"]).relative_to(ROOT)
    return Finding(
        tool="bandit", rule=result["test_id"], path=str(path), line=result["line_number"]
    )


def _is_argued(found: Finding, rules: set[str]) -> bool:
    if found.rule in rules:
        return True
    lines = (ROOT / found.path).read_text(encoding="utf-8").splitlines()
    # The remark may stand at the end of a call that begins at the line told.
    said = " ".join(lines[max(0, found.line - 2) : found.line + 4])
    return re.search(rf"noqa: [\w, ]*S{found.rule[1:]}", said) is not None


def secret_findings(paths: Sequence[Path] | None = None) -> list[Finding]:
    """Likely secrets in files that git knows (or in `paths`), without those that are argued."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import transient_settings

    argued = {(one["path"], one["rule"]) for one in _known()["secrets"]}
    found = []
    with transient_settings({"plugins_used": [{"name": name} for name in _SECRETS]}):
        for path in paths or list(_written()):
            name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
            for secret in scan_file(str(path)):
                finding = Finding(
                    tool="detect-secrets", rule=secret.type, path=name, line=secret.line_number
                )
                if (name, secret.type) not in argued:
                    found.append(finding)
    return found


def settings_and_texts() -> list[Path]:
    """Files that git knows and that are no programs: those are seen by ruff's S105 to S107 too."""
    small = (path for path in _written() if path.stat().st_size < _LARGEST // 4)
    return [path for path in small if path.suffix != ".py"]


def settings() -> list[Path]:
    """Of these, those that are neither texts nor results of measuring."""
    of_people = (path for path in settings_and_texts() if path.suffix != ".md")
    return [path for path in of_people if RESULTS not in path.parents]


def _written() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        written = name and path.suffix in _WRITTEN and "vendor" not in path.parts
        if written and path.is_file() and path.stat().st_size < _LARGEST:
            yield path


def _known() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    return found


def bill_of_materials() -> dict[str, Any]:
    """CycloneDX 1.6 of the locked packages that serve, checked against its schema."""
    command = [
        sys.executable, "-m", "cyclonedx_py", "requirements", str(LOCK), "--sv", "1.6",
        "--validate", "--output-reproducible", "--pyproject", str(ROOT / "pyproject.toml"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(words: Sequence[str]) -> int:
    """`sbom FILE` or `report`."""
    if words[:1] == ["sbom"] and len(words) == 2:
        text = json.dumps(bill_of_materials(), indent=1, sort_keys=True) + "\n"
        Path(words[1]).write_text(text, encoding="utf-8")
        print(f"{words[1]}: {len(packages())} packages")
        return 0
    if list(words) == ["report"]:
        found = [*code_findings(), *secret_findings()]
        for one in found:
            print(f"{one.tool} {one.rule} {one.path}:{one.line}")
        print(f"{len(found)} findings that nobody has argued")
        return 1 if found else 0
    print("expected: sbom FILE, or report", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
