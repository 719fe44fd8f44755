"""Where a description says that the work is done, and not where the firm has its address."""

from __future__ import annotations

import re
from typing import Final

_CUES: Final = re.compile(
    r"(?:place of work|work(?:ing)? ?(?:place|location|station|site)|duty station|job location"
    r"|location|based (?:in|at)|stationed (?:in|at)|assigned to|posted to)\s*[:：\-–]?\s*"
    r"|(?:ສະຖານທີ່|ບ່ອນ)(?:ເຮັດວຽກ|ປະຕິບັດ(?:ງານ|ວຽກ)|ປະຈຳການ)\s*[:：]?\s*|ປະຈຳ(?:ຢູ່|ທີ່|ສາຂາ|ໂຄງການ|ແຂວງ|ເມືອງ)\s*"
    r"|ເຮັດວຽກ(?:ຢູ່|ທີ່)\s*|ສະຖານທີ່\s*[:：]\s*"
    r"|(?:สถานที่|ที่)(?:ทำงาน|ปฏิบัติงาน)\s*[:：]?\s*|(?:ปฏิบัติงาน|ประจำ|ทำงาน)(?:อยู่)?ที่\s*"
    r"|nơi làm việc\s*:?\s*|địa điểm(?: làm việc)?\s*:?\s*|làm việc tại\s*"
    r"|工作(?:地点|地址|地)\s*[:：]?\s*|(?:工作)?地点\s*[:：]\s*|驻",
    re.IGNORECASE,
)
# The sentence is of the firm, not of the job.
_OF_THE_FIRM: Final = re.compile(
    r"\b(?:compan(?:y|ies)|firm|organi[sz]ation|headquarter\w*|head office|we are"
    r"|is an?|project of|apply|send|submit|cv)\b"
    r"|ບໍລິສັດ|ສຳນັກງານໃຫຍ່|ສະໝັກ|ທີ່ຢູ່|ຕິດຕໍ່|บริษัท|สำนักงานใหญ่|สมัคร|ติดต่อ|trụ sở|công ty|nộp|总部|公司|联系",
    re.IGNORECASE,
)
_NOT_FURTHER: Final = re.compile(
    r"[\n;。！!?]|(?<!\bprov)(?<!\bdist)(?<!\bcap)\.\s|\.$"
    r"|\b(?:travel|send|apply|salary)\w*|with (?:frequent|occasional|regular)"
    r"|ເງິນເດືອນ|ສະໝັກ|ຕິດຕໍ່|ໂທ|เงินเดือน|lương|月薪",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[\n.;。!?！？]")
_LABEL: Final = re.compile(
    r"[:：]\s*$|^(?:place|work|duty|job|ສະຖານທີ່|ບ່ອນ|สถานที่|nơi|địa|工作)", re.IGNORECASE
)
_LONGEST: Final = 120
_MOST: Final = 6
_READ: Final = 20_000


def work_places(description: str) -> tuple[str, ...]:
    """The words after each cue that the place of work follows, in order; at most six.

    A cue in a sentence about the firm ("a company based in …") is passed over unless it is a
    label ("Place of work:").
    """
    found = []
    text = description[:_READ]
    for cue in _CUES.finditer(text):
        if not _LABEL.search(cue.group()) and _OF_THE_FIRM.search(_sentence_before(text, cue)):
            continue
        words = text[cue.end() : cue.end() + _LONGEST]
        stop = _NOT_FURTHER.search(words)
        words = words[: stop.start()] if stop else words
        if words.strip():
            found.append(_with_kind(cue.group(), words))
        if len(found) == _MOST:
            break
    return tuple(found)


def _sentence_before(text: str, cue: re.Match[str]) -> str:
    before = text[max(0, cue.start() - 200) : cue.start()]
    return _SENTENCE.split(before)[-1]


def _with_kind(cue: str, words: str) -> str:
    """ "ປະຈຳແຂວງ" and "ປະຈຳເມືອງ" say which kind of place follows."""
    for kind in ("ແຂວງ", "ເມືອງ", "ໂຄງການ"):
        if cue.strip().endswith(kind):
            return kind + words
    return words
