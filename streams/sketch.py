"""A small fingerprint of a description whose agreement estimates how much text two share.

One-permutation min-hashing (Li, Owen and Zhang 2012, "One Permutation Hashing", NIPS): the hashes
of all character shingles are split into 64 bins by their upper bits and the smallest of each bin is
kept, here its lower byte only (b-bit min-hashing, Li and König 2010). Characters, not words: Lao
puts no blank between words.
"""

from __future__ import annotations

from typing import Final

import numpy as np

BINS: Final = 64
SHINGLE: Final = 6
"""Characters: long enough that unrelated texts of one language share few."""
SHORTEST: Final = 60
"""Characters without blanks below which a description says too little to compare."""
LONGEST: Final = 4_000

_MULTIPLIER: Final = np.uint32(0x9E3779B1)
_FINAL_1: Final = np.uint32(0x85EBCA6B)
_FINAL_2: Final = np.uint32(0xC2B2AE35)


def sketch(description: str) -> bytes:
    """64 bytes for the text, or none where it is too short to be compared."""
    text = "".join(description[:LONGEST].casefold().split())
    if len(text) < SHORTEST:
        return b""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    hashes = np.sort(_shingle_hashes(letters))
    # Written from the largest to the smallest, so that the smallest of each bin stays.
    bins = (hashes >> np.uint32(26))[::-1]
    result = np.zeros(BINS, dtype=np.uint8)
    # The lower bits, never 0: that marks a bin without any shingle.
    result[bins] = (hashes | np.uint32(1)).astype(np.uint8)[::-1]
    return result.tobytes()


def resemblance(one: bytes, other: bytes) -> float | None:
    """Estimated Jaccard similarity of two texts' shingles in [0, 1]; `None` if one is too short."""
    if not one or not other:
        return None
    equal = used = 0
    for left, right in zip(one, other, strict=True):
        if left or right:
            used += 1
            equal += left == right
    return equal / used


def _shingle_hashes(
    letters: np.ndarray[tuple[int], np.dtype[np.uint32]],
) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    count = len(letters) - SHINGLE + 1
    hashes = np.zeros(count, dtype=np.uint32)
    for offset in range(SHINGLE):
        hashes = hashes * _MULTIPLIER + letters[offset : offset + count]
    # The finaliser of MurmurHash3, so that the upper bits depend on every letter.
    hashes ^= hashes >> np.uint32(16)
    hashes *= _FINAL_1
    hashes ^= hashes >> np.uint32(13)
    hashes *= _FINAL_2
    hashes ^= hashes >> np.uint32(16)
    return hashes
