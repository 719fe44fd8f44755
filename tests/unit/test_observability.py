"""What the service tells of itself: every metric, alert, dashboard and runbook agrees."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client import REGISTRY

from config.metrics import ORDER, metrics_port
from config.objectives import load_objectives
from config.settings import Settings
from labourwatch.objective_rules import rules_text
from labourwatch.parts import PARTS

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
PAGE: Final = ROOT / "docs" / "operations" / "observability.md"
_MODULES: Final = ("config", "scrapers", "streams", "warehouse", "alerts", "dashboard")
_WORD: Final = re.compile(r"labourwatch_[a-z_]+")
_ENDINGS: Final = ("_bucket", "_sum", "_count")


def declared() -> dict[str, tuple[str, ...]]:
    """Names as Prometheus sees them, with their labels."""
    for name in _MODULES:
        importlib.import_module(f"{name}.metrics")
    found: dict[str, tuple[str, ...]] = {}
    for collector in list(REGISTRY._collector_to_names):
        name, labels = getattr(collector, "_name", ""), getattr(collector, "_labelnames", ())
        if name.startswith("labourwatch_"):
            kind = getattr(collector, "_type", "")
            found[f"{name}_total" if kind == "counter" else name] = tuple(labels)
    return found


def rules() -> list[dict[str, Any]]:
    text = (DEPLOY / "prometheus" / "rules.yml").read_text(encoding="utf-8")
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def queries() -> list[str]:
    """Every expression of rules and dashboards."""
    found = [rule["expr"] for rule in rules()]
    for path in (DEPLOY / "grafana" / "dashboards").glob("*.json"):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            found += [target["expr"] for target in panel["targets"]]
    return found


def test_names_carry_their_unit() -> None:
    pattern = re.compile(r"labourwatch_[a-z_]+_(seconds|total|messages|measured)")
    assert [name for name in declared() if not pattern.fullmatch(name)] == []


def test_every_metric_is_described_with_its_labels() -> None:
    rows = re.findall(r"^\| `(labourwatch_\w+)` \| (.*?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {name: tuple(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    assert told == declared()


@pytest.mark.parametrize("query", queries())
def test_queries_name_metrics_that_exist(query: str) -> None:
    known = set(declared()) | {rule["record"] for rule in rules() if "record" in rule}
    bare = re.sub(r'"[^"]*"', "", query)
    named = set(re.findall(r"labourwatch:[\w:]+", bare)) | set(_WORD.findall(bare))
    assert named or "up{" in query
    for name in named:
        plain = next((name.removesuffix(e) for e in _ENDINGS if name.endswith(e)), name)
        assert plain in known, name


def test_the_rules_are_those_of_the_objectives() -> None:
    made = rules_text(load_objectives())
    assert (DEPLOY / "prometheus" / "rules.yml").read_text(encoding="utf-8") == made


def test_each_alert_has_its_runbook_and_each_runbook_its_alert() -> None:
    alerts = [rule for rule in rules() if "alert" in rule]
    books = {ROOT / rule["annotations"]["runbook"] for rule in alerts}
    assert books == set((ROOT / "docs" / "operations" / "runbooks").glob("*.md"))
    page = PAGE.read_text(encoding="utf-8")
    for rule in alerts:
        book = Path(rule["annotations"]["runbook"]).name
        row = re.search(
            rf"^\| `{rule['alert']}` \| (.*?) \|.*runbooks/{book}\)", page, re.MULTILINE
        )
        assert row is not None
        assert rule["labels"]["severity"] in row[1]


def test_objectives_are_described_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for one in load_objectives().objectives:
        row = rf"^\| `{one.id}` \| .* \| {one.at_most:,g} \| {one.target:.0%}".replace("%", " %")
        assert re.search(row, page, re.MULTILINE), one.id


def test_prometheus_asks_every_part_on_its_port() -> None:
    assert tuple(dict.fromkeys((*ORDER, *(part.name for part in PARTS)))) == ORDER
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    asked = {
        job["job_name"]: job["dns_sd_configs"][0]["port"]
        for job in config["scrape_configs"]
        if "dns_sd_configs" in job
    }
    settings = Settings(metrics_port=9460)
    assert asked == {name: metrics_port(settings, name) for name in asked}
    assert set(asked) == {"load", "stream", "crawl", "dashboard", "alert"}
    assert metrics_port(Settings(metrics_port=0), "load") == 0
