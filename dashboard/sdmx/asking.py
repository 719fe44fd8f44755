"""Parameters of a data question, of both versions, as one record. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dashboard.sdmx.artefacts import AGENCY, Flow
from dashboard.sdmx.keys import Selection, selection
from dashboard.sdmx.message import ALL_DIMENSIONS
from dashboard.sdmx.periods import moment_of, span_of
from dashboard.sdmx.problems import Code, SdmxError, syntax
from dashboard.sdmx.structures import TIME, flows

_DETAILS: Final = ("full", "dataonly", "serieskeysonly", "nodata")
_KNOWN: Final = frozenset(
    {
        "startPeriod", "endPeriod", "updatedAfter", "updatedBefore", "firstNObservations",
        "lastNObservations", "dimensionAtObservation", "detail", "includeHistory", "asOf",
        "attributes", "measures", "format", "references", "mode",
    }
)  # fmt: skip
_FIRST: Final = date(1970, 1, 1)
_LAST: Final = date(2149, 6, 6)
_FLOW: Final = re.compile(r"(?:([^,]*),)?([^,]*)(?:,([^,]*))?")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuestion:
    """What is asked for and how it is to be laid out."""

    flow: Flow
    selection: Selection
    at_observation: str = TIME
    detail: str = "full"
    attributes: bool = True
    first_n: int | None = None
    last_n: int | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    as_of: datetime | None = None
    history: bool = False


def read_flow(text: str) -> Flow:
    """The flow of a 2.1 address: `LMI`, `LAMOLSW,LMI` or `LAMOLSW,LMI,1.0.0`.

    Raises:
        SdmxError: 404 where there is none.
    """
    parts = _FLOW.fullmatch(text)
    agency, name, version = parts.groups() if parts else ("", text, "")
    return flow_named(agency or "all", name or "", version or "latest")


def flow_named(agency: str, name: str, version: str) -> Flow:
    """The flow of an agency, in a version.

    Raises:
        SdmxError: 404 where there is none.
    """
    flow = flows().get(name)
    right = agency in ("all", "*", AGENCY) and (
        version in ("latest", "*", "~", "+", "all", "") or _is_ours(version)
    )
    if flow is None or not right:
        raise SdmxError(Code.NO_RESULTS, f"No such dataflow; there are {', '.join(flows())}.")
    return flow


def _is_ours(version: str) -> bool:
    return re.fullmatch(r"1(\.0){0,2}\+?(\.0)?", version, re.ASCII) is not None


def read_question(flow: Flow, key: str, given: Pairs) -> DataQuestion:
    """The question of an address.

    Args:
        flow: asked for.
        key: as in the address.
        given: parameters of the address in their order.

    Raises:
        SdmxError: naming the parameter that cannot be read.
    """
    words = dict(given)
    unknown = [name for name in words if name not in _KNOWN and not name.startswith("c[")]
    if unknown:
        raise syntax(unknown[0][:60], f"one of the parameters {', '.join(sorted(_KNOWN))}")
    first = span_of(words["startPeriod"], "startPeriod")[0] if "startPeriod" in words else _FIRST
    last = span_of(words["endPeriod"], "endPeriod")[1] if "endPeriod" in words else _LAST
    detail = _one_of(words, "detail", _DETAILS, "full")
    told = _one_of(words, "attributes", ("all", "dsd", "none", "dataset", "series", "obs"), "all")
    return DataQuestion(
        flow=flow,
        selection=selection(flow, key, given, (first, last)),
        at_observation=_one_of(words, "dimensionAtObservation", (TIME, ALL_DIMENSIONS), TIME),
        detail=detail,
        attributes=detail == "full" and told in ("all", "dsd", "obs"),
        first_n=_number(words, "firstNObservations"),
        last_n=_number(words, "lastNObservations"),
        updated_after=_moment(words, "updatedAfter"),
        updated_before=_moment(words, "updatedBefore"),
        as_of=_moment(words, "asOf"),
        history=_one_of(words, "includeHistory", ("true", "false"), "false") == "true",
    )


def _one_of(words: dict[str, str], name: str, choices: Sequence[str], default: str) -> str:
    given = words.get(name) or default
    if given not in choices:
        raise syntax(name, f"one of {', '.join(choices)}")
    return given


def _number(words: dict[str, str], name: str) -> int | None:
    text = words.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or int(text) == 0:
        raise syntax(name, "a whole number from 1 to 999,999")
    return int(text)


def _moment(words: dict[str, str], name: str) -> datetime | None:
    return moment_of(words[name], name) if words.get(name) else None
