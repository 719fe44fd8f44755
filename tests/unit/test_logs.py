"""What strangers write stands in one line of the log and drives nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

_WRITES = """
import logging, sys, structlog
from labourwatch.logs import configure
configure("crawl")
text = sys.stdin.buffer.read().decode()
logging.getLogger("scrapers").warning("refused %s", text)
structlog.get_logger("x").warning("refused", title=text, error=ValueError(text), count=3)
"""


@pytest.mark.parametrize(
    "text",
    [
        "a\nlevel=error event=forged",
        "a\r\x1b[2Jforged",
        "a\u2028b",
        "\u202ecba",
        "\x9b31m",
        'x" y=z',
    ],
    ids=ascii,
)
def test_hostile_text_is_one_line_of_letters_that_are_seen(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WRITES], input=text.encode(), capture_output=True, check=True
    )
    written = done.stdout.decode()
    lines = written.rstrip("\n").split("\n")
    assert len(lines) == 2, written
    assert all(line.isprintable() for line in lines), ascii(written)
    assert all("part=crawl" in line for line in lines)
    assert "count=3" in lines[1]
