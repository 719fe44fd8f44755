"""Both languages say everything, and write figures as their readers do."""

from __future__ import annotations

import json
import re
import string
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from alerts.alert import Hold, Reason, State
from config.registry import AgreementState, Connection, Sector, SystemKind
from dashboard.addresses import Page
from dashboard.language import CODES, MINUS, language
from scrapers.health_records import HealthReason, MarkEnd, Verdict
from scrapers.items import RunOutcome, Stage
from scrapers.parsing import posting
from scrapers.parsing.supply import SupplyRefusal
from scrapers.push import records as push
from streams import normalise
from warehouse.rows import Unstorable
from warehouse.strategy import FORMULAS
from warehouse.systems import SystemStatus

SOURCE = Path(str(files("dashboard")))
LAO = re.compile(r"[\u0e80-\u0eff]")
WORDED = ("strategy", "formula")
REFUSALS = (posting.Refusal, SupplyRefusal, push.Reason, normalise.Refused, Unstorable)
REFUSED = (
    "payload_empty", "undecodable", "unforeseen", "value_not_of_the_list",
    "withdrawal_without_posting", "correction_without_effect",
)  # fmt: skip
"""Why records are refused, where no list names it."""
SAME_IN_BOTH = {"language_lo", "language_en"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_string_exists_in_both_languages_with_the_same_placeholders() -> None:
    lao, english = (language(code).strings for code in CODES)
    assert set(lao) == set(english)
    assert {key for key in lao if placeholders(lao[key]) != placeholders(english[key])} == set()


def test_no_string_is_given_twice() -> None:
    for code in CODES:
        text = (SOURCE / "i18n" / f"{code}.json").read_text()
        keys = [key for key, _ in json.loads(text, object_pairs_hook=list)]
        assert sorted(keys) == sorted(set(keys))


def test_lao_strings_are_lao_and_english_ones_are_not() -> None:
    lao, english = (language(code).strings for code in CODES)
    wordless = {key for key, text in lao.items() if not re.sub(r"\{\w+\}|[\W\d_]", "", text)}
    assert {key for key in set(lao) - SAME_IN_BOTH - wordless if not LAO.search(lao[key])} == set()
    assert {key for key in set(english) - SAME_IN_BOTH if LAO.search(english[key])} == set()


def test_every_string_asked_for_in_the_source_exists_and_every_string_is_asked_for() -> None:
    files = (*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/*.html"))
    source = "\n".join(path.read_text() for path in files)
    asked = set(re.findall(r"say\(\s*[\"']([a-z_0-9]+)[\"']", source))
    strings = set(language("lo").strings)
    put_together = {key for key in asked if key.endswith("_")}
    assert asked - strings - put_together == set()
    quoted = set(re.findall(r"[\"']([a-z_0-9]+)[\"']", source))
    stems = set(re.findall(r"f\"([a-z_]+)_\{", source)) | {
        "isco1",
        "reason",
        "stage",
        "kind",
        "addend",
        "topic",
    }
    stems |= {key.rstrip("_") for key in put_together}
    unused = {
        key for key in strings - quoted if not any(key.startswith(f"{stem}_") for stem in stems)
    }
    assert unused == set()


def test_every_code_of_the_other_stages_has_a_word() -> None:
    strings = language("lo").strings
    keys = [
        *(f"page_{page}" for page in Page),
        *(f"state_{state.value}" for state in State),
        *(f"reason_{reason.value}" for reason in (*Reason, *Hold)),
        *(f"outcome_{outcome.value}" for outcome in RunOutcome),
        *(f"stage_{stage.value}" for stage in Stage),
        *(f"verdict_{verdict.value}" for verdict in Verdict),
        *(f"health_{reason.value}" for reason in HealthReason),
        *(f"ending_{end.value}" for end in MarkEnd),
        *(f"status_{status.value}" for status in SystemStatus),
        *(f"agreement_{state.value}" for state in AgreementState),
        *(f"connection_{way.value}" for way in Connection),
        *(f"kind_{kind.value}" for kind in SystemKind),
        *(f"addend_{part.value}" for part in (*Sector, *SystemKind)),
        *(f"{part}_{number.replace('.', '_')}" for number in FORMULAS for part in WORDED),
        *(f"refused_{reason}" for kind in REFUSALS for reason in kind),
        *(f"refused_{reason}" for reason in REFUSED),
        *(f"isco1_{digit}" for digit in range(10)),
    ]
    assert [key for key in keys if key not in strings] == []


def test_a_missing_string_is_an_error() -> None:
    with pytest.raises(KeyError):
        language("lo").say("no_such_string")


@pytest.mark.parametrize(
    ("code", "value", "decimals", "sign", "expected"),
    [
        ("en", 1234567, 0, False, "1,234,567"),
        ("lo", 1234567, 0, False, "1.234.567"),
        ("lo", 3.14159, 2, False, "3,14"),
        ("en", -12.5, 1, False, f"{MINUS}12.5"),
        ("en", 12, 0, True, "+12"),
        ("en", -0.04, 1, True, "0.0"),
        ("en", 0, 0, True, "0"),
    ],
)
def test_numbers(code: str, value: float, decimals: int, sign: bool, expected: str) -> None:
    assert language(code).number(value, decimals, sign=sign) == expected


def test_days_and_times_are_of_vientiane() -> None:
    late = datetime(2026, 11, 22, 18, 30, 5, tzinfo=UTC)
    assert language("en").moment(late) == "23 November 2026, 01:30"
    assert language("en").short_moment(late) == "23 Nov 2026, 01:30:05"
    assert language("lo").day(date(2026, 11, 23)) == "23 ພະຈິກ 2026"
    assert language("lo").month(date(2026, 1, 1)) == "ມ.ກ.<br>2026"
    assert language("en").month(date(2026, 2, 1)) == "Feb"
