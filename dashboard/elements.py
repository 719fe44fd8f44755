"""Dash's HTML and core components, untyped on purpose.

Their generated signatures know nothing of `aria-…` and `data-…`, which every accessible page needs.
"""

from __future__ import annotations

from typing import Any, Final

from dash import dcc as _dcc
from dash import html as _html

html: Final[Any] = _html
dcc: Final[Any] = _dcc
Component = Any
