"""The same questions on DuckDB, with the same rows, set up as well as we know how.

DuckDB gets the current version of each vacancy, found beforehand (our raw questions find it each
time), both tables sorted by day, and two threads. Its answers have to equal ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.asked import Bounds

if TYPE_CHECKING:
    import duckdb
    from clickhouse_connect.driver.client import Client

_EVENTS: Final = """SELECT event_date, vacancy_id, event_time, toString(kind) AS kind, flow, stock,
  toString(province) AS province, toString(isco08) AS isco08, toString(isco1) AS isco1,
  toString(isic) AS isic, toString(source_id) AS source_id FROM vacancy_events
  WHERE toYYYYMM(event_date) = {month}"""
_VACANCIES: Final = """SELECT opened_on, vacancy_id, version, title, employer,
  toString(province) AS province, toString(isco08) AS isco08, toString(isco1) AS isco1,
  toString(isco2) AS isco2, toString(isic) AS isic, toString(education) AS education,
  arrayDistinct(skills)::Array(String) AS skills,
  if(pay_outlier = 0, (pay_lower_lak + pay_upper_lak) / 2, NULL) AS pay
  FROM (SELECT * FROM vacancies WHERE toYYYYMM(opened_on) = {month}
    ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id)"""
_MONTHS: Final = (
    "SELECT m FROM (SELECT toYYYYMM(event_date) AS m FROM rollup_cells"
    " UNION DISTINCT SELECT toYYYYMM(month) AS m FROM vacancy_marks) ORDER BY m"
)


def load_peer(client: Client, folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB database in `folder` with the rows of the warehouse, handed over as Parquet."""
    import duckdb

    database = duckdb.connect(str(folder / "peer.duckdb"))
    database.execute("SET threads = 2; SET memory_limit = '6GB'; SET TimeZone = 'UTC'")
    months = [row[0] for row in client.query(_MONTHS).result_rows]
    for table, sql, day in (("ev", _EVENTS, "event_date"), ("va", _VACANCIES, "opened_on")):
        for month in months:
            path = folder / f"{table}-{month}.parquet"
            with path.open("wb") as file:
                file.writelines(client.raw_stream(sql.format(month=month), fmt="Parquet"))
        database.execute(
            f"CREATE TABLE {table} AS SELECT * FROM '{folder}/{table}-*.parquet' ORDER BY {day}"
        )
        for path in folder.glob(f"{table}-*.parquet"):
            path.unlink()
    return database


_CLOSED: Final = "kind IN ('closed', 'expired')"


def _spread(value: str) -> str:
    levels = ", ".join(f"quantile_disc({value}, {q})" for q in (0.1, 0.25, 0.5, 0.75, 0.9))
    return f"isco1, count(*), {levels}"


PEER: Final[dict[str, str]] = {
    "trend": f"""SELECT greatest(event_date, $since), coalesce(sum(flow)
        FILTER (event_date >= $since), 0), count(*) FILTER ({_CLOSED} AND event_date >= $since),
        sum(stock) FROM ev WHERE event_date <= $until GROUP BY 1 ORDER BY 1""",
    "flow_by_province": """SELECT date_trunc('week', event_date)::DATE AS w, province, sum(flow) n
        FROM ev WHERE event_date BETWEEN $first AND $sunday GROUP BY 1, 2 HAVING n != 0
        ORDER BY 1, 2""",
    "flow_by_major": """SELECT date_trunc('week', event_date)::DATE AS w, isco1, sum(flow) n
        FROM ev WHERE event_date BETWEEN $first AND $sunday GROUP BY 1, 2 HAVING n != 0
        ORDER BY 1, 2""",
    "stock_by_province": """SELECT province, greatest(event_date, $since) AS d, sum(stock) FROM ev
        WHERE event_date <= $until GROUP BY 1, 2 ORDER BY 1, 2""",
    "cell_table": f"""SELECT province, isco1, coalesce(sum(flow) FILTER (event_date >= $since), 0),
        coalesce(sum(flow) FILTER (event_date < $since AND event_date >= $before), 0),
        count(*) FILTER ({_CLOSED} AND event_date >= $since), sum(stock)
        FROM ev WHERE event_date <= $until GROUP BY 1, 2 ORDER BY 1, 2""",
    "top_occupations": """SELECT isco08, sum(flow) FILTER (event_date >= $first) AS n, sum(stock)
        FROM ev WHERE event_date <= $sunday AND isco08 != '' GROUP BY 1 HAVING n > 0
        ORDER BY n DESC, 1 LIMIT 20""",
    "skills_demand": """SELECT s, count(*) AS n FROM (SELECT unnest(skills) AS s FROM va
        WHERE opened_on BETWEEN $first AND $sunday AND province = $province AND isco1 = $isco1)
        GROUP BY 1 ORDER BY n DESC, 1 LIMIT 30""",
    "pay_quantiles": f"""SELECT {_spread("pay")} FROM va WHERE pay IS NOT NULL
        AND opened_on BETWEEN $first AND $sunday GROUP BY 1 ORDER BY 1""",
    "durations": f"""SELECT {_spread("days")} FROM (SELECT c.isco1,
        greatest(0, c.event_date - o.event_date) AS days
        FROM (SELECT * FROM ev WHERE {_CLOSED} AND event_date BETWEEN $first AND $sunday) c
        ASOF JOIN (SELECT * FROM ev WHERE kind IN ('opened', 'reposted')
          AND event_date BETWEEN $first - 400 AND $sunday) o
        ON c.vacancy_id = o.vacancy_id AND c.event_time >= o.event_time) GROUP BY 1 ORDER BY 1""",
    "newest_vacancies": """SELECT vacancy_id FROM va WHERE opened_on BETWEEN $until - 27 AND $until
        AND isco1 = $isco1 ORDER BY opened_on DESC, version DESC, vacancy_id LIMIT 20""",
    "source_counts": """SELECT source_id, coalesce(sum(flow) FILTER (event_date >= $since), 0) AS n,
        sum(stock), max(event_date) FROM ev WHERE event_date <= $until GROUP BY 1
        ORDER BY n DESC, 1""",
    "skill_share": """SELECT date_trunc('quarter', opened_on)::DATE, province, count(*),
        count(*) FILTER (list_contains(skills, $skill)) FROM va WHERE isic = $isic
        AND opened_on BETWEEN $year AND $until GROUP BY 1, 2 ORDER BY 1, 2""",
    "skills_beside": """WITH w AS (SELECT skills, list_contains(skills, $skill) AS has FROM va
          WHERE opened_on BETWEEN $year AND $until),
        top AS (SELECT s, count(*) AS n FROM (SELECT unnest(skills) AS s FROM w WHERE has)
          WHERE s != $skill GROUP BY 1 ORDER BY n DESC, 1 LIMIT 20),
        al AS (SELECT s, count(*) AS n FROM (SELECT unnest(skills) AS s FROM w) GROUP BY 1)
        SELECT top.s, top.n, al.n FROM top JOIN al USING (s) ORDER BY top.n DESC, 1""",
    "employer_concentration": """SELECT province, isco1, sum(n) AS v, count(*), max(n) FROM
        (SELECT province, isco1, employer, count(*) AS n FROM va WHERE employer != ''
        AND opened_on BETWEEN $year AND $until GROUP BY 1, 2, 3) GROUP BY 1, 2 ORDER BY 1, 2""",
    "pay_by_education": """SELECT education, isco2, count(*), quantile_disc(pay, 0.5) FROM va
        WHERE pay IS NOT NULL AND opened_on BETWEEN $year AND $until GROUP BY 1, 2 ORDER BY 1, 2""",
    "search_titles": """SELECT vacancy_id FROM va WHERE opened_on BETWEEN $year AND $until
        AND contains(lower(title), $word) ORDER BY opened_on DESC, vacancy_id LIMIT 50""",
}


def ask_peer(
    database: duckdb.DuckDBPyConnection, name: str, bounds: Bounds
) -> list[tuple[Any, ...]]:
    """The peer's answer, as rows that `benchmarks.asked.comparable` makes of ours."""
    sql = PEER[name]
    given = {key: value for key, value in bounds.parameters().items() if f"${key}" in sql}
    return [tuple(row) for row in database.execute(sql, given).fetchall()]
