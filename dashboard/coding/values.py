"""Values of corrected fields in the reader's words."""

from __future__ import annotations

from config.skills import skills
from config.vocabulary import Label, districts, industries, provinces
from dashboard.coding.naming import occupation
from dashboard.language import Language
from dashboard.words import coded_name, joined
from streams.opinions import CorrectedField


def value_name(lang: Language, field: str, value: str) -> str:
    """A value of a field in words; "–" where there is none."""
    if not value:
        return lang.say("isco1_none") if field == CorrectedField.ISCO08 else "–"
    if field == CorrectedField.ISCO08:
        return code_line(lang, value)
    known = {
        CorrectedField.PROVINCE: provinces(),
        CorrectedField.DISTRICT: districts(),
        CorrectedField.ISIC: industries(),
    }.get(CorrectedField(field), {})
    if value in known:
        return label_name(lang, known[value])
    if field == CorrectedField.PAY:
        return _pay(lang, value)
    if field == CorrectedField.SKILLS:
        return joined(skill_name(lang, code) for code in value.split())
    prefix = {"education": "coding_isced", "employment_type": "coding_employment"}.get(field)
    return coded_name(lang, prefix, value) if prefix else value


def reason_name(lang: Language, reason: str) -> str:
    """The evidence behind an occupation in words; several stand with "+" between."""
    named = (coded_name(lang, "coding_by", one) for one in reason.split("+") if one)
    return joined(dict.fromkeys(named)) or "–"


def skill_name(lang: Language, code: str) -> str:
    """A skill in the reader's language; one of no list keeps its code."""
    concept = skills().get(code)
    if concept is None:
        return code
    return (concept.name_lo if lang.code == "lo" else "") or concept.name_en


def _pay(lang: Language, value: str) -> str:
    amounts = dict.fromkeys(lang.number(int(one)) for one in value.split("-"))
    return lang.say("coding_kip", amount="–".join(amounts))


def code_line(lang: Language, code: str) -> str:
    """An occupation's code with its names, the reader's language first."""
    if not code:
        return lang.say("isco1_none")
    named = occupation(code)
    first, second = named.name_en, named.name_lo
    if lang.code == "lo":
        first, second = named.name_lo or named.name_en, ""
    return " · ".join(part for part in (f"{code} {first}", second) if part)


def label_name(lang: Language, label: Label) -> str:
    """The name of a code in the reader's language; in English where there is no Lao one."""
    return str((label.name_lo if lang.code == "lo" else "") or label.name_en)
