"""Builds the Lao occupation lexicon from its parts: `python -m streams.classify.lexicon_build`.

`config/lexicon/parts/` holds what people maintain: single expressions, and patterns of heads
("ຊ່າງ", "ພະນັກງານ") and domains ("ໄຟຟ້າ", "ບັນຊີ") with one code each. `docs/lexicon.md` says
where they come from. `occupations_lo.csv` is what comes out, and a test holds the two together.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from pathlib import Path
from typing import Final

from config.vocabulary import occupations, read_table
from streams.classify.lexicon import solid

LEXICON: Final = Path(__file__).parents[2] / "config" / "lexicon" / "occupations_lo.csv"
_PARTS: Final = LEXICON.parent / "parts"
_FIELDS: Final = ("expression", "isco08", "source", "confidence", "known", "alternatives", "review")
_NAME: Final = re.compile(r"\{([a-z]+)\}")
_ORDER: Final = ("compiled", "strategy", "loan", "composed")
"""Which source's spelling stands where several give one expression with one confidence."""


class PatternError(ValueError):
    """A pattern whose brackets do not match, or that names a head nobody declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An expression with one of its readings."""

    expression: str
    isco08: str
    source: str
    confidence: float
    """How likely a Lao title with this expression has this code, in [0, 1], by judgement."""
    alternatives: tuple[str, ...] = ()
    """Other readings that the parts give, the likeliest first."""


def expand(pattern: str, heads: Mapping[str, str]) -> list[str]:
    """Every expression of a pattern, in order: `(a|b)` is a choice, `{name}` a declared head.

    Raises:
        PatternError: unmatched brackets or an unknown head.
    """
    unknown = set(_NAME.findall(pattern)) - set(heads)
    if unknown:
        raise PatternError(f"no such head: {', '.join(sorted(unknown))}")
    plain = _NAME.sub(lambda found: f"({heads[found.group(1)]})", pattern)
    results, end = _choices(plain, 0)
    if end != len(plain):
        raise PatternError(f"unmatched bracket at {end}: {pattern}")
    return list(dict.fromkeys(results))


def _choices(text: str, start: int) -> tuple[list[str], int]:
    """Expressions of `a|b|…` from `start` to a closing bracket or the end, and where it ends."""
    every: list[str] = []
    parts: list[list[str]] = []
    literal = at = start
    while True:
        sign = text[at] if at < len(text) else ""
        if sign not in ("", "(", ")", "|"):
            at += 1
            continue
        parts.append([text[literal:at]])
        if sign == "(":
            inner, at = _choices(text, at + 1)
            if at >= len(text):
                raise PatternError(f"a bracket is not closed: {text}")
            parts.append(inner)
        else:
            every += ["".join(chosen) for chosen in product(*parts)]
            parts = []
            if sign != "|":
                return every, at
        at += 1
        literal = at


def settle(readings: Iterable[Entry]) -> list[Entry]:
    """One entry an expression, spellings that fold alike being one: the likeliest reading.

    Of equally likely readings the first counts, and what is left stays as alternatives.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in readings:
        groups.setdefault(solid(entry.expression), []).append(entry)
    chosen = []
    for group in groups.values():
        group.sort(key=lambda entry: (-entry.confidence, _ORDER.index(entry.source)))
        codes = tuple(dict.fromkeys(entry.isco08 for entry in group))
        chosen.append(replace(group[0], alternatives=codes[1:]))
    return sorted(chosen, key=lambda entry: (entry.isco08, entry.expression))


def readings() -> Iterator[Entry]:
    """Every reading that the shipped parts give.

    Raises:
        PatternError: naming the line of `patterns.csv` at fault.
    """
    return chain.from_iterable(parts())


def parts() -> Iterator[list[Entry]]:
    """The readings of each row of the parts: of a single expression, or of a pattern.

    Raises:
        PatternError: naming the line of `patterns.csv` at fault.
    """
    heads = {row["name"]: row["forms"] for row in read_table("lexicon", "parts/heads.csv")}
    for row in read_table("lexicon", "parts/expressions.csv"):
        yield [_entry(row["expression"], row)]
    for number, row in enumerate(read_table("lexicon", "parts/patterns.csv"), start=2):
        try:
            yield [_entry(expression, row) for expression in expand(row["pattern"], heads)]
        except PatternError as error:
            raise PatternError(f"config/lexicon/parts/patterns.csv:{number}: {error}") from None


def _entry(expression: str, row: Mapping[str, str]) -> Entry:
    return Entry(
        expression=expression.strip(),
        isco08=row["isco08"],
        source=row["source"],
        confidence=float(row["confidence"]),
    )


def known_words() -> Mapping[str, str]:
    """Folded Lao words of published word lists, with the list: `dictionary` or `spelling`."""
    with gzip.open(_PARTS / "words_lo.csv.gz", "rt", encoding="utf-8", newline="") as lists:
        return {row["word"]: row["list"] for row in csv.DictReader(lists)}


def known_share(text: str, words: Mapping[str, str]) -> float:
    """Largest share of the letters of folded `text` that words known to us can cover, in [0, 1].

    Words must not overlap; what lies between them counts as unknown.
    """
    best = [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        best[end] = best[end - 1]
        for start in range(max(0, end - 24), end - 1):
            if text[start:end] in words:
                best[end] = max(best[end], best[start] + end - start)
    return best[-1] / len(text) if text else 0.0


def table(entries: Sequence[Entry], words: Mapping[str, str]) -> str:
    """The lexicon as CSV. An expression that the dictionary has whole is marked as such."""
    unknown = {entry.isco08 for entry in entries} - set(occupations())
    if unknown:
        raise ValueError(f"not in ISCO-08: {', '.join(sorted(unknown))}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_FIELDS)
    for entry in entries:
        folded = solid(entry.expression)
        source = "dictionary" if words.get(folded) == "dictionary" else entry.source
        share = f"{known_share(folded, words):.2f}"
        others = " ".join(entry.alternatives)
        row = (entry.expression, entry.isco08, source, entry.confidence, share, others)
        writer.writerow((*row, "unreviewed"))
    return text.getvalue()


def build() -> str:
    """The lexicon that the shipped parts make."""
    return table(settle(readings()), known_words())


def main() -> None:
    """Write `config/lexicon/occupations_lo.csv`."""
    LEXICON.write_text(build(), encoding="utf-8")
    print(f"{LEXICON.name}: {len(LEXICON.read_text(encoding='utf-8').splitlines()) - 1} rows")


if __name__ == "__main__":
    main()
