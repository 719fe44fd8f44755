"""Keys, periods, filters, formats and structure questions of the SDMX interface."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dashboard.sdmx.artefacts import Kind
from dashboard.sdmx.asking import flow_named, read_flow, read_question
from dashboard.sdmx.catalogue_of import found, read_wanted
from dashboard.sdmx.codelists import isco08, plain, skill_list, skills_in_use, unit_codes
from dashboard.sdmx.figures import asked_of, key_of, number, status
from dashboard.sdmx.keys import Selection, dimension_ids, read_key, selection
from dashboard.sdmx.negotiating import DATA_2_1, DATA_3_0, Format, choose
from dashboard.sdmx.periods import moment_of, period_of, span_of
from dashboard.sdmx.problems import STATUS, Code, SdmxError
from dashboard.sdmx.structures import concepts, everything, flows, structure
from warehouse.disclosure.records import View
from warehouse.disclosure.release import release
from warehouse.series import Frequency, Observation, SeriesKey, Standing

ALL_TIME = (date(1970, 1, 1), date(2149, 6, 6))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-A1", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-S2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-T1", date(2026, 1, 1), date(2026, 4, 30)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-M12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2024-D366", date(2024, 12, 31), date(2024, 12, 31)),
        ("2026-03-31", date(2026, 3, 31), date(2026, 3, 31)),
        ("2026-03-31T10:00:00", date(2026, 3, 31), date(2026, 3, 31)),
    ],
)
def test_periods(text: str, first: date, last: date) -> None:
    assert span_of(text, "startPeriod") == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "26", "2026-13", "2026-W54", "2025-W53", "2026-Q5", "2026-D366", "2026-02-30", "1850",
     "2026-W", "2026-03-31Tnoon", "২০২৬", "9999-W53", "2026-X1"],
)  # fmt: skip
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(SdmxError) as refused:
        span_of(text, "startPeriod")
    assert refused.value.code is Code.SYNTAX


def test_moments() -> None:
    assert moment_of("2026-03-31", "asOf") == datetime(2026, 3, 31, 16, 59, 59, 999000, UTC)
    assert moment_of("2026-03-31T09:00:00 07:00", "asOf") == datetime(2026, 3, 31, 2, tzinfo=UTC)
    for text in ("2026-03-31T09:00:00", "now", "9999-12-31"):
        with pytest.raises(SdmxError):
            moment_of(text, "asOf")


def test_periods_of_figures() -> None:
    assert period_of(Frequency.WEEKLY, date(2027, 1, 3)) == "2026-W53"
    assert period_of(Frequency.MONTHLY, date(2026, 3, 31)) == "2026-03"
    assert period_of(Frequency.DAILY, date(2026, 3, 31)) == "2026-03-31"


@pytest.mark.parametrize("key", ["W.flow", "W.flow.LA.....", "W.fl ow.LA....", "a,b", "W.'.LA...."])
def test_keys_that_are_refused(key: str) -> None:
    with pytest.raises(SdmxError):
        read_key(key)


def test_selections() -> None:
    chosen = selection(flows()["LMI"], "W.flow.LA-VT+LA-XA....", [], ALL_TIME)
    assert chosen.takes(("W", "flow", "LA-VT", "_T", "_T", "_T", "VACANCIES"))
    assert not chosen.takes(("M", "flow", "LA-VT", "_T", "_T", "_T", "VACANCIES"))
    assert chosen.codes("REF_AREA") == frozenset(("LA-VT", "LA-XA"))
    assert chosen.codes("SKILL") is None
    asked = asked_of(chosen, None)
    assert asked is not None
    assert (asked.provinces, asked.indicators, asked.skills) == (("LA-VT", "LA-XA"), ("flow",), ())
    given = [("c[OCCUPATION]", "sw:25+ne:251"), ("c[TIME_PERIOD]", "ge:2026-01+lt:2026-04")]
    chosen = selection(flows()["LMI"], "*", given, ALL_TIME)
    held = chosen.codes("OCCUPATION")
    assert held is not None
    assert {"25", "2512"} <= held
    assert "251" not in held
    assert (chosen.first, chosen.last) == (date(2026, 1, 1), date(2026, 3, 31))
    nothing = selection(flows()["LMI_WAGE"], "W.flow.....", [], ALL_TIME)
    assert asked_of(nothing, None) is None


@pytest.mark.parametrize(
    "given",
    [("c[N]", "3"), ("c[REF_AREA]", "gt:LA"), ("c[TIME_PERIOD]", "sw:2026"), ("order", "up"),
     ("detail", "some"), ("firstNObservations", "-1"), ("dimensionAtObservation", "SKILL")],
)  # fmt: skip
def test_parameters_that_are_refused(given: tuple[str, str]) -> None:
    with pytest.raises(SdmxError):
        read_question(flows()["LMI"], "all", [given])


def test_flows_by_name() -> None:
    for text in ("LMI", "LAMOLSW,LMI", "LAMOLSW,LMI,1.0", "all,LMI,latest", "LAMOLSW,LMI,1.0.0"):
        assert read_flow(text).id == "LMI"
    assert flow_named("*", "LMI", "1+.0").id == "LMI"
    for text in ("LMI2", "ECB,LMI", "LAMOLSW,LMI,2.0", ",,,"):
        with pytest.raises(SdmxError) as refused:
            read_flow(text)
        assert STATUS[refused.value.code] == 404


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", Format.GENERIC), ("*/*", Format.GENERIC), ("text/html,*/*;q=0.8", Format.GENERIC),
        ("text/csv", Format.CSV_1), ("application/json", Format.JSON_1),
        ("application/vnd.sdmx.data+json;version=2.0.0", Format.JSON_2),
        ("application/vnd.sdmx.data+csv;version=2.0.0;q=0.5, text/xml;q=0.1", Format.CSV_2),
        ("image/png, application/vnd.sdmx.structurespecificdata+xml;version=2.1", Format.SPECIFIC),
        ("application/vnd.sdmx.generictimeseriesdata+xml;version=2.1", Format.GENERIC),
    ],
)  # fmt: skip
def test_formats_by_accept(accept: str, chosen: Format) -> None:
    assert choose(DATA_2_1, "", accept).format is chosen


def test_formats_by_parameter() -> None:
    assert choose(DATA_3_0, "csv", "application/json").format is Format.CSV_2
    assert choose(DATA_2_1, "csvdata", "").format is Format.CSV_1
    assert choose(DATA_2_1, "application/vnd.sdmx.data json;version=2.0.0", "").format is (
        Format.JSON_2
    )
    for parameter, accept in (("yaml", ""), ("", "image/png"), ("", "text/csv;q=0")):
        with pytest.raises(SdmxError) as refused:
            choose(DATA_2_1, parameter, accept)
        assert refused.value.code is Code.NOT_ACCEPTABLE


def test_every_component_has_a_concept_and_every_code_is_valid() -> None:
    used = structure()
    names = {item.id for item in concepts().items}
    assert {each.id for each in (*used.dimensions, *used.attributes)} <= names
    for each in (*used.dimensions, *used.attributes):
        if each.codelist:
            codes = [item.id for item in each.codelist.items]
            assert len(codes) == len(set(codes))
            assert all(code == plain(code) and code for code in codes)
            parents = {item.parent for item in each.codelist.items} - {""}
            assert parents <= set(codes)
    assert set(unit_codes()) == set(flows()["LMI"].indicators)


def test_skills_in_use_keep_the_groups_above_them() -> None:
    code = next(item for item in skill_list().items if item.parent).id
    cut = skills_in_use(frozenset({code}))
    codes = {item.id for item in cut.items}
    assert {item.parent for item in cut.items} - {""} <= codes
    assert code in codes
    assert cut.partial
    assert len(codes) < 10


def test_references() -> None:
    held = everything([])

    def kinds(kind: str, name: str, references: str) -> set[Kind]:
        wanted = read_wanted(kind, ["all", name], detail="full", references=references)
        return {each.kind for each in found(wanted, held)}

    assert kinds("dataflow", "LMI", "none") == {Kind.DATAFLOW}
    assert kinds("dataflow", "LMI", "children") == {Kind.DATAFLOW, Kind.DATA_STRUCTURE}
    assert Kind.CODELIST in kinds("dataflow", "LMI", "descendants")
    assert kinds("codelist", "CL_AREA", "parents") == {Kind.CODELIST, Kind.DATA_STRUCTURE}
    assert kinds("dataflow", "LMI", "codelist") == {Kind.DATAFLOW, Kind.CODELIST}
    assert kinds("dataflow", "LMI", "all") >= {Kind.AGREEMENT, Kind.CATEGORISATION, Kind.CODELIST}
    with pytest.raises(SdmxError):
        read_wanted("process", [], detail="full", references="none")


def test_numbers_read_back_as_they_were() -> None:
    for value in (0.1, -3.0, 1e-7, 123456789.25, 2.5e20, 1 / 3):
        assert float(number(value)) == value
    assert (number(20.0), number(None)) == ("20", "")


def test_keys_and_statuses_of_figures() -> None:
    key = SeriesKey(indicator="flow", province="?", occupation="2512", skill="S1.2")
    assert key_of(key) == ("W", "flow", "_U", "2512", "_T", "S1_2", "VACANCIES")
    assert len(key_of(key)) == len(dimension_ids())

    def told(**changes: object) -> str:
        facts: dict[str, object] = {
            "series": key, "time_value": date(2026, 1, 5), "value": 3.0, "n": 3, "employers": 1,
            "issue": datetime(2026, 2, 1, tzinfo=UTC), "release_id": "R",
        }  # fmt: skip
        one = release([Observation(**facts | changes)], View.DEPARTMENT)[0]  # type: ignore[arg-type]
        return status(one, frozenset({"P"}))

    assert told() == "A"
    assert told(release_id="P") == "P"
    assert told(grade="E") == "U"
    assert told(standing=Standing.ROLLED_UP) == "E"
    assert told(value=None, standing=Standing.NOT_OBSERVED) == "L"
    assert told(value=None, standing=Standing.TOO_FEW) == "O"


def test_a_selection_of_everything_takes_everything() -> None:
    assert Selection().takes(("W", "x", "LA", "_T", "_T", "_T", "_U"))
    assert "2512" in {item.id for item in isco08().items}
