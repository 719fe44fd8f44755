"""The demonstration's stack less some parts: `python -m benchmarks.stack_without VAR PART …`.

For measuring what needs no dashboard, say, whose start would take the processor from the rest.
"""

from __future__ import annotations

import sys
from pathlib import Path

from config.settings import load_settings
from labourwatch.parts import parts_of
from labourwatch.standalone import run


def main(var_dir: Path, without: frozenset[str]) -> int:
    """Run until it is interrupted, as `labourwatch run` does. Returns the exit status."""
    parts = [part for part in parts_of(demonstration=True) if part.name not in without]
    return run(load_settings(var_dir), lambda line: print(line, flush=True), parts=parts)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), frozenset(sys.argv[2:])))
