"""What a source of kind `drop` declares: where its files lie and how their tables are read."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from config.feeds import feeds
from scrapers.source_specs import Strict


class Place(StrEnum):
    """Where files are dropped."""

    FOLDER = "folder"
    HTTP = "http"
    SFTP = "sftp"


class DropSpec(Strict):
    """Files that a provider leaves for us, each a table of postings or of supply."""

    where: Place = Field(strict=False)
    path: str = ""
    """The folder, on this machine or on the SFTP server."""
    url: str = ""
    """Address of the one file that is asked for again and again."""
    host: str = ""
    port: int = Field(22, ge=1, le=65535)
    user: str = ""
    known_hosts: str = ""
    """File with the server's key, as OpenSSH keeps it; a server of another key is not spoken to."""
    key_file: str = ""
    """File with our private key; passwords are not used."""
    pattern: str = "*"
    """Names of the files that are meant (`*`, `?`, `[…]`)."""
    table: Literal["postings", "supply"] = "postings"
    feed: str = ""
    """Schema of a supply table (`config/feeds`); default: the one that the source is known for."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Column → field, for columns whose names do not tell."""
    format: Literal["", "csv", "tsv", "json", "jsonl", "xlsx", "parquet"] = ""
    """Default: by the ending of the file's name."""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = Field("", max_length=1)
    records: str = ""
    complete: bool = False
    """Whether each file lists every open posting, so that absence from it means something."""
    whole_when: Literal["settled", "marked"] = "settled"
    """A file is whole when it no longer grows, or when `<its name>.done` lies beside it."""
    settle_s: float = Field(5.0, ge=0.05, le=600)
    """Seconds for which a file must not have changed."""
    after: Literal["keep", "archive"] = "keep"
    """Files that were read stay and are remembered, or move to `archive` (or `refused`) below."""
    largest_mb: int = Field(100, ge=1, le=1000)
    """Megabytes that a file may have, packed or unpacked."""

    @field_validator("encoding")
    @classmethod
    def _is_codec(cls, name: str) -> str:
        try:
            "".encode(name or "utf-8")
        except LookupError as error:
            expected = "expected an encoding such as utf-8, cp1252, cp874 or utf-16"
            raise ValueError(expected) from error
        return name

    @model_validator(mode="after")
    def _is_reachable(self) -> Self:
        if self.where is Place.HTTP:
            if urlsplit(self.url).scheme not in ("http", "https"):
                raise ValueError("url: expected the http or https address of the file")
            if self.after != "keep" or self.whole_when != "settled":
                raise ValueError("after, whole_when: nothing can be moved or marked over HTTP")
        elif not self.path:
            raise ValueError("path: expected the folder in which files are dropped")
        if self.where is Place.SFTP:
            needed = ("host", "user", "known_hosts", "key_file")
            missing = [name for name in needed if not getattr(self, name)]
            if missing:
                raise ValueError(f"{', '.join(missing)}: needed to reach an SFTP server")
        if self.feed and (self.table != "supply" or self.feed not in feeds()):
            raise ValueError(f"feed: of a supply table one of {', '.join(feeds())}")
        if self.complete and self.table == "supply":
            raise ValueError("complete: means something for postings only")
        return self

    @property
    def largest_bytes(self) -> int:
        """Bytes that a file may have, packed or unpacked."""
        return self.largest_mb * 1_000_000
