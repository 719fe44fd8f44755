"""Bulletins on schedule: made once with each weekly and monthly release, archived, then e-mailed.

Made: the whole set of a release is stored in one insert that stores the same set once. Sent: a mail
that a server took is noted afterwards, so that dying in between sends it a second time with the
same Message-ID, by which mail programs and servers know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

import structlog

from alerts.notify.email import DOMAIN, RefusedError, send
from alerts.releases.plan import Kind
from dashboard.bulletins.gathering import Reading
from dashboard.bulletins.making import make_bulletin
from dashboard.bulletins.subscriptions import Subscriptions, subscriptions
from dashboard.geography import provinces
from dashboard.language import CODES, language
from warehouse import bulletins as archive
from warehouse import published
from warehouse.bulletins import Bulletin, BulletinHead
from warehouse.disclosure.records import View
from warehouse.published import ReleaseRow

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings

RECENT: Final = timedelta(days=21)
"""Releases issued longer ago get no bulletin by themselves: a first start publishes a history."""
PATIENCE: Final = timedelta(days=2)
"""So long a public bulletin waits for its period's public counts; then it says that they lack."""
_KINDS: Final = (Kind.WEEKLY.value, Kind.MONTHLY.value)
_log = structlog.get_logger(__name__)


def make_due(
    client: Client, settings: Settings, now: datetime,
    keep_lead: Callable[[], None] = lambda: None,
) -> list[str]:  # fmt: skip
    """Bulletins of the newest release of each kind, if they are not made yet.

    Args:
        client: of the warehouse.
        settings: address of the installation, and whether its data are invented.
        now: the present.
        keep_lead: called before each set.

    Returns:
        Ids of the bulletins that were made.

    Raises:
        clickhouse_connect.driver.exceptions.Error: tried again next time.
        dashboard.bulletins.making.TypesettingError: no PDF can be made.
    """
    made: list[str] = []
    for kind in _KINDS:
        newest = newest_release(published.releases(client, kinds=[kind], as_of=now))
        if newest is None or now - newest.issue > RECENT:
            continue
        for view in (View.PUBLIC, View.DEPARTMENT):
            if archive.heads(client, views=[view], release_id=newest.release_id, limit=1):
                continue
            reading = Reading(client=client, row=newest, view=view, now=now).read()
            if not reading.is_decided and now - newest.issue < PATIENCE:
                continue
            keep_lead()
            found = list(make_set(reading, settings))
            archive.keep(client, found)
            made += [one.head.bulletin_id for one in found]
    if made:
        _log.info("bulletins_made", count=len(made), first=made[0])
    return made


def newest_release(rows: Sequence[ReleaseRow]) -> ReleaseRow | None:
    """The last revision of the last period: a first start issues several periods at one moment."""
    return max(rows, key=lambda row: (row.period_end, row.revision), default=None)


def make_set(reading: Reading, settings: Settings) -> Iterator[Bulletin]:
    """All bulletins of a release for one view: weekly of every province, and of the nation."""
    places = ["", *provinces()] if reading.period.kind is Kind.WEEKLY else [""]
    for place in places:
        said = reading.about(place)
        for code in CODES:
            yield make_bulletin(
                said, code, url=settings.dashboard_url.rstrip("/"),
                demonstration=settings.is_demonstration,
            )  # fmt: skip


def make_one(client: Client, settings: Settings, row: ReleaseRow, place: str, view: View, code: str,
             now: datetime) -> Bulletin:  # fmt: skip
    """One bulletin, for a look at it: nothing is stored or sent."""
    said = Reading(client=client, row=row, view=view, now=now).read().about(place)
    return make_bulletin(
        said, code, url=settings.dashboard_url.rstrip("/"), demonstration=settings.is_demonstration
    )


def send_due(
    client: Client, settings: Settings, plan: Subscriptions, now: datetime,
    keep_lead: Callable[[], None] = lambda: None,
) -> int:  # fmt: skip
    """E-mail what was made and not yet answered for: provinces get their department's view.

    Returns:
        How many e-mails a server took.

    Raises:
        OSError: the mail server is away; the rest goes next time.
        clickhouse_connect.driver.exceptions.Error: likewise.
    """
    sent = 0
    for heads in _by_mail(archive.unsent(client, since=now - RECENT)):
        subscription = plan.of(Kind(heads[0].kind))
        wanted = [head for head in heads if head.language in subscription.languages]
        if not subscription.send or not wanted:
            continue
        to = subscription.recipients(heads[0].place, settings.mail_to)
        keep_lead()
        held = [archive.read(client, one.bulletin_id, views=list(View)) for one in wanted]
        outcome, detail = "sent", ""
        try:
            missed = send(compose(held, settings, to, now), settings)
            detail = ", ".join(f"one of the recipients was not reached: {r.code}" for r in missed)
            sent += 1
        except RefusedError as error:
            outcome, detail = "refused", str(error)
            _log.error("bulletin_refused", bulletin=heads[0].bulletin_id)
        for head in heads:
            archive.note_mail(
                client, head.bulletin_id, at=now, outcome=outcome, recipients=len(to),
                detail=detail,
            )  # fmt: skip
    return sent


def _by_mail(heads: Sequence[BulletinHead]) -> list[list[BulletinHead]]:
    """What goes out, the languages of one bulletin together.

    The nation's monthly bulletin is the public one; of weeks a department gets its own.
    """
    found: dict[tuple[str, str], list[BulletinHead]] = {}
    for head in heads:
        view = View.PUBLIC if head.kind == Kind.MONTHLY.value else View.DEPARTMENT
        if head.view is view:
            found.setdefault((head.release_id, head.place), []).append(head)
    return list(found.values())


def compose(
    held: Sequence[Bulletin], settings: Settings, to: Sequence[str], now: datetime
) -> EmailMessage:
    """The e-mail: a line and the address in every language, the PDFs attached."""
    held = sorted(held, key=lambda one: CODES.index(one.head.language))
    heads = [one.head for one in held]
    mail = EmailMessage()
    mark = f"[{language('en').say('bulletin_mark')}] " if settings.is_demonstration else ""
    mail["Subject"] = mark + heads[0].title
    mail["To"] = tuple(Address(addr_spec=address) for address in to)
    mail["From"] = Address("Labourwatch", addr_spec=settings.mail_from)
    mail["Date"] = now
    mail["Message-ID"] = f"<{heads[0].bulletin_id}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"Labourwatch bulletins <bulletins.{DOMAIN}>"
    mail["List-Unsubscribe"] = f"<mailto:{settings.operator_mail_to}?subject=unsubscribe>"
    url = settings.dashboard_url.rstrip("/")
    lines = []
    for head in heads:
        lang = language(head.language)
        page = f"{url}/" if lang.code == "lo" else f"{url}/{lang.code}/"
        lines += [head.title, lang.say("bulletin_mail_text", link=page), ""]
    mail.set_content("\n".join(lines))
    for one in held:
        mail.add_attachment(
            one.pdf, maintype="application", subtype="pdf",
            filename=f"labourwatch-{one.head.bulletin_id}.pdf",
        )  # fmt: skip
    return mail


def bulletin_round(
    client: Client, settings: Settings, now: datetime, keep_lead: Callable[[], None]
) -> None:
    """One round of the schedule; a mail server that is away is tried again in the next one."""
    make_due(client, settings, now, keep_lead)
    try:
        send_due(client, settings, subscriptions(), now, keep_lead)
    except OSError as error:
        _log.warning("bulletins_wait", why=repr(error))
