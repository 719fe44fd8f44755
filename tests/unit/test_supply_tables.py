"""Tables of institutions against their feeds: what is taken, what is refused and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from importlib.resources import as_file, files

import pytest

from config.feeds import Feed, FeedUnknownError, feed_named, feeds
from scrapers.codec import decode, encode
from scrapers.formats.rows import RowError
from scrapers.items import SupplyRecord
from scrapers.parsing.supply import SupplyRefusal
from scrapers.parsing.supply_table import make_supply_records
from scrapers.tables import read_rows
from tests.supply_cells import NOW, row, take


@pytest.mark.parametrize("feed", feeds().values(), ids=list(feeds()))
def test_every_example_is_taken_whole(feed: Feed) -> None:
    with as_file(files("config") / "feeds" / "examples" / feed.example) as path:
        rows = [row for row in read_rows(path) if not isinstance(row, RowError)]
    table = make_supply_records(rows, feed, source_id="example", received_at=NOW)
    assert not table.refusals
    assert {record.measure for record in table.records} <= set(feed.measures)
    assert all(record.system == feed.id for record in table.records)
    assert not [line for line in table.warnings if "never published" not in line]
    assert len({record.record_id for record in table.records}) == len(table.records)


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("province", "ນະຄອນຫຼວງວຽງຈັນ", "LA-VT"),
        ("province", "ນະຄອນຫລວງວຽງຈັນ", "LA-VT"),
        ("province", "ແຂວງວຽງຈັນ", "LA-VI"),
        ("province", "ແຂວງ ຫລວງນໍ້າທາ", "LA-LM"),
        ("province", "savannakhet province", "LA-SV"),
        ("province", "Louangphabang", "LA-LP"),
        ("province", "la-ch", "LA-CH"),
        ("province", "ທົ່ວປະເທດ", ""),
        ("occupation", "110", "0110"),
        ("occupation", "7", "7"),
        ("sex", "ຍິງ", "f"),
        ("sex", "Male", "m"),
        ("sex", "ລວມ", ""),
        ("age_group", "15 – 24", "15-24"),
        ("age_group", "65 and over", "65+"),
        ("district", "LA0101", "LA0101"),
        ("district", "ເມືອງ ສີໂຄດຕະບອງ", "LA0102"),
        ("sex", "not stated", "unknown"),
    ],
)
def test_codes_are_read_as_institutions_write_them(column: str, text: str, code: str) -> None:
    table = take([row(**{column: text})])
    assert [getattr(record, column) for record in table.records] == [code]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"province": "Vientiane"}, SupplyRefusal.PROVINCE_INVALID),
        ({"province": "LA-XX"}, SupplyRefusal.PROVINCE_INVALID),
        ({"province": ""}, SupplyRefusal.DIMENSION_MISSING),
        ({"district": "LA1801"}, SupplyRefusal.DISTRICT_INVALID),
        ({"occupation": "999"}, SupplyRefusal.OCCUPATION_INVALID),
        ({"occupation": "drivers"}, SupplyRefusal.OCCUPATION_INVALID),
        ({"sex": "x"}, SupplyRefusal.SEX_INVALID),
        ({"age_group": "24-15"}, SupplyRefusal.AGE_GROUP_INVALID),
        ({"age_group": "15-240"}, SupplyRefusal.AGE_GROUP_INVALID),
        ({"measure": "salary"}, SupplyRefusal.MEASURE_INVALID),
        ({"value": "-1"}, SupplyRefusal.COUNT_INVALID),
        ({"value": "nan"}, SupplyRefusal.COUNT_INVALID),
        ({"value": "1e999"}, SupplyRefusal.COUNT_INVALID),
        ({"value": "1.5"}, SupplyRefusal.COUNT_INVALID),
        ({"value": "12,5"}, SupplyRefusal.COUNT_INVALID),
        ({"value": ""}, SupplyRefusal.COUNT_INVALID),
        ({"period": "2026"}, SupplyRefusal.PERIOD_INVALID),
        ({"period": "2026-13"}, SupplyRefusal.PERIOD_INVALID),
        ({"period": "1899-01"}, SupplyRefusal.PERIOD_INVALID),
        ({"period": "soon"}, SupplyRefusal.PERIOD_INVALID),
        ({"period": "2026-12"}, SupplyRefusal.PERIOD_IN_FUTURE),
        ({"published": "2027-01-01"}, SupplyRefusal.PUBLISHED_INVALID),
    ],
)
def test_a_wrong_cell_refuses_its_row_alone(
    changes: Mapping[str, str], reason: SupplyRefusal
) -> None:
    table = take([row(**changes), row(province="LA-SV", value="7", sex="", district="")])
    assert [record.province for record in table.records] == ["LA-SV"]
    (refused,) = table.refusals
    assert (refused.reason, refused.row) == (reason, 2)
    assert refused.detail.startswith(f"row 2, {refused.column}: expected ")
    assert refused.fields["feed"] == "ess"
    for text in changes.values():
        assert len(text) < 4 or text not in refused.detail.replace("“Vientiane” alone", "")


@pytest.mark.parametrize(
    ("feed", "text", "days"),
    [
        ("ess", "2026-09", (date(2026, 9, 1), date(2026, 9, 30))),
        ("ess", "09/2026", (date(2026, 9, 1), date(2026, 9, 30))),
        ("ess", "2569-09", (date(2026, 9, 1), date(2026, 9, 30))),
        ("ess", "໒໐໒໖-໐໙", (date(2026, 9, 1), date(2026, 9, 30))),
        ("ess", "2026-Q3", (date(2026, 7, 1), date(2026, 9, 30))),
        ("gig-platforms", "2026-W36", (date(2026, 8, 31), date(2026, 9, 6))),
        ("education", "2024-2025", (date(2024, 9, 1), date(2025, 8, 31))),
        ("population", "2030", (date(2030, 1, 1), date(2030, 12, 31))),
        ("population", "01/03/2025", (date(2025, 3, 1), date(2025, 3, 1))),
    ],
)
def test_periods(feed: str, text: str, days: tuple[date, date]) -> None:
    declared = feed_named(feed)
    cells = {
        "measure": next(iter(declared.measures)), "period": text, "value": "900",
        "province": "LA-VT", "field": "0611",
        "category": next(iter(declared.category.codes)) if declared.category else "",
    }  # fmt: skip
    (record,) = take([cells], feed).records
    assert (record.period_start, record.period_end) == days


def test_first_and_last_day_may_be_columns_of_their_own() -> None:
    cells = {**row(), "From": "01/07/2026", "To": "30/09/2026"}
    del cells["period"]
    (record,) = take([cells]).records
    assert (record.period_start, record.period_end) == (date(2026, 7, 1), date(2026, 9, 30))


def test_a_wide_table_states_several_measures_a_row() -> None:
    cells = {"ແຂວງ": "LA-VT", "ເດືອນ": "2026-09", "Placements": "4", "ຕຳແໜ່ງງານວ່າງທີ່ຂຶ້ນທະບຽນ": "1,900"}
    table = take([cells])
    assert {(r.measure, r.unit, r.count, r.releasable) for r in table.records} == {
        ("placements", "persons", 4.0, False),
        ("vacancies_registered", "vacancies", 1900.0, True),
    }
    assert "1 cells below 5 persons: kept, never published" in table.warnings


def test_what_is_told_wins_over_names() -> None:
    cells = {"where": "LA-VT", "n": "3", "period": "2026-09", "measure": "placements"}
    table = take([cells], where="province", n="value")
    assert [record.count for record in table.records] == [3.0]
    assert take([cells], nowhere="province").refusals[0].reason is SupplyRefusal.COLUMNS_MISSING


def test_columns_for_women_and_men_are_figures_by_sex() -> None:
    cells = {"ແຂວງ": "LA-VT", "ເດືອນ": "2026-09", "measure": "placements"}
    table = take([{**cells, "ລວມ": "30", "ຍິງ": "18", "ຊາຍ": "12"}])
    assert [(r.sex, r.count) for r in table.records] == [("", 30.0), ("f", 18.0), ("m", 12.0)]
    assert table.warnings == ()
    apart = take([{**cells, "Female": "18", "Male": "12"}])
    assert [(r.sex, r.count) for r in apart.records] == [("f", 18.0), ("m", 12.0)]


def test_a_cell_stated_twice_is_kept_once_or_not_at_all() -> None:
    same = take([row(), row()])
    assert (len(same.records), same.warnings) == (1, ("row 3 repeats row 2",))
    other = take([row(), row(value="13"), row(province="LA-SV")])
    assert [(r.reason, r.row) for r in other.refusals] == [
        (SupplyRefusal.CONTRADICTION, 2),
        (SupplyRefusal.CONTRADICTION, 3),
    ]
    assert [record.province for record in other.records] == ["LA-SV"]


def test_totals_that_do_not_add_up_are_told_and_taken() -> None:
    good = take([row(value="100"), row(sex="f", value="60"), row(sex="m", value="40")])
    assert good.warnings == ()
    low = take([row(value="100"), row(sex="f", value="60"), row(sex="m", value="10")])
    high = take([row(province="ລວມ", value="10"), row(value="20")])
    assert "parts by sex sum to 70, the total says 100" in low.warnings[0]
    assert len(low.records) == 3
    assert "parts by province sum to 20, the total says 10" in high.warnings[0]


def test_tables_without_rows_or_columns_are_refused_whole() -> None:
    assert take([]).refusals[0].reason is SupplyRefusal.TABLE_EMPTY
    lacking = take([{"measure": "placements", "value": "3"}]).refused_whole
    assert lacking is not None
    assert lacking.reason is SupplyRefusal.COLUMNS_MISSING
    assert "period" in lacking.detail
    assert "province" in lacking.detail


def test_a_correction_has_an_identity_of_its_own_and_a_repetition_has_not() -> None:
    def identity(value: str, at: datetime) -> str:
        return take([row(value=value)], at=at).records[0].record_id

    later = NOW.replace(hour=5)
    assert identity("12", NOW) == identity("12", NOW)
    assert len({identity("12", NOW), identity("13", NOW), identity("12", later)}) == 3


def test_the_day_of_issue_may_be_stated() -> None:
    (record,) = take([row(published="20/10/2026")]).records
    assert record.published_at == datetime(2026, 10, 19, 17, tzinfo=UTC)


def test_records_of_an_earlier_release_are_still_decoded() -> None:
    old = (
        b'{"type":"SupplyRecord","v":1,"record":{"source_id":"a","record_id":"b","province":"",'
        b'"occupation":"","measure":"placements","count":3.0,"period_start":"2026-09-01",'
        b'"period_end":"2026-09-30","published_at":"2026-10-01T00:00:00Z"}}'
    )
    record = decode(old)
    assert isinstance(record, SupplyRecord)
    assert (record.system, record.unit, record.releasable) == ("", "persons", True)
    assert decode(encode(record)) == record


def test_an_unknown_feed_names_those_there_are() -> None:
    with pytest.raises(FeedUnknownError, match="ess"):
        feed_named("nothing")
