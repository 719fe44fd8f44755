"""What is told of the stack that is backed up, and what of elsewhere belongs to it."""

from __future__ import annotations

from importlib import resources
from importlib.metadata import version
from pathlib import Path

from config.settings import Settings
from labourwatch.backup.chosen import RESTORED
from labourwatch.backup.making import About
from labourwatch.backup.pausing import is_held
from labourwatch.backup.records import BackupError
from warehouse.migrate import read_files


def newest_schema() -> int:
    """The last migration that this release knows."""
    return len(read_files())


def about(settings: Settings) -> About:
    """Release, workspace, and the schema that the warehouse has; that of this release where it
    does not run, which no earlier release then takes for its own.

    Raises:
        BackupError: the warehouse runs and does not answer.
    """
    schema = _schema(settings) if is_held(settings.var_dir) else newest_schema()
    return About(version=version("labourwatch"), schema=schema, workspace=settings.workspace)


def _schema(settings: Settings) -> int:
    from clickhouse_connect.driver.exceptions import Error

    from warehouse.client import connect, fetch

    try:
        with connect(settings, readonly=True) as client:
            return int(fetch(client, "SELECT max(version) FROM schema_migrations")[0][0])
    except Error as error:
        raise BackupError(
            f"the warehouse does not answer: {error}; see `labourwatch status`"
        ) from error


def configuration(settings: Settings) -> dict[str, Path]:
    """Files outside the state directory that an installation is made by: path in the backup →
    file. Secrets that are passed as environment variables are not among them."""
    found = {f"{RESTORED}/config/{path.name}": path for path in _shipped()}
    sources = settings.sources_dir.resolve()
    if sources.is_dir() and not sources.is_relative_to(settings.var_dir.resolve()):
        found |= {f"{RESTORED}/sources/{path.name}": path for path in sources.glob("*.yaml")}
    return found


def _shipped() -> list[Path]:
    with resources.as_file(resources.files("config")) as place:
        return sorted(place.glob("*.yaml"))
