"""A block never holds postings of two partitions."""

from __future__ import annotations

import pytest

from scrapers.publish import partition_key
from streams.state import block_name
from tests.factories_streams import a_posting


@pytest.mark.parametrize(
    "employer", ["Acme", " ACME\t ", "ບໍລິສັດ  ລາວ", "", "  ", "STRASSE", "straße"]
)
def test_blocks_are_partition_keys(employer: str) -> None:
    one = a_posting(hiring_organization=employer)
    for other in ("acme", "ບໍລິສັດ ລາວ", "strasse", ""):
        second = a_posting(hiring_organization=other, posting_id="2")
        same_key = partition_key(employer, one.posting_key) == partition_key(
            other, second.posting_key
        )
        assert (block_name(one) == block_name(second)) == same_key
