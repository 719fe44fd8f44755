"""What an alert was decided on, in words: each kind by its own figure, with its interval. Pure."""

from __future__ import annotations

from alerts.assessed import RULES
from alerts.notify.names import indicator_name
from alerts.signal import Size
from dashboard.alert_series import Basis, basis_of
from dashboard.language import Language
from dashboard.views import AlertView
from dashboard.wording import Write, writer


def size_of(alert: AlertView) -> Size | None:
    """The figures of an alert; `None` where they are not for this viewer."""
    figures = (alert.observed, alert.expected, alert.ratio, alert.ratio_lower, alert.ratio_upper)
    observed, expected, ratio, lower, upper = figures
    if observed is None or expected is None or ratio is None or lower is None or upper is None:
        return None
    return Size(observed=observed, expected=expected, ratio=ratio, lower=lower, upper=upper)


def alert_size(lang: Language, alert: AlertView) -> str:
    """How large an alert's departure is, with n; to the public, that this is not told."""
    size = size_of(alert)
    if size is None:
        return lang.say("alert_size_hidden")
    n = lang.number(alert.n or 0)
    if basis_of(alert) is not Basis.ASSESSED:
        return lang.say(
            "alert_size_ahead" if basis_of(alert) is Basis.FORECAST else "alert_size",
            ratio=lang.number(size.ratio, 2), lower=lang.number(size.lower, 2),
            upper=lang.number(size.upper, 2), n=n,
        )  # fmt: skip
    write = writer(lang, alert.indicator)
    lower, upper = (write(end * size.expected) for end in (size.lower, size.upper))
    return lang.say(
        "alert_size_assessed", indicator=indicator_name(alert.indicator, lang.code),
        value=write(size.observed), lower=lower, upper=upper, n=n,
    )  # fmt: skip


def alert_evidence(lang: Language, alert: AlertView) -> str:
    """An alert's evidence in one sentence; that it is not told, to the public."""
    size = size_of(alert)
    if size is None:
        return lang.say("evidence_hidden", onset=lang.day(alert.onset_on))
    held = {"n": lang.number(alert.n or 0), "onset": lang.day(alert.onset_on)}
    basis = basis_of(alert)
    if basis is Basis.ASSESSED:
        return _assessed(lang, alert, size, held)
    if basis is Basis.FORECAST:
        return _forecast(lang, alert, size, held)
    if basis is Basis.SHIFTED:
        write, name = writer(lang, alert.indicator), indicator_name(alert.indicator, lang.code)
        key, more = "evidence_shifted", {"indicator": name}
    else:
        write, key, more = _count(lang), "evidence_summary", {}
    return lang.say(
        key, observed=write(size.observed), expected=write(size.expected),
        ratio=lang.number(size.ratio, 2), lower=lang.number(size.lower, 2),
        upper=lang.number(size.upper, 2), **held, **more,
    )  # fmt: skip


def _count(lang: Language) -> Write:
    return lambda value: lang.number(value, 0 if value >= 20 else 1)


def _assessed(lang: Language, alert: AlertView, size: Size, held: dict[str, str]) -> str:
    write, rule = writer(lang, alert.indicator), RULES[alert.indicator]
    return lang.say(
        "evidence_assessed", indicator=indicator_name(alert.indicator, lang.code),
        value=write(size.observed), lower=write(size.lower * size.expected),
        upper=write(size.upper * size.expected), begins=write(rule.begins), ends=write(rule.ends),
        **held,
    )  # fmt: skip


def _forecast(lang: Language, alert: AlertView, size: Size, held: dict[str, str]) -> str:
    """Half a vacancy was added to both sides of the ratio."""
    usual = size.expected + 0.5
    lower, upper = (max(0.0, end * usual - 0.5) for end in (size.lower, size.upper))
    write = _count(lang)
    return lang.say(
        "evidence_forecast", value=write(size.observed), lower=write(lower), upper=write(upper),
        usual=write(size.expected), chance=lang.percent(alert.probability or 0.0), **held,
    )  # fmt: skip
