"""Feeds: the declared schema of what each institution's system sends, one YAML in `config/feeds`.

A feed is a table of aggregates, never of persons. Each row states one figure of one cell: measure,
period, and the dimensions by which the figure is broken down; an empty dimension means "all".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from config.declared import DeclarationError, load_declared

Snake = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,60}$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Dimension(StrEnum):
    """What a figure can be broken down by; the order is the order of columns."""

    PROVINCE = "province"
    DISTRICT = "district"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    FIELD = "field"
    LEVEL = "level"
    SEX = "sex"
    AGE_GROUP = "age_group"
    COUNTRY = "country"
    RESIDENCE = "residence"
    CATEGORY = "category"
    """One list of codes of the feed's own, for example kinds of permit."""


class Unit(StrEnum):
    """What a figure counts or measures."""

    PERSONS = "persons"
    VACANCIES = "vacancies"
    PERMITS = "permits"
    ENTERPRISES = "enterprises"
    ACCOUNTS = "accounts"
    TASKS = "tasks"
    PERCENT = "percent"
    HOURS = "hours"
    KIP = "kip"


COUNTED: Final = frozenset(
    {Unit.PERSONS, Unit.VACANCIES, Unit.PERMITS, Unit.ENTERPRISES, Unit.ACCOUNTS, Unit.TASKS}
)
"""Units whose figures add up over a dimension."""


class Period(StrEnum):
    """How long the time is that a figure of the feed describes."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    """1 September to 31 August."""


class Strict(BaseModel):
    """A declaration that takes no unknown field and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(Strict):
    """A name in both languages."""

    en: Text
    lo: Text


class Measure(Strict):
    """One figure that a feed may state."""

    unit: Unit
    name: Names
    definition: Text
    estimate: bool = False
    """Whether it comes from a sample or projection and need not be a whole number."""


class Category(Strict):
    """What the feed's own dimension means, with its codes."""

    name: Names
    codes: Mapping[Snake, Names] = Field(min_length=1)


class Feed(Strict):
    """The schema of one system's table."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    version: int = Field(ge=1)
    """Raised with every change of columns, measures or codes."""
    name: Names
    owner: Names
    purpose: Text
    strategy: Text
    """Where the strategy asks for it."""
    periods: tuple[Period, ...] = Field(min_length=1)
    """Lengths of time it may speak of."""
    frequency: Period
    """How often it is expected."""
    delay_days: int = Field(ge=0, le=1100)
    """How long after the end of its period a table is expected at the latest."""
    required: tuple[Dimension, ...] = ()
    """Dimensions that every row must state."""
    optional: tuple[Dimension, ...] = ()
    measures: Mapping[Snake, Measure] = Field(min_length=1)
    category: Category | None = None
    minimum_cell: int = Field(0, ge=0, le=100)
    """Counts of persons above 0 and below it are stored, and never published."""
    projected: bool = False
    """Whether periods that have not begun are allowed."""
    example: Text
    """Name of its example file in `config/feeds/examples`."""
    example_is: Text
    """Whether the example's figures are invented, or whose they are."""

    @model_validator(mode="after")
    def _consistent(self) -> Feed:
        both = set(self.required) & set(self.optional)
        if both:
            raise ValueError(f"{sorted(both)} both required and optional")
        if (Dimension.CATEGORY in self.dimensions) != (self.category is not None):
            raise ValueError("expected `category` exactly where it is one of the dimensions")
        return self

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Every dimension a row may state, in the order of columns."""
        stated = {*self.required, *self.optional}
        return tuple(dimension for dimension in Dimension if dimension in stated)


class FeedUnknownError(ValueError):
    """No feed has this id; the message lists those there are."""


def load_feeds(folder: Traversable) -> dict[str, Feed]:
    """Every feed that `folder` declares, by id.

    Raises:
        DeclarationError: naming every mistake of every file at once.
    """
    found: dict[str, Feed] = {}
    mistakes: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not path.name.endswith(".yaml"):
            continue
        try:
            feed = load_declared(path, Feed, stem_is_id=True)
        except DeclarationError as error:
            mistakes.append(str(error))
            continue
        found[feed.id] = feed
    if mistakes:
        raise DeclarationError("\n".join(mistakes))
    return found


@cache
def feeds() -> Mapping[str, Feed]:
    """The feeds shipped with the service, by id."""
    return load_feeds(files("config") / "feeds")


def feed_named(feed_id: str) -> Feed:
    """The shipped feed of this id.

    Raises:
        FeedUnknownError: there is none.
    """
    try:
        return feeds()[feed_id]
    except KeyError:
        raise FeedUnknownError(f"no feed {feed_id!r}; there are {', '.join(feeds())}") from None
