"""How well a column's name fits each of our columns, and what a name says against its use."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from riskmodels.book.schema import TABLES
from riskmodels.book.suggest.words import CJK, normalised, squashed
from riskmodels.book.vocabulary import called, reasons, sheet_names, vocabulary

Target = tuple[str, str]
"""One of our columns: its table and its name."""
STRONG, WEAK, WEAKEST = 1.0, 0.8, 0.7
NEAR = 88
"""Least likeness of 100 at which two names are taken for one."""
SHORTEST = 5
"""Letters below which a likeness says nothing."""
LONGEST = 60
COVERED = 0.4
"""Least part of a longer name that a name of ours must be."""


GENERIC = frozenset(["number", "date", "amount", "name", "id", "total", "code", "type", "due", "account", "reference"])
GENERIC |= frozenset(["金额", "日期", "编号", "名称", "号码", "代码", "类型", "编码"])
"""Words that say nothing at the end of a longer name."""


@cache
def _index() -> dict[str, dict[Target, float]]:
    """For each name in use, our columns it may mean and how strongly."""
    index: dict[str, dict[Target, float]] = {}
    for table in TABLES.values():
        for column in table.names:
            words = called(table.name, column)
            for strength, names in ((STRONG, words.names), (WEAK, words.weaker), (WEAKEST, words.weakest)):
                for name in names:
                    found = index.setdefault(squashed(normalised(name)), {})
                    target = (table.name, column)
                    found[target] = max(strength, found.get(target, 0))
    return index


@cache
def _choices() -> list[str]:
    return [name for name in _index() if len(name) >= SHORTEST]


@cache
def name_scores(name: str) -> dict[Target, float]:
    """Our columns that a name may mean, each with a score between 0 and 1."""
    words = normalised(name)
    scores = dict(_index().get(squashed(words), {}))
    for part, worth in [*_near(squashed(words)), *_parts(words)]:
        for target, strength in _index()[part].items():
            scores[target] = max(scores.get(target, 0), strength * worth)
    return scores


def _near(name: str) -> list[tuple[str, float]]:
    """Names of ours that are nearly the same, with what the likeness is worth; a name we know needs none."""
    if len(name) < SHORTEST or len(name) > LONGEST or name in _index():
        return []
    found = process.extract(name, _choices(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=5)
    return [(str(text), 0.95 * likeness / 100) for text, likeness, _ in found if text != name]


def _parts(words: str) -> list[tuple[str, float]]:
    """Names of ours that a longer name ends in (its head: worth more) or begins with."""
    units = re.findall(rf"[{CJK}]|[^\s{CJK}]+", words)
    whole, index = len(squashed(words)), _index()
    found = []
    for cut in range(1, min(len(units), 30)):
        tail, start = "".join(units[cut:]), "".join(units[:-cut])
        found += [(tail, 0.6 + 0.35 * len(tail) / whole)] if _tells(tail, whole) and tail in index else []
        found += [(start, 0.45 + 0.3 * len(start) / whole)] if _tells(start, whole) and start in index else []
    return found


def _tells(part: str, whole: int) -> bool:
    shortest = 2 if re.match(f"[{CJK}]", part) else 3
    return len(part) >= shortest and len(part) / whole >= COVERED and part not in GENERIC


@cache
def reason_against(name: str) -> str:
    """Why a column of that name can't be a fact of a ledger; nothing if it can."""
    words = f" {normalised(name)} "
    for why, against in reasons():
        if any((w in words) if re.match(f"[{CJK}]", w) else (f" {normalised(w)} " in words) for w in against):
            return why
    return ""


@cache
def role_word(name: str) -> str:
    """The word for somebody that a name begins or ends with: the customer of custName, 买方 of 买方编号."""
    ours, given = squashed(normalised(name)), vocabulary()["words"]
    words = {squashed(normalised(word)) for role in ("client", "debtor", "party") for word in given[role]}
    return max((w for w in words if ours.startswith(w) or ours.endswith(w)), key=len, default="")


def sheet_score(name: str, table: str) -> float:
    """How well a file's or sheet's name fits a table: 1, a part, 0."""
    words = normalised(name)
    ours = {normalised(n) for n in sheet_names(table)}
    if words in ours:
        return 1.0
    inside = [n for n in ours if len(n) >= 2 and (n in words if re.match(f"[{CJK}]", n) else f" {n} " in f" {words} ")]
    return max((len(n) / len(words) for n in inside), default=0.0)
