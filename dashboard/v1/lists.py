"""The other tables of `/v1`: releases, alerts, sources, codelists, the glossary of indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from config.skills import skill_groups, skills
from config.skills import version as skills_version
from config.vocabulary import (
    countries,
    districts,
    education_fields,
    industries,
    occupations,
    provinces,
    read_table,
)
from dashboard.v1 import asked, columns
from dashboard.v1.answers import COMMON, Answer, Asking, listing, place_of
from dashboard.v1.asked import TOTAL, Words
from dashboard.v1.citing import Stamp
from dashboard.v1.refusing import NotFoundError
from dashboard.v1.tables import Row
from scrapers.source_files import SourceError, load_source
from scrapers.sources import Source
from warehouse import health, marks, published
from warehouse.disclosure.alerts import ToldAlert, told_alerts

_KINDS: Final = ("daily", "weekly", "monthly")
Labelled = Callable[[], Sequence[Row]]


def indicators(asking: Asking, words: Words) -> Answer:
    """The glossary of indicators."""
    asked.known(words, COMMON)
    names = ("code", "name_en", "name_lo", "unit", "frequency", "rule", "method")
    rows = [tuple(row[name] for name in names) for row in read_table("codelists", "indicators.csv")]
    return listing(
        asking, words, title="Indicators", name="indicators", columns=columns.INDICATORS,
        rows=lambda: rows, stamp=_fixed(rows),
    )  # fmt: skip


def _fixed(rows: Sequence[Row]) -> Stamp:
    """The stamp of what comes with the installation: its own content."""
    return Stamp(as_of=None, mark=repr(rows))


def _labels(read: Callable[[], Mapping[str, object]]) -> Labelled:
    def rows() -> Sequence[Row]:
        return [
            (one.code, one.name_en, one.name_lo, one.parent, one.reviewed)  # type: ignore[attr-defined]
            for one in read().values()
        ]

    return rows


def _skill_rows() -> Sequence[Row]:
    groups = [(code, name, "", parent, False) for code, (name, parent) in skill_groups().items()]
    single = [
        (one.code, one.name_en, one.name_lo, next(iter(one.groups), ""), one.reviewed)
        for one in skills().values()
    ]
    return [*groups, *single]


LISTS: Final[Mapping[str, tuple[str, Labelled]]] = {
    "provinces": ("Provinces, ISO 3166-2:LA", _labels(provinces)),
    "districts": ("Districts by P-code (OCHA COD-AB)", _labels(districts)),
    "isco08": ("Occupations, ISCO-08, 1 to 4 digits", _labels(occupations)),
    "isic4": ("Industries, ISIC Rev. 4, sections and divisions", _labels(industries)),
    "isced-f": ("Fields of education, ISCED-F 2013", _labels(education_fields)),
    "countries": ("Countries, ISO 3166-1", _labels(countries)),
    "skills": ("Skills: ESCO with national additions", _skill_rows),
}


def codelists(asking: Asking, words: Words) -> Answer:
    """Which codelists there are."""
    asked.known(words, COMMON)
    rows = [(name, title, len(read())) for name, (title, read) in LISTS.items()]
    return listing(
        asking, words, title="Codelists", name="codelists", columns=columns.LISTS,
        rows=lambda: rows, stamp=_fixed(rows),
    )  # fmt: skip


def codelist(asking: Asking, words: Words, name: str) -> Answer:
    """The codes of one list, in its order.

    Raises:
        NotFoundError: there is no such list.
    """
    asked.known(words, COMMON)
    if name not in LISTS:
        raise NotFoundError("list", f"one of {', '.join(LISTS)}")
    title, read = LISTS[name]
    stamp = Stamp(as_of=None, mark=f"{skills_version()} {len(read())}")
    return listing(
        asking, words, title=title, name=name, columns=columns.CODES, rows=read, stamp=stamp
    )


def releases(asking: Asking, words: Words) -> Answer:
    """What was published when, the newest first."""
    asked.known(words, COMMON | {"kind", "as_of"})
    kinds = asked.some_of(words, "kind", _KINDS)
    held = published.releases(asking.client, kinds=kinds, as_of=_moment(asking, words))
    rows = [
        (
            one.release_id, one.kind, one.status, one.period_start, one.period_end, one.revision,
            one.cutoff, one.issue, one.methods, one.figures, one.digest, one.supersedes, one.note,
        )
        for one in held
    ]  # fmt: skip
    newest = held[0].issue if held else None
    return listing(
        asking, words, title="Releases", name="releases", columns=columns.RELEASES,
        rows=lambda: rows,
        stamp=Stamp(as_of=newest, mark=f"{len(held)} {newest}", modified=newest),
    )  # fmt: skip


def _moment(asking: Asking, words: Words) -> datetime:
    """The moment asked for, or that the first page pinned."""
    return place_of(words, (int,), asked.moment(words) or asking.now)[0].as_of


def alerts(asking: Asking, words: Words) -> Answer:
    """The latest transition of every alert, newest first; with `history=true` every transition.

    The public is told that there is an alert, of what and where; its figures may lie below the
    release rules and are for departments.
    """
    asked.known(words, COMMON | {"state", "since", "as_of", "history", "alert"})
    states = asked.several(words, "state")
    first = asked.since(words)
    since = datetime(first.year, first.month, first.day, tzinfo=asked.ZONE) if first else None
    held = told_alerts(
        asking.client, asking.view, alert_id=words.get("alert") or None, since=since,
        as_of=_moment(asking, words),
    )  # fmt: skip
    if not asked.flag(words, "history"):
        held = list({one.alert_id: one for one in reversed(held)}.values())[::-1]
        held.sort(key=lambda one: (one.at, one.alert_id), reverse=True)
    chosen = [one for one in held if not states or one.state in states]
    newest = max((one.recorded_at for one in held), default=None)
    return listing(
        asking, words, title="Alerts", name="alerts", columns=columns.ALERTS,
        rows=lambda: [_alert(one) for one in chosen],
        stamp=Stamp(as_of=newest, mark=f"{len(held)} {newest}", modified=newest),
    )  # fmt: skip


def alert(asking: Asking, words: Words) -> Answer:
    """Every transition of one alert, newest first.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = alerts(asking, words)
    if found.stamp.modified is None:
        raise NotFoundError("alert", "an alert_id of /v1/alerts")
    return found


def _alert(one: ToldAlert) -> Row:
    return (
        one.alert_id, one.at, one.recorded_at, one.state, one.previous_state, one.reason, one.kind,
        one.indicator, one.severity, one.direction, one.province or TOTAL, one.isco1 or TOTAL,
        one.onset_on, one.observed, one.expected, one.ratio, one.ratio_lower, one.ratio_upper,
        one.probability, one.n, one.hidden.value if one.hidden else "", one.sources,
        bool(one.notified),
    )  # fmt: skip


def sources(asking: Asking, words: Words, folder: Path, pushed: Mapping[str, Source]) -> Answer:
    """Every source declared in `folder`, `pushed` by a provider or ever crawled: what it rests on,
    and how it is doing."""
    asked.known(words, COMMON)
    declared = {**pushed, **_declared(folder)}
    crawled = {one.source_id: one for one in health.source_health(asking.client)}
    measured = marks.last_health(asking.client)
    standing = {m.source_id: m for m in marks.read_marks(asking.client) if m.to_at is None}
    rows = [
        _source(name, declared.get(name), crawled.get(name), measured.get(name), standing.get(name))
        for name in sorted({*declared, *crawled})
    ]
    newest = max((one.last_run_at for one in crawled.values()), default=None)
    return listing(
        asking, words, title="Sources", name="sources", columns=columns.SOURCES,
        rows=lambda: rows, stamp=Stamp(as_of=newest, mark=repr(rows), modified=newest),
    )  # fmt: skip


def _declared(folder: Path) -> dict[str, Source]:
    """Sources by id. A file that is wrong is left out: `labourwatch sources check` names it."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = _loaded(path, path.stat().st_mtime_ns)
        except SourceError:
            continue
    return found


@lru_cache(maxsize=500)
def _loaded(path: Path, _changed: int) -> Source:
    """A source file, read again once it has changed."""
    return load_source(path)


def _source(
    name: str,
    declared: Source | None,
    crawled: health.SourceHealth | None,
    measured: marks.LastHealth | None,
    mark: marks.Mark | None,
) -> Row:
    said: Row = (name, "", None, "", "", "", "", "", "")
    if declared is not None:
        said = (
            declared.name, declared.kind.value, declared.enabled, declared.disabled_reason,
            declared.legal_basis, declared.licence, declared.owner, declared.address,
            declared.language,
        )  # fmt: skip
    runs: Row = (None, "", None, 0, 0)
    if crawled is not None:
        runs = (
            crawled.last_run_at, crawled.last_outcome, crawled.last_ok_at, crawled.runs,
            crawled.failed,
        )  # fmt: skip
    doing = mark.kind if mark else measured.verdict if measured else ""
    return (name, *said, *runs, doing, mark.from_at if mark else None)
