"""What is planted in the simulated market, entered into the register of events that alerts are
scored by. The service itself never reads it but for its scorecard."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from alerts.scorecard.registering import Basis, Told, event_of
from config.settings import Settings
from labourwatch.demo.events import PlantedEvent
from labourwatch.demo.state import kept_scenario
from labourwatch.demo.vacancies import Scenario
from warehouse.client import connect
from warehouse.labour_events import LabourEvent, write_labour_events

OFFICER: Final = "demonstration"


def register_planted(settings: Settings) -> int:
    """Register every planted event of the labour market; again it changes nothing. How many.

    Raises:
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
        labourwatch.demo.state.StateError: there is no market.
    """
    scenario, anchor_at = kept_scenario(settings.var_dir / "demo")
    events = planted_events(scenario, anchor_at)
    with connect(settings) as client:
        write_labour_events(client, events)
    return len(events)


def planted_events(scenario: Scenario, anchor_at: datetime) -> list[LabourEvent]:
    """Statements on the planted events; faults of collection are no events of the market."""
    return [
        event_of(_told(scenario, event), anchor_at)
        for event in scenario.events
        if not event.is_fault
    ]


def _told(scenario: Scenario, event: PlantedEvent) -> Told:
    return Told(
        province=event.province,
        occupation=str(event.isco1) if event.isco1 else "",
        direction="up" if event.factor > 1 else "down",
        started_on=scenario.date_of(event.start),
        ended_on=scenario.date_of(event.end),
        basis=Basis.PLANTED,
        citation=f"planted in the demonstration: {event.kind}, {event.factor:g} times the usual",
        officer=OFFICER,
        event_id=f"planted-{event.event_id}",
    )
