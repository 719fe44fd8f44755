"""The three statistical regions of the Lao PDR, between province and nation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from config.vocabulary import read_table


@cache
def regions() -> Mapping[str, frozenset[str]]:
    """Provinces (ISO 3166-2:LA) of each region of `config/codelists/regions.csv`."""
    return {
        row["code"]: frozenset(row["provinces"].split())
        for row in read_table("codelists", "regions.csv")
    }


def region_of(province: str) -> str:
    """The region's code; "" for a code that is no province."""
    return next((code for code, held in regions().items() if province in held), "")
