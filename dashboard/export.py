"""Tables as CSV that open safely in a spreadsheet and say what they are. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from dashboard.cube import GROUPS, PROVINCES, Cube
from dashboard.views import VacancyRow

DEMONSTRATION: Final = "demonstration data"
OBSERVED: Final = "observed data"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLOCK: Final = 2_000


def safe(cell: str) -> str:
    """`cell`, with an apostrophe before it where a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def vacancies_csv(rows: Iterable[VacancyRow], *, demonstration: bool) -> Iterator[str]:
    """Vacancies, newest first; text comes from the web and is made safe."""
    headings = (
        *("vacancy_id", "title", "employer", "province", "isco08", "isco08_probability"),
        *("isco08_reason", "source_id", "language", "opened_on", "first_seen_utc"),
    )
    cells = (
        [
            safe(row.vacancy_id),
            safe(row.title),
            safe(row.employer),
            row.province,
            row.isco08,
            f"{row.isco08_probability:.3f}",
            safe(row.isco08_reason),
            safe(row.source_id),
            safe(row.language),
            row.opened_on.isoformat(),
            row.first_seen.isoformat(timespec="milliseconds"),
        ]
        for row in rows
    )
    return _csv(headings, cells, demonstration=demonstration)


def flow_csv(cube: Cube, *, demonstration: bool) -> Iterator[str]:
    """New vacancies and change of stock by day, province and major group; empty cells left out."""
    areas, groups = (*PROVINCES, ""), (*GROUPS, "")
    held = np.argwhere((cube.flow != 0) | (cube.stock_delta != 0))
    cells = (
        [
            cube.first_day.fromordinal(cube.first_day.toordinal() + int(day)).isoformat(),
            areas[province],
            groups[group],
            str(cube.flow[day, province, group]),
            str(cube.stock_delta[day, province, group]),
        ]
        for day, province, group in held
    )
    headings = ("date", "province", "isco08_major_group", "new_vacancies", "stock_change")
    return _csv(headings, cells, demonstration=demonstration)


def _csv(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, demonstration: bool
) -> Iterator[str]:
    kind = DEMONSTRATION if demonstration else OBSERVED
    text = io.StringIO()
    text.write(f"\ufeff# Labourwatch: {kind}\r\n")
    writer = csv.writer(text)
    writer.writerow(("data_kind", *headings))
    for count, row in enumerate(rows, start=1):
        writer.writerow((kind, *row))
        if count % _BLOCK == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
