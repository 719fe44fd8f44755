"""Whatever stands in a table: it is read without an error, and every row is accounted for."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.feeds import Dimension, Feed, feeds
from config.vocabulary import districts, industries, occupations, provinces
from scrapers.items import SupplyRecord
from scrapers.parsing.supply_checks import cell_of, repeated
from scrapers.parsing.supply_table import make_supply_records

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
NAMES = st.sampled_from(
    [
        "measure",
        "value",
        "period",
        "province",
        "district",
        "ແຂວງ",
        "sex",
        "Female",
        "ຊາຍ",
        "published",
        "period_start",
        "period_end",
        "occupation",
        "industry",
        "age_group",
        "category",
        "note",
        "",
        "ປີ",
    ]
)
ODD = (
    "placements|LA-VT|Vientiane|ວຽງຈັນ|2026-09|2026|໒໐໒໖|1e400|-0|١٢|nan|2026-02-30|0000-00-00|"
    "Q5 2026|2026-W60|15-24|f|\x00|1,2,3|²"
)
CELLS = st.one_of(st.text(max_size=20), st.sampled_from([*ODD.split("|"), "9" * 400]))
TABLES = st.lists(st.dictionaries(NAMES, CELLS, max_size=8), max_size=8)
FEEDS = st.sampled_from(list(feeds().values()))


@settings(max_examples=300, deadline=None)
@given(TABLES, FEEDS)
@example([{"value": "²", "period": "²", "measure": "placements", "province": "²"}], feeds()["ess"])
@example([{"value": "1", "period": "Q3 2026", "measure": "ປີ"}], feeds()["population"])
def test_any_table_is_read_without_an_error(table: list[dict[str, str]], feed: Feed) -> None:
    read = make_supply_records(
        list(enumerate(table, start=2)), feed, source_id="s", received_at=NOW
    )
    assert read.refused_whole is None or not read.records
    for record in read.records:
        assert record.province in {*provinces(), "", "unknown"}
        assert record.district in {*districts(), "", "unknown"}
        assert record.occupation in {*occupations(), "", "unknown"}
        assert record.industry in {*industries(), "", "unknown"}
        assert 0 <= record.count < 1e16
        assert date(1990, 1, 1) <= record.period_start <= record.period_end
    for refused in read.refusals:
        assert (refused.row == 0) == (refused is read.refused_whole)
        assert "expected" in refused.detail or refused.row == 0 or "row" in refused.detail


def records() -> st.SearchStrategy[SupplyRecord]:
    return st.builds(
        SupplyRecord,
        source_id=st.just("s"), record_id=st.just("r"), measure=st.just("m"),
        province=st.sampled_from(["", "LA-VT"]), occupation=st.sampled_from(["", "1"]),
        count=st.sampled_from([1.0, 2.0]), period_start=st.just(NOW.date()),
        period_end=st.just(NOW.date()), published_at=st.just(NOW),
    )  # fmt: skip


@given(st.lists(records(), max_size=12))
def test_every_row_is_kept_repeated_or_contradicted(found: list[SupplyRecord]) -> None:
    numbered = list(enumerate(found, start=2))
    kept, same, contrary = repeated(numbered)
    rows = [*(n for n, _ in kept), *(n for n, _ in same), *(n for n, _, _ in contrary)]
    assert sorted(rows) == [number for number, _ in numbered]
    assert len({cell_of(record) for _, record in kept}) == len(kept)
    again, none, nothing = repeated(kept)
    assert (again, none, nothing) == (kept, [], [])


def test_every_dimension_is_a_field_of_the_record() -> None:
    assert set(Dimension) <= set(SupplyRecord.__dataclass_fields__)
