"""A labour market of any size made by the warehouse itself, the same for the same seed.

Each draw is a hash of (vacancy, seed, what is drawn), so that no state is kept and months can be
made in any order. Skews are powers of a uniform number: few provinces, occupations, employers and
skills hold most vacancies. Of the vacancies 5 % are described a second time in another occupation
(with the events that move them), 88 % close after 3 to 90 days, 4 % are re-posted after closing.
Postings are not made: none of the questions reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from config.skills import skills
from config.vocabulary import industries, occupations, provinces, read_table

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

LAST: Final = date(2026, 10, 31)
_AT_ONCE: Final = 300_000
"""Vacancies of one insert: more do not fit the memory of a query. Which ones changes nothing."""
_EMPLOYERS: Final = 40_000
_SKILLS: Final = 2_000
_TITLES: Final = 2_000
_LISTS: Final = "generated_codes"


def months(count: int) -> list[date]:
    """First days of the `count` months up to `LAST`, in order."""
    begin = LAST.year * 12 + LAST.month - count
    return [date(place // 12, place % 12 + 1, 1) for place in range(begin, begin + count)]


def fill(client: Client, *, vacancies: int, months_: int, steps: int, seed: int) -> None:
    """Make about `vacancies` vacancies of `months_` months with their events, in `steps` inserts.

    The schema has to be there, empty.
    """
    begins = months(months_)[:: months_ // steps]
    ends = [*(begin - timedelta(days=1) for begin in begins[1:]), LAST]
    each = vacancies // len(begins)
    client.command(f"CREATE TABLE {_LISTS} (kind String, codes Array(String)) ENGINE = Memory")
    client.insert(_LISTS, [[kind, codes] for kind, codes in _lists().items()])
    for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        for start in range(0, each, _AT_ONCE):
            given = {"seed": seed, "first": number * each + start, "begin": begin,
                     "count": min(_AT_ONCE, each - start)}  # fmt: skip
            for sql in _statements((end - begin).days + 1):
                client.command(sql, parameters=given, settings={"max_insert_threads": 2})
    client.command(f"DROP TABLE {_LISTS}")


def _lists() -> dict[str, list[str]]:
    groups = [code for code in occupations() if len(code) == 4]
    titles = (row["expression"] for row in read_table("lexicon", "occupations_lo.csv"))
    return {
        "province": list(provinces()),
        "isco": sorted(groups, key=lambda code: code[::-1]),  # all major groups among the many
        "isic": [code for code in industries() if code.isalpha()],
        "education": ["", "3", "4", "5", "6", "7"],
        "title": list(islice(titles, _TITLES)),
        "skill": list(islice(skills(), _SKILLS)),
        "source": [f"board-{letter}" for letter in "abcdef"],
    }


def _u(what: str, of: str = "number") -> str:
    """A uniform number in [0, 1)."""
    return f"((cityHash64({of}, {{seed:UInt64}}, '{what}') % 1000003) / 1000003)"


def _pick(kind: str, power: float, what: str = "", of: str = "number") -> str:
    """One of a list's codes; the higher the power, the more often one of the first."""
    return f"{kind}s[1 + toUInt32(floor(length({kind}s) * pow({_u(what or kind, of)}, {power})))]"


def _identity(salt: str) -> str:
    return f"lower(hex(sipHash128(number, {{seed:UInt64}}, '{salt}')))"


def _drawn(days: int) -> str:
    """One row a vacancy: everything that is drawn of it."""
    skill = _pick("skill", 2.5, of="(number, i)")
    lists = ", ".join(
        f"(SELECT codes FROM {_LISTS} WHERE kind = '{kind}') AS {kind}s" for kind in _lists()
    )
    return f"""WITH {lists} SELECT number,
      {_identity("v")} AS vacancy_id,
      {{begin:Date}} + toUInt16(floor({days} * {_u("day")})) AS opened_on,
      if({_u("place")} < 0.08, '', {_pick("province", 2.2)}) AS province,
      if({_u("coded")} < 0.06, '', {_pick("isco", 2.0)}) AS isco08,
      {_pick("isco", 2.0, "isco again")} AS isco08_again,
      if({_u("isic?")} < 0.1, '', {_pick("isic", 1.8)}) AS isic,
      {_pick("education", 0.8)} AS education,
      concat('Company ', toString(toUInt32(floor({_EMPLOYERS} * pow({_u("employer")}, 3))))) AS employer,
      concat({_pick("title", 1.5)}, ' ', toString(number % 97)) AS title,
      arrayMap(i -> {skill}, range(toUInt8(floor(9 * {_u("skills")})))) AS named,
      {_u("pay?")} < 0.45 AS paid,
      50000 * round((24 + 10 * toUInt8OrZero(substring(isco08, 1, 1)) % 5 * 4
        + 60 * pow({_u("pay")}, 3))) AS low,
      low * [1, 1.25, 1.5][1 + number % 3] AS high,
      {_u("closes")} < 0.88 AS closes,
      toUInt16(3 + floor(87 * pow({_u("duration")}, 1.6))) AS days,
      {_u("reposted")} < 0.04 AS reposts,
      number % 20 = 7 AS moves,
      {_pick("source", 1.7)} AS source_id,
      toDateTime64(opened_on, 3, 'UTC') + toIntervalSecond(cityHash64(number, 'at') % 36000) AS at
    FROM numbers({{first:UInt64}}, {{count:UInt64}})"""  # noqa: E501 (one column a line)


def _statements(days: int) -> Iterator[str]:
    drawn = _drawn(days)
    for version, chosen, occupation in (("a", "1", "isco08"), ("b", "moves", "isco08_again")):
        later = "+ toIntervalDay(5)" if version == "b" else ""
        yield f"""INSERT INTO vacancies (record_id, vacancy_id, opened_on, employer, title, language,
          openings, isco08, isco1, isco2, isco08_probability, isic, province, pay_lower_lak,
          pay_upper_lak, skills, coder_version, posting_key, source_id, version, loaded_at,
          education)
        SELECT {_identity(version)}, vacancy_id, opened_on, employer, title, 'lo', 1,
          {occupation}, substring({occupation}, 1, 1), substring({occupation}, 1, 2), 0.8, isic,
          province, if(paid, low, NULL), if(paid, high, NULL), named, 'generated',
          concat(source_id, ':', toString(number)), source_id,
          toUnixTimestamp64Milli(at {later}), at {later}, education
        FROM ({drawn}) WHERE {chosen}"""  # noqa: E501
    events = (
        ("opened", "at", "opened_on", 1, 1, "isco08", "1"),
        ("reclassified-", "at + toIntervalDay(5)", "opened_on", -1, -1, "isco08", "moves"),
        ("reclassified+", "at + toIntervalDay(5)", "opened_on", 1, 1, "isco08_again", "moves"),
        ("closed", "at + toIntervalDay(days)", "opened_on + days", 0, -1, "now08", "closes"),
        ("reposted", "at + toIntervalDay(days + 9)", "opened_on + days + 9", 0, 1, "now08",
         "closes AND reposts"),
    )  # fmt: skip
    made = ", ".join(
        f"('{kind}', {at}, {day}, {flow}, {stock}, {code}, toUInt8({chosen}))"
        for kind, at, day, flow, stock, code, chosen in events
    )
    yield f"""INSERT INTO vacancy_events (event_id, record_id, vacancy_id, posting_key, source_id,
      kind, event_time, event_date, flow, stock, province, isco08, isco1, isic, loaded_at)
    SELECT lower(hex(sipHash128(number, {{seed:UInt64}}, e.1))), {_identity("a")}, vacancy_id,
      concat(source_id, ':', toString(number)), source_id,
      replaceRegexpOne(e.1, '[-+]', ''), e.2, e.3, e.4, e.5, province, e.6,
      substring(e.6, 1, 1), isic, e.2
    FROM (SELECT *, if(moves AND days > 5, isco08_again, isco08) AS now08 FROM ({drawn}))
    ARRAY JOIN [{made}] AS e WHERE e.7 AND e.3 <= '{LAST}'"""
