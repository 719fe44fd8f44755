"""SDMX over HTTP: what is refused and how, caching, labels, details."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sdmx

from config.settings import Settings
from tests.push_stack import agreed
from tests.sdmx_house import CSV_1, House, stored
from tests.sdmx_stack import interface, published

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


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


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/sdmx/2.1/data/NIX", 404, 100),
        ("/sdmx/2.1/data/LMI/M.flow.LA-SV....", 404, 100),
        ("/sdmx/2.1/data/LMI/W.flow", 400, 140),
        ("/sdmx/2.1/data/LMI?startPeriod=yesterday", 400, 140),
        ("/sdmx/2.1/data/LMI?lastNObservations=0", 400, 140),
        ("/sdmx/2.1/data/LMI?order=asc", 400, 140),
        ("/sdmx/2.1/process", 501, 501),
        ("/sdmx/2.1/codelist/LAMOLSW/CL_NIX", 404, 100),
        ("/sdmx/2.1/codelist?references=everything", 400, 140),
        ("/sdmx/nix", 501, 501),
    ],
)
def test_refusals_are_sdmx_errors(house: House, path: str, status: int, code: int) -> None:
    have, headers, body = house.get(path)
    assert have == status
    assert headers["Content-Type"].startswith("application/vnd.sdmx.error+xml")
    assert f'code="{code}"'.encode() in body
    have, _, body = house.get(path, Accept="application/json")
    assert (have, json.loads(body)["errors"][0]["code"]) == (status, code)


def test_tokens_and_formats_that_are_refused(house: House, settings: Settings) -> None:
    assert house.get("/sdmx/2.1/data/LMI", "lw.no.token")[0] == 401
    pusher = agreed(settings, "pusher", rights=())
    assert house.get("/sdmx/2.1/data/LMI", pusher)[0] == 403
    assert house.get("/sdmx/2.1/data/LMI", Accept="image/png")[0] == 406


def test_caching_and_compression(house: House) -> None:
    path = "/sdmx/2.1/data/LMI"
    _, headers, _ = house.get(path)
    assert house.get(path, **{"If-None-Match": headers["ETag"]})[0] == 304
    assert house.get(path, **{"If-Modified-Since": headers["Last-Modified"]})[0] == 304
    assert house.get(f"{path}?detail=dataonly", **{"If-None-Match": headers["ETag"]})[0] == 200
    _, headers, body = house.get(path, **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).startswith(b"<?xml")


@pytest.mark.parametrize("detail", ["serieskeysonly", "nodata"])
def test_series_without_observations(house: House, detail: str) -> None:
    table = house.table(f"/sdmx/2.1/data/LMI?detail={detail}", house.token)
    assert len(table) == len({key[:-1] for key in stored()})
    _, _, body = house.get(f"/sdmx/2.1/data/LMI?detail={detail}", house.token)
    assert b"<gen:Obs>" not in body


def test_labels(house: House) -> None:
    table = house.table("/sdmx/2.1/data/LMI/W.flow.LA-VT....", accept=f"{CSV_1};labels=both")
    assert set(table["REF_AREA: Reference area"]) == {"LA-VT: Vientiane Capital"}


def test_structure_details(house: House) -> None:
    _, _, body = house.get("/sdmx/2.1/dataflow/LAMOLSW/LMI/1.0?references=all&detail=allstubs")
    read: Any = sdmx.read_sdmx(io.BytesIO(body))
    assert read.codelist["CL_ISCO08"].is_external_reference
    assert not len(read.codelist["CL_ISCO08"])
    _, _, body = house.get("/sdmx/3.0/structure/codelist/LAMOLSW/CL_AREA/1.0.0/LA-VT")
    codes = json.loads(body)["data"]["codelists"][0]["codes"]
    assert [(code["id"], code["names"]["lo"]) for code in codes] == [("LA-VT", "ນະຄອນຫຼວງວຽງຈັນ")]


def test_catalogue_and_code_lists(house: House) -> None:
    from rdflib import Graph
    from rdflib.namespace import DCAT

    for accept, form in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
        status, headers, body = house.get("/catalogue", Accept=accept)
        assert status == 200
        assert headers["Content-Type"].startswith(accept)
        read = Graph().parse(data=body, format=form)
        addresses = [str(each) for each in read.objects(None, DCAT.downloadURL)]
        assert len(addresses) > 50
    asked = [a for a in addresses if "LMI_COUNT?format=" in a or "/codelists/isic4" in a]
    for address in asked:
        assert house.get(address[address.index("/", 8) :])[0] == 200
    status, _, body = house.get("/codelists/skills", Accept="text/turtle")
    assert status == 200
    assert body.count(b"a skos:Concept ;") > 13_000
    assert house.get("/codelists/nix")[0] == 404
    assert house.get("/codelists/skills", Accept="application/rdf+xml")[0] == 406
    assert len(json.loads(house.get("/codelists")[2])["codelists"]) == 8
