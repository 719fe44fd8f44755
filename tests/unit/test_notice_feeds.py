"""Feeds and short messages: valid by their own rules, in order, without figures for the public."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from alerts.alert import Reason
from alerts.notify.areas import MOST_POINTS, outlines, simplified
from alerts.notify.atom import PER_PAGE, atom_feed
from alerts.notify.cap import cap_alert
from alerts.notify.kinds import KINDS
from alerts.notify.sms import LONGEST, PLAIN, short_text
from alerts.notify.told import PublicNotice, public_notices
from tests.factories_notices import alert_of, message_of
from warehouse.disclosure.alerts import ToldAlert
from warehouse.disclosure.records import Hidden

BASE = "https://watch.example"
AT = datetime(2026, 6, 1, 17, tzinfo=UTC)
CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SCHEMA = etree.XMLSchema(etree.parse(Path("tests/pages/cap_1_2.xsd")))


def told(
    kind: str = "rise", *, days: int = 0, reason: str = "opened", notified: bool = True,
    alert_id: str = "a1b2",
) -> ToldAlert:  # fmt: skip
    """A transition as the public sees it."""
    about = alert_of(kind)
    at = AT + timedelta(days=days)
    return ToldAlert(
        alert_id=alert_id, at=at, recorded_at=at, state="firing", previous_state="",
        reason=reason, kind=about.kind.value, indicator=about.indicator,
        severity=about.severity.value, direction=about.direction.value, province="LA-VT",
        isco1="5", onset_on=date(2026, 5, 25), observed=None, expected=None, ratio=None,
        ratio_lower=None, ratio_upper=None, probability=None, n=None, hidden=Hidden.CONFIDENTIAL,
        sources=(), notified=notified,
    )  # fmt: skip


def parsed(notice: PublicNotice, *, exercise: bool = False) -> etree._Element:
    """A CAP message that the official schema accepts."""
    body = cap_alert(notice, sender="labourwatch@example.la", base_url=BASE, exercise=exercise)
    root = etree.fromstring(body)
    SCHEMA.assertValid(root)
    return root


def one(root: etree._Element, path: str) -> str:
    found = root.xpath(f"string({path})", namespaces=CAP | ATOM)
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "fault"])
def test_a_message_of_every_kind_is_valid_by_the_official_schema(kind: str) -> None:
    root = parsed(public_notices([told(kind)])[0])
    assert one(root, "//c:msgType") == "Alert"
    assert one(root, "//c:status") == "Actual"
    assert root.xpath("//c:info/c:language/text()", namespaces=CAP) == ["lo-LA", "en-GB"]
    assert one(root, "//c:geocode/c:value") == "LA-VT"


def test_every_province_has_an_outline_of_few_points_that_closes_and_holds_its_label() -> None:
    shapes = json.loads(Path("config/geo/lao_provinces.geojson").read_text(encoding="utf-8"))
    labels = {
        one["properties"]["iso"]: (one["properties"]["label_lat"], one["properties"]["label_lon"])
        for one in shapes["features"]
    }
    assert set(outlines()) == set(labels)
    for iso, polygons in outlines().items():
        rings = [[tuple(map(float, p.split(","))) for p in one.split()] for one in polygons]
        assert sum(map(len, rings)) <= MOST_POINTS
        assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings)
        assert any(_holds(ring, labels[iso]) for ring in rings), iso


def _holds(ring: Sequence[tuple[float, ...]], at: tuple[float, float]) -> bool:
    inside = False
    for (y1, x1), (y2, x2) in pairwise(ring):
        if (y1 > at[0]) != (y2 > at[0]):
            inside ^= at[1] < x1 + (at[0] - y1) / (y2 - y1) * (x2 - x1)
    return inside


def test_a_message_carries_the_outline_of_its_province_and_the_nation_none() -> None:
    root = parsed(public_notices([told()])[0])
    found = root.xpath("//c:info[1]/c:area/c:polygon/text()", namespaces=CAP)
    assert tuple(found) == outlines()["LA-VT"]
    whole = parsed(public_notices([replace(told(), province="")])[0])
    assert not whole.xpath("//c:polygon", namespaces=CAP)


@given(
    points=st.lists(st.tuples(st.floats(100, 108), st.floats(13, 23)), min_size=3, max_size=60),
    tolerance=st.floats(1e-6, 2.0),
)
@settings(max_examples=50, deadline=None)
def test_a_simpler_outline_is_of_the_same_points_in_order(
    points: list[tuple[float, float]], tolerance: float
) -> None:
    ring = [*points, points[0]]
    found = simplified(ring, tolerance)
    assert found[0] == found[-1] == ring[0]
    rest = iter(ring)
    assert all(point in rest for point in found)


def test_later_tellings_refer_to_all_earlier_ones() -> None:
    history = [told(), told(days=14, reason="repeated"), told(days=20, reason="returned")]
    cancel, update, first = [parsed(notice) for notice in public_notices(history)]
    kinds = [one(root, "//c:msgType") for root in (first, update, cancel)]
    assert kinds == ["Alert", "Update", "Cancel"]
    references = one(cancel, "//c:references").split()
    identities = [
        ",".join(one(root, f"//c:{name}") for name in ("sender", "identifier", "sent"))
        for root in (first, update)
    ]
    assert references == identities
    assert one(cancel, "//c:responseType") == "AllClear"
    assert one(cancel, "//c:urgency") == "Past"


def test_an_exercise_is_no_actual_alert() -> None:
    assert one(parsed(public_notices([told()])[0], exercise=True), "//c:status") == "Exercise"


def test_forecasts_are_possible_and_of_the_future() -> None:
    root = parsed(public_notices([told("forecast")])[0])
    assert (one(root, "//c:certainty"), one(root, "//c:urgency")) == ("Possible", "Future")


def test_faults_and_what_was_not_told_are_no_public_matter() -> None:
    assert public_notices([told("fault"), told(notified=False)]) == []


def test_the_order_of_history_does_not_matter() -> None:
    history = [told(), told(days=14, reason="repeated"), told("fall", alert_id="ffff", days=3)]
    assert public_notices(history) == public_notices(history[::-1])


def feed(notices: list[PublicNotice], page: int = 1, language: str = "en") -> etree._Element:
    return etree.fromstring(
        atom_feed(
            notices, address=f"{BASE}/alerts/feed.atom", base_url=BASE, language=language,
            page=page, exercise=False,
        )
    )  # fmt: skip


def test_the_feed_has_what_rfc_4287_asks_for() -> None:
    root = feed(public_notices([told(), told(days=14, reason="repeated")]))
    for path in ("/a:feed/a:id", "/a:feed/a:title", "/a:feed/a:updated", "//a:author/a:name"):
        assert one(root, path)
    entries = root.findall("a:entry", ATOM)
    assert len(entries) == 2
    identities = {entry.findtext("a:id", namespaces=ATOM) for entry in entries}
    assert len(identities) == 2
    for entry in entries:
        for name in ("title", "id", "updated", "summary", "link"):
            assert entry.find(f"a:{name}", ATOM) is not None
    newest = entries[0].findtext("a:updated", namespaces=ATOM)
    assert newest == one(root, "/a:feed/a:updated")


def test_pages_hold_everything_once() -> None:
    notices = public_notices([told(alert_id=f"{n:04x}", days=n % 9) for n in range(120)])
    pages = [feed(notices, page) for page in (1, 2, 3)]
    seen = [e.findtext("a:id", namespaces=ATOM) for p in pages for e in p.findall("a:entry", ATOM)]
    assert len(seen) == len(set(seen)) == 120
    assert len(pages[0].findall("a:entry", ATOM)) == PER_PAGE
    assert one(pages[0], "//a:link[@rel='next']/@href").endswith("page=2")
    assert one(pages[2], "//a:link[@rel='next']/@href") == ""


def test_an_empty_feed_is_valid_too() -> None:
    assert one(feed([], language="lo"), "/a:feed/a:updated")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["lo", "en"])
@pytest.mark.parametrize("province", ["LA-VT", "LA-XA", ""])
@pytest.mark.parametrize("reason", [Reason.OPENED, Reason.RETURNED])
def test_a_short_message_fits_and_keeps_its_link(
    kind: str, language: str, province: str, reason: Reason
) -> None:
    message = message_of(kind, reason)
    for isco1 in ("", "2", "8"):
        about = replace(message.alert, cell=message.alert.cell._replace(
            province=province, isco1=isco1))  # fmt: skip
        base = "https://labour-watch.example.gov.la"
        text = short_text(replace(message, alert=about), language, base, exercise=True)
        assert len(text) <= LONGEST[language]
        assert parts_of(text) <= (1 if language == "en" else 2)
        assert text.rstrip(".").endswith(f"/alerts/{about.alert_id}") or "/alerts/" in text
        assert about.alert_id in text


def parts_of(text: str) -> int:
    """How many short messages carry the text."""
    if all(character in PLAIN for character in text):
        return 1 if len(text) <= 160 else -(-len(text) // 153)
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else -(-units // 67)


def test_letters_outside_the_small_alphabet_count_as_ucs_2() -> None:
    assert (parts_of("a" * 160), parts_of("a" * 161)) == (1, 2)
    assert (parts_of("ກ" * 70), parts_of("ກ" * 71), parts_of("ກ" * 135)) == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 159 + "ກ", 3),  # one Lao letter makes all of it UCS-2
        ("a" * 69 + "ກ", 1),
        ("ກໍ້" * 23, 1),  # vowel and tone marks are characters of their own: 69
        ("ກໍ້" * 24, 2),
        ("\N{GRINNING FACE}" * 35, 1),  # two units each
        ("\N{GRINNING FACE}" * 36, 2),
        ("£" * 160, 1),
        ("€" + "a" * 70, 2),  # not of the plain alphabet: counted at its dearest
    ],
)
def test_parts_are_counted_as_networks_count_them(text: str, parts: int) -> None:
    assert parts_of(text) == parts
