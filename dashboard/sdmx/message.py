"""What every message says about itself, and the data sets that a data message is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from dashboard.sdmx.artefacts import AGENCY, Flow, Text
from dashboard.sdmx.figures import Figure
from dashboard.sdmx.structures import TIME

SENDER: Final = "LABOURWATCH"
ALL_DIMENSIONS: Final = "AllDimensions"
DEMONSTRATION: Final = Text(
    en="DEMONSTRATION DATA made by a simulator: not of any real labour market, never to be cited",
    lo="ຂໍ້ມູນສາທິດ ທີ່ສ້າງຂຶ້ນໂດຍໂປຣແກຣມຈຳລອງ: ບໍ່ແມ່ນຂໍ້ມູນຕະຫຼາດແຮງງານຕົວຈິງ, ຫ້າມນຳໄປອ້າງອີງ",
)
OBSERVED: Final = Text(en="Observed data", lo="ຂໍ້ມູນຕົວຈິງ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a message."""

    id: str
    prepared: datetime
    demonstration: bool

    @property
    def note(self) -> Text:
        """What the data are, in words."""
        return DEMONSTRATION if self.demonstration else OBSERVED

    @property
    def data_kind(self) -> str:
        """Code of CL_DATA_KIND."""
        return "DEMONSTRATION" if self.demonstration else "OBSERVED"

    @property
    def stamp(self) -> str:
        """When it was prepared, by the second."""
        return f"{self.prepared.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Figures of one vintage, series after series; read once."""

    figures: Iterable[Figure]
    valid_from: str = ""
    """Issue of a vintage, where the history was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a data message is to be laid out."""

    flow: Flow
    head: Head
    at_observation: str = TIME
    """`TIME_PERIOD`: series of observations; `AllDimensions`: observations alone."""
    attributes: bool = True
    observations: bool = True
    labels: str = "id"
    """CSV: `id`, `name` or `both`."""

    @property
    def flat(self) -> bool:
        """Whether observations stand alone."""
        return self.at_observation == ALL_DIMENSIONS


def by_series(figures: Iterable[Figure]) -> Iterator[tuple[tuple[str, ...], Iterator[Figure]]]:
    """Figures grouped into series."""
    return groupby(figures, key=lambda figure: figure.key)


def identity(flow: Flow) -> str:
    """`LAMOLSW:LMI(1.0.0)`."""
    return f"{AGENCY}:{flow.id}({flow.version})"
