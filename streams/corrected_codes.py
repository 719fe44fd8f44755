"""Codes with what officers said of them put in; which values a field can take. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from config.vocabulary import districts, industries, occupations, provinces
from streams.codes import Candidate, Codes, Flag, Pay, Skill, SkillContext
from streams.opinions import CorrectedField
from streams.state import Said, VacancyState

OFFICER: Final = "officer"
"""The reason of a code that an officer gave."""
COUNTED_BEFORE: Final = "counted_before"
"""The reason of a code that the vacancy counts under though the coder would now give another."""
EMPLOYMENT_TYPES: Final = frozenset(
    (
        "FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM",
        "OTHER",
    )
)  # fmt: skip
_PAY: Final = re.compile(r"(\d{1,12})-(\d{1,12})")
_SKILL: Final = re.compile(r"\S{1,200}")
_MOST_SKILLS: Final = 100
_LONGEST_EXPERIENCE: Final = 600


def fault_in(field: CorrectedField, value: str) -> str:
    """Why `value` is none that `field` can take, and what was expected; "" where it is one."""
    if not value and field is not CorrectedField.EXPERIENCE_MONTHS:
        return ""
    fits, expected = _RULES[field]
    return "" if fits(value) else f"{field.value} {value[:40]!r}; expected {expected}"


def _is_occupation(value: str) -> bool:
    return len(value) == 4 and value in occupations()


def _is_pay(value: str) -> bool:
    found = _PAY.fullmatch(value)
    return found is not None and 0 < int(found[1]) <= int(found[2])


def _are_skills(value: str) -> bool:
    codes = value.split()
    return len(codes) <= _MOST_SKILLS and all(_SKILL.fullmatch(code) for code in codes)


def _is_experience(value: str) -> bool:
    return not value or (value.isascii() and value.isdigit() and int(value) <= _LONGEST_EXPERIENCE)


_RULES: Final[Mapping[CorrectedField, tuple[Callable[[str], bool], str]]] = {
    CorrectedField.ISCO08: (_is_occupation, "an ISCO-08 unit group of four digits"),
    CorrectedField.ISIC: (
        lambda value: value in industries(),
        "an ISIC Rev. 4 section (letter) or division (two digits)",
    ),
    CorrectedField.PROVINCE: (lambda value: value in provinces(), "an ISO 3166-2:LA code"),
    CorrectedField.DISTRICT: (lambda value: value in districts(), "a district's P-code"),
    CorrectedField.PAY: (_is_pay, "lower-upper in kip a month"),
    CorrectedField.SKILLS: (_are_skills, "at most 100 codes with a space between"),
    CorrectedField.EDUCATION: (
        lambda value: value in frozenset("012345678"),
        "an ISCED 2011 level, 0 to 8",
    ),
    CorrectedField.EXPERIENCE_MONTHS: (_is_experience, "months, 0 to 600"),
    CorrectedField.EMPLOYMENT_TYPE: (
        lambda value: value in EMPLOYMENT_TYPES,
        f"one of {', '.join(sorted(EMPLOYMENT_TYPES))}",
    ),
    CorrectedField.FLAGS: (
        lambda value: {*value.split()} <= {*Flag},
        f"some of {', '.join(Flag)}",
    ),
}


def settled(codes: Codes, state: VacancyState) -> Codes:
    """The coder's `codes` of a vacancy, as it is counted: what officers said holds, and the counted
    codes are those of `state` even if the coder has learned since."""
    for said in state.said:
        if said.holds:
            codes = with_said(codes, CorrectedField(said.field), said.value)
    if codes.isco08 != state.isco08:
        known = {one.isco08: one.probability for one in codes.candidates}
        codes = replace(
            codes,
            isco08=state.isco08,
            isco08_probability=known.get(state.isco08, 0.0),
            isco08_reason=COUNTED_BEFORE,
        )
    if codes.province != state.province:
        codes = replace(codes, province=state.province, district="", place_reason=COUNTED_BEFORE)
    if codes.isic != state.isic:
        codes = replace(codes, isic=state.isic, isic_division="", isic_reason=COUNTED_BEFORE)
    return codes


def heard(said: tuple[Said, ...], now: Said, revokes: str) -> tuple[Said, ...] | None:
    """What holds after `now`; `None` where something newer was said, or there is nothing to revoke.

    A revocation (`now` does not hold) takes back the correction `revokes`, if that holds now.
    """
    last = next((one for one in said if one.field == now.field), None)
    if last is not None and (last.at > now.at or last.correction_id == now.correction_id):
        return None
    if not now.holds and (last is None or last.correction_id != revokes):
        return None
    return (*(one for one in said if one.field != now.field), now)


def with_said(codes: Codes, field: CorrectedField, value: str) -> Codes:
    """`codes` with `value` in `field`; `fault_in` has found nothing."""
    changes = _PUTTING[field](codes, value)
    return replace(codes, **changes)


def _occupation(_: Codes, value: str) -> dict[str, Any]:
    candidates = (Candidate(isco08=value, probability=1.0),) if value else ()
    return {
        "isco08": value,
        "isco08_probability": 1.0 if value else 0.0,
        "isco08_reason": OFFICER,
        "candidates": candidates,
    }


def _industry(_: Codes, value: str) -> dict[str, Any]:
    division = value if value.isdigit() else ""
    return {
        "isic": industries()[division].parent if division else value,
        "isic_division": division,
        "isic_probability": 1.0 if value else 0.0,
        "isic_reason": OFFICER,
    }


def _province(codes: Codes, value: str) -> dict[str, Any]:
    inside = codes.district and districts()[codes.district].parent == value
    return {
        "province": value,
        "provinces": (value,) if value else (),
        "district": codes.district if inside else "",
        "place_reason": OFFICER,
    }


def _district(codes: Codes, value: str) -> dict[str, Any]:
    if not value:
        return {"district": "", "place_reason": OFFICER}
    changes = _province(codes, districts()[value].parent)
    return {**changes, "district": value}


def _pay(codes: Codes, value: str) -> dict[str, Any]:
    if not value:
        return {"pay": None}
    lower, _, upper = value.partition("-")
    currency = codes.pay.currency if codes.pay else "LAK"
    period = codes.pay.period if codes.pay else "month"
    return {
        "pay": Pay(lower_lak=float(lower), upper_lak=float(upper), currency=currency, period=period)
    }


def _skills(codes: Codes, value: str) -> dict[str, Any]:
    """Skills that the coder found too keep their place in the text."""
    found = {skill.code: skill for skill in codes.skills}
    return {"skills": tuple(found.get(code) or _named(code) for code in _once(value.split()))}


def _named(code: str) -> Skill:
    return Skill(code=code, context=SkillContext.MENTIONED, start=0, end=0, score=1.0)


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


_PUTTING: Final[Mapping[CorrectedField, Callable[[Codes, str], dict[str, Any]]]] = {
    CorrectedField.ISCO08: _occupation,
    CorrectedField.ISIC: _industry,
    CorrectedField.PROVINCE: _province,
    CorrectedField.DISTRICT: _district,
    CorrectedField.PAY: _pay,
    CorrectedField.SKILLS: _skills,
    CorrectedField.EDUCATION: lambda _, value: {"education": value},
    CorrectedField.EXPERIENCE_MONTHS: lambda _, value: {
        "experience_months": int(value) if value else None
    },
    CorrectedField.EMPLOYMENT_TYPE: lambda _, value: {"employment_type": value},
    CorrectedField.FLAGS: lambda _, value: {
        "flags": tuple(flag for flag in Flag if flag.value in value.split())
    },
}
