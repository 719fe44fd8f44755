"""Who asks, and what the warehouse answers: the reading side of the SDMX interface."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from dashboard.push.problems import ProblemError
from dashboard.sdmx.artefacts import Artefact, Constraint
from dashboard.sdmx.asking import DataQuestion
from dashboard.sdmx.availability import constraint, matching
from dashboard.sdmx.codelists import TOTAL, skills_in_use
from dashboard.sdmx.figures import Figure, asked_of, chosen, figure_of, key_of, stamp
from dashboard.sdmx.keys import Selection
from dashboard.sdmx.message import DataSet, Head
from dashboard.sdmx.problems import Code, SdmxError
from dashboard.sdmx.structures import everything, flows
from warehouse.disclosure.records import View
from warehouse.released_series import (
    Asked,
    Span,
    TooManySeriesError,
    blocks,
    issues,
    newest_issue,
    provisional_releases,
    spans,
)

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from fastapi import Request

    from dashboard.v1.reading import Reading

MOST_FIGURES: Final = 5_000_000
MOST_VINTAGES: Final = 400
_SKILL: Final = 5
"""Place of the skill in a key."""


class SdmxService:
    """What the addresses share, on top of the reading side of the installation."""

    def __init__(self, reading: Reading) -> None:
        """Nothing is connected before the first question."""
        self._reading = reading
        self.demonstration = reading.house.demonstration
        self.url = reading.house.url
        self.email = reading.settings.contact_email

    def client(self) -> Client:
        """The reading client; it serves several threads."""
        return self._reading.client()

    def forget(self) -> None:
        """Open another client at the next question."""
        self._reading.forget()

    async def view(self, request: Request) -> View:
        """For whom the answer is meant: a token with the right `read` is of a department.

        Raises:
            SdmxError: a token that is not known or has not this right, or too many questions.
        """
        try:
            return await self._reading.view(request)
        except ProblemError as error:
            codes = {401: Code.UNAUTHORISED, 403: Code.FORBIDDEN, 429: Code.TOO_MANY}
            code = codes.get(error.status, Code.UNAVAILABLE)
            raise SdmxError(code, error.detail, headers=error.headers) from error

    def head(self, mark: str) -> Head:
        """The head of a message about `mark`."""
        now = self._reading.clock()
        name = sha256(f"{mark} {now.isoformat()}".encode()).hexdigest()[:16]
        return Head(id=f"LW{name}", prepared=now, demonstration=self.demonstration)

    def newest(self, view: View, as_of: datetime | None) -> datetime | None:
        """When the newest figure was issued; `None` before the first."""
        client = self.client()
        return newest_issue(client, view, as_of) if as_of else newest_issue(client, view)

    def spans(self, chosen_of: Selection, view: View, as_of: datetime | None) -> list[Span]:
        """Series that are asked for.

        Raises:
            SdmxError: too many at once.
        """
        asked = asked_of(chosen_of, as_of)
        if asked is None:
            return []
        try:
            return matching(spans(self.client(), asked, view), chosen_of)
        except TooManySeriesError as error:
            raise too_large(str(error)) from error

    def artefacts(self, view: View) -> list[Artefact]:
        """Everything that can be asked for, with what data there are."""
        held = self.spans(Selection(), view, None)
        constraints: list[Constraint] = []
        for flow in flows().values():
            of = [s for s in held if key_of(s.series)[1] in flow.indicators]
            constraints.append(constraint(flow, of))
        return everything(constraints)

    def skills_used(self, view: View) -> frozenset[str]:
        """Codes of skills of which there are figures."""
        held = self.spans(Selection(), view, None)
        return frozenset(key_of(span.series)[_SKILL] for span in held) - {TOTAL}

    def data_sets(self, asked: DataQuestion, view: View, held: list[Span]) -> Iterator[DataSet]:
        """The data sets of an answer: one, or with the history one of each issue."""
        client = self.client()
        question = asked_of(asked.selection, asked.as_of)
        if question is None:
            return
        provisional = provisional_releases(client)
        if not asked.history:
            figures = self._figures(client, asked, view, held, question, provisional, None)
            yield DataSet(figures=figures)
            return
        moments = issues(client, question, view)
        if len(moments) > MOST_VINTAGES:
            raise too_large(f"more than {MOST_VINTAGES} vintages; narrow the time or the key")
        for moment in moments:
            figures = self._figures(client, asked, view, held, question, provisional, moment)
            yield DataSet(figures=figures, valid_from=stamp(moment))

    def _figures(
        self, client: Client, asked: DataQuestion, view: View, held: list[Span], question: Asked,
        provisional: frozenset[str], issue: datetime | None,
    ) -> Iterator[Figure]:  # fmt: skip
        for block in blocks(client, held, question, view, issue=issue):
            picked = chosen(
                block, asked.selection,
                first_n=asked.first_n, last_n=asked.last_n,
                updated_after=asked.updated_after, updated_before=asked.updated_before,
            )  # fmt: skip
            for released in picked:
                yield figure_of(released, provisional)


def partial_skills(found: list[Artefact], used: frozenset[str]) -> list[Artefact]:
    """`found` with the list of skills cut down to those in use: it has 14,000 codes."""
    return [skills_in_use(used) if artefact.id == "CL_SKILL" else artefact for artefact in found]


def too_large(why: str) -> SdmxError:
    """An answer that would be larger than we give."""
    return SdmxError(Code.RESPONSE_TOO_LARGE, f"The answer is too large: {why}.")


def told_as_unavailable(error: Exception) -> SdmxError:
    """The warehouse or the store of tokens does not answer."""
    detail = f"The data cannot be read at the moment; ask again ({type(error).__name__})."
    return SdmxError(Code.UNAVAILABLE, detail, headers={"Retry-After": "15"})
