"""What a column's cells look like: how many are filled, whether they are dates, numbers, codes, answers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from riskmodels.book.currencies import YUAN, codes
from riskmodels.book.schema import TABLES, Column
from riskmodels.book.suggest.dates import ENOUGH, Dates, dates
from riskmodels.book.vocabulary import recodings

OTHER_CURRENCIES = {
    **dict.fromkeys(YUAN, "CNY"),
    "美元": "USD",
    "US$": "USD",
    "$": "USD",
    "欧元": "EUR",
    "€": "EUR",
    "英镑": "GBP",
    "£": "GBP",
    "港币": "HKD",
    "港元": "HKD",
    "日元": "JPY",
}
ANSWERS = frozenset(["true", "false", "t", "f", "yes", "no", "y", "n", "1", "0", "是", "否"])
"""What the loader reads as a flag."""
OTHER_ANSWERS = {"有": "true", "无": "false", "√": "true", "×": "false", "x": "true", "已": "true", "未": "false"}
NUMBER = re.compile(r"[+-]?(\d{1,3}([,. ' ]\d{3})+|\d+)?([.,]\d+)?([eE][+-]?\d+)?")
SIGNS = re.compile(r"^(?:[A-Z]{3}\s?|[A-Z]{0,2}\$\s?|[¥€£]\s?)|(?:\s?[A-Z]{3}|\s?[¥€£元%])$")
NEGATIVE = re.compile(r"\((.*)\)|(.*\d)-")
"""A negative number in brackets, or with its sign behind."""
POINT = re.compile(r"[+-]?(\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,})")
COMMA = re.compile(r"[+-]?(\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d*|\d{1,3}(\.\d{3}){2,})")
EITHER = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
"""Numbers whose decimal mark is a point, a comma, or that don't say."""
MANY = 5_000
FEW = 60
"""Distinct cells up to which a column may hold words of a list."""


def _undressed(text: str) -> str:
    """A number as the loader reads it: -12.50 for (12.50), 12.50- and CNY -12.50."""
    negative = NEGATIVE.fullmatch(text)
    inner = (negative[1] or negative[2]) if negative else text
    return ("-" if negative else "") + SIGNS.sub("", SIGNS.sub("", inner.strip())).strip()


@dataclass(frozen=True, eq=False)
class Profile:
    """The cells of one source column."""

    name: str
    cells: list[str] = field(repr=False)

    @cached_property
    def filled(self) -> list[str]:
        """Cells with something in them."""
        return [c for c in self.cells if c]

    @cached_property
    def distinct(self) -> list[str]:
        """Different cells in the order in which they come."""
        return list(dict.fromkeys(self.filled))

    @property
    def unique(self) -> bool:
        """Whether no cell stands twice and none is empty."""
        return 0 < len(self.distinct) == len(self.cells)

    @cached_property
    def plain(self) -> list[str]:
        """Distinct cells with full-width characters made plain."""
        return [unicodedata.normalize("NFKC", c).strip() for c in self.distinct[:MANY]]

    @cached_property
    def dates(self) -> Dates:
        """How its dates are written, if they are dates."""
        return dates(self.plain)

    @cached_property
    def bare(self) -> list[str]:
        """Distinct cells without signs of currency, percent and brackets around a number."""
        return [_undressed(p) for p in self.plain]

    @property
    def dressed(self) -> bool:
        """Whether numbers carry signs that the loader doesn't read."""
        return self.number >= ENOUGH and any(b != p for b, p in zip(self.bare, self.plain))

    @cached_property
    def number(self) -> float:
        """Share of the cells that are numbers."""
        return self._share(lambda i: bool(self.bare[i]) and bool(NUMBER.fullmatch(self.bare[i])))

    @cached_property
    def whole(self) -> float:
        """Share of the cells that are whole numbers."""
        return self._share(lambda i: bool(re.fullmatch(r"[+-]?\d+(\.0)?", self.plain[i])))

    @cached_property
    def coded(self) -> bool:
        """Whether each is a whole number written with .0, as a table with gaps was exported."""
        return bool(self.plain) and all(re.fullmatch(r"\d+\.0", p) for p in self.plain)

    def _share(self, holds: object) -> float:
        return sum(map(holds, range(len(self.plain)))) / len(self.plain) if self.plain else 0.0  # type: ignore[call-overload]

    @property
    def example(self) -> str:
        """The first filled cell."""
        return self.filled[0] if self.filled else ""


def recoding(table: str, column: Column, cells: list[str]) -> tuple[dict[str, str], list[str]]:
    """How the cells become words we allow: what must be recoded, and cells that nobody knows."""
    ours = {o.lower(): o for o in column.allowed}
    theirs = {t.lower(): o for o, words in recodings(table, column.name).items() for t in words}
    if column.name == "currency":
        ours, theirs = {c.lower(): c for c in codes()}, {t.lower(): o for t, o in OTHER_CURRENCIES.items()}
    if column.kind == "flag":
        ours, theirs = {a: a for a in ANSWERS}, {**OTHER_ANSWERS, **theirs}
    changed, unknown = {}, []
    for cell in cells:
        known = cell.lower() in ours if column.kind == "flag" else cell in ours.values()
        if known:
            continue
        if word := ours.get(cell.lower()) or theirs.get(cell.lower()):
            changed[cell] = word
        else:
            unknown.append(cell)
    return changed, unknown


def fit(table: str, name: str, profile: Profile) -> float:
    """How well the cells suit one of our columns, between 0 (can't be) and 1."""
    column = TABLES[table][name]
    if not profile.filled:
        return 0.9
    match column.kind:
        case "date" | "stamp":
            return _dates_fit(profile)
        case "money" | "rate":
            return 0.3 if profile.dates and not profile.dates.serial else float(profile.number >= ENOUGH)
        case "count":
            return float(profile.whole >= ENOUGH)
        case _:
            return _words_fit(table, column, profile)


def _dates_fit(profile: Profile) -> float:
    if profile.dates:
        return 0.95 if profile.dates.serial else 1.0
    return 0.0


def _words_fit(table: str, column: Column, profile: Profile) -> float:
    if column.allowed or column.kind == "flag" or column.name == "currency":
        if len(profile.distinct) > FEW:
            return 0.0
        unknown = recoding(table, column, profile.distinct)[1]
        return 1.0 - 0.8 * len(unknown) / len(profile.distinct) if len(unknown) < len(profile.distinct) else 0.0
    if profile.dates and not profile.dates.serial and profile.dates.patterns[0] != "%Y%m%d":
        return 0.2
    fraction = any(re.search(r"[.,]\d{1,2}$", p) and not p.endswith(".0") for p in profile.plain)
    if profile.number >= ENOUGH and fraction and (column.refers_to or column.name.endswith(("_id", "number"))):
        return 0.2
    single = TABLES[table].key == (column.name,)
    return 0.85 if single and not profile.unique else 1.0
