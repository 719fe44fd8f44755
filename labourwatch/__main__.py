"""`python -m labourwatch` is the console script `labourwatch`."""

from labourwatch.cli import main

main()
