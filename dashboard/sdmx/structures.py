"""The data structure definition and what hangs on it. Pure data, built once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from config.vocabulary import read_table
from dashboard.sdmx import codelists as lists
from dashboard.sdmx.artefacts import (
    Agreement,
    Artefact,
    Categorisation,
    Component,
    Constraint,
    Flow,
    Item,
    Kind,
    Scheme,
    Structure,
    Text,
)

TIME: Final = "TIME_PERIOD"
VALUE: Final = "OBS_VALUE"
ALL_FLOW: Final = "LMI"
_CONCEPTS: Final = (
    ("FREQ", "Frequency", "ຄວາມຖີ່"),
    ("INDICATOR", "Indicator", "ຕົວຊີ້ວັດ"),
    ("REF_AREA", "Reference area", "ພື້ນທີ່ອ້າງອີງ"),
    ("OCCUPATION", "Occupation", "ອາຊີບ"),
    ("ACTIVITY", "Economic activity", "ຂະແໜງການ"),
    ("SKILL", "Skill", "ທັກສະ"),
    ("UNIT_MEASURE", "Unit of measure", "ຫົວໜ່ວຍວັດແທກ"),
    (TIME, "Time period", "ໄລຍະເວລາ"),
    (VALUE, "Observation value", "ຄ່າສັງເກດ"),
    ("OBS_STATUS", "Observation status", "ສະຖານະຂອງຄ່າ"),
    ("CONF_STATUS", "Confidentiality status", "ສະຖານະຄວາມລັບ"),
    ("DECIMALS", "Decimals", "ຈຳນວນທົດສະນິຍົມ"),
    ("UNIT_MULT", "Unit multiplier", "ຕົວຄູນຫົວໜ່ວຍ"),
    ("N", "Records behind the figure", "ຂະໜາດຕົວຢ່າງ"),
    ("N_AT_LEAST", "N is a lower bound", "ຂະໜາດຕົວຢ່າງຢ່າງໜ້ອຍ"),
    ("EMPLOYERS", "Employers behind the figure (public: at least)", "ຈຳນວນຫົວໜ່ວຍແຮງງານ"),
    ("LOWER", "Lower end of the 95 % interval", "ຂອບລຸ່ມຂອງຊ່ວງຄວາມເຊື່ອໝັ້ນ 95 %"),
    ("UPPER", "Upper end of the 95 % interval", "ຂອບເທິງຂອງຊ່ວງຄວາມເຊື່ອໝັ້ນ 95 %"),
    ("GRADE", "Quality grade", "ລະດັບຄຸນນະພາບ"),
    ("STANDING", "Whether the figure can be told", "ສະຖານະຂອງຕົວເລກ"),
    ("HIDDEN", "Why the figure is withheld", "ເຫດຜົນທີ່ປົກປິດ"),
    ("STEP", "What the value is rounded to", "ຫົວໜ່ວຍການປັດເສດ"),
    ("ANSWERED_AREA", "Area that a rolled-up figure is of", "ພື້ນທີ່ຂອງຕົວເລກ"),
    ("ANSWERED_OCCUPATION", "Occupation that a rolled-up figure is of", "ອາຊີບຂອງຕົວເລກ"),
    ("METHOD", "Name and version of the formula", "ວິທີການຄິດໄລ່"),
    ("RELEASE", "Release", "ການເຜີຍແຜ່"),
    ("ISSUE", "When the figure was published (UTC)", "ເວລາເຜີຍແຜ່ (UTC)"),
    ("SOURCES", "Sources", "ແຫຼ່ງຂໍ້ມູນ"),
    ("DATA_KIND", "Kind of data", "ປະເພດຂໍ້ມູນ"),
)
_SUBJECTS: Final = {
    "count": ("LMI_COUNT", "Vacancies", "ຕຳແໜ່ງງານວ່າງ"),
    "index": ("LMI_INDEX", "Tightness, shortage and mismatch", "ການຂາດແຄນ ແລະ ຄວາມບໍ່ສອດຄ່ອງ"),
    "duration": ("LMI_DURATION", "Time advertised and reposts", "ໄລຍະເວລາປະກາດ"),
    "trend": ("LMI_TREND", "Growth", "ການເຕີບໂຕ"),
    "wage": ("LMI_WAGE", "Advertised pay", "ຄ່າຈ້າງທີ່ປະກາດ"),
    "skills": ("LMI_SKILLS", "Skills", "ທັກສະ"),
}


@cache
def concepts() -> Scheme:
    """Concepts of all components."""
    return Scheme(
        kind=Kind.CONCEPT_SCHEME,
        id="CS_LMI",
        name=Text(en="Concepts of labour-market indicators", lo="ແນວຄິດຂອງຕົວຊີ້ວັດຕະຫຼາດແຮງງານ"),
        items=tuple(Item(id=each, name=Text(en=en, lo=lo)) for each, en, lo in _CONCEPTS),
    )


@cache
def structure() -> Structure:
    """The data structure definition of every flow."""
    return Structure(
        kind=Kind.DATA_STRUCTURE,
        id="DSD_LMI",
        name=Text(en="Labour-market indicators", lo="ຕົວຊີ້ວັດຕະຫຼາດແຮງງານ"),
        concepts=concepts(),
        dimensions=(
            Component(id="FREQ", codelist=lists.frequencies()),
            Component(id="INDICATOR", codelist=lists.indicators()),
            Component(id="REF_AREA", codelist=lists.areas()),
            Component(id="OCCUPATION", codelist=lists.isco08()),
            Component(id="ACTIVITY", codelist=lists.isic4()),
            Component(id="SKILL", codelist=lists.skill_list()),
            Component(id="UNIT_MEASURE", codelist=lists.units()),
        ),
        attributes=_attributes(),
    )


def _attributes() -> tuple[Component, ...]:
    return (
        Component(id="OBS_STATUS", codelist=lists.statuses(), mandatory=True),
        Component(id="CONF_STATUS", codelist=lists.confidences(), mandatory=True),
        Component(id="DECIMALS", codelist=lists.decimals()),
        Component(id="UNIT_MULT", codelist=lists.multipliers(), mandatory=True),
        Component(id="N", text_type="Integer"),
        Component(id="N_AT_LEAST", text_type="Boolean"),
        Component(id="EMPLOYERS", text_type="Integer"),
        Component(id="LOWER", text_type="Double"),
        Component(id="UPPER", text_type="Double"),
        Component(id="GRADE", codelist=lists.grades()),
        Component(id="STANDING", codelist=lists.standings(), mandatory=True),
        Component(id="HIDDEN"),
        Component(id="STEP", text_type="Double"),
        Component(id="ANSWERED_AREA", codelist=lists.areas()),
        Component(id="ANSWERED_OCCUPATION", codelist=lists.isco08()),
        Component(id="METHOD"),
        Component(id="RELEASE"),
        Component(id="ISSUE", text_type="DateTime"),
        Component(id="SOURCES"),
        Component(id="DATA_KIND", codelist=lists.data_kinds(), mandatory=True, on_dataset=True),
    )


@cache
def flows() -> dict[str, Flow]:
    """Every flow by id: one of all indicators, one of each subject."""
    rules: dict[str, list[str]] = {}
    for row in read_table("codelists", "indicators.csv"):
        rules.setdefault(row["rule"], []).append(lists.plain(row["code"]))
    every = [code for codes in rules.values() for code in codes]
    name = Text(en="Labour-market indicators", lo="ຕົວຊີ້ວັດຕະຫຼາດແຮງງານ")
    found = {ALL_FLOW: _flow(ALL_FLOW, name, every)}
    for rule, codes in rules.items():
        flow, en, lo = _SUBJECTS.get(rule, (f"LMI_{lists.plain(rule).upper()}", rule, ""))
        found[flow] = _flow(flow, Text(en=en, lo=lo), codes)
    return found


def _flow(name: str, words: Text, codes: Iterable[str]) -> Flow:
    return Flow(
        kind=Kind.DATAFLOW, id=name, name=words, structure=structure(), indicators=tuple(codes)
    )


@cache
def agencies() -> Scheme:
    """Agencies that we serve artefacts of."""
    ministry = Text(
        en="Ministry of Labour and Social Welfare, Lao PDR",
        lo="ກະຊວງແຮງງານ ແລະ ສະຫວັດດີການສັງຄົມ, ສປປ ລາວ",
    )
    return Scheme(
        kind=Kind.AGENCY_SCHEME, id="AGENCIES", version="1.0", agency="SDMX",
        name=Text(en="Agencies"), items=(Item(id="LAMOLSW", name=ministry),), partial=True,
    )  # fmt: skip


@cache
def providers() -> Scheme:
    """Who provides the data."""
    return Scheme(
        kind=Kind.PROVIDER_SCHEME, id="DATA_PROVIDERS", version="1.0",
        name=Text(en="Data providers", lo="ຜູ້ສະໜອງຂໍ້ມູນ"),
        items=(Item(id="LABOURWATCH", name=Text(en="Labourwatch", lo="Labourwatch")),),
    )  # fmt: skip


@cache
def subjects() -> Scheme:
    """Subjects that flows stand under."""
    labour = Item(id="LABOUR", name=Text(en="Labour market", lo="ຕະຫຼາດແຮງງານ"))
    return Scheme(
        kind=Kind.CATEGORY_SCHEME, id="SUBJECTS", name=Text(en="Subjects", lo="ຫົວຂໍ້"),
        items=(labour,),
    )  # fmt: skip


def agreement(flow: Flow) -> Agreement:
    """The provision agreement of a flow."""
    return Agreement(
        kind=Kind.AGREEMENT, id=f"PA_{flow.id}", name=flow.name, flow=flow, provider=providers()
    )


def categorisation(flow: Flow) -> Categorisation:
    """The place of a flow among the subjects."""
    return Categorisation(
        kind=Kind.CATEGORISATION, id=f"CAT_{flow.id}", name=flow.name, flow=flow,
        scheme=subjects(), category="LABOUR",
    )  # fmt: skip


def code_lists() -> list[Scheme]:
    """Every code list of the structure, each once."""
    used = structure()
    found = {
        component.codelist.urn: component.codelist
        for component in (*used.dimensions, *used.attributes)
        if component.codelist
    }
    return list(found.values())


def everything(constraints: Iterable[Constraint]) -> list[Artefact]:
    """All artefacts."""
    return [
        agencies(), providers(), subjects(), *code_lists(), concepts(), structure(),
        *flows().values(), *map(agreement, flows().values()),
        *map(categorisation, flows().values()), *constraints,
    ]  # fmt: skip
