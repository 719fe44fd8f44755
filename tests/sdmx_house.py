"""A served warehouse with figures, asked by SDMX over HTTP, and what it must answer."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.sdmx.figures import key_of, number
from dashboard.sdmx.periods import period_of
from tests.sdmx_stack import observations

CSV_1 = "application/vnd.sdmx.data+csv;version=1.0.0"


@dataclass(frozen=True)
class House:
    url: str
    token: str

    def get(self, path: str, token: str = "", **headers: str) -> tuple[int, Any, bytes]:
        """Status, headers and body."""
        request = urllib.request.Request(f"{self.url}{path}", headers=headers)  # noqa: S310
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def table(self, path: str, token: str = "", accept: str = CSV_1) -> pd.DataFrame:
        status, _, body = self.get(path, token, Accept=accept)
        assert status == 200, body
        return pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False)


def stored() -> dict[tuple[str, ...], str]:
    """Newest value by key and period, as written into the warehouse."""
    rows = sorted(observations(), key=lambda o: o.issue)
    return {
        (*key_of(o.series), period_of(o.series.frequency, o.time_value)): number(o.value)
        for o in rows
    }
