"""Supervisord as a process that ends with the front door that started it.

Without this, a killed `labourwatch run` would leave a service behind that nobody watches and that
refuses the next start.
"""

from __future__ import annotations

from supervisor.supervisord import main

from labourwatch.embedded.process import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    main()
