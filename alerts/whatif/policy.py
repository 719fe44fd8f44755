"""What decides whether an alert is told, and what one may ask to be changed about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from alerts.assessed import RULES, Rule
from alerts.forecasts.pressure import CLEARS, FIRES
from alerts.parameters import DetectorParameters
from alerts.transition import Rules


class ChangeFaultError(ValueError):
    """The policy cannot be changed so; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything by which signals are raised and alerts are told."""

    parameters: DetectorParameters
    rules: Rules
    assessed: Mapping[str, Rule]
    """By indicator: from which published figures a signal begins and ends."""
    forecast: float
    """Probability from which a forecast is a signal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is changed; None leaves it as it is."""

    threshold_scale: float | None = None
    """Factor of the evidence that the detectors of counts ask for."""
    p_threshold: float | None = None
    """Probability of a shortage, a surplus or a forecast from which it counts."""
    budget: int | None = None
    """Alerts that a province may be told in a month."""
    least_vacancies: int | None = None
    """Below so many vacancies an alert waits."""
    least_employers: int | None = None
    repeat_days: int | None = None
    """Days after which an alert that nobody acknowledged is told again."""

    def describe(self) -> str:
        """In one line, for people."""
        named = (
            ("threshold ×", self.threshold_scale),
            ("probability", self.p_threshold),
            ("budget", self.budget),
            ("least vacancies", self.least_vacancies),
            ("least employers", self.least_employers),
            ("repeated after days", self.repeat_days),
        )
        return ", ".join(f"{name} {value:g}" for name, value in named if value is not None)


_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "threshold_scale": (0.1, 10.0),
    "p_threshold": (CLEARS, 1.0),
    "budget": (0, 10_000),
    "least_vacancies": (0, 100_000),
    "least_employers": (0, 100_000),
    "repeat_days": (1, 3_650),
}


def policy_of(parameters: DetectorParameters, rules: Rules) -> Policy:
    """The policy of the service as it is installed."""
    return Policy(parameters=parameters, rules=rules, assessed=RULES, forecast=FIRES)


def changed(policy: Policy, changes: Changes) -> Policy:
    """The policy with the changes.

    Raises:
        ChangeFaultError: nothing is changed, or a value lies outside its bounds.
    """
    _refuse(changes)
    rules = policy.rules
    return Policy(
        parameters=_scaled(policy.parameters, changes.threshold_scale),
        rules=replace(
            rules,
            budget=_or(changes.budget, rules.budget),
            least_vacancies=_or(changes.least_vacancies, rules.least_vacancies),
            least_employers=_or(changes.least_employers, rules.least_employers),
            repeat_after=rules.repeat_after
            if changes.repeat_days is None
            else timedelta(days=changes.repeat_days),
        ),
        assessed=_likelier(policy.assessed, changes.p_threshold),
        forecast=policy.forecast if changes.p_threshold is None else changes.p_threshold,
    )


def _refuse(changes: Changes) -> None:
    given = {name: getattr(changes, name) for name in _BOUNDS}
    if all(value is None for value in given.values()):
        raise ChangeFaultError("nothing is changed: give a threshold, a probability, a budget, …")
    for name, value in given.items():
        low, high = _BOUNDS[name]
        if value is not None and not low <= value <= high:
            raise ChangeFaultError(f"{name}: expected {low:g} to {high:g}, not {value:g}")


def _or(given: int | None, standing: int) -> int:
    return standing if given is None else given


def _scaled(parameters: DetectorParameters, scale: float | None) -> DetectorParameters:
    if scale is None:
        return parameters
    classes = {
        density: replace(one, threshold=one.threshold * scale, doubt=one.doubt * scale)
        for density, one in parameters.classes.items()
    }
    return replace(parameters, classes=classes)


def _likelier(assessed: Mapping[str, Rule], least: float | None) -> Mapping[str, Rule]:
    if least is None:
        return assessed
    return {
        name: replace(rule, begins=least, ends=min(rule.ends, least))
        if rule.is_probability
        else rule
        for name, rule in assessed.items()
    }
