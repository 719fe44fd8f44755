"""A dashboard as a process of its own, for tests that kill it: `--dir` state, `--port` where."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from config.settings import load_settings
from dashboard.app import create_app
from tests.push_stack import Idle


def main() -> None:
    """Serve until killed; addresses come from the environment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args()
    app = create_app(load_settings(chosen.dir), Idle(), lambda *_: True)
    uvicorn.run(app, host="127.0.0.1", port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main()
