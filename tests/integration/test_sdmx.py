"""SDMX over real HTTP from a real warehouse, read by the public client sdmx1 and by pandas."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any, cast

import pandas as pd
import pytest
import sdmx
from sdmx.reader.csv import Reader as CsvReader

from config.settings import Settings
from dashboard.sdmx.figures import number
from tests.push_stack import agreed
from tests.sdmx_house import House, stored
from tests.sdmx_stack import FIRST_ISSUE, interface, published

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
CSV_2 = "application/vnd.sdmx.data+csv;version=2.0.0"
TWO_KEYS = "W.flow.LA.*.*.*.*,W.flow.LA-VT.*.*.*.*"
DIMENSIONS = [
    "FREQ", "INDICATOR", "REF_AREA", "OCCUPATION", "ACTIVITY", "SKILL", "UNIT_MEASURE",
    "TIME_PERIOD",
]  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with published(tmp_path_factory.mktemp("sdmx")) as settings:
        yield settings


@pytest.fixture(scope="module")
def house(settings: Settings) -> Iterator[House]:
    with interface(settings) as url:
        yield House(url=url, token=agreed(settings, "department"))


@pytest.fixture(scope="module")
def client(house: House) -> sdmx.Client:
    source = {"id": "LAMOLSW", "url": f"{house.url}/sdmx/2.1", "name": "Labourwatch"}
    sdmx.add_source(source, override=True)
    return sdmx.Client("LAMOLSW")


@pytest.fixture(scope="module")
def structure(client: sdmx.Client) -> Any:
    return client.dataflow("LMI")


def as_mapping(table: pd.DataFrame) -> dict[tuple[str, ...], str]:
    return {
        tuple(row[name] for name in DIMENSIONS): row["OBS_VALUE"] for _, row in table.iterrows()
    }


def test_client_reads_all_structures_of_a_flow(structure: Any) -> None:
    definition = structure.structure["DSD_LMI"]
    names = [d.id for d in definition.dimensions.components]
    assert names == DIMENSIONS
    assert {a.id for a in definition.attributes.components} >= {
        "OBS_STATUS", "DECIMALS", "UNIT_MULT", "N", "EMPLOYERS", "LOWER", "UPPER", "GRADE",
        "RELEASE", "METHOD", "STANDING", "DATA_KIND",
    }  # fmt: skip
    assert structure.codelist["CL_AREA"]["LA-VT"].name["lo"] == "ນະຄອນຫຼວງວຽງຈັນ"
    assert structure.codelist["CL_ISCO08"]["2512"].parent.id == "251"
    assert structure.dataflow["LMI"].structure.id == "DSD_LMI"
    assert structure.header.test is True
    assert set(structure.category_scheme) == {"SUBJECTS"}
    region = structure.constraint["CC_LMI"].data_content_region[0]
    areas = region.member[definition.dimensions.get("REF_AREA")]
    assert {value.value for value in areas.values} == {"LA", "LA-VT", "LA-XA", "LA-XE"}


def test_client_reads_what_the_department_may_see(
    house: House, client: sdmx.Client, structure: Any
) -> None:
    client.session.headers["Authorization"] = f"Bearer {house.token}"
    try:
        generic = sdmx.to_pandas(client.data("LMI"))
        specific = sdmx.to_pandas(client.data("LMI", dsd=structure.structure["DSD_LMI"]))
    finally:
        del client.session.headers["Authorization"]
    want = {key: float(value) if value else None for key, value in stored().items()}
    for read in (generic, specific):
        have = {
            key: None if pd.isna(value) else float(value)
            for key, value in read.reset_index().set_index(DIMENSIONS)["value"].items()
        }
        assert have == want


def test_csv_read_by_pandas_equals_the_warehouse(house: House) -> None:
    assert as_mapping(house.table("/sdmx/2.1/data/LMI", house.token)) == stored()
    second = house.table("/sdmx/3.0/data/dataflow/LAMOLSW/LMI/1.0.0/*", house.token, CSV_2)
    assert as_mapping(second) == {key: value or "NaN" for key, value in stored().items()}
    assert set(second["STRUCTURE_ID"]) == {"LAMOLSW:LMI(1.0.0)"}
    assert set(second["DATA_KIND"]) == {"DEMONSTRATION"}
    assert set(second["SOURCES"]) == {"lao-jobs jobs & co <x>"}


def test_client_reads_csv_2(house: House, structure: Any) -> None:
    status, _, body = house.get("/sdmx/3.0/data/dataflow/*/LMI/*/*", house.token, Accept=CSV_2)
    assert status == 200
    message = CsvReader().convert(io.BytesIO(body), structure=structure.dataflow["LMI"])
    have = sdmx.to_pandas(message)
    assert len(have) == len(stored())
    assert have.dropna().sum() == pytest.approx(sum(float(v) for v in stored().values() if v))


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions"])
def test_json_holds_the_same_figures(house: House, version: str, at: str) -> None:
    accept = f"application/vnd.sdmx.data+json;version={version}"
    path = f"/sdmx/2.1/data/LMI?dimensionAtObservation={at}"
    status, _, body = house.get(path, house.token, Accept=accept)
    assert status == 200
    message = json.loads(body)
    assert message["meta"]["test"] is True
    assert unpacked(message["data"]) == stored()


def unpacked(data: dict[str, Any]) -> dict[tuple[str, ...], str]:
    told = data["structure"] if "structure" in data else data["structures"][0]
    dimensions = told["dimensions"]["series"] + told["dimensions"]["observation"]
    names = [each["id"] for each in dimensions]
    values = [[value["id"] for value in each["values"]] for each in dimensions]
    data_set = data["dataSets"][0]
    series = data_set.get("series", {"": {"observations": data_set.get("observations", {})}})
    assert names == DIMENSIONS
    attributes = told["attributes"]["observation"]
    found = {}
    for key, held in series.items():
        for at, (value, *numbers) in held["observations"].items():
            places = [int(n) for n in f"{key}:{at}".strip(":").split(":")]
            for attribute, index in zip(attributes, numbers, strict=True):
                assert index is None or attribute["values"][index]
            key_ = tuple(v[p] for v, p in zip(values, places, strict=True))
            found[key_] = number(value)
    return found


def test_the_public_sees_decided_counts_and_no_hidden_figure(house: House) -> None:
    table = house.table("/sdmx/2.1/data/LMI")
    flow = table[table["INDICATOR"] == "flow"]
    assert set(flow[flow["REF_AREA"] == "LA"]["OBS_VALUE"]) == {"20", "25"}
    hidden = flow[flow["REF_AREA"] == "LA-XA"]
    assert set(hidden["OBS_VALUE"]) == {""} == set(hidden["N"])
    assert set(hidden["OBS_STATUS"]) == {"Q"}
    assert set(hidden["CONF_STATUS"]) == {"C"}
    assert "2512" not in set(table["OCCUPATION"])
    assert set(table["CONF_STATUS"]) <= {"F", "C"}
    told = set(house.table("/sdmx/2.1/data/LMI", house.token)["OCCUPATION"])
    assert "2512" in told


@pytest.mark.parametrize(
    ("path", "figures"),
    [
        ("/sdmx/2.1/data/LMI/W.flow.LA-VT+LA-XA....", 12),
        ("/sdmx/2.1/data/LAMOLSW,LMI_COUNT,1.0/W....../all", 18),
        ("/sdmx/2.1/data/LMI_COUNT/all/LAMOLSW,LABOURWATCH", 18),
        ("/sdmx/2.1/data/LMI/W.flow.LA....?startPeriod=2026-W03&endPeriod=2026-W05", 3),
        ("/sdmx/2.1/data/LMI/W.flow.LA....?startPeriod=2026-02", 2),
        ("/sdmx/2.1/data/LMI/W.flow.....?lastNObservations=2", 6),
        ("/sdmx/2.1/data/LMI/W.flow.....?firstNObservations=1&lastNObservations=1", 6),
        ("/sdmx/2.1/data/LMI?updatedAfter=2026-03-31T00:00:00Z", 1),
        ("/sdmx/3.0/data/dataflow/LAMOLSW/LMI/1.0.0/W.flow.LA-VT.*.*.*.*", 6),
        ("/sdmx/3.0/data/dataflow/LAMOLSW/LMI/+/*?c[REF_AREA]=LA-XA,LA-XE", 7),
        ("/sdmx/3.0/data/dataflow/LAMOLSW/LMI/~/*?c[OCCUPATION]=sw:25", 1),
        (f"/sdmx/3.0/data/*/*/LMI/*/{TWO_KEYS}?c[TIME_PERIOD]=ge:2026-W04%2Ble:2026-W05", 4),
    ],
)  # fmt: skip
def test_what_is_selected(house: House, path: str, figures: int) -> None:
    table = house.table(path.replace("[", "%5B").replace("]", "%5D"), house.token)
    assert len(table) == figures


def test_vintages(house: House) -> None:
    key = "/sdmx/2.1/data/LMI/W.tightness.LA....?startPeriod=2026-W03&endPeriod=2026-W03"
    now = house.table(key, house.token)
    before = house.table(f"{key}&asOf=2026-03-02", house.token)
    assert (now["OBS_VALUE"].item(), before["OBS_VALUE"].item()) == ("0.5", "-0.175")
    assert now["OBS_STATUS"].item() == "P"
    assert before["ISSUE"].item() == FIRST_ISSUE.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    history = house.table(f"{key}&includeHistory=true", house.token)
    assert list(history["OBS_VALUE"]) == ["-0.175", "0.5"]
    _, _, body = house.get(f"{key}&includeHistory=true", house.token)
    assert body.count(b"validFromDate") == 2
    assert len(cast("Any", sdmx.read_sdmx(io.BytesIO(body))).data) == 2


def test_availability(house: House) -> None:
    status, _, body = house.get("/sdmx/2.1/availableconstraint/LMI/W.flow...../all/REF_AREA")
    assert status == 200
    assert b'<com:KeyValue id="REF_AREA">' in body
    assert b"LA-XE" not in body
    assert house.get("/sdmx/3.0/availability/dataflow/LAMOLSW/LMI/1.0.0/*")[0] == 200
