"""What the templates of each stage are given: texts in the reader's language, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from config.vocabulary import districts, industries, provinces
from dashboard.coding.agreement import Agreement, Estimate
from dashboard.coding.changes import EDUCATION
from dashboard.coding.influence import Ground, Queued
from dashboard.coding.marking import marked, skill_words
from dashboard.coding.naming import Found, occupation
from dashboard.coding.rounds import Part
from dashboard.coding.values import code_line, label_name, reason_name, skill_name, value_name
from dashboard.coding.views import BlindVacancy, Desk, Front, OpenVacancy
from dashboard.language import Language
from dashboard.words import cell_name, coded_name, province_name
from streams.corrected_codes import EMPLOYMENT_TYPES
from streams.opinions import CorrectedField
from warehouse.coding import CodedVacancy
from warehouse.opinions import Opinion

Context = dict[str, Any]
_MARKED_CANDIDATES: Final = 5


def front_context(lang: Language, front: Front | None) -> Context:
    """What everybody may see."""
    if front is None:
        return {"known": False}
    return {
        "known": True,
        "standings": [
            (coded_name(lang, "coding_standing", name or "open"), lang.number(count))
            for name, count in sorted(front.standings.items())
        ],
        "history": [said_context(lang, one) for one in front.history],
        "samples": [
            {
                "id": one.sample_id,
                "items": lang.number(one.items),
                "coded": f"{lang.number(one.first)} / {lang.number(one.second)}",
                "differing": lang.number(one.differing),
                "settled": lang.number(one.settled),
            }
            for one in front.samples
        ],
        "agreements": [_agreement(lang, one) for one in front.agreements if one.items],
    }


def _agreement(lang: Language, row: Agreement) -> Context:
    language = f"coding_language_{row.language}"
    return {
        "language": lang.say(language) if language in lang.strings else row.language,
        "level": lang.number(row.level),
        "items": lang.number(row.items),
        "percent": _share(lang, row.percent),
        "kappa": _figure(lang, row.kappa),
        "alpha": _figure(lang, row.alpha),
        "accuracy": _share(lang, row.accuracy),
        "settled": lang.number(row.settled),
    }


def _share(lang: Language, estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    if estimate.lower is None or estimate.upper is None:
        return lang.percent(estimate.value)
    return (
        f"{lang.percent(estimate.value)} ({lang.percent(estimate.lower)}"
        f"–{lang.percent(estimate.upper)})"
    )


def _figure(lang: Language, estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    if estimate.lower is None or estimate.upper is None:
        return lang.number(estimate.value, 2)
    return (
        f"{lang.number(estimate.value, 2)} ({lang.number(estimate.lower, 2)}"
        f"–{lang.number(estimate.upper, 2)})"
    )


def queue_context(lang: Language, desk: Desk) -> Context:
    """The officer's desk."""
    return {
        "queued": [_queued(lang, one) for one in desk.queued],
        "in_doubt": lang.number(desk.in_doubt),
        "shown": lang.number(len(desk.queued)),
        "waiting": lang.number(desk.waiting) if desk.waiting else "",
        "history": [said_context(lang, one) for one in desk.history],
    }


def _queued(lang: Language, one: Queued) -> Context:
    row = one.row
    return {
        "id": row.vacancy_id,
        "title": row.title,
        "tongue": row.language,
        "employer": row.employer,
        "cell": cell_name(lang, row.province, row.isco08[:1]),
        "code": code_line(lang, row.isco08),
        "probability": lang.percent(row.probability),
        "opened": lang.short_day(row.opened_on),
        "because": [
            lang.say(
                f"coding_because_{ground}",
                count=lang.number(one.in_cell),
                openings=lang.number(row.openings),
                percent=lang.percent(row.probability),
            )
            for ground in (one.grounds or (Ground.UNSURE,))
        ],
        "doubt": lang.percent(one.doubt),
    }


def vacancy_context(lang: Language, opened: OpenVacancy, values: Mapping[str, str]) -> Context:
    """One vacancy with its codes."""
    codes, posting = opened.codes, opened.stored.posting
    likely = [code for code in codes.candidates if code] or [codes.isco08]
    spans = skill_words(
        len(posting.title) + 1 + len(posting.description), codes.skill_starts, codes.skill_ends
    )
    title, text = marked(posting.title, posting.description, likely[:_MARKED_CANDIDATES], spans)
    stored = opened.stored.values
    lower, _, upper = stored[CorrectedField.PAY].partition("-")
    shown = {field.value: value for field, value in stored.items()}
    shown = {**shown, "pay_lower": lower, "pay_upper": upper}
    if "more" in values:
        shown.update({name: values.get(name, "") for name in shown})
    return {
        "vacancy": codes.vacancy_id,
        "title": title,
        "text": text,
        "tongue": posting.language,
        "employer": posting.employer,
        "opened": lang.short_day(codes.opened_on),
        "openings": lang.number(codes.openings),
        "source": codes.source_id,
        "facts": [
            (lang.say(f"coding_field_{field}"), value_name(lang, field, value))
            for field, value in stored.items()
            if value and field is not CorrectedField.ISCO08
        ],
        "because": lang.say("coding_reason", reason=reason_name(lang, codes.isco08_reason)),
        "current": code_line(lang, codes.isco08),
        "current_probability": lang.percent(codes.isco08_probability),
        "candidates": _candidates(lang, codes),
        "shown": shown,
        "more": "more" in values and values.get("step") == "save",
        "skills": _skills(lang, codes, f"{posting.title}\n{posting.description}", values),
        "provinces": [(code, province_name(lang, code)) for code in provinces()],
        "districts": _districts(lang),
        "industries": [
            (code, f"{code} {label_name(lang, one)}") for code, one in industries().items()
        ],
        "levels": [(code, lang.say(f"coding_isced_{code}")) for code in EDUCATION],
        "types": [
            (code, lang.say(f"coding_employment_{code}")) for code in sorted(EMPLOYMENT_TYPES)
        ],
        "history": [said_context(lang, one) for one in opened.history],
    }


def _candidates(lang: Language, codes: CodedVacancy) -> list[Context]:
    named = dict(zip(codes.candidates, codes.candidate_probabilities, strict=True))
    if codes.isco08 and codes.isco08 not in named:
        named = {codes.isco08: codes.isco08_probability, **named}
    return [
        {**occupation_context(code), "probability": lang.percent(share)}
        for code, share in named.items()
        if code
    ]


def _skills(
    lang: Language, codes: CodedVacancy, text: str, values: Mapping[str, str]
) -> list[Context]:
    places = dict(zip(codes.skills, zip(codes.skill_starts, codes.skill_ends, strict=True)))  # noqa: B905
    return [
        {
            "code": code,
            "name": skill_name(lang, code),
            "words": text[slice(*places[code])] if code in places else "",
            "kept": "more" not in values or f"skill-{code}" in values,
        }
        for code in codes.skills
    ]


def _districts(lang: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    by_province: dict[str, list[tuple[str, str]]] = {code: [] for code in provinces()}
    for code, one in districts().items():
        by_province[one.parent].append((code, label_name(lang, one)))
    return [(province_name(lang, code), each) for code, each in by_province.items()]


def blind_context(lang: Language, blind: BlindVacancy) -> Context:
    """A vacancy to be coded without sight of any code; the third officer sees both."""
    posting = blind.posting
    settles = blind.part is Part.ADJUDICATOR
    said = blind.one.said
    # By code, so that the place does not tell who said which.
    both = sorted({(said[p].isco08, said[p].why) for p in (Part.FIRST, Part.SECOND) if p in said})
    return {
        "vacancy": blind.one.item.vacancy_id,
        "title": posting.title,
        "text": posting.description,
        "tongue": posting.language,
        "employer": posting.employer,
        "waiting": lang.number(blind.waiting),
        "sample": blind.one.item.sample_id,
        "settles": settles,
        "both": [{**occupation_context(code), "why": why} for code, why in both] if settles else [],
    }


def found_context(lang: Language, found: Found) -> Context:
    """An occupation that a search found."""
    return {
        **occupation_context(found.occupation.code),
        "by": found.by,
        "group": _major(lang, found),
    }


def _major(lang: Language, found: Found) -> str:
    return lang.say(f"isco1_{found.occupation.code[0]}")


def said_context(lang: Language, one: Opinion) -> Context:
    """A line of the history."""
    return {
        "id": one.correction_id,
        "at": lang.short_moment(one.corrected_at),
        "title": one.title,
        "tongue": one.language,
        "field": lang.say(f"coding_field_{one.field}"),
        "before": value_name(lang, one.field, one.before),
        "after": value_name(lang, one.field, one.after),
        "officer": one.officer,
        "why": one.why,
        "confirmed": one.before == one.after,
        "revocation": one.mode == "revocation",
        "standing": coded_name(lang, "coding_standing", one.standing or "open"),
        "open": not one.standing,
        "revocable": one.mode == "correction" and one.standing != "revoked",
    }


def occupation_context(code: str) -> Context:
    """An occupation with its names in both languages."""
    named = occupation(code)
    return {"code": code, "name_en": named.name_en, "name_lo": named.name_lo}
