"""Prometheus' rules, made of `config/objectives.yaml` and of what only Prometheus can see. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from alerts.objectives import lengths
from config.metrics import BEAT_METRIC
from config.objectives import Objective, Objectives, Severity, Window
from config.topics import BEATING

RUNBOOKS: Final = "docs/operations/runbooks"
_HEAD: Final = "# Made by `labourwatch objectives rules` of config/objectives.yaml; do not edit.\n"
_DASHBOARD_TARGET: Final = 0.995
"""Share of answers that are no failure of ours (5xx)."""


def rules_text(objectives: Objectives) -> str:
    """The file `deploy/prometheus/rules.yml`."""
    groups = [
        {"name": "labourwatch-objectives", "interval": "30s", "rules": _recorded(objectives)},
        {"name": "labourwatch-burn", "rules": list(_burns(objectives))},
        {"name": "labourwatch-parts", "rules": list(_parts(objectives))},
    ]
    return _HEAD + yaml.safe_dump({"groups": groups}, sort_keys=False, width=100)


def alert_name(identity: str) -> str:
    """Such as LabourwatchStreamLag of `stream-lag`."""
    return "Labourwatch" + "".join(word.capitalize() for word in identity.split("-"))


def _duration(minutes: int) -> str:
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _share(minutes: int) -> str:
    return f"labourwatch:objective_missed:share_{_duration(minutes)}"


def _recorded(objectives: Objectives) -> list[dict[str, Any]]:
    """Share of missed minutes of each window; a minute nobody looked at was not missed."""
    return [
        {
            "record": _share(minutes),
            "expr": "sum by (objective) (increase(labourwatch_objective_missed_total"
            f"[{_duration(minutes)}])) / {minutes}",
        }
        for minutes in lengths(objectives)
    ]


def _burns(objectives: Objectives) -> Iterator[dict[str, Any]]:
    for objective in objectives.objectives:
        for severity in Severity:
            windows = [window for window in objectives.windows if window.severity is severity]
            if windows:
                yield _alert(
                    objective.id,
                    " or ".join(_burning(objective, window) for window in windows),
                    severity,
                    f"Objective not kept: {objective.says}.",
                    objective=objective.id,
                )


def _burning(objective: Objective, window: Window) -> str:
    limit = f"{objective.allowed(window):.6g}"
    sides = (
        f'{_share(minutes)}{{objective="{objective.id}"}} > {limit}'
        for minutes in (window.long_minutes, window.short_minutes)
    )
    return f"({' and '.join(sides)})"


def _parts(objectives: Objectives) -> Iterator[dict[str, Any]]:
    jobs = "|".join((*BEATING, "dashboard"))
    yield _alert(
        "part-down", f'up{{job=~"{jobs}"}} == 0', Severity.PAGE,
        "{{ $labels.job }} does not answer Prometheus.", lasts="2m",
    )  # fmt: skip
    yield _alert(
        "loop-stuck", f"time() - {BEAT_METRIC} > 60", Severity.PAGE,
        "The loop of {{ $labels.part }} does not turn.", lasts="1m",
    )  # fmt: skip
    yield _alert(
        "not-watched",
        "absent(labourwatch_objective_samples_total) or "
        "sum(increase(labourwatch_objective_samples_total[15m])) == 0",
        Severity.TICKET, "Nobody looks at the objectives.", lasts="30m",
    )  # fmt: skip
    yield _alert(
        "answers-fail",
        " or ".join(_failing(w) for w in objectives.windows if w.severity is Severity.PAGE),
        Severity.PAGE, "The dashboard answers readers with errors of its own.",
    )  # fmt: skip


def _failing(window: Window) -> str:
    limit = f"{window.allowed(_DASHBOARD_TARGET):.6g}"

    def share(minutes: int) -> str:
        name, over = "labourwatch_http_answers_total", f"[{_duration(minutes)}]"
        return f'sum(rate({name}{{status="5xx"}}{over})) / sum(rate({name}{over}))'

    sides = (f"{share(m)} > {limit}" for m in (window.long_minutes, window.short_minutes))
    return f"({' and '.join(sides)})"


def _alert(
    identity: str, expr: str, severity: Severity, summary: str, *, lasts: str = "", **labels: str
) -> dict[str, Any]:
    rule: dict[str, Any] = {"alert": alert_name(identity), "expr": expr}
    if lasts:
        rule["for"] = lasts
    return rule | {
        "labels": {"severity": severity.value, **labels},
        "annotations": {"summary": summary, "runbook": f"{RUNBOOKS}/{identity}.md"},
    }
