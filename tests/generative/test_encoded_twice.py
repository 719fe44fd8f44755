"""Whatever is right stays, whatever was encoded twice comes back exactly."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from scrapers.parsing.encoded_twice import mended
from tests.encoded import CODECS

LAO = st.characters(min_codepoint=0x0E81, max_codepoint=0x0EDF, categories=["L", "M", "N"])
THAI = st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B, categories=["L", "M", "N"])
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF, categories=["L"])
VIETNAMESE = st.sampled_from("ắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳỵỷỹạảẹẻẽịỉọỏụủ")
CYRILLIC = st.characters(min_codepoint=0x0410, max_codepoint=0x044F, categories=["L"])
PLAIN = st.text("abcXYZ 0123,.;:()/\n-", max_size=6)
CODEC = st.sampled_from(sorted(CODECS))
LATIN = (
    "àâçéèêëîïôùûüœÿ",
    "ãõáéíóúâêôàç",
    "äöüß",
    "åäöæøé",
    "áéíóúýžšřčěůďťň",
    "ñáéíóúü",
    "ąćęłńóśźż",
)
WORD = st.sampled_from(LATIN).flatmap(lambda own: st.text("abcdefg" + own, min_size=1, max_size=8))
CAPITALS = WORD.map(str.upper)
MARKS = st.sampled_from(["", "’", "”", "…", " –", "—", "®", "™", "»", "²", "\xa0", ",", "."])
OTHERS = st.text(LAO | THAI | HAN | VIETNAMESE | CYRILLIC, min_size=1, max_size=8)


def words_of(letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Words of two letters or more of a script between plain text."""
    word = st.text(letters, min_size=2, max_size=8)
    return st.lists(st.tuples(PLAIN, word), min_size=1, max_size=5).map(
        lambda pairs: "".join(plain + word for plain, word in pairs)
    )


FOREIGN = st.one_of(*map(words_of, (LAO, THAI, HAN, VIETNAMESE, CYRILLIC)))


@given(FOREIGN, CODEC)
def test_words_encoded_twice_are_restored(text: str, codec: str) -> None:
    twice = CODECS[codec](text)
    assert mended(twice) == text
    assert mended(CODECS[codec](twice)) == text


@given(st.lists(LAO, min_size=1, max_size=3).map("".join), CODEC)
def test_so_is_a_single_letter_of_lao(text: str, codec: str) -> None:
    assert mended(CODECS[codec](text)) == text


@given(st.lists(st.tuples(OTHERS | WORD | CAPITALS, MARKS), max_size=8))
def test_right_text_stays(words: list[tuple[str, str]]) -> None:
    text = " ".join(word + mark for word, mark in words)
    # Within a word of small letters no capital follows, and no word is one of these two letters.
    assume(not re.search("[a-zß-ÿ][À-Þ]", text) and not {"Â", "Ã"} & {word for word, _ in words})
    assert mended(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.characters(max_codepoint=0xFF)))
def test_whatever_comes_is_mended_once_and_for_all(text: str) -> None:
    once = mended(text)
    assert mended(once) == once
    assert len(once) <= len(text)
