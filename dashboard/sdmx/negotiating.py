"""Which format an answer has: by the parameter `format`, else by `Accept`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dashboard.sdmx.problems import Code, SdmxError


class Format(StrEnum):
    """Formats of messages, by their media types without parameters and their version."""

    GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
    SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
    JSON_1 = "application/vnd.sdmx.data+json;version=1.0.0"
    JSON_2 = "application/vnd.sdmx.data+json;version=2.0.0"
    CSV_1 = "application/vnd.sdmx.data+csv;version=1.0.0"
    CSV_2 = "application/vnd.sdmx.data+csv;version=2.0.0"
    STRUCTURE = "application/vnd.sdmx.structure+xml;version=2.1"
    STRUCTURE_JSON_1 = "application/vnd.sdmx.structure+json;version=1.0.0"
    STRUCTURE_JSON_2 = "application/vnd.sdmx.structure+json;version=2.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A format with what the asker wished about it."""

    format: Format
    labels: str = "id"


DATA_2_1: Final = (
    Format.GENERIC, Format.SPECIFIC, Format.JSON_1, Format.JSON_2, Format.CSV_1, Format.CSV_2,
)  # fmt: skip
"""The first is the default, and the first of its kind where no version is named."""
DATA_3_0: Final = (
    Format.JSON_2, Format.CSV_2, Format.SPECIFIC, Format.GENERIC, Format.JSON_1, Format.CSV_1,
)  # fmt: skip
STRUCTURES_2_1: Final = (Format.STRUCTURE, Format.STRUCTURE_JSON_1, Format.STRUCTURE_JSON_2)
STRUCTURES_3_0: Final = (Format.STRUCTURE_JSON_2, Format.STRUCTURE, Format.STRUCTURE_JSON_1)
_SHORT: Final = {
    "genericdata": "genericdata+xml", "structurespecificdata": "structurespecificdata+xml",
    "jsondata": "data+json", "csvdata": "data+csv", "xml": "+xml", "json": "+json",
    "csv": "+csv", "structure": "structure+xml", "jsonstructure": "structure+json",
    "sdmx-json": "+json", "sdmx-csv": "+csv", "sdmx-2.1": "+xml",
}  # fmt: skip
_PLAIN: Final = {
    "application/xml": "+xml", "text/xml": "+xml", "application/json": "+json",
    "text/json": "+json", "text/csv": "+csv", "application/csv": "+csv",
    "application/vnd.sdmx.generictimeseriesdata+xml": "genericdata+xml",
    "application/vnd.sdmx.structurespecifictimeseriesdata+xml": "structurespecificdata+xml",
}  # fmt: skip
_MOST: Final = 40


def choose(offered: Sequence[Format], parameter: str, accept: str) -> Chosen:
    """The best of `offered`.

    Raises:
        SdmxError: 406 where none fits.
    """
    if parameter:
        found = _named(offered, parameter)
        if found is None:
            raise _none(offered)
        return Chosen(format=found)
    for name, parameters in _ranges(accept):
        if name in ("*/*", "application/*", "text/html", "application/xhtml+xml"):
            return Chosen(format=offered[0])
        found = _of_type(offered, name, parameters.get("version", ""))
        if found is not None:
            labels = parameters.get("labels", "id")
            return Chosen(format=found, labels=labels if labels in ("name", "both") else "id")
    if not accept.strip():
        return Chosen(format=offered[0])
    raise _none(offered)


def _named(offered: Sequence[Format], word: str) -> Format | None:
    """By a short word, or by a media type (its `+` may have come as a blank)."""
    word = word.strip().replace(" ", "+")
    if "/" in word:
        name, parameters = _parsed(word)
        return _of_type(offered, name, parameters.get("version", ""))
    part = _SHORT.get(word.lower(), "?")
    return next((each for each in offered if part in each.value), None)


def _of_type(offered: Sequence[Format], name: str, version: str) -> Format | None:
    plain = _PLAIN.get(name)
    for each in offered:
        of, _, has = each.value.partition(";version=")
        same = plain in of if plain else of == name
        if same and (not version or version == has or version + ".0" == has):
            return each
    return None


def _ranges(accept: str) -> list[tuple[str, Mapping[str, str]]]:
    """Media ranges with their parameters, the most wanted first."""
    given = [_parsed(part) for part in accept.split(",")[:_MOST] if part.strip()]
    wanted = [(name, p) for name, p in given if _weight(p) > 0]
    return sorted(wanted, key=lambda each: -_weight(each[1]))


def _weight(parameters: Mapping[str, str]) -> float:
    try:
        return float(parameters.get("q", "1"))
    except ValueError:
        return 0.0


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    name, *rest = text.split(";")
    pairs = (part.partition("=") for part in rest)
    return name.strip().lower(), {k.strip().lower(): v.strip().strip('"') for k, _, v in pairs}


def _none(offered: Sequence[Format]) -> SdmxError:
    return SdmxError(Code.NOT_ACCEPTABLE, f"Expected one of {', '.join(offered)}.")
