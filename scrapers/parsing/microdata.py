"""schema.org JobPosting in microdata and RDFa, read where a page has no JSON-LD of one."""

from __future__ import annotations

from typing import Any

import extruct
from lxml import etree

from scrapers.parsing.jsonld import is_job_posting


def read_microdata(html: str, url: str) -> list[dict[str, Any]]:
    """JobPosting nodes in JSON-LD's form; an unparsable page gives none."""
    if "JobPosting" not in html:
        return []
    try:
        found = extruct.extract(
            html, base_url=url, syntaxes=["microdata"], uniform=True, errors="ignore"
        )
    except (etree.LxmlError, ValueError, RecursionError):
        return []
    return [node for node in found.get("microdata", []) if is_job_posting(node)]
