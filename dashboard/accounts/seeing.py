"""The snapshot as a viewer may see it: what is not for them is not in it. Pure but for a memory.

A copy lists what it takes over. What is new in a snapshot is for departments until it is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

from config.vocabulary import districts
from dashboard.accounts.policy import Action, Resource, may, own_province, reads_everything
from dashboard.accounts.records import Viewer
from dashboard.cube import PROVINCES, Cube, province_index
from dashboard.released import Figures
from dashboard.views import AlertChange, AlertView, Own, Snapshot, SourceHealth
from warehouse.disclosure.forecasts import ToldForecast
from warehouse.disclosure.records import Released, View
from warehouse.disclosure.rules import band
from warehouse.quality.records import Result
from warehouse.series import SeriesKey
from warehouse.strategy_values import told_values


class Views:
    """The copies of the present snapshot, one for each class of viewer."""

    def __init__(self) -> None:
        self._of: Snapshot | None = None
        self._held: dict[str, Snapshot] = {}
        self._lock = Lock()

    def of(self, snapshot: Snapshot, viewer: Viewer) -> Snapshot:
        """What `viewer` may see of `snapshot`."""
        if reads_everything(viewer):
            return snapshot
        province = own_province(viewer)
        with self._lock:
            if self._of is not snapshot:
                self._of, self._held = snapshot, {}
            if province not in self._held:
                self._held[province] = seen_by(snapshot, viewer)
            return self._held[province]


def seen_by(snapshot: Snapshot, viewer: Viewer) -> Snapshot:
    """What `viewer` may see of `snapshot`: all of it, or the public's and its own province's."""
    if reads_everything(viewer):
        return snapshot
    province = own_province(viewer)
    shown = tuple(_alert(alert, viewer) for alert in snapshot.alerts)
    open_ones = {alert.alert_id for alert in shown if not alert.hidden}
    return Snapshot(
        version=snapshot.version,
        filling=snapshot.filling,
        loaded_at=snapshot.loaded_at,
        vacancies=snapshot.vacancies,
        sources=tuple(map(_source, snapshot.sources)),
        periods=snapshot.periods,
        came=snapshot.came,
        told=snapshot.told,
        told_mark=snapshot.told_mark,
        alerts=shown,
        histories=_histories(snapshot.histories, open_ones),
        deeds={alert: deeds for alert, deeds in snapshot.deeds.items() if alert in open_ones},
        courses=_of_province(snapshot.courses, province),
        own=_own(snapshot, province) if province else None,
        is_public=True,
        changes=snapshot.comparable,
        released=_released(snapshot, province),
        quality=tuple(map(_result, snapshot.quality)),
        entries=snapshot.entries,
        values=tuple(told_values(snapshot.values, View.PUBLIC)),
        use=snapshot.use,
        forecasts=_forecasts(snapshot, province),
        districts={
            code: count
            for code, count in snapshot.districts.items()
            if province and districts()[code].parent == province
        },
    )


def _result(result: Result) -> Result:
    """A check without its examples, on how many things by a band: a count may be the nation's."""
    return replace(result, detail="", n=band(max(0, result.n)))


def _own(snapshot: Snapshot, province: str) -> Own | None:
    if snapshot.cube is None or province not in PROVINCES:
        return None
    return Own(province=province, cube=_only(snapshot.cube, province))


def _released(snapshot: Snapshot, province: str) -> dict[View, Figures]:
    """Published figures by the release rules; with the exact ones of one's own province."""
    public = snapshot.figures(View.PUBLIC)
    if not province:
        return {View.PUBLIC: public}
    exact = _of_province(snapshot.figures(View.DEPARTMENT).lines, province)
    own = Figures(view=View.DEPARTMENT, lines={**public.lines, **exact})
    return {View.PUBLIC: public, View.DEPARTMENT: own}


def _of_province(
    lines: Mapping[SeriesKey, tuple[Released, ...]], province: str
) -> dict[SeriesKey, tuple[Released, ...]]:
    """Exact figures of one's own province; none for who has none."""
    return {key: line for key, line in lines.items() if province and key.province == province}


def _forecasts(snapshot: Snapshot, province: str) -> dict[View, tuple[ToldForecast, ...]]:
    """The public's forecasts, and the exact ones of one's own province."""
    public = {View.PUBLIC: snapshot.forecasts.get(View.PUBLIC, ())}
    if not province:
        return public
    exact = snapshot.forecasts.get(View.DEPARTMENT, ())
    return {**public, View.DEPARTMENT: tuple(one for one in exact if one.province == province)}


def _only(cube: Cube, province: str) -> Cube:
    """The cube with every other province at zero."""
    at = province_index(province)
    flow, stock = cube.flow * 0, cube.stock_delta * 0
    flow[:, at, :], stock[:, at, :] = cube.flow[:, at, :], cube.stock_delta[:, at, :]
    return Cube(cube.first_day, flow, stock)


def _alert(alert: AlertView, viewer: Viewer) -> AlertView:
    """What, where and since when for everybody; figures for those who see the cell."""
    if may(viewer, alert.province, Action.READ, Resource.DETAIL).allowed:
        return alert
    return replace(
        alert, observed=None, expected=None, ratio=None, ratio_lower=None, ratio_upper=None,
        n=None, detail="", industry="", probability=None, hidden=True,
    )  # fmt: skip


def _histories(
    histories: Mapping[str, tuple[AlertChange, ...]], open_ones: set[str]
) -> dict[str, tuple[AlertChange, ...]]:
    """Histories, whose details hold figures, without these where the alert's are hidden."""
    return {
        alert_id: changes
        if alert_id in open_ones
        else tuple(replace(change, detail="") for change in changes)
        for alert_id, changes in histories.items()
    }


def _source(source: SourceHealth) -> SourceHealth:
    """A source with its counts of vacancies by bands: together they would tell the nation's."""
    return replace(
        source,
        published=band(max(0, source.published)) or 0,
        at_least=True,
    )
