"""The codes everybody speaks: places, occupations, industries, fields of education, with labels.

Tables are read once per process from `config/codelists` and `config/geo`; nothing is read at
import time.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A code with its English and Lao names; the Lao name may be "" where none is known."""

    code: str
    name_en: str
    name_lo: str
    parent: str = ""
    reviewed: bool = False
    """Whether a Lao speaker has checked the Lao name."""


def read_table(folder: str, name: str) -> Iterator[dict[str, str]]:
    """Rows of `config/<folder>/<name>`, a UTF-8 CSV with a header, packed if its name ends so.

    Raises:
        FileNotFoundError: the installation lacks the table.
        ValueError: a row has not the columns of the header.
    """
    stored = (files("config") / folder / name).read_bytes()
    plain = gzip.decompress(stored) if name.endswith(".gz") else stored
    # Not csv.DictReader, which takes three times as long: large tables are read at every start.
    rows = csv.reader(io.StringIO(plain.decode("utf-8"), newline=""))
    names = next(rows)
    for row in rows:
        if row:
            yield dict(zip(names, row, strict=True))


@cache
def provinces() -> Mapping[str, Label]:
    """The 18 provinces by ISO 3166-2:LA code, in the order of the national P-codes."""
    return {
        row["iso"]: Label(
            code=row["iso"], name_en=row["name_en"], name_lo=row["name_lo"], reviewed=True
        )
        for row in read_table("geo", "lao_provinces.csv")
    }


@cache
def districts() -> Mapping[str, Label]:
    """The 148 districts by P-code; `parent` is the province's ISO code."""
    return {
        row["pcode"]: Label(
            code=row["pcode"],
            name_en=row["name_en"],
            name_lo=row["name_lo"],
            parent=row["province_iso"],
            reviewed=bool(row["name_lo_cod"]),
        )
        for row in read_table("geo", "lao_districts.csv")
    }


@cache
def occupations() -> Mapping[str, Label]:
    """ISCO-08 groups of 1 to 4 digits by code."""
    return _classification("isco08.csv")


@cache
def industries() -> Mapping[str, Label]:
    """ISIC Rev. 4 sections (letters) and divisions (two digits) by code."""
    return _classification("isic_rev4.csv")


@cache
def education_fields() -> Mapping[str, Label]:
    """ISCED-F 2013 fields of education: broad (2 digits), narrow (3) and detailed (4), by code."""
    return _classification("isced_f_2013.csv")


@cache
def countries() -> Mapping[str, Label]:
    """Countries by ISO 3166-1 code of two letters."""
    return _classification("countries.csv")


def _classification(name: str) -> Mapping[str, Label]:
    """The groups of one international classification by code."""
    return {
        row["code"]: Label(
            code=row["code"],
            name_en=row["title_en"],
            name_lo=row["title_lo"],
            parent=row["parent"],
            reviewed=row["review_lo"] == "reviewed",
        )
        for row in read_table("codelists", name)
    }
