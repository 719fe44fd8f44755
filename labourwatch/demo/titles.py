"""Titles as employers write them: Lao, English or both, with the noise of real boards."""

from __future__ import annotations

from typing import Final

from labourwatch.demo.draws import Draw
from labourwatch.demo.labour import Occupation
from labourwatch.demo.pay import LAO_DIGITS

_SENIORITY_EN: Final = (
    "Senior {}",
    "Junior {}",
    "{} (Senior)",
    "Experienced {}",
    "{} - Entry Level",
)
_NOISE_EN: Final = (
    "URGENT: {}", "Urgently Hiring - {}", "{} (Urgent!!)", "We are hiring: {}", "Hiring {}",
    "{} (Male/Female)", "{} (Female)", "{} (M/F)", "Vacancy: {}", "{} - Full Time",
    "{} wanted", "{}, based in {place}", "{} - {place}", "{} at {employer}", "{} | {employer}",
    "Job Vacancy - {}", "{} (Lao national)", "{} (Re-advertised)",
)  # fmt: skip
_NOISE_LO: Final = (
    "ຮັບສະໝັກ {}", "ຮັບສະໝັກ{}ດ່ວນ", "ຕ້ອງການ {} ດ່ວນ!!", "ດ່ວນ! {}", "ຮັບ {}", "{} (ເພດຍິງ)",
    "{} (ເພດຊາຍ)", "{} (ຊາຍ-ຍິງ)", "ຕຳແໜ່ງ {}", "ປະກາດຮັບສະໝັກພະນັກງານ: {}", "{} ປະຈຳ {place}",
    "{} - {employer}", "{} (ມີປະສົບການ)", "{} ເຕັມເວລາ", "ຊອກຫາ {}",
)  # fmt: skip
_ABBREVIATIONS: Final = (
    ("Manager", "Mgr"), ("Assistant", "Asst."), ("Engineer", "Eng."), ("Officer", "Off."),
    ("Supervisor", "Sup."), ("Administrator", "Admin"), ("Technician", "Tech."),
)  # fmt: skip
_LAO_SPELLING: Final = (("ຫຼ", "ຫລ"), ("ໝ", "ຫມ"), ("ໜ", "ຫນ"), ("ຳ", "ໍາ"))


def write_title(
    occupation: Occupation,
    *,
    language: str,
    openings: int,
    place: str,
    employer: str,
    style: Draw,
) -> str:
    """A title of an occupation in `language` (lo, en or mixed); never states the code."""
    if language == "en":
        return _english(occupation, openings, place, employer, style)
    if language == "lo":
        return _lao(occupation, openings, place, employer, style)
    english = style.pick(occupation.titles_en)
    lao = style.pick(occupation.titles_lo)
    forms = (f"{lao} / {english}", f"{english} ({lao})", f"{lao} ({english})", f"ຮັບສະໝັກ {english}")
    return style.pick(forms)


def _english(occupation: Occupation, openings: int, place: str, employer: str, style: Draw) -> str:
    title = style.pick(occupation.titles_en)
    kind = style.unit()
    if kind < 0.06:
        for long, short in _ABBREVIATIONS:
            title = title.replace(long, short)
    elif kind < 0.09:
        title = _swap_letters(title, style)
    elif kind < 0.13:
        title = title.upper()
    elif kind < 0.16:
        title = title.lower()
    elif kind < 0.24 and occupation.isco1 in (2, 3, 7):
        title = style.pick(_SENIORITY_EN).format(title)
    if openings > 1 and style.chance(0.6):
        forms = (f"{title} ({openings} positions)", f"{openings} {title}s", f"{title} x {openings}")
        title = style.pick(forms)
    if style.chance(0.30):
        noise = style.pick(_NOISE_EN)
        if "{place}" not in noise or place:
            title = noise.format(title, place=place, employer=employer)
    return title


def _lao(occupation: Occupation, openings: int, place: str, employer: str, style: Draw) -> str:
    title = style.pick(occupation.titles_lo)
    if style.chance(0.07):
        for usual, other in _LAO_SPELLING:
            title = title.replace(usual, other)
    if openings > 1 and style.chance(0.6):
        digits = str(openings).translate(LAO_DIGITS) if style.chance(0.3) else str(openings)
        forms = (
            f"{title} {digits} ຄົນ",
            f"{title} (ຈຳນວນ {digits} ຕຳແໜ່ງ)",
            f"{title} ຈຳນວນ {digits} ຄົນ",
        )
        title = style.pick(forms)
    if style.chance(0.42):
        noise = style.pick(_NOISE_LO)
        if "{place}" not in noise or place:
            title = noise.format(title, place=place, employer=employer)
    return title


def _swap_letters(title: str, style: Draw) -> str:
    """One slip of the fingers: two neighbouring letters inside the title change places."""
    if len(title) < 6:
        return title
    at = 2 + style.below(len(title) - 4)
    if not (title[at].isalpha() and title[at + 1].isalpha()):
        return title
    return title[:at] + title[at + 1] + title[at] + title[at + 2 :]
