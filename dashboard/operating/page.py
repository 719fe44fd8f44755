"""*Operations*: how parts, sources, messages, releases, use and storage stand. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from dashboard.cards.use import use_tables
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.operating.facts import Facts, Store, Warehouse
from dashboard.operating.feedback import feedback_card
from dashboard.parts import card, refusal_said, table
from dashboard.words import coded_name, province_name

_STALE: Final = timedelta(minutes=15)
_MIB: Final = 2**20
_MOST: Final = 60
_AT_ONCE: Final = 12
"""Addresses of the service whose use is shown unfolded."""


def operations(lang: Language, facts: Facts) -> Component:
    """The whole page below its title."""
    store, held = facts.store, facts.warehouse
    return html.Div(
        [
            html.P(summary(lang, facts), className="lead"),
            html.P(lang.say("ops_at", moment=lang.moment(facts.at)), className="as-of"),
            html.Div([_parts(lang, facts), _lag(lang, facts)], className="pair loose"),
            *([_messages(lang, store)] if store else []),
            *([feedback_card(lang, facts)] if store or held else []),
            *(_of_warehouse(lang, held) if held else []),
            _storage(lang, facts),
        ]
    )


def standing(facts: Facts) -> dict[str, bool]:
    """Whether each part does its work now, by name."""
    beating = dict(facts.store.beating) if facts.store else {}
    return {
        "redis": facts.store is not None,
        "broker": facts.waiting is not None,
        "warehouse": facts.warehouse is not None,
        "dashboard": facts.trouble is None,
        **beating,
    }


def summary(lang: Language, facts: Facts) -> str:
    """Everything well, or what is not."""
    down = [lang.say(f"part_{name}") for name, well in standing(facts).items() if not well]
    said = [lang.say("ops_down", parts=", ".join(down)) if down else lang.say("ops_well")]
    if facts.warehouse is not None:
        said.append(_fresh(lang, facts.at, facts.warehouse.loaded_at))
    if facts.store is not None and facts.store.letters:
        said.append(lang.say("ops_undelivered", count=lang.number(len(facts.store.letters))))
    return " ".join(said)


def _fresh(lang: Language, now: datetime, loaded: datetime | None) -> str:
    if loaded is None:
        return lang.say("ops_never_loaded")
    minutes = max(0, round((now - loaded).total_seconds() / 60))
    key = "ops_stale" if now - loaded > _STALE else "ops_fresh"
    return lang.say(key, minutes=lang.number(minutes))


def _mark(lang: Language, well: bool) -> Component:
    mark = html.Span("✓" if well else "✕", **{"aria-hidden": "true"})
    word = lang.say("ops_yes" if well else "ops_no")
    return html.Span([mark, " ", word], className="badge good" if well else "badge firing")


def _parts(lang: Language, facts: Facts) -> Component:
    title = lang.say("ops_parts")
    rows = [[lang.say(f"part_{name}"), _mark(lang, well)] for name, well in standing(facts).items()]
    faults = [*([facts.trouble] if facts.trouble else []), *facts.faults]
    said = [html.P(lang.say("ops_faults")), html.Ul([html.Li(one, lang="en") for one in faults])]
    headings = [lang.say("ops_part"), lang.say("ops_works")]
    return card(title, table(title, headings, rows), *(said if faults else []), name="parts")


def _lag(lang: Language, facts: Facts) -> Component:
    title = lang.say("ops_lag")
    parts: list[Component] = []
    if facts.waiting is not None:
        rows = [[_topic(lang, topic), lang.number(count)] for topic, count in facts.waiting.items()]
        parts.append(table(title, [lang.say("ops_topic"), lang.say("ops_waiting")], rows))
    else:
        parts.append(html.P(lang.say("ops_no_broker"), className="untold-note"))
    if facts.store is not None:
        fed, phase = facts.store.fed_through, _phase(lang, facts.store.phase)
        said = lang.day(fed) if fed else "–"
        parts += [html.P(lang.say("ops_fed", day=said)), html.P(lang.say("ops_phase", phase=phase))]
    return card(title, *parts, name="lag")


def _topic(lang: Language, name: str) -> Component:
    """What a topic carries, with its name."""
    said, code = coded_name(lang, "topic", name.replace("-", "_")), html.Code(name, lang="en")
    return html.Div([said, " ", code], className="worded")


def _phase(lang: Language, word: str) -> str:
    """What the crawler does; "–" before it began."""
    return lang.say(f"crawling_{word}") if word in {"backfill", "live", "stopped"} else word or "–"


def _messages(lang: Language, store: Store) -> Component:
    """Messages without their text: who was to be told, by which way, and why it failed."""
    title = lang.say("ops_messages")
    if not store.letters and not store.attempts:
        return card(title, html.P(lang.say("ops_delivered")), name="messages", wide=True)
    given_up = [
        [lang.short_moment(one.at), one.letter_id, one.channel, html.Span(one.reason, lang="en")]
        for one in store.letters[:_MOST]
    ]
    waiting = [
        [
            lang.say("ops_server") if name == "@server" else name, lang.number(each.tries),
            lang.short_moment(each.next_at), html.Span(each.why, lang="en"),
        ]
        for name, each in sorted(store.attempts.items())[:_MOST]
    ]  # fmt: skip
    return card(
        title,
        *_filled(lang, "ops_given_up", ("ops_when", "ops_letter", "ops_channel", "ops_why"),
                 given_up),
        *_filled(lang, "ops_put_off", ("ops_recipient", "ops_tries", "ops_next", "ops_why"),
                 waiting),
        html.P(lang.say("ops_messages_more"), className="quiet"),
        name="messages",
        wide=True,
    )  # fmt: skip


def _filled(
    lang: Language, title: str, headings: Sequence[str], rows: Sequence[Sequence[Component]]
) -> list[Component]:
    """A table, or nothing where it would be empty."""
    said = lang.say(title)
    return [table(said, [lang.say(key) for key in headings], rows)] if rows else []


def _of_warehouse(lang: Language, held: Warehouse) -> list[Component]:
    return [
        _listed(lang, "ops_sources", _SOURCES, _source_rows(lang, held)),
        _listed(lang, "ops_refused", ("ops_stage", "ops_why", "ops_count", "ops_latest"), [
            [coded_name(lang, "stage", one.stage), refusal_said(lang, one.reason),
             lang.number(one.count), lang.short_moment(one.latest)]
            for one in held.refused[:_MOST]
        ]),
        html.Div(
            [
                _listed(lang, "ops_releases", ("ops_release", "ops_issued", "ops_figures"), [
                    [html.Code(one.release_id), lang.short_moment(one.issue),
                     lang.number(one.figures)]
                    for one in held.releases
                ], wide=False),
                _listed(lang, "ops_bulletins", ("ops_bulletin", "bulletin_place", "ops_issued"), [
                    [html.Code(one.bulletin_id), province_name(lang, one.place or "all"),
                     lang.short_moment(one.made_at)]
                    for one in held.bulletins
                ], wide=False),
            ],
            className="pair loose",
        ),
        card(lang.say("use_title"), *use_tables(lang, held.use), name="use", wide=True),
        _usage(lang, _usage_rows(lang, held)),
    ]  # fmt: skip


_SOURCES: Final = ("ops_source", "ops_verdict", "ops_last_run", "ops_last_ok", "ops_runs")
_USAGE: Final = ("ops_route", "ops_requests", "ops_failed", "ops_median", "ops_p95")


def _listed(
    lang: Language, title: str, headings: Sequence[str], rows: Sequence[Sequence[Component]],
    *, wide: bool = True, after: Sequence[Component] = (),
) -> Component:  # fmt: skip
    parts = _filled(lang, title, headings, rows) or [
        html.P(lang.say("ops_none"), className="quiet")
    ]
    return card(lang.say(title), *parts, *after, name=title.replace("_", "-"), wide=wide)


def _source_rows(lang: Language, held: Warehouse) -> list[list[Component]]:
    rows: list[list[Component]] = []
    for one in held.sources:
        measured = held.measured.get(one.source_id)
        ok = lang.short_moment(one.last_ok_at) if one.last_ok_at else "–"
        rows.append(
            [
                one.source_id,
                lang.say(f"verdict_{measured.verdict}") if measured else "–",
                f"{lang.short_moment(one.last_run_at)} · {lang.say(f'outcome_{one.last_outcome}')}",
                ok,
                lang.say("score_of", hits=lang.number(one.failed), of=lang.number(one.runs)),
            ]
        )
    return rows


def _usage(lang: Language, rows: Sequence[Sequence[Component]]) -> Component:
    """The addresses most asked for; what is asked for less lies in a fold."""
    more = _filled(lang, "ops_usage", _USAGE, rows[_AT_ONCE:])
    said = lang.say("ops_usage_more", count=lang.number(max(0, len(rows) - _AT_ONCE)))
    fold = [html.Details([html.Summary(said), *more])] if more else []
    return _listed(lang, "ops_usage", _USAGE, rows[:_AT_ONCE], after=fold)


def _usage_rows(lang: Language, held: Warehouse) -> list[list[Component]]:
    """The week by route, the most asked first. A week's quantile is that of its slowest day."""
    days = defaultdict(list)
    for one in held.usage:
        days[one.route].append(one)
    busiest = sorted(days.items(), key=lambda item: -sum(day.requests for day in item[1]))
    return [
        [
            html.Code(route), lang.number(sum(day.requests for day in found)),
            lang.number(sum(day.failed for day in found)),
            lang.number(max(day.median_ms for day in found)),
            lang.number(max(day.p95_ms for day in found)),
        ]
        for route, found in busiest[:_MOST]
    ]  # fmt: skip


def _storage(lang: Language, facts: Facts) -> Component:
    title = lang.say("ops_storage")
    held, store = facts.warehouse, facts.store
    tables = held.tables if held else None
    rows: list[list[Component]] = []
    if facts.free_bytes is not None:
        rows.append([lang.say("ops_free"), _mib(lang, facts.free_bytes)])
    if store is not None:
        rows.append([lang.say("ops_redis"), _mib(lang, store.memory)])
    if tables is not None:
        rows.append([lang.say("ops_clickhouse"), _mib(lang, sum(size for _, size in tables))])
        rows += [[html.Code(name), _mib(lang, size)] for name, size in tables[:10]]
    parts = _filled(lang, "ops_storage", ("ops_what", "ops_mib"), rows)
    if tables is None:
        parts.append(html.P(lang.say("ops_no_sizes"), className="untold-note"))
    return card(title, *parts, name="storage", wide=True)


def _mib(lang: Language, size: int) -> str:
    return lang.number(size / _MIB, 1)
