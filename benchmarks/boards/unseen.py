"""Boards written after the readers were finished."""

from __future__ import annotations

from typing import Final

from benchmarks.boards.board import Board

BOARDS: Final[tuple[Board, ...]] = ()
