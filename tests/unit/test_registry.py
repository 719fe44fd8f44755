"""The register of systems, the status that follows from receipts, and the strategy's indicators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.declared import DeclarationError, load_declared
from config.feeds import feeds
from config.registry import Agreement, AgreementState, Registry, System, registry
from warehouse.strategy import StrategyFigure, strategy_figures, whole_months
from warehouse.systems import Receipt, Standing, SystemStatus, Volume, standings

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
NAMES = {"en": "x", "lo": "ກ"}


def system(name: str, **changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "id": name, "name": NAMES, "owner": NAMES, "kind": "employment_service",
        "sector": "government", "connection": "automatic", "expected_days": 30, "strategy": "1.4",
    }  # fmt: skip
    return {**base, **changes}


def register(*systems: dict[str, Any]) -> Registry:
    return Registry.model_validate({"systems": list(systems)})


def came(source_id: str, days_ago: float, records: int = 10) -> Receipt:
    at = NOW - timedelta(days=days_ago)
    return Receipt(source_id=source_id, last_at=at, records=records, machine_at=at)


def stand(
    held: Registry, received: Sequence[Receipt], *, demonstration: bool = False
) -> dict[str, Standing]:
    found = standings(held, received, as_of=NOW, demonstration=demonstration)
    return {standing.system_id: standing for standing in found}


def figures(
    held: Registry,
    received: Sequence[Receipt] = (),
    found: Sequence[Volume] = (),
    *,
    demonstration: bool = False,
    as_of: datetime = NOW,
) -> dict[str, StrategyFigure]:
    stands = standings(held, received, as_of=as_of, demonstration=demonstration)
    made = strategy_figures(held, stands, found, as_of=as_of, demonstration=demonstration)
    return {figure.number: figure for figure in made}


def test_the_shipped_register_names_every_feed_and_claims_nothing() -> None:
    held = registry()
    assert {system.feed for system in held.systems if system.feed} == set(feeds())
    assert not [system.id for system in held.systems if system.agreement.holds(NOW.date())]
    assert [figures(held)[number].value for number in ("1.4", "3.1", "3.5", "3.6")] == [0] * 4


@pytest.mark.parametrize(
    ("changes", "days_ago", "status"),
    [
        ({}, 1, SystemStatus.CONNECTED),
        ({}, 31, SystemStatus.LATE),
        ({"connection": "by_hand"}, 1, SystemStatus.RECEIVING),
        ({}, None, SystemStatus.NONE),
        ({"agreement": {"state": "requested", "dated": "2026-10-01"}}, None, SystemStatus.PENDING),
        ({"agreement": {"state": "requested", "dated": "2026-12-01"}}, None, SystemStatus.NONE),
        ({"agreement": {"state": "refused", "dated": "2026-10-01"}}, None, SystemStatus.REFUSED),
        ({"refusal": "a challenge"}, None, SystemStatus.REFUSED),
        ({"refusal": "a challenge"}, 1, SystemStatus.CONNECTED),
    ],
)
def test_the_status_follows_from_what_came(
    changes: dict[str, Any], days_ago: float | None, status: SystemStatus
) -> None:
    received = [] if days_ago is None else [came("a", days_ago)]
    assert stand(register(system("a", **changes)), received)["a"].status is status


def test_a_file_handed_in_is_no_connection() -> None:
    held = register(system("a"))
    by_hand = Receipt(source_id="a", last_at=NOW, records=3)
    once = Receipt(source_id="a", last_at=NOW, records=3, machine_at=NOW - timedelta(days=31))
    for receipt in (by_hand, once):
        assert stand(held, [receipt])["a"].status is SystemStatus.RECEIVING
        found = figures(held, [receipt])
        assert (found["1.4"].value, found["3.1"].value) == (0, 1)


def test_data_of_several_sources_are_one_systems() -> None:
    held = register(system("a", sources=["a-north", "a-south"]))
    standing = stand(held, [came("a-north", 40, 5), came("a-south", 2, 7), came("b", 1)])
    assert (standing["a"].records, standing["a"].status) == (12, SystemStatus.CONNECTED)
    assert standing["b"].system is None


def test_an_office_that_sends_a_systems_feed_is_part_of_it() -> None:
    held = register(system("ess", feed="ess", real_time=True))
    office = Receipt(source_id="office-7", feed="ess", last_at=NOW, records=4)
    assert stand(held, [office])["ess"].records == 4
    found = [Volume(source_id="office-7", feed="ess", month="2026-09", records=4)]
    assert figures(held, [office], found)["3.6"].value == 4


def test_what_is_not_on_the_register_does_not_count() -> None:
    assert figures(register(system("a")), [came("b", 1)])["1.4"].value == 0


def test_nothing_invented_counts_for_the_strategy() -> None:
    held = register(system("a", real_time=True))
    found = [Volume(source_id="a", month="2026-09", records=50)]
    real = figures(held, [came("a", 1)], found)
    invented = figures(held, [came("a", 1), came("b", 1)], found, demonstration=True)
    assert [real[number].value for number in ("1.4", "3.1", "3.6")] == [1, 1, 50]
    assert [invented[number].value for number in ("1.4", "3.1", "3.6")] == [0, 0, 0]
    assert [invented[number].demonstration for number in ("1.4", "3.1", "3.6")] == [2, 2, 50]
    told = stand(held, [came("a", 1)], demonstration=True)
    assert told["a"].status in (SystemStatus.NONE, SystemStatus.RECEIVING)


def test_sources_are_counted_by_sector_and_connections_by_machine_only() -> None:
    held = register(
        system("a"), system("b", connection="by_hand", sector="education"),
        system("c", sector="job_platform"), system("d", sector="private"),
    )  # fmt: skip
    found = figures(held, [came("a", 1), came("b", 1), came("c", 45)])
    assert (found["1.4"].value, found["3.1"].value, found["3.1"].n) == (1, 2, 4)
    assert dict(found["3.1"].parts) == {
        "government": 1, "private": 0, "job_platform": 0, "education": 1, "other": 0,
    }  # fmt: skip
    for figure in found.values():
        assert sum(count for _, count in figure.parts) == figure.value


def test_agreements_count_while_they_hold_and_once_for_one_document() -> None:
    signed = {"state": "signed", "dated": "2026-05-01", "reference": "No. 1", "until": "2027-04-30"}
    held = register(
        system("a", agreement=signed), system("b", agreement=signed),
        system("c", agreement={**signed, "reference": "No. 2"}, sector="private"),
    )  # fmt: skip
    assert figures(held)["3.5"].value == 2
    assert dict(figures(held)["3.5"].parts) == {"government": 1, "private_and_others": 1}
    assert figures(held, as_of=datetime(2026, 4, 1, tzinfo=UTC))["3.5"].value == 0
    assert figures(held, as_of=datetime(2027, 6, 1, tzinfo=UTC))["3.5"].value == 0


def test_volume_is_of_the_last_three_whole_months_by_kind() -> None:
    held = register(
        system("a", kind="job_platform", real_time=True),
        system("b", kind="social_media", real_time=True),
        system("c", kind="gig_platform", real_time=True),
        system("d"),
    )
    found = [
        Volume(source_id=source, month=month, records=records)
        for source, month, records in (
            ("a", "2026-08", 1), ("a", "2026-10", 2), ("a", "2026-11", 4), ("a", "2026-07", 8),
            ("b", "2026-09", 16), ("c", "2026-10", 32), ("d", "2026-10", 64), ("x", "2026-10", 128),
        )
    ]  # fmt: skip
    figure = figures(held, [], found)["3.6"]
    assert dict(figure.parts) == {"job_platforms": 3, "social_media": 16, "other_platforms": 32}
    assert (figure.value, figure.n, figure.target_10_years) == (51, 3, None)


def test_months_are_those_of_vientiane() -> None:
    eve = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)
    assert whole_months(eve) == ["2025-10", "2025-11", "2025-12"]
    assert whole_months(eve - timedelta(hours=1)) == ["2025-09", "2025-10", "2025-11"]


def test_an_agreement_is_dated_and_named() -> None:
    with pytest.raises(ValidationError, match="dated"):
        Agreement(state=AgreementState.REQUESTED)
    with pytest.raises(ValidationError, match="reference"):
        Agreement(state=AgreementState.SIGNED, dated=date(2026, 5, 1))
    with pytest.raises(ValidationError, match="until"):
        Agreement(
            state=AgreementState.SIGNED, dated=date(2026, 5, 1), reference="1",
            until=date(2026, 4, 1),
        )  # fmt: skip


def test_a_mistake_in_the_register_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "registry.yaml"
    path.write_text(
        "systems:\n  - id: a\n    name: {en: x, lo: y}\n    kind: spaceship\n"
        "    sector: government\n    owner: {en: x, lo: y}\n    connection: automatic\n"
        "    expected_days: 3\n    strategy: s\n"
    )
    with pytest.raises(DeclarationError, match=r"registry\.yaml:4: systems\.0\.kind"):
        load_declared(path, Registry)
    with pytest.raises(ValidationError, match="belongs to a already"):
        register(system("a"), system("b", sources=["a"]))
    with pytest.raises(ValidationError, match="expected one of"):
        System.model_validate(system("a", feed="nothing"))
