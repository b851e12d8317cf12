"""Column names brought to one form: full width, capitals, camelCase, abbreviations and brackets don't count."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from riskmodels.book.schema import TABLES
from riskmodels.book.vocabulary import called, reasons, sheet_names

ABBREVIATIONS = {
    "acct": "account",
    "acc": "account",
    "adv": "advance",
    "amnt": "amount",
    "amt": "amount",
    "bal": "balance",
    "ccy": "currency",
    "cd": "code",
    "crcy": "currency",
    "cntry": "country",
    "ctry": "country",
    "cur": "currency",
    "curr": "currency",
    "cust": "customer",
    "doc": "document",
    "dt": "date",
    "dte": "date",
    "fac": "facility",
    "inv": "invoice",
    "nbr": "number",
    "nm": "name",
    "no": "number",
    "nr": "number",
    "num": "number",
    "orig": "original",
    "pct": "percent",
    "pmt": "payment",
    "pymt": "payment",
    "recv": "received",
    "ref": "reference",
    "supp": "supplier",
    "trans": "transaction",
    "txn": "transaction",
    "vend": "vendor",
}
NOISE = frozenset(["the", "of", "in", "for", "a", "an", "by", "at", "f", "的"])
CJK = "\u3400-\u9fff"
_BRACKETS = re.compile(r"[(\[【{<].*?[)\]】}>]", re.S)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_PARTS = re.compile(rf"[a-z]+|[0-9]+|[{CJK}]+")


def normalised(name: str) -> str:
    """The name as words parted by blanks; Chinese runs stand together: invDate, INV_DT, "Invoice date" are one."""
    return " ".join(
        ABBREVIATIONS.get(word, word) for word in _words(name) for word in (_split(word) if len(word) > 4 else (word,))
    )


def unit_of(name: str) -> str:
    """What a name says in brackets: the unit of 金额（万元） or "Amount (USD)"."""
    found = re.findall(r"[(\[【](.*?)[)\]】]", unicodedata.normalize("NFKC", name), re.S)
    return found[-1].strip() if found else ""


def squashed(name: str) -> str:
    """A normalised name without blanks."""
    return name.replace(" ", "")


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", name)
    outside = _BRACKETS.sub(" ", plain)
    spoken = (outside if _PARTS.search(outside.lower()) else plain).replace("#", " number ")
    parts = _PARTS.findall(_CAMEL.sub(" ", spoken).lower())
    joined = _join_chinese(parts)
    return tuple(p for p in joined if p not in NOISE) or tuple(joined)


def _join_chinese(parts: list[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if joined and _chinese(part) and _chinese(joined[-1]):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _chinese(part: str) -> bool:
    return bool(re.match(f"[{CJK}]", part))


@cache
def _known() -> frozenset[str]:
    """English words of the vocabulary, and what they are shortened to."""
    entries = [called(t.name, c) for t in TABLES.values() for c in t.names]
    names = [n for entry in entries for n in (*entry.names, *entry.weaker, *entry.weakest)]
    names += [n for t in TABLES for n in sheet_names(t)] + [n for _, words in reasons() for n in words]
    words = {word for name in names for word in _words(name) if word.isascii() and len(word) > 1}
    return frozenset(words | set(ABBREVIATIONS))


@lru_cache(maxsize=20_000)
def _split(word: str) -> tuple[str, ...]:
    """A word written together as the fewest known words it can be read as: duedate, custno; else itself."""
    if not word.isascii() or word in _known() or len(word) > 40:
        return (word,)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(word) + 1):
        ways = [
            (*best[start], word[start:end])
            for start in range(max(0, end - 14), end - 1)
            if start in best and word[start:end] in _known()
        ]
        if ways:
            best[end] = min(ways, key=len)
    found = best.get(len(word), (word,))
    return found if len(found) <= 4 else (word,)
