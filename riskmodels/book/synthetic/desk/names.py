"""Names as banks write them: registered, cut short, with a branch, mistyped, spaced otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable

WRITTEN = ("registered", "short", "branch", "typo", "spacing")
LEGAL_FORMS = ("有限公司", " Co., Ltd.")
CITIES = (("上海", "Shanghai"), ("深圳", "Shenzhen"), ("成都", "Chengdu"), ("武汉", "Wuhan"))


def written(names: Iterable[str]) -> list[str]:
    """Every way of WRITTEN for each name, one after the other."""
    return [way(name, k) for k, name in enumerate(names) for way in WAYS]


def _registered(name: str, _: int) -> str:
    return name


def _short(name: str, _: int) -> str:
    for form in LEGAL_FORMS:
        name = name.removesuffix(form)
    return name


def _branch(name: str, number: int) -> str:
    chinese, english = CITIES[number % len(CITIES)]
    return f"{name} {english} Branch" if name.isascii() else f"{name}{chinese}分公司"


def _typo(name: str, number: int) -> str:
    """Two neighbours of the first four characters swapped: never the numeral, which would name somebody else."""
    k = number % 3
    return name[:k] + name[k + 1] + name[k] + name[k + 2 :]


def _spacing(name: str, _: int) -> str:
    return name.upper().replace(".", "") if name.isascii() else f"{name[:4]} {name[4:]}"


WAYS: tuple[Callable[[str, int], str], ...] = (_registered, _short, _branch, _typo, _spacing)
