"""Named levels at which two postings' fields compare."""

from __future__ import annotations

from enum import StrEnum


class EmployerLevel(StrEnum):
    """How the employers' names compare."""

    SAME = "same"
    VARIANT = "variant"
    """Equal but for legal form, spelling or romanisation."""
    UNKNOWN = "unknown"
    """Not named, or an agency that posts for others."""
    OTHER_SCRIPT = "other_script"
    """Written in two scripts, not alike by sound but of one trade: it may be a translation."""
    DIFFERENT = "different"
    AGENCY = "agency"
    """The same agency, which posts for many."""


class TitleLevel(StrEnum):
    """How the titles compare."""

    EQUAL = "equal"
    ALIKE = "alike"
    MEANING = "meaning"
    """Other words for the same concepts, in one language or two."""
    LISTED = "listed"
    """One lists several jobs of which the other names some."""
    KINDRED = "kindred"
    """One says more than the other; in two scripts, they share most of their concepts."""
    CODE = "code"
    """The same occupation in another script, by the coder alone."""
    OPAQUE = "opaque"
    """In two scripts, and the words of at least one are in no table: they cannot be compared."""
    DIFFERENT = "different"


class Level(StrEnum):
    """How another field compares."""

    EQUAL = "equal"
    PART = "part"
    OVERLAP = "overlap"
    CLOSE = "close"
    ALIKE = "alike"
    UNKNOWN = "unknown"
    FAR = "far"
    DIFFERENT = "different"
