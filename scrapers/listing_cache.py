"""Listings kept for conditional requests only: the source is always asked, and its failure seen."""

from __future__ import annotations

from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import Request, Response


class Revalidated(RFC2616Policy):
    """Nothing kept stands for an answer unless the source says that it has not changed.

    A shared cache may serve old pages for a while, and during an outage. For a watcher that would
    hide new postings and the outage itself.
    """

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        """Never; the request is made conditional."""
        self._set_conditional_validators(request, cachedresponse)
        return False

    def is_cached_response_valid(
        self,
        cachedresponse: Response,  # noqa: ARG002
        response: Response,
        request: Request,  # noqa: ARG002
    ) -> bool:
        """Whether the source has said "not modified"."""
        return response.status == 304
