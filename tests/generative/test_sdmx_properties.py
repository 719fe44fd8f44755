"""Whatever is asked is read or refused, and every format tells the same figures."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dashboard.sdmx.asking import read_flow, read_question
from dashboard.sdmx.data_csv import csv_1, csv_2
from dashboard.sdmx.data_json import data_json
from dashboard.sdmx.data_xml import generic, structure_specific
from dashboard.sdmx.figures import Figure, number
from dashboard.sdmx.keys import dimension_ids
from dashboard.sdmx.message import ALL_DIMENSIONS, Asking, DataSet, Head
from dashboard.sdmx.negotiating import DATA_2_1, choose
from dashboard.sdmx.periods import period_of, span_of
from dashboard.sdmx.problems import SdmxError
from dashboard.sdmx.structures import TIME, VALUE, flows
from warehouse.series import Frequency

HEAD = Head(id="T", prepared=datetime(2026, 11, 25, tzinfo=UTC), demonstration=True)
DAYS = st.dates(date(1970, 1, 1), date(2149, 6, 1))
WORDS = st.text("abcW.+*,[]:-2026QM_~ \u0661", max_size=24)
TEXT = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12)


@settings(max_examples=150)
@given(
    WORDS,
    WORDS,
    st.sampled_from(["startPeriod", "asOf", "c[REF_AREA]", "c[TIME_PERIOD]", "lastNObservations"]),
    WORDS,
)
def test_any_question_is_read_or_refused(flow: str, key: str, name: str, word: str) -> None:
    for attempt in (
        lambda: read_flow(flow),
        lambda: read_question(flows()["LMI"], key, [(name, word)]),
        lambda: choose(DATA_2_1, word, key),
        lambda: choose(DATA_2_1, "", word),
    ):
        try:
            attempt()
        except SdmxError as refused:
            assert refused.detail  # noqa: PT017  the refusal is the answer


@settings(max_examples=150)
@given(DAYS, st.sampled_from(Frequency))
def test_a_period_holds_its_day(day: date, frequency: Frequency) -> None:
    first, last = span_of(period_of(frequency, day), "startPeriod")
    assert first <= day <= last
    assert last - first <= timedelta(days=30)


@st.composite
def figures(draw: st.DrawFn) -> list[Figure]:
    found = []
    for place in range(draw(st.integers(1, 4))):
        key = ("W", "flow", "LA", "_T", "_T", f"S{place}", "VACANCIES")
        for week in sorted(draw(st.sets(st.integers(1, 52), min_size=1, max_size=4))):
            value = draw(st.none() | st.floats(allow_nan=False, allow_infinity=False))
            text = {"METHOD": draw(TEXT), "OBS_STATUS": "A", "N": str(draw(st.integers(0, 10**6)))}
            found.append(
                Figure(key=key, period=f"2026-W{week:02}", value=number(value), attributes=text)
            )
    return found


def wanted(told: list[Figure]) -> dict[tuple[str, ...], tuple[float | None, str, str]]:
    return {
        (*f.key, f.period): (
            float(f.value) if f.value else None, f.attributes["METHOD"], f.attributes["N"],
        )
        for f in told
    }  # fmt: skip


@settings(max_examples=60)
@given(figures(), st.sampled_from([TIME, ALL_DIMENSIONS]))
def test_every_format_tells_the_same(told: list[Figure], at: str) -> None:
    asking = Asking(flow=flows()["LMI"], head=HEAD, at_observation=at)
    want = wanted(told)
    for write in (csv_1, csv_2):
        text = "".join(write(asking, [DataSet(figures=iter(told))]))
        assert from_csv(text) == want
    for version in (1, 2):
        pieces = data_json(asking, [DataSet(figures=iter(told))], version=version)
        assert from_json(json.loads("".join(pieces))["data"]) == want
    for write_xml in (generic, structure_specific):
        pieces = write_xml(asking, [DataSet(figures=iter(told))])
        tree = etree.fromstring("".join(pieces).encode())
        assert len(tree.findall(".//{*}Obs")) == len(want)
    specific = "".join(structure_specific(asking, [DataSet(figures=iter(told))]))
    assert from_xml(specific.encode()) == want


def from_csv(text: str) -> dict[tuple[str, ...], tuple[float | None, str, str]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {
        (*(row[name] for name in dimension_ids()), row[TIME]): (
            None if row[VALUE] in ("", "NaN") else float(row[VALUE]), row["METHOD"], row["N"],
        )
        for row in rows
    }  # fmt: skip


def from_xml(text: bytes) -> dict[tuple[str, ...], tuple[float | None, str, str]]:
    found = {}
    for each in etree.fromstring(text).iter("{*}Obs"):
        parent = each.getparent()
        held = {**(dict(parent.attrib) if parent is not None else {}), **each.attrib}
        key = (*(str(held[name]) for name in dimension_ids()), str(held[TIME]))
        value = float(held[VALUE]) if VALUE in held else None
        found[key] = (value, str(held["METHOD"]), str(held["N"]))
    return found


def from_json(data: dict[str, Any]) -> dict[tuple[str, ...], tuple[float | None, str, str]]:
    told = data["structure"] if "structure" in data else data["structures"][0]
    dimensions = told["dimensions"]["series"] + told["dimensions"]["observation"]
    attributes = told["attributes"]["observation"]
    data_set = data["dataSets"][0]
    series = data_set.get("series") or {"": data_set}
    found = {}
    for key, held in series.items():
        for at, (value, *places) in held["observations"].items():
            numbers = [int(n) for n in f"{key}:{at}".strip(":").split(":")]
            cell = tuple(d["values"][n]["id"] for d, n in zip(dimensions, numbers, strict=True))
            texts = {
                a["id"]: a["values"][p].get("value", a["values"][p].get("name"))
                for a, p in zip(attributes, places, strict=True)
                if p is not None
            }
            found[cell] = (value, texts["METHOD"], texts["N"])
    return found
