"""Postings for tests of the stream: single ones by keyword, and a seeded market of many."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapers.items import JobPosting, PostingWithdrawn, WithdrawalReason
from streams.codes import Codes
from streams.records import NormalisedPosting

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

_JOBS = (
    ("Senior Accountant", "ນັກບັນຊີອາວຸໂສ", "monthly accounts, tax reports and audits"),
    ("Truck Driver", "ຄົນຂັບລົດບັນທຸກ", "deliver goods between the warehouse and our branches"),
    ("Electrical Engineer", "ວິສະວະກອນໄຟຟ້າ", "maintain transformers at a hydropower plant"),
    ("Waiter", "ພະນັກງານເສີບ", "serve guests of the restaurant in two shifts"),
    ("Sewing Machine Operator", "ພະນັກງານຫຍິບເຄື່ອງ", "sew garments for export on industrial machines"),
    ("Primary School Teacher", "ຄູສອນປະຖົມ", "teach mathematics and English to young pupils"),
    ("Mobile Developer", "ນັກພັດທະນາແອັບ", "build and test applications for a bank's customers"),
    ("Housekeeper", "ແມ່ບ້ານ", "keep rooms clean and report what is broken"),
)
_PLACES = ("Vientiane Capital", "Savannakhet", "ແຂວງຈຳປາສັກ", "Luang Prabang", "Bokeo")
_SENTENCES = (
    "You work in a friendly team and report to the head of the department.",
    "We offer insurance, lunch and a yearly bonus according to the rules of the company.",
    "The contract runs for one year and can be extended by both sides.",
    "ຜູ້ສະໝັກຕ້ອງມີຄວາມຮັບຜິດຊອບ ແລະ ເຮັດວຽກເປັນທີມໄດ້ດີ.",
    "ມີປະສົບການຢ່າງໜ້ອຍ 2 ປີ ແລະ ສາມາດໃຊ້ຄອມພິວເຕີໄດ້.",
    "Knowledge of Lao and English is needed, Thai or Chinese is welcome.",
    "Please bring copies of your certificates before 30/09/2026.",
    "ເງິນເດືອນ 2.500.000 - 3.500.000 ກີບ ຕໍ່ເດືອນ ພ້ອມເງິນອຸດໜູນ.",
)
_CONTACTS = (
    "Contact: Mr. Somchai Vongsa, tel 020 5555 1234, hr@example.la",
    "ຕິດຕໍ່: ທ້າວ ສົມໄຊ ໂທ 020 5678 1234",
    "Send your CV to jobs@example.com",
    "",
)


def a_posting(**changes: Any) -> JobPosting:
    """A plain posting; any field can be changed."""
    posting = JobPosting(
        source_id="board-a",
        posting_id="1",
        url="https://board-a.example/jobs/1",
        fetched_at=START,
        title="Senior Accountant",
        description="Prepare monthly accounts, tax reports and audits. " + " ".join(_SENTENCES[:3]),
        hiring_organization="Mekong Trading Co., Ltd",
        job_location_raw="Vientiane Capital",
        date_posted=START.date(),
        base_salary_raw="5,000,000 LAK",
    )
    return replace(posting, **changes)


def a_withdrawal(posting: JobPosting, after: timedelta, **changes: Any) -> PostingWithdrawn:
    """The withdrawal of `posting`, `after` it was fetched."""
    gone = PostingWithdrawn(
        source_id=posting.source_id,
        posting_id=posting.posting_id,
        hiring_organization=posting.hiring_organization,
        reason=WithdrawalReason.UNSEEN,
        last_seen_at=posting.fetched_at,
        withdrawn_at=posting.fetched_at + after,
    )
    return replace(gone, **changes)


def a_market(
    count: int, seed: int, employers: int = 400
) -> Iterator[JobPosting | PostingWithdrawn]:
    """`count` records in event order: new postings, copies on other boards, and withdrawals."""
    dice = random.Random(seed)
    live: list[JobPosting] = []
    for number in range(count):
        now = START + timedelta(minutes=5 * number)
        kind = dice.random()
        if live and kind < 0.20:
            yield a_withdrawal(live.pop(dice.randrange(len(live))), timedelta(0), withdrawn_at=now)
            continue
        if live and kind < 0.35:
            posting = _copy(dice.choice(live), number, now)
        else:
            posting = _invented(dice, number, now, employers)
        live.append(posting)
        yield posting


def _copy(original: JobPosting, number: int, now: datetime) -> JobPosting:
    return replace(
        original,
        source_id="board-b",
        posting_id=f"b{number}",
        url=f"https://board-b.example/{number}",
        title=f"{original.title} (urgent)",
        fetched_at=now,
        date_posted=now.date(),
    )


def _invented(dice: random.Random, number: int, now: datetime, employers: int) -> JobPosting:
    english, lao, duty = dice.choice(_JOBS)
    text = [f"Task {dice.randrange(10**6)}: {duty}.", *dice.sample(_SENTENCES, 5)]
    return JobPosting(
        source_id="board-a",
        posting_id=str(number),
        url=f"https://board-a.example/jobs/{number}",
        fetched_at=now,
        title=dice.choice((english, lao, f"{lao} ({english})")) + f" {dice.choice('ABCDEFGH')}",
        description="\n".join([*text, dice.choice(_CONTACTS)]),
        hiring_organization=f"Company {dice.randrange(employers)} Sole Co., Ltd",
        job_location_raw=dice.choice(_PLACES),
        date_posted=now.date() - timedelta(days=dice.randrange(5)),
        valid_through=now.date() + timedelta(days=30),
        base_salary_raw=dice.choice(("", "2,500,000 - 3,500,000 LAK", "USD 600")),
        employment_type_raw="Full time",
        occupational_category_raw="",
        education_raw=dice.choice(("Bachelor", "ປະລິນຍາຕີ", "")),
        experience_raw="2 years",
        total_job_openings_raw=dice.choice(("", "1", "3", "໒")),
        language_hint="lo",
    )


class FixedCoder:
    """A coder double: the province by name, everything else constant."""

    version = "double-1"

    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        return [
            Codes(
                isco08="2411",
                isco08_probability=0.5,
                isco08_reason="double",
                isic="M",
                province=province_double(posting.location_raw),
                district="",
                place_reason="double",
                pay=None,
                skills=(),
                coder_version=self.version,
            )
            for posting in batch
        ]


def province_double(text: str) -> str:
    """LA-VT for Vientiane and LA-SV for Savannakhet; other places are not known."""
    return {"vientiane capital": "LA-VT", "savannakhet": "LA-SV"}.get(text.casefold(), "")
