"""Places as employers write them: provinces and districts in Lao and several Latin spellings."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final

from labourwatch.demo.draws import Draw
from labourwatch.demo.labour import load_labour

_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "LA-VT": ("Vientiane Capital", "Vientiane", "Vientiane Capital, Laos", "VTE", "Viangchan"),
    "LA-PH": ("Phongsaly", "Phongsali", "Phongsaly Province"),
    "LA-LM": ("Luang Namtha", "Luangnamtha", "Louang Namtha", "LuangNamTha"),
    "LA-OU": ("Oudomxay", "Oudomxai", "Udomxay", "Oudomsay"),
    "LA-BK": ("Bokeo", "Bokèo", "Bokeo Province", "Huay Xai, Bokeo"),
    "LA-LP": ("Luang Prabang", "Luangprabang", "Louang Prabang", "LPB", "Luang Phabang"),
    "LA-HO": ("Houaphanh", "Huaphanh", "Houaphan", "Hua Phan", "Sam Neua"),
    "LA-XA": ("Xayabury", "Sayaboury", "Xayaboury", "Sayabouly", "Xaignabouli"),
    "LA-XI": ("Xiangkhouang", "Xieng Khouang", "Xiengkhuang", "Phonsavan, Xieng Khouang"),
    "LA-VI": ("Vientiane Province", "Vientiane Prov.", "Vang Vieng", "Vientiane province, Laos"),
    "LA-BL": ("Bolikhamxay", "Borikhamxay", "Bolikhamsai", "Paksan, Bolikhamxay"),
    "LA-KH": ("Khammouane", "Khammuan", "Khammouan", "Thakhek", "Thakhek, Khammouane"),
    "LA-SV": ("Savannakhet", "Savanakhet", "Savannakhét", "Kaysone Phomvihane, Savannakhet"),
    "LA-SL": ("Salavan", "Saravan", "Saravane", "Salavanh"),
    "LA-XE": ("Sekong", "Xekong", "Xékong", "Lamam, Sekong"),
    "LA-CH": ("Champasak", "Champassak", "Pakse", "Pakxe, Laos", "Pakse, Champasak"),
    "LA-AT": ("Attapeu", "Attapu", "Attopeu", "Samakhixay, Attapeu"),
    "LA-XS": ("Xaisomboun", "Xaysomboun", "Saysomboun", "Xaisomboon"),
}  # fmt: skip
_LAO_MORE: Final[dict[str, tuple[str, ...]]] = {
    "LA-VT": ("ນະຄອນຫຼວງ", "ນະຄອນຫລວງວຽງຈັນ", "ນວ"),
    "LA-LP": ("ຫລວງພະບາງ",),
    "LA-LM": ("ຫລວງນ້ຳທາ",),
    "LA-VI": ("ແຂວງວຽງຈັນ", "ວັງວຽງ"),
    "LA-CH": ("ປາກເຊ", "ຈໍາປາສັກ"),
    "LA-SV": ("ສະຫວັນ", "ໄກສອນ ພົມວິຫານ"),
    "LA-KH": ("ທ່າແຂກ", "ຄໍາມ່ວນ"),
    "LA-BL": ("ປາກຊັນ", "ບໍລິຄໍາໄຊ"),
}


_REACH: Final = 0x4EAC4


class Reach(IntEnum):
    """How a posting states its place."""

    NAMED = 0
    SEVERAL = 1
    NATIONWIDE = 2
    MISSING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as stated. `provinces`: English names, as a board's own list has them."""

    text: str
    reach: Reach
    provinces: tuple[str, ...]


@lru_cache(maxsize=1)
def _districts() -> dict[str, list[tuple[str, str]]]:
    text = (files("config") / "geo" / "lao_districts.csv").read_text("utf-8")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["province_iso"], []).append((row["name_en"], row["name_lo"]))
    return found


def reach_of(vacancy_key: int) -> Reach:
    """How a vacancy states its place: 93.5 % named, 2.5 % several, 1.5 % nationwide, 2.5 % not."""
    unit = Draw(vacancy_key ^ _REACH).unit()
    if unit < 0.935:
        return Reach.NAMED
    if unit < 0.960:
        return Reach.SEVERAL
    return Reach.NATIONWIDE if unit < 0.975 else Reach.MISSING


def place(province: int, reach: Reach, *, lao: bool, facts: Draw, style: Draw) -> Place:
    """The place of a vacancy in its language; the true province always comes first."""
    all_provinces = load_labour().provinces
    here = all_provinces[province]
    if reach is Reach.MISSING:
        return Place(text="", reach=reach, provinces=())
    if reach is Reach.NATIONWIDE:
        text = style.pick(("ທົ່ວປະເທດ", "ທຸກແຂວງ") if lao else ("Nationwide", "All provinces", "Laos"))
        return Place(text=text, reach=reach, provinces=("All",))
    names: tuple[str, ...] = (here.name_en,)
    if reach is Reach.SEVERAL:
        others = [p for p in all_provinces if p is not here]
        more = [facts.pick(others) for _ in range(1 + facts.below(2))]
        names = tuple(dict.fromkeys((here.name_en, *(p.name_en for p in more))))
        written = [here.name_lo, *(p.name_lo for p in more)] if lao else list(names)
        return Place(text=", ".join(dict.fromkeys(written)), reach=reach, provinces=names)
    return Place(
        text=_named(here.iso, here.name_lo, lao, facts, style), reach=reach, provinces=names
    )


def _named(iso: str, name_lo: str, lao: bool, facts: Draw, style: Draw) -> str:
    district_en, district_lo = facts.pick(_districts()[iso])
    with_district = facts.chance(0.45)
    if not lao:
        spelling = style.pick(_SPELLINGS[iso])
        if with_district and "," not in spelling:
            return style.pick((f"{district_en}, {spelling}", f"{district_en} District, {spelling}"))
        return spelling
    spelling = style.pick((name_lo, name_lo, name_lo, *_LAO_MORE.get(iso, ())))
    if with_district:
        forms = ("ເມືອງ{0}, {1}", "ມ. {0}, {1}", "ເມືອງ{0} ແຂວງ{1}")
        form = forms[style.below(2 if iso == "LA-VT" else 3)]
        return form.format(district_lo, spelling.removeprefix("ແຂວງ"))
    return spelling if iso == "LA-VT" or not style.chance(0.3) else f"ແຂວງ{name_lo}"
