"""Rows of a supply table → `SupplyRecord`, or a refusal. Aggregates only, never persons."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from scrapers.items import SupplyRecord
from scrapers.parsing.dates import DateOrder, parse_date
from scrapers.parsing.supply_codes import LAO_DIGITS
from scrapers.parsing.text import clean_line

_PROVINCE: Final = re.compile(r"LA-[A-Z]{2}")
_ISCO: Final = re.compile(r"\d{1,4}")
_MEASURE: Final = re.compile(r"[a-z][a-z0-9_]{1,60}")
_NUMBER: Final = re.compile(r"-?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d+)?(?:[eE][+]?\d{1,2})?")


class SupplyRefusal(StrEnum):
    """Why a row of a supply table, or all of it, is not taken."""

    MEASURE_INVALID = "measure_invalid"
    COUNT_INVALID = "count_invalid"
    PERIOD_INVALID = "period_invalid"
    PERIOD_IN_FUTURE = "period_in_future"
    PUBLISHED_INVALID = "published_invalid"
    PROVINCE_INVALID = "province_invalid"
    DISTRICT_INVALID = "district_invalid"
    OCCUPATION_INVALID = "occupation_invalid"
    INDUSTRY_INVALID = "industry_invalid"
    FIELD_INVALID = "field_invalid"
    LEVEL_INVALID = "level_invalid"
    SEX_INVALID = "sex_invalid"
    AGE_GROUP_INVALID = "age_group_invalid"
    COUNTRY_INVALID = "country_invalid"
    RESIDENCE_INVALID = "residence_invalid"
    CATEGORY_INVALID = "category_invalid"
    DIMENSION_MISSING = "dimension_missing"
    CONTRADICTION = "contradiction"
    """The table states one cell with different values."""
    COLUMNS_MISSING = "columns_missing"
    """Of the whole table."""
    PERSONAL_DATA = "personal_data"
    """Of the whole table: it is a list of persons, or holds data of persons."""
    TABLE_EMPTY = "table_empty"
    TABLE_TOO_LONG = "table_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRefused:
    """A refusal with what was expected, for a person."""

    reason: SupplyRefusal
    detail: str
    """Names the row, the column and what was expected; quotes nothing of the row."""
    row: int = 0
    """Number of the row; 0: the whole table, of which nothing was taken."""
    column: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What was read of the row, by field; empty for a whole table."""


def make_supply(
    fields: Mapping[str, str], *, source_id: str, published_at: datetime, order: DateOrder = "dmy"
) -> SupplyRecord | SupplyRefused:
    """The record of one row of a table without a feed; only the form of its codes is checked."""
    values = {name: clean_line(value) for name, value in fields.items()}
    start = parse_date(values.get("period_start", ""), order)
    end = parse_date(values.get("period_end", ""), order)
    measure = values.get("measure", "").casefold().replace(" ", "_")
    province, occupation = values.get("province", ""), values.get("occupation", "")
    if not _MEASURE.fullmatch(measure):
        return _refused(SupplyRefusal.MEASURE_INVALID, "measure: expected a name in snake_case")
    count = read_count(values.get("count", ""))
    if count is None:
        return _refused(
            SupplyRefusal.COUNT_INVALID, "count: expected a number of persons, 0 or more"
        )
    if start is None or end is None or end < start:
        return _refused(SupplyRefusal.PERIOD_INVALID, "period: expected a start and a later end")
    if province and not _PROVINCE.fullmatch(province):
        return _refused(SupplyRefusal.PROVINCE_INVALID, "province: expected an ISO code like LA-VT")
    if occupation and not _ISCO.fullmatch(occupation):
        return _refused(SupplyRefusal.OCCUPATION_INVALID, "occupation: expected an ISCO-08 code")
    identity = (
        source_id,
        values.get("id", ""),
        province,
        occupation,
        measure,
        str(start),
        str(end),
    )
    return SupplyRecord(
        source_id=source_id,
        record_id=statement_id(identity, count, published_at, published_at),
        province=province,
        occupation=occupation,
        measure=measure,
        count=count,
        period_start=start,
        period_end=end,
        published_at=published_at,
    )


def read_count(text: str) -> float | None:
    """A finite number, 0 or more; thousands may be set off by commas or spaces, never by dots."""
    plain = text.translate(LAO_DIGITS).removesuffix("%").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    count = float(plain.replace(",", "").replace(" ", ""))
    return count if math.isfinite(count) and count >= 0 else None


def statement_id(
    cell: tuple[str, ...], count: float, published_at: datetime, received_at: datetime
) -> str:
    """Identity of one statement of a cell. A repeated delivery of it has the same; a correction,
    also one that returns to an earlier value, has another."""
    parts = (*cell, repr(count), published_at.isoformat(), received_at.isoformat())
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def _refused(reason: SupplyRefusal, detail: str) -> SupplyRefused:
    return SupplyRefused(reason=reason, detail=detail)
