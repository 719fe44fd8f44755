"""Text encoded twice is restored exactly; what may be meant is left as it is."""

from __future__ import annotations

import json

import pytest

from scrapers.items import JobPosting
from scrapers.parsing.encoded_twice import mended, mended_bytes
from scrapers.parsing.posting import make_posting
from scrapers.reading import read_listing
from tests.encoded import CODECS, as_cp1252, as_latin_1
from tests.generative.test_scrapers import NOW, source

LAO = "ບໍລິສັດ ຕ້ອງການ ພະນັກງານບັນຊີ – ນະຄອນຫຼວງວຽງຈັນ"
TEXTS = (
    LAO, "ກ", "໕.໐໐໐.໐໐໐ ກີບ", "พนักงานบัญชี ประจำกรุงเทพฯ", "会计 (万象)", "회계 담당자",
    "Nhân viên kế toán tại Hà Nội, lương “thỏa thuận” – gọi ngay…", "Нужен водитель", "500 €",
    "L’employé qualifié", "Ingénieur à Île-de-France", "25°C ± 2°", "☎ 020 5555", "👷 Builder",
    "a — b", "naïve",
)  # fmt: skip
MEANT = (
    "CAFÉ’S", "CAFÉ”", "«MANHû", "NESCAFÉ® 3-in-1", "XÃ–PHƯỜNG", "MÃ… 12", "“un café”…",
    "il a dit «voilà»”", "«à»”", "2×½ kg", "10×”", "Größe: 10×²", "Ó\xa0Briain", "Úžasný", "NÍŽE",
    "VÝŠE MZDY", "É\xa0necessário", "Spaß”…", "Müller & Söhne", "São Paulo", "ÅÄÖ", "Ø½ m", "àº",
    "A&nbsp;É&nbsp;B", "Ã", "",
)  # fmt: skip


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_encoded_twice_or_three_times_is_restored(text: str, codec: str) -> None:
    twice = CODECS[codec]
    assert mended(twice(text)) == text
    assert mended(twice(twice(text))) == text
    assert mended(text) == text


@pytest.mark.parametrize("text", MEANT)
def test_signs_that_may_be_meant_stay(text: str) -> None:
    assert mended(text) == text


def test_one_sure_word_tells_for_those_that_are_not_unless_some_cannot_be_such() -> None:
    assert mended(as_latin_1("Hà")) == as_latin_1("Hà"), "a capital letter and a space, perhaps"
    assert mended(as_latin_1("Hà Nội")) == "Hà Nội"
    assert mended(f"{as_latin_1('Nội')} café CAFÉ’S") == "Nội café CAFÉ’S"


def test_escapes_of_json_and_html_are_read() -> None:
    assert json.loads(mended(json.dumps({"title": as_cp1252(LAO)}))) == {"title": LAO}
    assert mended("&agrave;&ordm;&#129;&nbsp;&amp;&#xe0;&#186;\x81") == "ກ&nbsp;&amp;ກ"
    assert mended(f"&nbsp;{as_latin_1('ບໍ')}&nbsp;») ") == "&nbsp;ບໍ&nbsp;») "
    assert mended(r"\\u00e0\\u00ba\\u0081") == r"\\u00e0\\u00ba\\u0081", "backslashes, no escapes"


def test_bodies_in_another_encoding_are_left() -> None:
    assert mended_bytes(as_cp1252(LAO).encode()) == LAO.encode()
    assert mended_bytes("café".encode("cp1252")) == "café".encode("cp1252")


def test_a_listing_encoded_twice_has_the_entries_and_digests_of_the_sound_one() -> None:
    page = f'<div class="é"><a href="/jobs/7">x</a><t>{LAO} &amp; más</t></div>'
    board = source("html_list")
    sound = read_listing(board, page.encode(), page)
    for twice in CODECS.values():
        assert read_listing(board, twice(page).encode(), twice(page)) == sound


def test_a_record_of_a_provider_is_mended_at_the_border() -> None:
    fields = {"title": as_cp1252(LAO), "description": as_latin_1(f"<p>{LAO}</p>")}
    made = make_posting(fields, source=source("rss"), posting_id="1", fetched_at=NOW)
    assert isinstance(made, JobPosting)
    assert (made.title, made.description) == (LAO, LAO)
