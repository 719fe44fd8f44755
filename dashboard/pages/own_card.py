"""A provincial office's own province, exactly: weeks by major group."""

from __future__ import annotations

from dashboard.cube import GROUPS
from dashboard.elements import Component, html
from dashboard.parts import alert_list, card, table, unfolding
from dashboard.scene import Scene
from dashboard.text import trend_sentence
from dashboard.words import group_name, province_name

WEEKS = 8


def own_card(scene: Scene) -> Component:
    """The last weeks of the viewer's province; nothing for whoever has none."""
    own, lang = scene.snapshot.own, scene.lang
    if own is None:
        return ""
    ends = own.cube.weekly_flow(own.province)[0][-WEEKS:]
    headings = [lang.say("major_group"), *(lang.short_day(end) for end in ends)]
    rows = []
    for group in ("all", *GROUPS):
        counts = own.cube.weekly_flow(own.province, group)[1][-WEEKS:]
        stock = int(own.cube.daily_stock(own.province, group)[-1])
        figures = [lang.number(count) for count in counts]
        rows.append([group_name(lang, group), *figures, lang.number(stock)])
    alerts = [
        alert for alert in scene.snapshot.alerts if alert.province == own.province and alert.is_open
    ]
    title = lang.say("own_title", province=province_name(lang, own.province))
    counts = own.cube.weekly_flow(own.province)[1][-WEEKS:]
    stock = int(own.cube.daily_stock(own.province)[-1])
    said = trend_sentence(lang, province_name(lang, own.province), counts, stock)
    return card(
        title,
        html.P(lang.say("own_lead"), className="quiet"),
        alert_list(lang, scene.address, alerts, lang.say("own_no_alert")),
        html.P(said, className="summary"),
        unfolding(lang, table(title, [*headings, lang.say("figure_stock")], rows)),
        name="own",
        wide=True,
    )
