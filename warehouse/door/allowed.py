"""What analysts may read by SQL: tables by name, everything else refused. Data of the door.

Not among them: roll-ups whose rows count only where a seal stands, which a reader would have to
know; refused records, corrections and coding samples (they name accounts of officers),
supply below the smallest releasable cell, and what the door itself keeps.
"""

from __future__ import annotations

import re
from typing import Final

ROLE: Final = "analyst"
"""Name of the role that holds the grants, and of the embedded warehouse's analysing user."""

TABLES: Final = (
    "postings", "posting_ends", "vacancies", "vacancies_current", "vacancy_events", "rollup_daily",
    "observations", "releases", "public_counts", "signals", "alert_history", "source_runs",
    "source_health", "source_marks", "source_marks_current", "supply_released", "coder_quality",
    "quality_results", "term_candidates", "rollup_cells", "rollup_weekly", "rollup_occupations",
    "labels", "labels_current",
)  # fmt: skip
TABLE_FUNCTIONS: Final = frozenset({"numbers", "generateseries", "generate_series", "values"})
"""In small letters; they make rows and read nothing."""
FUNCTIONS_REFUSED: Final = frozenset({
    "file", "getmacro", "getserversetting", "getsetting", "getsettingordefault", "hostname", "fqdn",
    "fullhostname", "sleep", "sleepeachrow", "throwif", "filesystemavailable", "filesystemcapacity",
    "filesystemunreserved", "serveruuid", "tcpport", "currentuser", "user", "currentroles",
    "enabledroles", "defaultroles", "initialuser", "currentprofiles", "enabledprofiles",
    "defaultprofiles", "queryid", "initialqueryid", "connectionid", "getserverport", "displayname",
    "addresstoline", "addresstosymbol", "addresstolinewithinlines", "demangle", "logtrace",
    "catboostevaluate", "evalmlmethod", "aiembed", "aigenerate", "aigeneratecontent", "aiclassify",
    "aiextract", "aitranslate", "buildid", "uptime", "zookeepersessionuptime", "shardnum",
    "hascolumnintable", "joinget", "joingetornull", "getclienthttpheader", "showcertificate",
    "partitionid", "transactionid", "tid", "transactionlatestsnapshot", "getoskernelversion",
    "structuretocapnprotoschema", "structuretoprotobufschema", "dictget", "regionin",
    "naivebayesclassifier", "detectprogramminglanguage", "version",
})  # fmt: skip
"""In small letters. They tell of the server, its files or its people, or only cost its time."""

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def grants(database: str, role: str = "") -> list[str]:
    """`GRANT` statements for the tables of `database`, to `role` where one is named.

    Raises:
        ValueError: a name that is not plain.
    """
    if not _PLAIN.fullmatch(database) or not _PLAIN.fullmatch(role or ROLE):
        raise ValueError(f"expected plain names, got {database!r} and {role!r}")
    to = f" TO {role}" if role else ""
    return [f"GRANT SELECT ON {database}.{table}{to}" for table in TABLES]
