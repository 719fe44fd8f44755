"""`labourwatch objectives`: what the service promises itself, and how it stands."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from labourwatch.terminal import fail, say

objectives = typer.Typer(no_args_is_help=True, help="The service's objectives of its own.")


@objectives.command()
def status() -> None:
    """How much of each window every objective was missed; exit status 1 if one burns."""
    import redis

    from alerts.objective_round import ObjectiveDesk
    from alerts.objectives import lengths
    from labourwatch.reaching import reach, running

    settings = running()
    with redis.Redis.from_url(settings.redis_url) as client:
        desk = ObjectiveDesk(settings, client)
        standings = reach(lambda: list(desk.standings(datetime.now(UTC))))
    windows = lengths(desk.objectives)
    say(f"{'objective':<14}{'target':>8}" + "".join(f"{f'{m} min':>11}" for m in windows))
    burning = 0
    for one in standings:
        window = one.burning(desk.objectives.windows)
        burning += window is not None
        shares = "".join(f"{one.share(m):>10.1%} " for m in windows)
        word = f"  burns: {window.severity}" if window else ""
        say(f"{one.objective.id:<14}{one.objective.target:>8.1%}{shares}{word}")
    if burning:
        raise fail(f"{burning} burning: see docs/operations/runbooks")


@objectives.command()
def rules() -> None:
    """Print Prometheus' rules, as deploy/prometheus/rules.yml holds them."""
    from config.objectives import load_objectives
    from labourwatch.objective_rules import rules_text

    typer.echo(rules_text(load_objectives()), nl=False)
