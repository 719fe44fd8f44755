"""Fuzz one target with coverage guidance: `python -m tests.fuzz TARGET SECONDS`.

Needs atheris (`pip install atheris`), which is not locked: its wheels are for few systems. Inputs
that reach new code are added to the corpus; one that raises is left beside it as `crash-…`: name
what it shows, mend it, and keep the input.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    """Fuzz until the time is over or something raises."""
    import atheris

    name, seconds = sys.argv[1], int(sys.argv[2])
    folder = CORPUS / name
    folder.mkdir(exist_ok=True)
    atheris.instrument_all()
    limits = [f"-max_total_time={seconds}", "-max_len=4096", f"-artifact_prefix={CORPUS.parent}/"]
    atheris.Setup([sys.argv[0], str(folder), *limits], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
