"""Updates of a small, seeded labour market, as the stream worker would publish them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from streams.codes import Codes, Pay, Skill, SkillContext
from streams.records import (
    EventKind,
    NormalisedPosting,
    Role,
    Vacancy,
    VacancyEvent,
    VacancyUpdate,
)

PROVINCES = ("", "LA-VT", "LA-SV", "LA-CH", "LA-LP", "LA-XA")
ISCO = ("", "2512", "5223", "7115", "9112", "3313")
SOURCES = ("alpha", "beta", "gamma", "delta")
FIRST_DAY = date(2025, 9, 29)


def identity(*parts: object) -> str:
    """A deterministic 32-digit name."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def _posting(vacancy: int, copy: int, seen: datetime, rng: random.Random) -> NormalisedPosting:
    source = SOURCES[copy % len(SOURCES)]
    return NormalisedPosting(
        posting_key=f"{source}:{vacancy}",
        source_id=source,
        posting_id=str(vacancy),
        record_id=identity("record", vacancy, copy),
        content_hash=identity("content", vacancy),
        url=f"https://{source}.example/jobs/{vacancy}",
        fetched_at=seen,
        published_at=seen,
        title=f"ພະນັກງານບັນຊີ {vacancy}",
        description="ຕ້ອງການພະນັກງານ ມີປະສົບການ. " * rng.randint(1, 12),
        employer=f"Company {vacancy % 97}",
        location_raw="ນະຄອນຫຼວງວຽງຈັນ",
        salary_raw="3,000,000 LAK",
        employment_type_raw="FULL_TIME",
        category_raw="Accounting",
        industry_raw="",
        education_raw="Bachelor",
        experience_raw="2 years",
        openings=rng.randint(1, 5),
        language="lo",
        opened_on=seen.date(),
        valid_through=seen.date() + timedelta(days=30),
        redactions=rng.randint(0, 3),
    )


def _codes(province: str, isco08: str) -> Codes:
    return Codes(
        isco08=isco08,
        isco08_probability=0.7,
        isco08_reason="lexicon" if isco08 else "no_match",
        isic="K",
        province=province,
        district="",
        place_reason="alias",
        pay=Pay(lower_lak=3e6, upper_lak=3e6, currency="LAK", period="month"),
        skills=(
            Skill(code="S1", context=SkillContext.REQUIRED, start=0, end=10, score=0.9),
            Skill(code="S2", context=SkillContext.NICE, start=12, end=17, score=0.8),
        ),
        coder_version="test-1",
    )


def updates(seed: int, vacancies: int, *, per_day: int = 300) -> Iterator[VacancyUpdate]:
    """Openings, some duplicates, and closings a month later; one vacancy's in order."""
    rng = random.Random(seed)
    for number in range(vacancies):
        opened = datetime.combine(
            FIRST_DAY + timedelta(days=number // per_day), datetime.min.time(), UTC
        ) + timedelta(seconds=rng.randrange(36_000))
        cell = rng.choice(PROVINCES), rng.choice(ISCO)
        yield _update(number, 0, opened, Role.ORIGINAL, cell, rng)
        if rng.random() < 0.4:
            yield _update(number, 1, opened, Role.DUPLICATE_NEAR, cell, rng)
        if rng.random() < 0.6:
            yield _closing(number, opened + timedelta(days=rng.randint(5, 40)), cell)


def _update(
    number: int,
    copy: int,
    seen: datetime,
    role: Role,
    cell: tuple[str, str],
    rng: random.Random,
) -> VacancyUpdate:
    posting = _posting(number, copy, seen, rng)
    codes = _codes(*cell)
    vacancy_id = identity("vacancy", number)
    original = role is Role.ORIGINAL
    return VacancyUpdate(
        record_id=posting.record_id,
        posting=posting,
        posting_key=posting.posting_key,
        vacancy_id=vacancy_id,
        role=role,
        role_reason="new_employer_title" if original else "title_similar",
        role_score=1.0 if original else 0.93,
        vacancy=Vacancy(
            vacancy_id=vacancy_id,
            opened_on=posting.opened_on,
            employer=posting.employer,
            title=posting.title,
            language=posting.language,
            openings=posting.openings,
            codes=codes,
        )
        if original
        else None,
        events=(_event(number, EventKind.OPENED, seen, posting.source_id, cell),)
        if original
        else (),
        processed_at=seen,
    )


def _closing(number: int, at: datetime, cell: tuple[str, str]) -> VacancyUpdate:
    return VacancyUpdate(
        record_id=identity("withdrawn", number),
        posting=None,
        posting_key=f"alpha:{number}",
        vacancy_id=identity("vacancy", number),
        role=None,
        role_reason="unseen",
        role_score=1.0,
        vacancy=None,
        events=(_event(number, EventKind.CLOSED, at, "alpha", cell),),
        processed_at=at,
    )


def _event(
    number: int, kind: EventKind, at: datetime, source: str, cell: tuple[str, str]
) -> VacancyEvent:
    opening = kind is EventKind.OPENED
    return VacancyEvent(
        event_id=identity("event", number, kind),
        vacancy_id=identity("vacancy", number),
        posting_key=f"{source}:{number}",
        source_id=source,
        kind=kind,
        event_time=at,
        event_date=at.date(),
        flow=1 if opening else 0,
        stock=1 if opening else -1,
        province=cell[0],
        isco08=cell[1],
        isic="K",
    )
