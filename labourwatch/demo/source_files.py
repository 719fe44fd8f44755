"""Writes the demonstration's source files: the shipped templates with the boards' addresses."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

PLACEHOLDER: Final = "{base_url}"


def write_sources(directory: Path, base_urls: Mapping[str, str]) -> list[Path]:
    """Write one YAML per source into `directory` and return their paths.

    Args:
        base_urls: source id → address. A template that needs no address is written as it is.

    Raises:
        KeyError: a template needs an address that is not given.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for template in sorted(
        (files("labourwatch.demo") / "sources").iterdir(), key=lambda entry: entry.name
    ):
        if not template.name.endswith(".yaml"):
            continue
        text = template.read_text("utf-8")
        if PLACEHOLDER in text:
            text = text.replace(PLACEHOLDER, base_urls[template.name.removesuffix(".yaml")])
        path = directory / template.name
        draft = path.with_suffix(".new")
        draft.write_text(text, "utf-8")
        draft.replace(path)
        written.append(path)
    return written
