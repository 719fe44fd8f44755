"""Which column of a feed's table is which: by name, in English or Lao, or as told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from config.feeds import Dimension, Feed
from scrapers.parsing.supply_codes import NOT_STATED, read_dimension

MEASURE, VALUE, PERIOD, START, END, PUBLISHED = (
    "measure", "value", "period", "period_start", "period_end", "published",
)  # fmt: skip
_ALIASES: Final[Mapping[str, str]] = {
    MEASURE: "measure|indicator|series|ຕົວຊີ້ວັດ|ລາຍການ",
    VALUE: "value|count|number|persons|people|total|figure|amount|ຈຳນວນ|ຄ່າ|ຈຳນວນຄົນ|ລວມ|ທັງໝົດ",
    PERIOD: "period|time|month|quarter|year|school year|week|date|as of|"
    "ໄລຍະ|ໄລຍະເວລາ|ເດືອນ|ໄຕມາດ|ປີ|ສົກຮຽນ|ວັນທີ",
    START: "period start|from|start|start date|ແຕ່|ວັນທີເລີ່ມ",
    END: "period end|to|until|end|end date|ຫາ|ວັນທີສິ້ນສຸດ",
    PUBLISHED: "published|published on|date of issue|issued|release date|ວັນທີເຜີຍແຜ່|ວັນທີອອກ",
    Dimension.PROVINCE: "province|province code|province name|area|ແຂວງ|ຊື່ແຂວງ",
    Dimension.DISTRICT: "district|district code|district name|ເມືອງ|ຊື່ເມືອງ",
    Dimension.OCCUPATION: "occupation|isco|isco08|isco 08|occupation code|ອາຊີບ|ລະຫັດອາຊີບ",
    Dimension.INDUSTRY: "industry|isic|isic section|sector|economic activity|"
    "ຂະແໜງການ|ຂະແໜງ|ຂະແໜງເສດຖະກິດ",
    Dimension.FIELD: "field|field of study|isced f|isced f code|ສາຂາ|ສາຂາວິຊາ|ສາຂາຮຽນ",
    Dimension.LEVEL: "level|isced level|education level|isced|ລະດັບ|ລະດັບການສຶກສາ|ລະດັບຊັ້ນ",
    Dimension.SEX: "sex|gender|ເພດ",
    Dimension.AGE_GROUP: "age group|age|ages|age band|ກຸ່ມອາຍຸ|ອາຍຸ",
    Dimension.COUNTRY: "country|country code|destination|destination country|nationality|"
    "ປະເທດ|ປະເທດປາຍທາງ|ສັນຊາດ",
    Dimension.RESIDENCE: "residence|urban rural|area type|urbanisation|ທີ່ຢູ່ອາໄສ|ຕົວເມືອງ ຊົນນະບົດ",
    Dimension.CATEGORY: "category|type|kind|ປະເພດ",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How a table is read. A wide table has one column for each measure instead of a value."""

    fields: Mapping[str, str]
    """Column → field: a dimension, or one of measure, value, period, … ."""
    measures: Mapping[str, str]
    """Column → measure, in a table with a column for each measure."""
    sexes: Mapping[str, str]
    """Column → sex, in a table with columns for women and men; its value column is their total."""
    ignored: tuple[str, ...]
    """Columns that the feed does not know; what stands in them is not stored."""
    missing: tuple[str, ...]
    """What is needed and has no column, each said for a person."""

    @property
    def mapping(self) -> dict[str, str]:
        """Column → field or measure, as it is told to people."""
        told = {column: f"{VALUE} of sex {code}" for column, code in self.sexes.items()}
        return {**self.fields, **self.measures, **told}

    @property
    def figures(self) -> frozenset[str]:
        """Columns that hold figures."""
        values = {column for column, field in self.fields.items() if field == VALUE}
        return frozenset({*values, *self.measures, *self.sexes})


def read_columns(names: Iterable[str], feed: Feed, told: Mapping[str, str]) -> Columns:
    """Which column is what. What is told wins; a dimension of another feed is ignored."""
    chosen: dict[str, str] = {}
    measures: dict[str, str] = {}
    sexes: dict[str, str] = {}
    columns = [name for name in dict.fromkeys(names) if name]
    for column in columns:
        field = told.get(column) or _field_of(column, feed)
        if field in feed.measures:
            measures[column] = field
        elif field and field not in chosen.values():
            chosen[column] = field
        elif sex := _sex_of(column, feed):
            sexes[column] = sex
    if VALUE in chosen.values():
        measures = {}
    if measures or Dimension.SEX in chosen.values():
        sexes = {}
    read = {*chosen, *measures, *sexes}
    ignored = tuple(name for name in columns if name not in read)
    return Columns(
        fields=chosen,
        measures=measures,
        sexes=sexes,
        ignored=ignored,
        missing=tuple(_missing(set(chosen.values()), measures, sexes, feed, told, columns)),
    )


def plain(column: str) -> str:
    """`jobTitle`, `job_title` and `Job Title ` are one name."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-./()]+", " ", column)
    return " ".join(spaced.casefold().split())


def _field_of(column: str, feed: Feed) -> str:
    name = plain(column)
    for measure, declared in feed.measures.items():
        if name in (plain(measure), plain(declared.name.en), plain(declared.name.lo)):
            return measure
    if feed.category is not None and name in (
        plain(feed.category.name.en),
        plain(feed.category.name.lo),
    ):
        return Dimension.CATEGORY
    for field, aliases in _ALIASES.items():
        foreign = field in set(Dimension) - set(feed.dimensions)
        if not foreign and name in aliases.split("|"):
            return str(field)
    return ""


def _sex_of(column: str, feed: Feed) -> str:
    """The sex whose figures a column holds; "" where it is no such column."""
    if Dimension.SEX not in feed.dimensions:
        return ""
    code = read_dimension(Dimension.SEX, plain(column), feed)
    return "" if code in (None, NOT_STATED) else str(code)


def _missing(
    fields: set[str],
    measures: Mapping[str, str],
    sexes: Mapping[str, str],
    feed: Feed,
    told: Mapping[str, str],
    columns: Iterable[str],
) -> Iterable[str]:
    for column, field in told.items():
        if column not in columns or field not in {*_ALIASES, *feed.measures}:
            yield f"{field!r} as told of {column!r}"
    if not measures:
        if VALUE not in fields and not sexes:
            yield "value (or one column for each measure)"
        if MEASURE not in fields and len(feed.measures) > 1:
            yield f"measure ({', '.join(feed.measures)})"
    if PERIOD not in fields and not {START, END} <= fields:
        yield "period (or period_start and period_end)"
    yield from (dimension for dimension in feed.required if dimension not in fields)
