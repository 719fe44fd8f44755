"""What one would otherwise assemble: a script run by cron, with pandas and PostgreSQL.

Each run reads the postings that came since the last, codes titles and places by regular
expressions, drops duplicates of employer, title and place, and stores in PostgreSQL what is not
there yet. The server is Debian's, with its defaults, spoken to by `psql` (COPY); where there is
none, SQLite. Nothing is charged for starting Python, pandas or the server.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: Final = ("posting", "employer", "title", "place", "isco1", "province", "dedup", "text")
_TABLE: Final = f"CREATE TABLE jobs ({', '.join(f'{name} TEXT' for name in _COLUMNS)})"
_LINKS: Final = "CREATE TABLE seen (posting TEXT PRIMARY KEY, dedup TEXT)"
_STORE: Final = (
    "INSERT INTO seen SELECT posting, dedup FROM fresh WHERE TRUE ON CONFLICT DO NOTHING",
    "INSERT INTO jobs SELECT * FROM unique_fresh WHERE TRUE ON CONFLICT (dedup) DO NOTHING",
)
# First match counts. Written as such scripts are: words of titles in English and Lao.
_GROUPS: Final[Mapping[str, str]] = {
    "1": r"manager|director|head of|chief|ຜູ້ຈັດການ|ຜູ້ອຳນວຍການ|ຫົວໜ້າ",
    "2": r"engineer|accountant|teacher|lecturer|doctor|developer|programmer|analyst|lawyer|nurse"
    r"|ວິສະວະກອນ|ນັກບັນຊີ|ຄູ|ອາຈານ|ທ່ານໝໍ|ນັກພັດທະນາ",
    "3": r"technician|supervisor|assistant|sales rep|officer|coordinator|ຊ່າງເຕັກນິກ|ຊ່ວຍ|ປະສານງານ",
    "4": r"clerk|secretary|receptionist|admin|cashier|data entry|ທຸລະການ|ຕ້ອນຮັບ|ບໍລິຫານ",
    "5": r"waiter|waitress|cook|chef|sales|shop|guard|security|barista|hairdress|ຂາຍ|ພໍ່ຄົວ|ແມ່ຄົວ"
    r"|ເສີບ|ຍາມ|ປອດໄພ",
    "6": r"farm|gardener|fish|livestock|ກະສິກຳ|ສວນ|ລ້ຽງສັດ",
    "7": r"electrician|mechanic|carpenter|welder|mason|tailor|plumber|ຊ່າງ|ຕັດຫຍິບ",
    "8": r"driver|operator|assembl|ຄົນຂັບ|ຂັບລົດ|ຄຸມເຄື່ອງ",
    "9": r"cleaner|labou?rer|helper|housekeep|porter|ແມ່ບ້ານ|ກຳມະກອນ|ອະນາໄມ",
}
_PROVINCES: Final[Mapping[str, str]] = {
    "LA-VI": r"vientiane prov|ແຂວງວຽງຈັນ|vang vieng",
    "LA-VT": r"vientiane|viangchan|ວຽງຈັນ",
    "LA-LP": r"luang ?prabang|ຫຼວງພະບາງ",
    "LA-SV": r"sav?annakhet|savanakhet|ສະຫວັນນະເຂດ",
    "LA-CH": r"champas+ak|pakse|ຈຳປາສັກ",
    "LA-KH": r"kham+[ou]+an|thakhek|ຄຳມ່ວນ",
    "LA-LM": r"luang ?namtha|ຫຼວງນ້ຳທາ",
    "LA-OU": r"oudom|udom|ອຸດົມໄຊ",
    "LA-BK": r"bok[eè]o|ບໍ່ແກ້ວ",
    "LA-BL": r"bolikham|borikham|ບໍລິຄຳໄຊ",
}
_STAGE: Final = b"""BEGIN; CREATE TEMP TABLE fresh (posting TEXT, dedup TEXT) ON COMMIT DROP;
CREATE TEMP TABLE unique_fresh (LIKE jobs) ON COMMIT DROP;
"""
_DEBIAN: Final = Path("/usr/lib/postgresql")


class Database(Protocol):
    """Where the script stores."""

    name: str

    def store(self, fresh: pd.DataFrame, unique: pd.DataFrame) -> None:
        """Add the run's postings, and those rows whose `dedup` is not there yet."""
        ...

    def rows(self, sql: str) -> list[tuple[str, str]]:
        """The answer to a question of two columns, as text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the script did: its speed, and what it holds."""

    database: str
    seconds: float
    made: dict[str, str]
    """Posting → its kept row."""
    codes: dict[str, str]
    """Kept row → major group."""


def run_script(payloads: Sequence[tuple[str, bytes]], folder: Path, each: int) -> Outcome:
    """Let the script work on (posting, JSON) in runs of `each` postings."""
    with _database(folder) as database:
        begun = time.perf_counter()
        for start in range(0, len(payloads), each):
            _run(payloads[start : start + each], database)
        seconds = time.perf_counter() - begun
        made = dict(database.rows("SELECT * FROM seen"))
        codes = dict(database.rows("SELECT dedup, isco1 FROM jobs"))
        return Outcome(database=database.name, seconds=seconds, made=made, codes=codes)


def _run(payloads: Sequence[tuple[str, bytes]], database: Database) -> None:
    import pandas as pd

    read = (
        (posting, body["hiring_organization"], body["title"], body["job_location_raw"],
         body["description"])
        for posting, body in ((name, fields_of(payload)) for name, payload in payloads)
    )  # fmt: skip
    frame = pd.DataFrame(list(read), columns=["posting", "employer", "title", "place", "text"])
    coded = code_frame(frame)
    database.store(coded[["posting", "dedup"]], coded.drop_duplicates("dedup")[list(_COLUMNS)])


def fields_of(payload: bytes) -> dict[str, Any]:
    """A posting's fields out of the envelope that it travels in."""
    found = json.loads(payload)
    fields: dict[str, Any] = found.get("record", found)
    return fields


def code_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with `isco1`, `province` ("" where nothing matches) and the key of duplicates."""
    title, place = frame["title"].str.lower(), frame["place"].str.lower()
    plain = title.str.replace(r"\W+", " ", regex=True).str.strip()
    employer = frame["employer"].str.lower().str.replace(r"\W+", " ", regex=True).str.strip()
    coded = frame.assign(isco1=_first(title, _GROUPS), province=_first(place, _PROVINCES))
    return coded.assign(dedup=employer + "|" + plain + "|" + coded["province"])


def _first(words: pd.Series[str], patterns: Mapping[str, str]) -> pd.Series[str]:
    found = words.where(words.isna(), "")
    for code, pattern in patterns.items():
        hit = words.str.contains(pattern, regex=True) & (found == "")
        found = found.mask(hit, code)
    return found


@contextmanager
def _database(folder: Path) -> Iterator[Database]:
    binaries = sorted(_DEBIAN.glob("*/bin/initdb"))
    if binaries and shutil.which("psql"):
        with _postgres(binaries[-1].parent, folder) as server:
            yield server
    else:
        yield Sqlite(folder / "peer.sqlite")


class Sqlite:
    """A file beside the script, synchronised with the disk after each run."""

    name = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, path: Path) -> None:
        self._link = sqlite3.connect(path)
        for statement in (_TABLE, _LINKS, "CREATE UNIQUE INDEX one ON jobs (dedup)"):
            self._link.execute(statement)

    def store(self, fresh: pd.DataFrame, unique: pd.DataFrame) -> None:
        """See `Database`."""
        with self._link:
            for name, frame in (("fresh", fresh), ("unique_fresh", unique)):
                frame.to_sql(name, self._link, if_exists="replace", index=False)
            for statement in _STORE:
                self._link.execute(statement)

    def rows(self, sql: str) -> list[tuple[str, str]]:
        """See `Database`."""
        return [(str(one), str(other)) for one, other in self._link.execute(sql)]


class Postgres:
    """A server of its own on a socket in `folder`, asked by `psql`."""

    def __init__(self, folder: Path, version: str) -> None:
        self.name = version
        self._command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(folder)]
        self._command += ["-U", "peer", "-d", "postgres"]
        self._say(f"{_TABLE};{_LINKS};CREATE UNIQUE INDEX one ON jobs (dedup);".encode())

    def store(self, fresh: pd.DataFrame, unique: pd.DataFrame) -> None:
        """See `Database`."""
        parts = [_STAGE]
        for name, frame in (("fresh", fresh), ("unique_fresh", unique)):
            text = frame.to_csv(index=False, header=False, quoting=csv.QUOTE_ALL)
            parts.append(f"COPY {name} FROM STDIN (FORMAT csv);\n{text}\\.\n".encode())
        self._say(b"".join([*parts, f"{'; '.join(_STORE)}; COMMIT;".encode()]))

    def rows(self, sql: str) -> list[tuple[str, str]]:
        """See `Database`."""
        told = self._say(f"COPY ({sql}) TO STDOUT (FORMAT csv)".encode()).decode()
        return [(one, other) for one, other in csv.reader(io.StringIO(told))]

    def _say(self, script: bytes) -> bytes:
        return subprocess.run(self._command, input=script, check=True, capture_output=True).stdout


@contextmanager
def _postgres(binaries: Path, folder: Path) -> Iterator[Postgres]:
    """Debian's server, which will not run as root: then it runs as the user `postgres`."""
    place = folder / "postgres"
    place.mkdir(mode=0o755)
    before: list[str] = []
    if os.getuid() == 0:
        before = ["runuser", "-u", "postgres", "--"]
        for path in (folder, place):
            shutil.chown(path, "postgres")
    data = ["-D", str(place / "data")]
    make = [str(binaries / "initdb"), *data, "-U", "peer", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*before, *make], check=True, capture_output=True, cwd="/")
    control = [*before, str(binaries / "pg_ctl"), *data, "-w"]
    options = f"-k {place} -c listen_addresses=''"
    log = ["-l", str(place / "log"), "-o", options]
    subprocess.run([*control, *log, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        told = [str(binaries / "postgres"), "--version"]
        version = subprocess.run(told, check=True, capture_output=True).stdout.decode()
        number = re.search(r"\d+\.\d+", version)
        yield Postgres(place, f"PostgreSQL {number[0] if number else version}")
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], check=True, capture_output=True, cwd="/")
