"""Pieces of SDMX-ML 2.1 that all messages share. Pure."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from dashboard.sdmx.artefacts import Text
from dashboard.sdmx.message import SENDER, Head
from dashboard.sdmx.problems import Code

_BASE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES: Final = (
    f' xmlns:mes="{_BASE}message" xmlns:str="{_BASE}structure" xmlns:com="{_BASE}common"'
    f' xmlns:gen="{_BASE}data/generic" xmlns:ss="{_BASE}data/structurespecific"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def attributes(**given: str) -> str:
    """XML attributes, each after a blank; a `_` before a name stands for nothing."""
    return "".join(f" {name.lstrip('_')}={quoteattr(value)}" for name, value in given.items())


def texts(tag: str, words: Text | None) -> str:
    """One element for each language."""
    if words is None:
        return ""
    return "".join(
        f'<com:{tag} xml:lang="{code}">{escape(text)}</com:{tag}>' for code, text in words.parts()
    )


def header(head: Head, between: str = "", after: str = "") -> str:
    """The head of a message; `between` and `after` stand in the middle of it."""
    return (
        f"<mes:Header><mes:ID>{head.id}</mes:ID>"
        f"<mes:Test>{str(head.demonstration).lower()}</mes:Test>"
        f"<mes:Prepared>{head.stamp}</mes:Prepared>"
        f'<mes:Sender id="{SENDER}">{texts("Name", Text(en="Labourwatch, Lao PDR"))}</mes:Sender>'
        f"{between}{after}{_sources(head.note)}</mes:Header>\n"
    )


def _sources(words: Text) -> str:
    """Where the data come from; sdmx1 reads a header's source, and stumbles over its name."""
    return "".join(
        f'<mes:Source xml:lang="{code}">{escape(text)}</mes:Source>' for code, text in words.parts()
    )


def error_message(code: Code, detail: str) -> str:
    """An SDMX-ML error message."""
    return (
        f"{DECLARATION}<mes:Error{NAMESPACES}>"
        f'<mes:ErrorMessage code="{int(code)}">{texts("Text", Text(en=detail))}'
        "</mes:ErrorMessage></mes:Error>\n"
    )
