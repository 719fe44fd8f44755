"""What happens in the browser's page: navigation, live parts, filters, clicks, acknowledging."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from dash import ALL, ClientsideFunction, Input, Output, State, ctx, no_update
from redis.exceptions import RedisError

from alerts.store import LostLeadershipError
from dashboard.accounts.chain import Deed
from dashboard.accounts.desk import Answered
from dashboard.accounts.policy import Action, Resource, may
from dashboard.accounts.seeing import Views
from dashboard.accounts.visiting import present
from dashboard.catalogue import scene_at
from dashboard.data import Part, Register
from dashboard.frame import frame
from dashboard.maps import province_of_click
from dashboard.markup import MADE, to_html
from dashboard.memory import Drawings
from dashboard.scene import Draw, PageParts, Scene
from dashboard.whole import kept_whole

Acknowledge = Callable[[str, datetime, str], bool]
"""Marks an alert as taken on by an account; `False` where its state does not allow it."""
_FILTERS: Final = Input({"filter": ALL}, "data")
_PATH: Final = State("url", "pathname")
_QUERY: Final = State("url", "search")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """The answers to the browser; every one is drawn from the snapshot of the moment."""

    register: Register
    views: Views
    acknowledge: Acknowledge
    answered: Answered
    """Notes that somebody acknowledged an alert, or that it was not theirs to do."""
    announce: Callable[[frozenset[Part]], None]
    """Says which parts of the snapshot are out of date."""
    demonstration: bool
    drawings: Drawings = field(default_factory=Drawings)

    def attach(self, app: Any) -> None:
        """Tell the Dash application when to ask for what."""
        later = {"prevent_initial_call": True}
        slots, figures = Output({"slot": ALL}, "children"), Output({"figure": ALL}, "figure")
        paints, picked, slow = (Output({kind: ALL}, MADE) for kind in ("paint", "picked", "slow"))
        chosen = Output({"filter": "province"}, "data")
        said, officer = Output("acknowledge-result", "children"), Input("acknowledge", "n_clicks")
        clicked, present = (
            Input({"figure": "map"}, "clickData"),
            State(chosen.component_id, "data"),
        )
        live, slowly = Input("live", "data"), Input("live-slow", "data")
        app.callback(Output("app", "children"), Input("url", "pathname"), _QUERY)(self.navigate)
        app.callback(slots, paints, live, _PATH, _QUERY, **later)(self.follow)
        app.callback(picked, live, _FILTERS, _PATH, **later)(self.follow_choices)
        app.callback(slow, figures, slowly, _FILTERS, _PATH, **later)(self.follow_slowly)
        app.callback(chosen, clicked, present, **later)(self.choose_on_map)
        app.clientside_callback(ClientsideFunction("labourwatch", "showChoices"), _FILTERS)
        app.callback(said, officer, _PATH, **later)(self.officer_acknowledges)

    async def navigate(self, path: str | None, query: str | None) -> Any:
        """The whole page at a new address."""
        return kept_whole(frame(*self._scene(path, {}, query)))

    async def follow(self, _version: int, path: str | None, query: str | None) -> Any:
        """The light parts of the page, after a load."""
        scene, parts = self._scene(path, {}, query)
        slots, paints = ctx.outputs_list
        drawn = [
            kept_whole(parts.slots[name](scene)) if name in parts.slots else no_update
            for name in _names(slots, "slot")
        ]
        return drawn, self._html(scene, parts.paints, _names(paints, "paint"))

    async def follow_choices(self, _version: int, _filters: list[str], path: str | None) -> Any:
        """Lists that readers choose from, after a load or a choice."""
        scene, parts = self._scene(path, _chosen(ctx.inputs_list[1]))
        return self._html(scene, parts.picked, _names(ctx.outputs_list, "picked"))

    async def follow_slowly(self, _version: int, _filters: list[str], path: str | None) -> Any:
        """Charts and what goes with them, after a choice or some seconds after a load.

        After a choice only those that show what was chosen.
        """
        scene, parts = self._scene(path, _chosen(ctx.inputs_list[1]))
        notes, figures = (
            _names(outputs, kind)
            for outputs, kind in zip(ctx.outputs_list, ("slow", "figure"), strict=True)
        )
        by = _filters_alone(ctx.triggered_prop_ids)
        if by is not None:
            notes, figures = (
                [name if parts.shows(name, by) else "" for name in names]
                for names in (notes, figures)
            )
        drawn = [
            self._kept(scene, parts.figure(name, by), _as_figure)
            if name in parts.figures
            else no_update
            for name in figures
        ]
        return self._html(scene, parts.slow, notes), drawn

    def _html(self, scene: Scene, draws: Mapping[str, Draw], names: Sequence[str]) -> list[Any]:
        """Parts as HTML; one that the page does not know stays as it is."""
        return [
            self._kept(scene, draws[name], to_html) if name in draws else no_update
            for name in names
        ]

    def _kept(self, scene: Scene, draw: Draw, sent: Callable[[Any], Any]) -> Any:
        """A part as it is sent. Kept under the function that draws it, not under a name that
        another part, or the same page drawn for others, might bear too."""
        viewer, filters = scene.viewer, tuple(sorted(scene.filters.items()))
        key = (draw, sent, scene.address, filters, viewer.role, viewer.province)
        return self.drawings.of(scene.snapshot.version, key, lambda: sent(draw(scene)))

    async def choose_on_map(self, click: Mapping[str, Any] | None, present: str) -> Any:
        """A province chosen by a click on the map; a second click lets go of it."""
        province = province_of_click(click)
        if province is None:
            return no_update
        return "all" if province == present else province

    async def officer_acknowledges(self, clicks: int | None, path: str | None) -> Any:
        """Record that an officer has seen the alert, and say so."""
        scene, _ = self._scene(path, {})
        if not clicks:
            return no_update
        alert = scene.snapshot.alert(scene.address.item)
        province = alert.province if alert else ""
        allowed = may(scene.viewer, province, Action.ACT, Resource.ALERTS).allowed
        if not allowed or alert is None:
            if scene.viewer.is_known:
                await self.answered(scene.viewer.name, Deed.REFUSED, scene.address.item, "")
            return scene.lang.say("acknowledge_not_yours")
        now = datetime.now(UTC)
        try:
            done = await asyncio.to_thread(self.acknowledge, alert.alert_id, now, scene.viewer.name)
        except (RedisError, LostLeadershipError):
            return scene.lang.say("answer_said_busy")
        if not done:
            return scene.lang.say("acknowledge_refused")
        await self.answered(scene.viewer.name, Deed.ALERT_ACKNOWLEDGED, alert.alert_id, "")
        self.announce(frozenset({Part.ALERTS}))
        return scene.lang.say("acknowledge_done", time=scene.lang.moment(now))

    def _scene(
        self, path: str | None, filters: Mapping[str, str], query: str | None = None
    ) -> tuple[Scene, PageParts]:
        viewer = present().viewer
        snapshot = self.views.of(self.register.snapshot, viewer)
        return scene_at(
            path or "/", snapshot, viewer, demonstration=self.demonstration, filters=filters,
            query=(query or "").removeprefix("?"),
        )  # fmt: skip


def _filters_alone(triggered: Mapping[str, Any]) -> frozenset[str] | None:
    """Filters that were chosen; `None` where something else asked for an answer too."""
    by = list(triggered.values())
    if not by or not all(isinstance(one, dict) and "filter" in one for one in by):
        return None
    return frozenset(one["filter"] for one in by)


def _chosen(inputs: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {item["id"]["filter"]: item.get("value") or "all" for item in inputs}


def _names(outputs: Sequence[Mapping[str, Any]], kind: str) -> list[str]:
    return [output["id"][kind] for output in outputs]


def _as_figure(figure: Any) -> Any:
    """A figure goes to the browser as it is drawn."""
    return figure
