"""`labourwatch deadletters`: what was refused, shown for a person at a terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from config.settings import Settings
from scrapers.items import DeadLetter, Stage
from scrapers.reread import NotPossible, Reread, reread
from streams.deadletters import list_letters, replay, show

_EXPLAINED: Final[Mapping[NotPossible, str]] = {
    NotPossible.NOT_COLLECTED: "the letter does not say how its bytes came in",
    NotPossible.CUT: "too large: only the beginning of its bytes was kept",
    NotPossible.FILE_REFUSED: "a file refused whole: mend it and deliver it again",
    NotPossible.ROW_WITHOUT_CELLS: "a row without cells: mend the file and ingest it again",
    NotPossible.SOURCE_UNKNOWN: "there is no such source any more",
    NotPossible.NEWER_PUBLISHED: "this posting, or a later version of it, is already published",
}

NOT_FOUND: Final = ": not found"
"""End of the line of a letter that is not there."""


class UnknownStageError(ValueError):
    """The stage named does not exist; the message lists those that do."""


def _stage(name: str | None) -> Stage | None:
    if name is None:
        return None
    try:
        return Stage(name)
    except ValueError as error:
        raise UnknownStageError(f"no stage {name!r}; there are {', '.join(Stage)}") from error


async def listing(
    settings: Settings, *, limit: int, stage: str | None, source: str | None
) -> list[str]:
    """A heading and one line a letter, the newest first.

    Raises:
        UnknownStageError: no stage is called `stage`.
    """
    letters = await list_letters(settings.bootstrap_servers, limit, _stage(stage), source)
    if not letters:
        return ["No dead letters."]
    head = f"{'id':<18}{'failed at (UTC)':<21}{'stage':<13}{'source':<18}{'reason':<28}detail"
    return [head, *(_line(letter) for letter in letters)]


def _line(letter: DeadLetter) -> str:
    return (
        f"{letter.letter_id[:16]:<18}{letter.failed_at:%Y-%m-%d %H:%M:%S}  "
        f"{letter.stage:<13}{letter.source_id or '-':<18}{letter.reason:<28}{letter.detail[:80]}"
    )


async def whole(settings: Settings, letter_id: str) -> str | None:
    """All of one letter, found by its id or the id's beginning; `None` where there is none."""
    letter = await show(settings.bootstrap_servers, await _full_id(settings, letter_id))
    if letter is None:
        return None
    lines = [
        f"id:          {letter.letter_id}",
        f"stage:       {letter.stage}",
        f"reason:      {letter.reason}",
        f"detail:      {letter.detail}",
        f"source:      {letter.source_id or '-'}   posting: {letter.posting_id or '-'}",
        f"event time:  {letter.event_time:%Y-%m-%d %H:%M:%S} UTC",
        f"failed at:   {letter.failed_at:%Y-%m-%d %H:%M:%S} UTC",
        f"replay:      {_way_back(letter)}",
        f"bytes ({len(letter.payload)}):",
        letter.payload.decode("utf-8", errors="backslashreplace"),
    ]
    return "\n".join(lines)


def _way_back(letter: DeadLetter) -> str:
    if letter.topic:
        return f"to topic {letter.topic}"
    if letter.origin is None:
        return "not possible"
    return f"read again as {letter.origin.form}"


async def _full_id(settings: Settings, beginning: str) -> str:
    """The only id that begins so, or `beginning` itself."""
    letters = await list_letters(settings.bootstrap_servers, limit=1_000_000)
    found = [letter.letter_id for letter in letters if letter.letter_id.startswith(beginning)]
    return found[0] if len(found) == 1 else beginning


async def send_again(
    settings: Settings, ids: Collection[str], *, stage: str | None, source: str | None
) -> list[str]:
    """Replay letters; lines that say what was done with each.

    What came from a topic goes there again; what was refused at the border is read again from its
    bytes, with the source files as they are now.

    Raises:
        UnknownStageError: no stage is called `stage`.
        ValueError: neither ids nor a stage nor a source is given, or a source file is wrong.
        DeliveryError: the broker did not take what was read again; repeat the command.
    """
    named = [await _full_id(settings, each) for each in ids] or None
    done = await replay(settings.bootstrap_servers, named, stage=_stage(stage), source=source)
    lines = [f"{letter}: sent to its topic again" for letter in done.sent]
    again = await reread(settings, done.without_topic) if done.without_topic else None
    if again is not None:
        lines += _told(again)
    lines += [f"{letter}{NOT_FOUND}" for letter in done.not_found]
    published = len(again.published) if again else 0
    return [*lines, f"{len(done.sent)} sent again, {published} read again and published"]


def _told(again: Reread) -> list[str]:
    return [
        *(f"{letter}: read again and published" for letter in again.published),
        *(f"{letter}: still refused, {why}: {detail}" for letter, why, detail in again.refused),
        *(f"{letter}: not possible: {_EXPLAINED[why]}" for letter, why in again.not_possible),
    ]
