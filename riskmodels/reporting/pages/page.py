"""What all pages share: blocks shown in order, the language of the run, and the values of the run before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, TypeVar

from riskmodels.book.book import Book
from riskmodels.core import text
from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.errors import DataRefused
from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, NotRun, Section, Table
from riskmodels.reporting.words import limit_text

T = TypeVar("T")


class Blocks(tuple[Block, ...]):
    """Blocks in the order they are read; a notebook shows each of them."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for block in self:
            display(block)


def page(make: Callable[[Any], Iterable[Block]]) -> Callable[[Any], Blocks]:
    """A method whose blocks are made in the language of its report (`self.lang`), whatever was in force before."""

    @wraps(make)
    def made(self: Any) -> Blocks:
        text.use(self.lang)
        return Blocks(make(self))

    return made


@dataclass(frozen=True)
class Before:
    """The run a report is compared with: when it looked from, and its checks' values by name."""

    as_of: date | None
    values: dict[str, float]


@dataclass(frozen=True)
class AtClose:
    """A report on a book from the close of a date, in one language, beside the run before."""

    whole: Book
    as_of: date
    lang: str
    before: Before

    @cached_property
    def book(self) -> Book:
        """The book as it was known."""
        return self.whole.as_of(self.as_of)


def read_before(result: str) -> Before:
    """What an earlier run's result.json says; nothing when there was none."""
    if not result:
        return Before(None, {})
    try:
        found = json.loads(Path(result).read_text(encoding="utf-8"))
        values = {c["name"]: c["value"] for c in found["checks"] if c["value"] is not None}
        return Before(date.fromisoformat(found["as_of"]), values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataRefused(f"previous: {result}: can't be read as a run's result ({error})") from None


def unrun(number: str, name: str, reason: str, lead: str = "") -> Blocks:
    """A section that could not be made, with the reason."""
    return Blocks((Section(number, name, _("Not run"), lead, Verdict.NOT_RUN), NotRun(name, reason)))


def limits_used(checks: Sequence[CheckResult], currency: str) -> Table:
    """Every check with its limit, warning line and the source of both: the appendix of a report."""
    import pandas as pd

    rows = [
        {
            "check": c.title,
            "n": c.n,
            "p": c.p_value,
            "limit": limit_text(c.limits, c.unit, currency),
            "watch": limit_text(_watch(c.limits), c.unit, currency),
            "source": _cited(c.limits.source if c.limits else "", c.reference),
        }
        for c in checks
    ]
    columns = [
        Column("check", _("Check")),
        Column("n", _("Cases"), "count"),
        Column("limit", _("Limit"), right=True),
        Column("watch", _("Warning line"), right=True),
        Column("source", _("Source"), quiet=True),
    ]
    frame = pd.DataFrame(rows)
    return Table.of("limits", frame, columns, title=_("Limits, warning lines and their sources"))


def say_counts(checks: Sequence[CheckResult]) -> str:
    """The answer in one sentence: what is beyond its limit, else what is on watch, else that all is within."""
    breached, watched = ([c.title for c in checks if c.verdict is v] for v in (Verdict.BREACH, Verdict.WATCH))
    if breached:
        head = ngettext("One limit is broken", "{n} limits are broken", len(breached)).format(n=len(breached))
        return _("{head}: {names}").format(head=head, names=listed(breached))
    if watched:
        head = ngettext(
            "No limit is broken, one figure is on watch", "No limit is broken, {n} figures are on watch", len(watched)
        )
        return _("{head}: {names}").format(head=head.format(n=len(watched)), names=listed(watched))
    ran = sum(c.verdict is Verdict.WITHIN for c in checks)
    if not ran:
        return _("Nothing could be checked on this book")
    return ngettext(
        "The one figure checked is within its limit", "All {n} figures checked are within their limits", ran
    ).format(n=ran)


def joined(*sentences: str) -> str:
    """Sentences one after the other; Chinese has no space between them."""
    return ("" if text.language() == "zh" else " ").join(s for s in sentences if s)


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a row, the rest as a number."""
    shown = _(", ").join(names[:most])
    rest = len(names) - most
    return shown if rest <= 0 else _("{shown} and {rest} more").format(shown=shown, rest=rest)


def _watch(limits: Limits | None) -> Limits | None:
    if limits is None or (limits.watch_low is None and limits.watch_high is None):
        return None
    return Limits(breach_low=limits.watch_low, breach_high=limits.watch_high)


def _cited(source: str, reference: str) -> str:
    """The source of a limit and the reference of its method, which is not said twice."""
    parts = (source and _(source), "" if reference in source else reference)
    return _("; ").join(p for p in parts if p)
