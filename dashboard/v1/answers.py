"""A question in words → what its answer is stamped with, and the answer itself.

The stamp is read first and cheaply; an answer that the asker already has is not computed again.
One function a question; REST and the shell call the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from dashboard.v1.asked import Words, whole
from dashboard.v1.citing import House, Stamp
from dashboard.v1.cursors import Cursor, question_mark, read_cursor, write_cursor
from dashboard.v1.tables import Column, Row, Table
from warehouse.disclosure.records import View
from warehouse.published import PageKey

if TYPE_CHECKING:
    from datetime import datetime

    from clickhouse_connect.driver.client import Client

BLOCK: Final = 2_000
MOST_ROWS: Final = 1_000_000
"""Of one answer: a worksheet holds few more."""
COMMON: Final = frozenset({"limit", "cursor", "format"})
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks where: all that an answer depends on besides the words."""

    client: Client
    view: View
    house: House
    now: datetime
    path: str
    """Of the address asked, for the citation."""
    page: int
    """Rows where no `limit` is given."""
    own: str = ""
    """Where the view is a department's only for one province: that province."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer rests on, and how it is read."""

    stamp: Stamp
    build: Callable[[], Table]


def limit_of(asking: Asking, words: Words) -> int:
    """Rows of the answer at most."""
    return whole(words, "limit", asking.page, 1, MOST_ROWS)


def place_of(words: Words, shape: tuple[type, ...], default: datetime) -> tuple[Cursor, str]:
    """Where the page begins, and the short name of the question.

    Raises:
        AskedError: the cursor is of another question.
    """
    mark = question_mark({name: text for name, text in words.items() if name != "format"})
    if words.get("cursor"):
        return read_cursor(words["cursor"], mark, shape), mark
    return Cursor(as_of=default, after=()), mark


def listing(
    asking: Asking,
    words: Words,
    *,
    title: str,
    name: str,
    columns: Sequence[Column],
    rows: Callable[[], Sequence[Row]],
    stamp: Stamp,
) -> Answer:
    """An answer short enough to be held whole; its pages begin at a number of rows."""
    place, mark = place_of(words, (int,), asking.now if stamp.as_of is None else stamp.as_of)
    limit = limit_of(asking, words)

    def build() -> Table:
        begin = int(place.after[0]) if place.after else 0
        held = rows()
        about = asking.house.about(title, view=asking.view, as_of=stamp.as_of, path=asking.path)
        more = len(held) > begin + limit
        following = Cursor(as_of=place.as_of, after=(begin + limit,))
        return Table(
            about=about, columns=columns, name=name, blocks=iter([held[begin : begin + limit]]),
            next_cursor=write_cursor(following, mark) if more else None,
        )  # fmt: skip

    return Answer(stamp=stamp, build=build)


def paged(
    table: Table,
    fetch: Callable[[PageKey, int], list[Item]],
    key: Callable[[Item], PageKey],
    rows: Callable[[list[Item]], Sequence[Row]],
    *,
    place: Cursor,
    mark: str,
    limit: int,
) -> Iterator[Sequence[Row]]:
    """Blocks of an answer read page by page: memory holds one block, however long it is."""
    after, left = place.after, limit
    while left > 0:
        wanted = min(BLOCK, left)
        held = fetch(after, wanted + 1)
        page = held[:wanted]
        if page:
            after = key(page[-1])
            yield rows(page)
        left -= len(page)
        if len(held) <= wanted:
            return
    table.next_cursor = write_cursor(Cursor(as_of=place.as_of, after=after), mark)
