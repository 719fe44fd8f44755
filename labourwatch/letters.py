"""`labourwatch deadletters`: what was refused, shown for a person at a terminal."""

from __future__ import annotations

from collections.abc import Collection

from config.settings import Settings
from scrapers.items import DeadLetter, Stage
from streams.deadletters import list_letters, replay, show


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
        f"replay to:   {letter.topic or 'cannot be replayed'}",
        f"bytes ({len(letter.payload)}):",
        letter.payload.decode("utf-8", errors="backslashreplace"),
    ]
    return "\n".join(lines)


async def _full_id(settings: Settings, beginning: str) -> str:
    """The only id that begins so, or `beginning` itself."""
    letters = await list_letters(settings.bootstrap_servers, limit=1_000_000)
    found = [letter.letter_id for letter in letters if letter.letter_id.startswith(beginning)]
    return found[0] if len(found) == 1 else beginning


async def send_again(
    settings: Settings, ids: Collection[str], *, stage: str | None, source: str | None
) -> list[str]:
    """Replay letters; lines that say what was done with each.

    Raises:
        UnknownStageError: no stage is called `stage`.
        ValueError: neither ids nor a stage nor a source is given.
    """
    named = [await _full_id(settings, each) for each in ids] or None
    done = await replay(settings.bootstrap_servers, named, stage=_stage(stage), source=source)
    lines = [f"{len(done.sent)} sent again"]
    lines += [f"cannot be replayed (no topic): {letter}" for letter in done.not_replayable]
    lines += [f"not found: {letter}" for letter in done.not_found]
    return lines
