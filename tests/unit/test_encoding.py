"""Zero bytes do not make a file wide: its heading tells."""

from __future__ import annotations

import pytest

from scrapers.formats.encoding import detect_encoding


@pytest.mark.parametrize("text", ["\x000", "0\x00", "\x00a\x00b\x00c"])
def test_zero_characters_in_utf8_are_no_utf16(text: str) -> None:
    assert detect_encoding(f"title,company\n{text}\n".encode()) == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("heading", ["title,company", "ຕຳແໜ່ງ,ບໍລິສັດ"])
def test_utf16_without_a_mark_is_known(encoding: str, heading: str) -> None:
    assert detect_encoding(f"{heading}\nDriver,Mekong\n".encode(encoding)) == encoding
