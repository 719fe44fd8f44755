"""What an officer's form says of a vacancy's codes, field by field. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from config.vocabulary import districts, industries, provinces
from dashboard.coding.naming import is_unit_group
from streams.corrected_codes import EMPLOYMENT_TYPES
from streams.opinions import CorrectedField

NOT_CODABLE: Final = "none"
"""The choice "not codable" of an occupation; no choice is ""."""
EDUCATION: Final = tuple("012345678")
_GROUPING: Final = re.compile(r"[\s.,]")
_MONTHS: Final = re.compile(r"\d{1,3}")
_AMOUNT: Final = re.compile(r"\d{1,12}")
_MOST_MONTHS: Final = 600

Changes = dict[CorrectedField, str]
Errors = dict[str, str]
"""Why a field is not taken, by its name in the form."""


def chosen_occupation(values: Mapping[str, str]) -> tuple[str | None, Errors]:
    """The code chosen, "" for not codable, `None` for no choice."""
    chosen = values.get("isco08", "")
    if chosen == NOT_CODABLE:
        return "", {}
    if not chosen:
        return None, {}
    return (chosen, {}) if is_unit_group(chosen) else (None, {"isco08": "occupation"})


def changes_in(
    values: Mapping[str, str], stored: Mapping[CorrectedField, str], skills: Sequence[str]
) -> tuple[Changes, Errors]:
    """What the form says otherwise than the codes as they stand, and what it cannot say.

    A chosen occupation always counts: the same one confirms it. Fields that the form did not hold
    say nothing.

    Args:
        values: the form.
        stored: values as they stand, as a correction writes them.
        skills: codes of the skills shown, each with a box `skill-<code>`.
    """
    code, errors = chosen_occupation(values)
    changes: Changes = {} if code is None else {CorrectedField.ISCO08: code}
    if "more" in values:
        said, wrong = _others(values, skills)
        changes.update({field: value for field, value in said.items() if value != stored[field]})
        errors.update(wrong)
        _settle_place(changes, values, errors)
    if not changes and not errors:
        errors["isco08"] = "nothing"
    return changes, errors


def _others(values: Mapping[str, str], skills: Sequence[str]) -> tuple[Changes, Errors]:
    said: Changes = {}
    errors: Errors = {}
    lists = {
        CorrectedField.PROVINCE: provinces(),
        CorrectedField.DISTRICT: districts(),
        CorrectedField.ISIC: industries(),
        CorrectedField.EDUCATION: EDUCATION,
        CorrectedField.EMPLOYMENT_TYPE: EMPLOYMENT_TYPES,
    }
    for field, known in lists.items():
        value = values.get(field.value, "")
        if value and value not in known:
            errors[field.value] = "list"
        said[field] = value
    months = values.get("experience_months", "").strip()
    if months and not (_MONTHS.fullmatch(months) and int(months) <= _MOST_MONTHS):
        errors["experience_months"] = "months"
    else:
        said[CorrectedField.EXPERIENCE_MONTHS] = str(int(months)) if months else ""
    pay = _pay(values.get("pay_lower", ""), values.get("pay_upper", ""))
    if pay is None:
        errors["pay_lower"] = "pay"
    else:
        said[CorrectedField.PAY] = pay
    kept = [code for code in skills if f"skill-{code}" in values]
    said[CorrectedField.SKILLS] = " ".join(kept)
    return said, errors


def _pay(lower: str, upper: str) -> str | None:
    """`lower-upper` in kip; one amount stands for both; `None` where they are no amounts."""
    amounts = [_GROUPING.sub("", one) for one in (lower, upper)]
    low, high = amounts[0] or amounts[1], amounts[1] or amounts[0]
    if not low:
        return ""
    if not (_AMOUNT.fullmatch(low) and _AMOUNT.fullmatch(high) and 0 < int(low) <= int(high)):
        return None
    return f"{int(low)}-{int(high)}"


def _settle_place(changes: Changes, values: Mapping[str, str], errors: Errors) -> None:
    """A district says its province too; one of another province than said contradicts it."""
    district, province = changes.get(CorrectedField.DISTRICT), values.get("province", "")
    if not district or "district" in errors:
        return
    if CorrectedField.PROVINCE in changes and districts()[district].parent != province:
        errors["district"] = "district"
    changes.pop(CorrectedField.PROVINCE, None)
