"""What must hold of places, pay and demands whatever is written."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coding_placepay import pay_returns, place_returns
from benchmarks.placepay_expressions import pay_expression, place_expression
from config.vocabulary import districts, provinces
from streams.classify.education import education_of
from streams.classify.employment import employment_type_of
from streams.classify.exchange import rate_on, rates
from streams.classify.experience import experience_of
from streams.classify.pay import MONTHS, parse_pay, pay_of, read_field, read_text
from streams.classify.place import Gazetteer
from streams.classify.place_text import chunks, key
from streams.classify.place_work import work_places
from streams.openings import MOST_BELIEVED, parse_openings

GAZETTEER = Gazetteer()
DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))
# Letters, digits and words from which readings are made, so that the paths inside are reached.
PIECES = st.sampled_from(
    [
        *(
            "3",
            "5.000.000",
            "໓",
            "2,500",
            "1e9",
            "020 5555 6666",
            "18-35",
            "13",
            "0",
            "½",
            "٣",
            "²",
        ),
        *("ລ້ານ", "ແສນ", "million", "k", "triệu", "万", "十", "半", "ເຄິ່ງ", "rưỡi", "ຫ້າ", "two"),
        *("ກີບ", "$", "₭", "usd", "บาท", "元", "đ", "/ເດືອນ", "per day", "ຕໍ່ມື້"),
        *("/ชั่วโมง", "a year"),
        *(
            "ເງິນເດືອນ",
            "salary",
            "lương",
            "月薪",
            "bonus",
            "ຄ່າອາຫານ",
            "budget",
            "experience",
            "ປະສົບການ",
        ),
        *("-", " to ", "ຫາ", "+", ",", ". ", "\n", "(", ")", "%", ":", " "),
        *(
            "ວຽງຈັນ",
            "Vientiane",
            "ແຂວງ",
            "ເມືອງ",
            "ໄຊເສດຖາ",
            "Sing",
            "district",
            "ບ້ານ",
            "ຖະໜົນ",
            "Pakse",
        ),
        *("Place of work:", "based in", "ປະຈຳຢູ່", "工作地点", "ປະເທດໄທ", "remote", "ທົ່ວປະເທດ"),
        *(
            "ປະລິນຍາຕີ",
            "master",
            "degree",
            "high school",
            "or",
            "ຈົບ",
            "years",
            "ປີ",
            "age",
            "intern",
            "兼职",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_written_raises_and_every_place_is_a_known_code(
    location: str, title: str, description: str
) -> None:
    place = GAZETTEER.place_of(location, title, description)
    assert set(place.provinces) <= set(provinces())
    assert place.province in ("", *place.provinces)
    assert not place.district or districts()[place.district].parent == place.province
    assert bool(place.province) == bool(place.provinces)


@given(st.text(alphabet="0123456789 .,-/()ຈຊqjz", max_size=60))
def test_no_province_without_the_letters_of_a_name(text: str) -> None:
    """No name of a place can be written with these letters, spelled or misspelt."""
    assert not GAZETTEER.place_of(text, text, text).province


@given(st.integers(0, 10**9))
def test_a_composed_place_is_read_back(seed: int) -> None:
    assert place_returns(seed), place_expression(seed)


@given(st.integers(0, 10**9))
def test_a_composed_pay_expression_is_read_back(seed: int) -> None:
    assert pay_returns(seed), pay_expression(seed)


@given(TEXTS)
def test_spaces_at_the_ends_and_case_change_no_place(text: str) -> None:
    assert GAZETTEER.locate(f"  {text}\t") == GAZETTEER.locate(text)
    assert key(key(text)) == key(text)
    assert all(chunk.text == "".join(chunk.words) for chunk in chunks(text))


@given(TEXTS, TEXTS, DAYS)
def test_pay_is_ordered_and_nothing_raises(field: str, description: str, day: date) -> None:
    for pay in (parse_pay(field, day), pay_of(field, description, day)):
        assert pay is None or 0 < pay.lower_lak <= pay.upper_lak
        assert pay is None or pay.period in MONTHS
    for stated in (read_field(field), read_text(description)):
        assert stated is None or 0 < stated.lower <= stated.upper


@given(st.integers(0, 10**9), DAYS, st.integers(2, 9))
def test_conversion_is_monotone(seed: int, day: date, more: int) -> None:
    """More of a currency is more kip, and a dearer day is more kip for the same amount."""
    made = pay_expression(seed)
    rate = rate_on(made.currency, day)
    assert 0 < made.lower * rate < made.lower * more * rate
    pay = parse_pay(made.text, day)
    if pay is not None:
        assert pay.lower_lak <= pay.upper_lak
        assert abs(pay.lower_lak / (made.lower * rate * MONTHS[made.period]) - 1) < 1e-9


def test_each_rate_holds_from_its_day_until_the_next() -> None:
    for currency, known in rates().items():
        assert [rate.valid_from for rate in known] == sorted(rate.valid_from for rate in known)
        for one, other in pairwise(known):
            assert rate_on(currency, one.valid_from) == one.lak
            assert rate_on(currency, date.fromordinal(other.valid_from.toordinal() - 1)) == one.lak
        assert rate_on(currency, date(2099, 1, 1)) == known[-1].lak


@given(TEXTS, TEXTS, TEXTS)
def test_demands_are_in_their_ranges(field: str, title: str, description: str) -> None:
    assert education_of(field, description) in {"", *"012345678"}
    months = experience_of(field, description)
    assert months is None or 0 <= months <= 480
    assert employment_type_of(field, title, description) in {
        *("", "FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER"),
        *("PER_DIEM", "OTHER"),
    }
    assert 1 <= parse_openings(field, title, description) <= MOST_BELIEVED


@given(TEXTS)
def test_at_most_six_places_of_work_are_read(description: str) -> None:
    assert len(work_places(description)) <= 6
