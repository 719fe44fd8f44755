"""Data as SDMX-CSV 1.0 and 2.0, written row by row. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dashboard.sdmx.figures import Figure
from dashboard.sdmx.labels import component_name, item_name
from dashboard.sdmx.message import Asking, DataSet, by_series, identity
from dashboard.sdmx.structures import TIME, VALUE, structure

_BLOCK: Final = 1_000


def csv_1(asking: Asking, data_sets: Iterable[DataSet]) -> Iterator[str]:
    """SDMX-CSV 1.0."""
    name = identity(asking.flow)
    first = f"{name}: {asking.flow.name.en}" if asking.labels == "both" else name
    yield from _table(asking, data_sets, ["DATAFLOW"], [first], missing="")


def csv_2(asking: Asking, data_sets: Iterable[DataSet]) -> Iterator[str]:
    """SDMX-CSV 2.0; a missing value is `NaN`, as the format has it."""
    names, cells = ["STRUCTURE", "STRUCTURE_ID"], ["dataflow", identity(asking.flow)]
    if asking.labels == "name":
        names, cells = [*names, "STRUCTURE_NAME"], [*cells, asking.flow.name.en]
    if asking.labels == "both":
        cells[1] += f": {asking.flow.name.en}"
    yield from _table(asking, data_sets, [*names, "ACTION"], [*cells, "I"], missing="NaN")


def _table(
    asking: Asking,
    data_sets: Iterable[DataSet],
    names: Sequence[str],
    cells: Sequence[str],
    *,
    missing: str,
) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text)
    columns = _columns(asking)
    writer.writerow((*names, *_heads(columns, asking)))
    for count, row in enumerate(_rows(asking, data_sets, missing), start=1):
        writer.writerow((*cells, *_labelled(columns, row, asking)))
        if count % _BLOCK == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _columns(asking: Asking) -> list[str]:
    used = structure()
    held = [each.id for each in used.dimensions]
    if asking.observations:
        held += [TIME, VALUE]
    if asking.observations and asking.attributes:
        held += [each.id for each in used.attributes]
    return held


def _rows(asking: Asking, data_sets: Iterable[DataSet], missing: str) -> Iterator[list[str]]:
    for data_set in data_sets:
        if not asking.observations:
            yield from (list(key) for key, _ in by_series(data_set.figures))
            continue
        for figure in data_set.figures:
            yield _row(asking, figure, missing)


def _row(asking: Asking, figure: Figure, missing: str) -> list[str]:
    row = [*figure.key, figure.period, figure.value or missing]
    if asking.attributes:
        held = {**figure.attributes, "DATA_KIND": asking.head.data_kind}
        row += [held.get(each.id, "") for each in structure().attributes]
    return row


def _heads(columns: Sequence[str], asking: Asking) -> Iterator[str]:
    for name in columns:
        if asking.labels == "both":
            yield f"{name}: {component_name(name)}"
        else:
            yield name
        if asking.labels == "name":
            yield component_name(name)


def _labelled(columns: Sequence[str], row: Sequence[str], asking: Asking) -> Iterator[str]:
    for name, cell in zip(columns, row, strict=True):
        label = item_name(name, cell) if asking.labels != "id" else ""
        if asking.labels == "both":
            yield f"{cell}: {label}" if label else cell
        else:
            yield cell
        if asking.labels == "name":
            yield label
