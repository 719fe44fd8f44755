"""`labourwatch alerts route` and `preview`: who would be told, and what they would read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import load_settings
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alerts.alert import Alert
    from alerts.routing import Route
    from config.settings import Settings

AlertId = Annotated[str, typer.Argument(help="Id of an alert that stands.")]


def route(
    alert_id: Annotated[str, typer.Argument(help="Id of an alert; or describe one below.")] = "",
    province: Annotated[str, typer.Option(help="ISO 3166-2:LA; empty: the nation.")] = "",
    occupation: Annotated[str, typer.Option(help="ISCO-08 major group; empty: all.")] = "",
    sector: Annotated[str, typer.Option(help="ISIC section that leads it; empty: none.")] = "",
    severity: Annotated[str, typer.Option(help="minor, moderate or severe")] = "moderate",
    kind: Annotated[str, typer.Option(help="As in config/routes.yaml.")] = "labour",
    explain: Annotated[bool, typer.Option(help="Say why the other routes do not fit.")] = False,
    file: Annotated[Path, typer.Option(help="Routes to try.")] = Path("config/routes.yaml"),
) -> None:
    """Say which route an alert takes, without sending anything."""
    from alerts.parameters import ParameterError
    from alerts.routing import load_routes

    settings = load_settings()
    try:
        routes = load_routes(file)
        if alert_id:
            about = _standing(alert_id)
        else:
            about = _described(province, occupation, severity, kind, sector)
    except (ParameterError, ValueError, OSError) as error:
        raise fail(str(error)) from error
    taken = next((one for one in routes if one.fits(about)), None)
    for one in routes if explain else ():
        why = one.mismatch(about)
        note = "takes it" if one is taken else f"no: {why}" if why else "an earlier route took it"
        say(f"{one.name}: {note}")
    if taken is None:
        raise fail("no route fits: nobody would be told")
    languages = ", ".join(taken.languages)
    say(f"route {taken.name}: {_whom(taken.channels, taken.to, settings)} in {languages}")
    for line in _levels(taken, settings) if explain else ():
        say(line)
    if taken.waits(about, datetime.now(UTC)):
        say("now are its quiet hours: it would wait until they end")


def _whom(channels: Sequence[str], to: Sequence[str], settings: Settings) -> str:
    return f"{', '.join(channels)} to {', '.join(to or (settings.mail_to,))}"


def _levels(taken: Route, settings: Settings) -> Iterator[str]:
    """Whom an alert reaches that nobody acknowledges, level by level."""
    waited = 0
    for number, hours in enumerate(settings.alert_escalate_hours, start=1):
        waited += hours
        level = taken.levels[min(number, len(taken.levels)) - 1] if taken.levels else taken
        whom = _whom(level.channels or taken.channels, level.to or taken.to, settings)
        same = "" if taken.levels else " (the same: the route names nobody for escalation)"
        say_after = f"{waited // 24} days" if waited % 24 == 0 else f"{waited} hours"
        yield f"level {number}, {say_after} without acknowledgement: {whom}{same}"


def preview(
    alert_id: AlertId,
    language: Annotated[str, typer.Option(help="lo or en")] = "lo",
    form: Annotated[str, typer.Option("--as", help="text, html or sms")] = "text",
) -> None:
    """Print the notice of an alert as its recipient would read it; nothing is sent."""
    from alerts.alert import Reason
    from alerts.notify.email import compose
    from alerts.notify.sms import short_text
    from alerts.outbox import Message

    if language not in ("lo", "en") or form not in ("text", "html", "sms"):
        raise fail("expected --language lo or en, and --as text, html or sms")
    settings = load_settings()
    try:
        about = _standing(alert_id)
    except ValueError as error:
        raise fail(str(error)) from error
    message = Message(alert=about, reason=Reason.OPENED, at=about.changed_at)
    if form == "sms":
        exercise = settings.is_demonstration
        say(short_text(message, language, settings.dashboard_url, exercise=exercise))
        return
    mail = compose(message, settings, [settings.mail_to], [language])
    wanted = {"text": "text/plain", "html": "text/html"}[form]
    say(f"{mail['Subject']}\n")
    say(next(part.get_content() for part in mail.walk() if part.get_content_type() == wanted))


def _standing(alert_id: str) -> Alert:
    """The alert of that id.

    Raises:
        ValueError: none stands.
    """
    import redis

    from alerts.store import read_alert

    with redis.Redis.from_url(load_settings().redis_url, socket_timeout=5) as client:
        try:
            found = read_alert(client, alert_id)
        except redis.RedisError as error:
            raise ValueError(f"the alert store does not answer: {error}") from error
    if found is None:
        raise ValueError(f"no alert {alert_id!r} stands; see `labourwatch alerts list`")
    return found


def _described(province: str, occupation: str, severity: str, kind: str, sector: str) -> Alert:
    """An alert that has only what routes look at.

    Raises:
        ValueError: a word that is no severity or kind.
    """
    from alerts.alert import Alert, State
    from alerts.cells import Cell
    from alerts.severity import Severity
    from alerts.signal import Classification, Direction

    now = datetime.now(UTC)
    return Alert(
        alert_id="described", kind=Classification(kind), cell=Cell(province, occupation),
        direction=Direction.UP, state=State.FIRING, opened_at=now, changed_at=now, seen_at=now,
        onset_on=now.date(), detected_on=now.date(), observed=0.0, expected=0.0, ratio=1.0,
        ratio_lower=1.0, ratio_upper=1.0, score=0.0, n=0, employers=0, sources=(),
        evidence_days=0, detail="", severity=Severity(severity), industry=sector,
    )  # fmt: skip
