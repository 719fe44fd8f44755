"""`labourwatch sources`: looking at sources, trying them out, switching them on and off."""

from __future__ import annotations

import asyncio
import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import yaml

from config.settings import Settings
from scrapers.items import RunOutcome
from scrapers.side_by_side import as_records, lines_of, refusal_of
from scrapers.source_files import SourceError, load_source
from scrapers.sources import Source
from scrapers.tried import Trial, TriedAdvert

Say = Callable[[str], None]
_ROWS = 5
"""Of a dropped file, so many rows are shown."""
_WIDTH = 76
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)


def path_of(settings: Settings, name: str) -> Path:
    """The file that `name` means: a path to a YAML, or a source's id in the sources' folder.

    Raises:
        SourceError: there is no such file; the message lists those there are.
    """
    given = Path(name)
    if given.suffix in (".yaml", ".yml"):
        if not given.exists():
            raise SourceError(f"no file {given}")
        return given
    path = settings.sources_dir / f"{name}.yaml"
    if path.exists():
        return path
    known = ", ".join(sorted(found.stem for found in settings.sources_dir.glob("*.yaml")))
    raise SourceError(f"no source {name!r} in {settings.sources_dir}; there are: {known or 'none'}")


def listed(settings: Settings, known: Mapping[str, Sequence[str]]) -> tuple[list[str], bool]:
    """A line for each source file with what is `known` of the source below it, and whether all
    files are right."""
    lines, fine = [], True
    for path in sorted(settings.sources_dir.glob("*.yaml")):
        try:
            source = load_source(path)
        except SourceError as error:
            lines.append(f"✗ {path.stem:<24} {str(error).splitlines()[0]}")
            fine = False
            continue
        mark = "✓" if source.enabled else "–"
        why = source.legal_basis if source.enabled else source.disabled_reason or "not said why"
        word = "enabled" if source.enabled else "disabled"
        lines.append(f"{mark} {source.id:<24} {source.kind.value:<20} {word:<9} {why}")
        lines += [f"  ! {note}" for note in known.get(source.id, ())]
    return lines or [f"no source files in {settings.sources_dir}"], fine


def checked(settings: Settings, names: Sequence[str]) -> tuple[list[str], bool]:
    """What is wrong with the named files, or with all; each mistake with file, line and
    expectation."""
    paths = [path_of(settings, name) for name in names] or sorted(
        settings.sources_dir.glob("*.yaml")
    )
    lines, fine = [], True
    for path in paths:
        try:
            source = load_source(path)
        except SourceError as error:
            lines += str(error).splitlines()
            fine = False
        else:
            lines.append(f"{path}: right ({source.kind.value})")
    return lines, fine


def tried(
    settings: Settings,
    name: str,
    *,
    adverts: int,
    page: Path | None,
    listing: Path | None,
    url: str,
) -> Trial:
    """A source tried out on its site, or on a page saved before.

    Raises:
        SourceError: the source's file is wrong, or the saved page is not the listing it declares.
    """
    from scrapers.trial import try_source

    source = load_source(path_of(settings, name))
    if page is not None or listing is not None:
        return _tried_on_files(source, page, listing, url)
    if source.listing is None:
        raise SourceError(
            f"{source.id}: nothing is fetched from a source of kind {source.kind.value}"
            "; a file of it is tried with --listing FILE"
        )
    return asyncio.run(
        try_source(source, settings, adverts=adverts, clock=lambda: datetime.now(UTC))
    )


def shown(trial: Trial) -> Iterator[str]:
    """The trial for a terminal: each field as it will be published, and where the page has it."""
    yield f"{trial.source_id}: {trial.outcome.value}; {trial.detail or 'nothing stood in the way'}"
    yield f"{trial.pages} pages of the listing read, {trial.listed} postings on them"
    for advert in trial.adverts:
        yield ""
        yield advert.url or advert.posting_id
        refused = refusal_of(advert)
        if refused is not None:
            yield f"  refused: {refused.reason}: {refused.detail}"
        for line in lines_of(advert):
            yield from _columns(line.field, line.value or "(empty)", line.on_page)
            if line.raw:
                yield f"  {'':<22}  as written: {_short(line.raw)}"
    if trial.adverts:
        yield ""
        yield "Left: what will be published. Right: the words around it on the page."


def as_json(trial: Trial) -> str:
    """The trial for programs."""
    return json.dumps(as_records(trial), ensure_ascii=False, indent=2)


def write_page(trial: Trial, path: Path) -> None:
    """Write the trial as an HTML page: fields on the left, each advert's page on the right."""
    import jinja2

    text = (files("labourwatch") / "templates" / "trial.html.j2").read_text("utf-8")
    template = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(text)
    sections = [
        (advert, lines_of(advert), refusal_of(advert), _POLICY + advert.page if advert.page else "")
        for advert in trial.adverts
    ]
    path.write_text(template.render(trial=trial, sections=sections), "utf-8")


def switch(settings: Settings, name: str, *, enabled: bool, why: str = "") -> str:
    """Switch a source on or off in its file; comments and layout stay. Returns what to tell.

    Raises:
        SourceError: the file would be wrong: nothing is written. A source is enabled only with
            legal basis, contact and owner; one is disabled only with a reason.
    """
    path = path_of(settings, name)
    before = path.read_text("utf-8")
    load_source(path)
    changed = _with_entry(before, "enabled", "true" if enabled else "false")
    if enabled:
        changed = _without_entry(changed, "disabled_reason")
    elif not why.strip():
        raise SourceError(f"{path}: say why with --why: the reason is shown to whoever asks")
    else:
        changed = _with_entry(changed, "disabled_reason", json.dumps(why, ensure_ascii=False))
    _replace_checked(path, changed)
    word = "enabled" if enabled else "disabled"
    return f"{path.stem} is {word}; the crawler takes it up at its next start"


def _tried_on_files(source: Source, page: Path | None, listing: Path | None, url: str) -> Trial:
    from scrapers.drop_trial import try_file
    from scrapers.formats.rows import TableError
    from scrapers.parsing.columns import ColumnError
    from scrapers.reading import UnreadableListing
    from scrapers.trial import try_advert, try_listing

    now = datetime.now(UTC)
    adverts: tuple[TriedAdvert, ...] = ()
    try:
        if listing is not None and source.drop is not None:
            adverts = try_file(source, source.drop, listing, rows=_ROWS, now=now)
        elif listing is not None:
            adverts = try_listing(source, listing.read_bytes(), now=now)
        if page is not None:
            adverts += (try_advert(source, page.read_bytes(), url or source.base_url, now=now),)
    except UnreadableListing as error:
        raise SourceError(
            f"{listing}: not the listing that {source.id} declares: {error}"
        ) from None
    except (TableError, ColumnError) as error:
        raise SourceError(f"{listing}: {error}") from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error}") from error
    return Trial(
        source_id=source.id,
        outcome=RunOutcome.OK,
        detail="read from saved files; nothing was fetched",
        listed=len(adverts),
        pages=int(listing is not None),
        adverts=adverts,
    )


def _columns(name: str, left: str, right: str) -> Iterator[str]:
    """`name`, then two columns of wrapped text; a long text is shortened."""
    lefts = textwrap.wrap(_short(left), _WIDTH // 2) or [""]
    rights = textwrap.wrap(_short(right), _WIDTH // 2)
    for number in range(max(len(lefts), len(rights))):
        one = lefts[number] if number < len(lefts) else ""
        other = rights[number] if number < len(rights) else ""
        yield f"  {name if not number else '':<22}  {one:<{_WIDTH // 2}}  │ {other}".rstrip()


def _short(text: str) -> str:
    return textwrap.shorten(text, 240, placeholder=" …")


def _with_entry(text: str, name: str, value: str) -> str:
    """`text` with the top-level entry `name` set to `value` (YAML)."""
    without = _without_entry(text, name)
    return f"{without.rstrip()}\n{name}: {value}\n"


def _without_entry(text: str, name: str) -> str:
    """`text` without the top-level entry `name`, which may span lines."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return text
    lines = text.splitlines(keepends=True)
    for key, value in node.value:
        if key.value == name:
            first, last = key.start_mark.line, max(value.end_mark.line, key.start_mark.line + 1)
            kept = [line for line in lines[first + 1 : last] if re.match(r"\s*#", line)]
            return "".join([*lines[:first], *kept, *lines[last:]])
    return text


def _replace_checked(path: Path, text: str) -> None:
    """Put `text` in the file's place in one step, if it is a right source file."""
    folder = path.parent / f".{path.stem}.trial"
    folder.mkdir(exist_ok=True)
    draft = folder / path.name
    try:
        draft.write_text(text, "utf-8")
        try:
            load_source(draft)
        except SourceError as error:
            raise SourceError(str(error).replace(str(draft), str(path))) from None
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
        folder.rmdir()
