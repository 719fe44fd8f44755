"""Where else a posting's vacancy may be kept: locality-sensitive hashing over blocks.

A posting whose employer is unnamed, hidden behind an agency or misspelt lies in another block than
its duplicate. Every new vacancy therefore leaves its block's name in a few buckets: bands of its
text's min-hash sketch (Indyk and Motwani 1998; Broder 1997), and keys made of place, title, pay,
trade and the beginning of the employer's name. A posting looks into its own buckets. What it finds
are candidates only: they are compared and judged like those of its own block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from scrapers.employers import employer_key
from streams.state import DAY_MS
from streams.titles import Title, loosely, parse
from streams.traits import Traits, places_of

BANDS: Final = 6
ROWS: Final = 4
"""Two texts with likeness s meet with probability 1 - (1 - s^4)^6: 0.96 at 0.8, 0.81 at 0.7."""
GENERATION_DAYS: Final = 128
"""A bucket is written in the generation of its event time and looked for in that and the one
before: at least as long as a vacancy is remembered. Older generations are dropped whole."""
SHARDS: Final = 4_096
NAME_BYTES: Final = 10
MOST_BLOCKS: Final = 6
"""Blocks kept in a bucket, the newest: a text or title that more employers share tells little."""
MOST_CANDIDATES: Final = 5
_MOST_JOBS: Final = 3

Address = tuple[int, int, bytes]
"""Generation, shard and field of a bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A posting's traits and the buckets it belongs to, in two generations."""

    traits: Traits
    present: tuple[Address, ...]
    """In the generation of the posting's event time: where its vacancy is left."""
    past: tuple[Address, ...]
    """In the generation before: where it is looked for, too."""


@dataclass(slots=True, kw_only=True)
class Nearby:
    """Probes of a batch by position, what their buckets hold, and what the batch adds to them."""

    probes: Mapping[int, Probe]
    found: dict[Address, bytes]
    added: list[tuple[Address, bytes]] = field(default_factory=list)

    def around(self, number: int, home: str) -> list[str]:
        """Blocks other than `home` that share buckets with a probe, those that share most first."""
        probe = self.probes.get(number)
        if probe is None:
            return []
        shared: Counter[str] = Counter()
        for address in (*probe.present, *probe.past):
            if held := self.found.get(address):
                shared.update(names_in(held))
        shared.pop(home, None)
        ranked = sorted(shared, key=lambda name: (-shared[name], name))
        return ranked[:MOST_CANDIDATES]

    def add(self, number: int, block: str) -> None:
        """Leave `block` in the buckets of a probe whose posting opened a vacancy there."""
        probe = self.probes.get(number)
        if probe is None:
            return
        name = bytes.fromhex(block)
        for address in probe.present:
            self.found[address] = with_name(self.found.get(address, b""), name)
            self.added.append((address, name))


def probe_of(traits: Traits) -> Probe:
    """The probe for a posting with `traits`."""
    now = traits.at // DAY_MS // GENERATION_DAYS
    places = [
        (int.from_bytes(bucket[:2]) % SHARDS, bucket[2:])
        for bucket in dict.fromkeys(_buckets(traits))
    ]
    return Probe(
        traits=traits,
        present=tuple((now, *place) for place in places),
        past=tuple((now - 1, *place) for place in places),
    )


def names_in(entries: bytes) -> list[str]:
    """Names of the blocks in a bucket."""
    starts = range(0, len(entries), NAME_BYTES)
    return [entries[start : start + NAME_BYTES].hex() for start in starts]


def with_name(entries: bytes, name: bytes) -> bytes:
    """A bucket's entries with `name` among them; the oldest goes where they become too many."""
    if name.hex() in names_in(entries):
        return entries
    return (entries + name)[-MOST_BLOCKS * NAME_BYTES :]


def _buckets(traits: Traits) -> Iterable[bytes]:
    place = places_of(traits.place)[0].split("/")[0]
    for band in range(BANDS if traits.sketch else 0):
        rows = traits.sketch[band * ROWS : (band + 1) * ROWS]
        yield _bucket("text", place, str(band), rows.hex())
    sound, *trades = employer_key(traits.employer).split("#")
    pay = (str(traits.pay_low), str(traits.pay_high))
    if traits.pay_high and trades:
        # Where neither name nor title can be read across languages, pay and trade still agree.
        yield _bucket("paid", place, *pay, *trades)
    title = parse(traits.title_key)
    for job in title.jobs[:_MOST_JOBS]:
        subject = _subject(title if len(title.jobs) == 1 else parse(job))
        if traits.pay_high:
            yield _bucket("pay", place, subject, *pay)
        if sound:
            yield _bucket("name", place, subject, sound[:3])
        if trades:
            yield _bucket("trade", place, subject, *trades)


def _subject(title: Title) -> str:
    """What a title is about, the same in any language where its words are known."""
    words: Sequence[str] = sorted(title.concepts) or sorted(title.key.split())
    return " ".join((*words, "/", *sorted(loosely(title.ranks))))


def _bucket(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
