"""One bad message costs one message, and too many of them stop the stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from config.topics import DEAD_LETTERS, POSTINGS, VACANCIES
from scrapers.codec import decode, encode
from scrapers.items import DeadLetter, PostingsWithdrawn, Stage
from streams.batches import BatchProcess, Result
from streams.codec import decode_update
from streams.codes import Codes
from streams.deadletters import make_letter
from streams.guard import RefusalGuard, RefusalShareError
from streams.intake import Arrival, Unusable, read
from streams.records import NormalisedPosting
from streams.register import Settle
from streams.settle import Settlement, Settling
from streams.state import Block, decode_block, encode_block
from streams.unpack import Incoming, singles
from tests.factories_streams import START, FixedCoder, a_posting, a_withdrawal, province_double

CULPRIT = "Culprit Wanted"


class MemoryRegister:
    """The register's contract without Redis: what `settle` raises over is not stored."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    async def transact(self, arrivals: Sequence[Arrival], settle: Settle) -> Settlement:
        names = [arrival.block for arrival in arrivals]
        blocks: Mapping[str, Block] = {name: decode_block(self.stored.get(name)) for name in names}
        settlement = settle(arrivals, names, blocks)
        for name, block in settlement.changed.items():
            self.stored[name] = encode_block(block)
        return settlement


class TouchyCoder(FixedCoder):
    """Cannot code one posting, and answers short for another."""

    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        if any(posting.title == CULPRIT for posting in batch):
            raise KeyError("a title that no table has")
        return [code for code in super().code(batch) if batch[0].title != "Short"]


async def process(*payloads: bytes) -> Result:
    batch = BatchProcess(
        MemoryRegister(),  # type: ignore[arg-type]
        Settling(TouchyCoder(), province_double),
        clock=lambda: START,
    )
    return await batch.process([Incoming(key=b"k", payload=payload) for payload in payloads])


def letters(result: Result) -> list[DeadLetter]:
    return [
        decode(message.payload) for message in result.outgoing if message.topic == DEAD_LETTERS.name
    ]


def posting(number: int, **changes: object) -> bytes:
    return encode(
        a_posting(posting_id=str(number), hiring_organization=f"Company {number}", **changes)
    )


async def test_the_culprit_alone_is_refused() -> None:
    payloads = [posting(number) for number in range(20)]
    payloads[13] = posting(13, title=CULPRIT)
    result = await process(*payloads)
    told = [decode_update(m.payload) for m in result.outgoing if m.topic == VACANCIES.name]
    assert {update.posting_key for update in told} == {
        f"board-a:{number}" for number in range(20) if number != 13
    }
    assert [update.posting_key for update in told] == sorted(
        (update.posting_key for update in told), key=lambda key: int(key.split(":")[1])
    )
    (letter,) = letters(result)
    assert (letter.stage, letter.reason) == (Stage.CLASSIFY, "unforeseen")
    assert (letter.source_id, letter.posting_id) == ("board-a", "13")
    assert (letter.topic, letter.key, letter.payload) == (POSTINGS.name, b"k", payloads[13])
    assert "KeyError" in letter.detail
    assert "no table" not in letter.detail
    assert result.refused == 1


async def test_a_coder_that_answers_short_is_a_fault_of_its_stage() -> None:
    (letter,) = letters(await process(posting(1, title="Short")))
    assert letter.stage is Stage.CLASSIFY


async def test_updates_are_keyed_by_vacancy() -> None:
    (message,) = (await process(posting(1))).outgoing
    assert message.key == decode_update(message.payload).vacancy_id.encode()


async def test_a_withdrawal_without_posting_is_a_letter_but_no_refusal() -> None:
    gone = encode(a_withdrawal(a_posting(), START - START))
    result = await process(gone)
    (letter,) = letters(result)
    assert letter.reason == "withdrawal_without_posting"
    assert letter.event_time == START
    assert result.refused == 0


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (None, "payload_empty"),
        (b"", "payload_empty"),
        (b"{}", "undecodable"),
        (b'{"type":"SourceRun","v":1,"record":{}}', "undecodable"),
        (b'{"type":"JobPosting","v":2,"record":{}}', "undecodable"),
    ],
)
def test_unreadable_messages_have_a_reason(payload: bytes | None, reason: str) -> None:
    unusable = read(payload)
    assert isinstance(unusable, Unusable)
    assert unusable.reason == reason


def test_what_can_be_told_of_an_undecodable_posting_is_told() -> None:
    unusable = read(b'{"type":"JobPosting","v":1,"record":{"source_id":"s","posting_id":"9"}}')
    assert isinstance(unusable, Unusable)
    assert (unusable.source_id, unusable.posting_id) == ("s", "9")


def test_the_same_bad_input_has_the_same_letter_id() -> None:
    def letter(payload: bytes, topic: str = "postings") -> str:
        made = make_letter(
            Stage.NORMALISE, "r", "d", topic=topic, key=b"", payload=payload, failed_at=START
        )
        return made.letter_id

    assert letter(b"\xff\x00") == letter(b"\xff\x00")
    assert len({letter(b"a"), letter(b"b"), letter(b"a", "supply")}) == 3


def test_a_small_share_of_refusals_passes() -> None:
    guard = RefusalGuard(window=100, fewest=50, limit=0.5)
    for _ in range(100):
        guard.count(10, 5)


def test_a_large_share_of_refusals_stops_the_stream() -> None:
    guard = RefusalGuard(window=100, fewest=50, limit=0.5)
    guard.count(40, 40)  # too few to tell
    with pytest.raises(RefusalShareError, match="50 of the last 50"):
        guard.count(10, 10)


def test_old_refusals_leave_the_window() -> None:
    guard = RefusalGuard(window=100, fewest=50, limit=0.5)
    guard.count(40, 40)
    guard.count(100, 0)
    guard.count(100, 50)


def test_withdrawals_that_travel_together_are_taken_apart_in_order() -> None:
    posting = a_posting()
    each = [a_withdrawal(posting, timedelta(days=day)) for day in (1, 2, 3)]
    packed = PostingsWithdrawn(source_id=posting.source_id, withdrawals=tuple(each))
    apart = list(singles(Incoming(key=b"k", payload=encode(packed))))
    assert [decode(message.payload or b"") for message in apart] == each
    assert {message.key for message in apart} == {b"k"}


def test_a_message_that_cannot_be_taken_apart_is_given_as_it_came() -> None:
    broken = Incoming(key=None, payload=b'{"type":"PostingsWithdrawn","v":1,"record":7}')
    assert list(singles(broken)) == [broken]
