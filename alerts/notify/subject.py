"""Subjects of e-mails in any script, with the spaces that they have."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage


def set_subject(mail: EmailMessage, text: str) -> None:
    """Give `mail` its subject, in one line.

    Python's own folding of such a header loses or doubles spaces beside encoded words (as of 3.11):
    the Lao name of a place stuck to the word before it. RFC 2047 encodes the whole text instead,
    spaces within.
    """
    line = " ".join(text.split())
    if line.isascii():
        mail["Subject"] = line
    else:
        mail.set_raw("Subject", Header(line, "utf-8", header_name="Subject").encode())
