"""Company names with known truth: noisy ways to write one company, and other companies that look like it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from riskmodels.book.entities.words import listed

HAN_STEM = (
    "宏达瑞丰华泰恒信嘉禾鑫源盛铭锦程博远凯捷卓越腾飞翔宇峰岳坤乾骏逸晨曦朗润泽霖浩瀚森茂荣昌隆祥庆瑶琪珂磊"
    "安康德力福广海汉和弘鸿辉惠吉佳坚建金晋景久巨君科蓝乐利联龙鲁美民明诺鹏齐启强勤仁融尚升圣顺思太天通同威伟文"
)
HAN_TRADES = listed(
    "机械 电子 纺织 化工 食品 建材 物流 医疗器械 汽车零部件 包装材料 国际贸易 信息技术 新能源科技 环保工程"
)
HAN_PLACES = listed("上海 深圳 杭州 苏州 广东 山东 成都 武汉")
HAN_FORMS = listed("有限公司 有限责任公司 股份有限公司 集团有限公司")
FIRST = listed(
    "Golden Silver Harbour Northgate Ridgeway Maple Cedar Falcon Summit Horizon Beacon Sterling Redwood Granite "
    "Meridian Atlas Pioneer Crescent Juniper Lakeside Orchard Phoenix Sapphire Tidewater Vanguard Westbrook"
)
SECOND = listed(
    "Harvest Anchor Bridge Valley River Field Stone Crown Lantern Meadow Forge Canyon Prairie Compass Garden Castle "
    "Thunder Willow Quarry Sparrow"
)
TRADES = listed(
    "Foods Manufacturing Technology International Trading Electric Packaging Textiles Logistics Chemicals Engineering "
    "Equipment"
)
FORMS = ("Inc.", "LLC", "Co., Ltd.", "Corporation", "Ltd")
SHORT = {
    **{"Manufacturing": "Mfg.", "Technology": "Tech.", "International": "Intl", "Trading": "Trdg"},
    **{"Electric": "Elec.", "Engineering": "Eng.", "Equipment": "Equip."},
}

Parts = dict[str, str]
"""A company: script, place, stem, trade, number, form."""
Noise = Callable[[np.random.Generator, Parts], str]


def noisy_names(companies: int, seed: int, alike: float = 0.5) -> pd.DataFrame:
    """One row per way of writing a company: `company`, `name`, `noise` (clean for the registered name).

    A share `alike` of companies is followed by another that differs by one thing: trade, number, place or stem. No two
    differ in legal form alone, and where two differ in place alone no way of writing leaves the place out: who reads
    the names can tell them apart.
    """
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, str, str, str]] = []
    seen: set[str] = set()
    parts: Parts = {}
    while (made := len(seen)) < companies:
        follow = bool(parts) and rng.random() < alike
        parts = _other(rng, parts) if follow else _company(rng)
        if (bare := written(parts | {"form": ""})) in seen:
            continue
        seen.add(bare)
        anywhere = written(parts | {"form": "", "place": ""})
        rows += [(made, name, noise, anywhere) for name, noise in _variants(rng, parts)]
    frame = pd.DataFrame(rows, columns=["company", "name", "noise", "anywhere"])
    places = frame.groupby("anywhere")["company"].transform("nunique")
    frame = frame[(frame["noise"] != "place dropped") | (places == 1)].drop(columns="anywhere")
    return frame.drop_duplicates(["company", "name"], ignore_index=True)


def written(parts: Parts) -> str:
    """The registered name."""
    han = parts["script"] == "han"
    order = ("place", "stem", "trade", "number", "form") if han else ("stem", "trade", "number", "form")
    return ("" if han else " ").join(parts[p] for p in order if parts[p])


def _company(rng: np.random.Generator) -> Parts:
    number = f"{'ABCD'[rng.integers(4)]}{rng.integers(1, 10_000):04d}" if rng.random() < 0.3 else ""
    if rng.random() < 0.6:
        stem = "".join(rng.choice(list(HAN_STEM), rng.integers(2, 5), replace=False))
        place = str(rng.choice(HAN_PLACES)) if rng.random() < 0.5 else ""
        return _parts("han", place, stem, str(rng.choice(HAN_TRADES)), number, str(rng.choice(HAN_FORMS)))
    stem = f"{rng.choice(FIRST)} {rng.choice(SECOND)}"
    number = str(rng.integers(1, 500)) if number else ""
    return _parts("latin", "", stem, str(rng.choice(TRADES)), number, str(rng.choice(FORMS)))


def _parts(script: str, place: str, stem: str, trade: str, number: str, form: str) -> Parts:
    return {"script": script, "place": place, "stem": stem, "trade": trade, "number": number, "form": form}


def _other(rng: np.random.Generator, parts: Parts) -> Parts:
    """Another company that differs by one thing."""
    han = parts["script"] == "han"
    what = rng.choice([p for p in ("trade", "number", "place", "stem") if parts[p]])
    if what == "number":
        digits = parts["number"].lstrip("ABCD")
        changed = str((int(digits) + int(rng.choice([1, 10, 100]))) % 10_000).zfill(len(digits) if han else 1)
        return parts | {"number": parts["number"][: -len(digits)] + changed}
    if what == "stem" and han:
        return parts | {"stem": parts["stem"][:-1] + str(rng.choice(list(HAN_STEM)))}
    if what == "stem":
        return parts | {"stem": f"{parts['stem'].split()[0]} {rng.choice(SECOND)}"}
    return parts | {what: str(rng.choice(HAN_PLACES if what == "place" else HAN_TRADES if han else TRADES))}


def _variants(rng: np.random.Generator, parts: Parts) -> list[tuple[str, str]]:
    """The registered name and up to three noisy ones, each with what was done to it."""
    ways = {name: way for name, way in NOISES.items() if parts["script"] in SCRIPTS.get(name, ("han", "latin"))}
    chosen = rng.choice(list(ways), rng.integers(0, 4), replace=False)
    return [(written(parts), "clean"), *((ways[str(name)](rng, parts), str(name)) for name in chosen)]


def _dropped(_: np.random.Generator, parts: Parts) -> str:
    return written(parts | {"form": ""})


def _form(rng: np.random.Generator, parts: Parts) -> str:
    return written(parts | {"form": str(rng.choice(HAN_FORMS[:3] if parts["script"] == "han" else FORMS))})


def _full_width(_: np.random.Generator, parts: Parts) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in written(parts).upper())


def _punctuation(_: np.random.Generator, parts: Parts) -> str:
    return written(parts).replace(" ", "  ").replace("有限", " 有限").replace("Inc.", ", INC").replace("LLC", "L.L.C.")


def _typo(rng: np.random.Generator, parts: Parts) -> str:
    """Two neighbouring letters or characters of the stem or trade change places."""
    text = parts["stem"] + parts["trade"] if parts["script"] == "han" else parts["trade"]
    at = int(rng.integers(1, len(text) - 1))
    text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return written(parts | ({"stem": text, "trade": ""} if parts["script"] == "han" else {"trade": text}))


def _letter(rng: np.random.Generator, parts: Parts) -> str:
    """A letter is lost."""
    first, second = parts["stem"].split()
    at = int(rng.integers(1, len(first)))
    return written(parts | {"stem": f"{first[:at]}{first[at + 1 :]} {second}"})


def _abbreviated(_: np.random.Generator, parts: Parts) -> str:
    return written(parts | {"trade": SHORT.get(parts["trade"], parts["trade"])})


def _swapped(_: np.random.Generator, parts: Parts) -> str:
    """Words change places; a Chinese name puts its place in brackets."""
    if parts["script"] == "han":
        return written(parts | {"place": "", "form": f"（{parts['place']}）{parts['form']}" if parts["place"] else ""})
    return written(parts | {"stem": parts["trade"], "trade": parts["stem"]})


def _placeless(_: np.random.Generator, parts: Parts) -> str:
    return written(parts | {"place": ""})


def _branch(rng: np.random.Generator, parts: Parts) -> str:
    tail = f"{rng.choice(HAN_PLACES)}分公司" if parts["script"] == "han" else f"Store #{rng.integers(1, 99)}"
    return written(parts) + ("" if parts["script"] == "han" else " ") + tail


NOISES: dict[str, Noise] = {
    **{"dropped suffix": _dropped, "other suffix": _form, "full width": _full_width, "punctuation": _punctuation},
    **{"typo": _typo, "lost letter": _letter, "abbreviated": _abbreviated, "swapped": _swapped},
    **{"place dropped": _placeless, "branch": _branch},
}
"""Ways a name is spoilt."""
SCRIPTS = {"lost letter": ("latin",), "abbreviated": ("latin",), "place dropped": ("han",)}
"""Scripts that a way applies to, where not to all."""
