"""Five kinds of measure over facts: what a feature may be a formula of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

Rows = Any
"""An Ibis table: the facts, one row each."""
Value = Callable[[Rows], Any]
"""A row-wise Ibis expression of the facts' columns."""


@dataclass(frozen=True)
class Facts:
    """A stream of facts: the tables it needs, and its rows as an Ibis table.

    `rows` gets the book's tables by name (an absent one is empty; `invoices` also carries the kernel's key numbers)
    and returns a table with `known_on`, the day from which a row could be known, the numbers of the keys it concerns
    (some of client, debtor, pair, chain, industry; `on_invoices` and `on_parties` bring them), and `currency` if its
    amounts may be in several.
    """

    name: str
    tables: tuple[str, ...]
    rows: Callable[[Mapping[str, Rows]], Rows]


def minor(amount: Any) -> Any:
    """An amount of money in minor units, a whole number."""
    return (amount * 100).cast("int64")


KEYS = ("invoice_id", "client_id", "debtor_id", "client", "debtor", "pair", "chain", "industry")
"""What a fact of an invoice says of whom it concerns: three ids, and the dense numbers the kernel sorts by."""

M = TypeVar("M", bound="Measure")


@dataclass(frozen=True)
class Measure:
    """What is measured of which facts, in a window of days (None: since the beginning), `ago` days before the as-of.

    `value` is a row-wise Ibis expression, an integer or money (read as minor units); `where` keeps some facts;
    `not_before` is a date from which the fact counts if it was known earlier. A fact counts from the latest of
    the row's `known_on`, `not_before`, and the date that reveals each column the three expressions read.
    """

    facts: Facts
    value: Value
    where: Value | None = None
    not_before: Value | None = None
    window: int | None = None
    ago: int = 0

    def over(self: M, window: int | None) -> M:
        """The same measure in another window."""
        return replace(self, window=window)

    def before(self: M, days: int) -> M:
        """The same measure as it was `days` days before the as-of date."""
        return replace(self, ago=self.ago + days)


@dataclass(frozen=True)
class Flow(Measure):
    """Sum of the values of the facts known in (as_of - window, as_of]; 0 without facts."""


@dataclass(frozen=True)
class Stock(Measure):
    """Level at the as-of date: the sum of all signed values known by then, whatever the window; 0 without facts."""

    def over(self, window: int | None) -> Stock:
        """The same stock: a level has no window."""
        return self


@dataclass(frozen=True)
class Elapsed(Measure):
    """Sum of value times the days since the fact, over the facts of the window; 0 without facts.

    With a Flow over the same window it gives a mean age, or a sum whose weights fall evenly to 0 at the window's end.
    """


@dataclass(frozen=True)
class Peak(Measure):
    """Largest value among the facts of the window, which may be a rate; NaN without facts."""


@dataclass(frozen=True)
class Last(Measure):
    """Value of the latest fact of the window, the largest of that day, which may be a rate; NaN without facts."""


@dataclass(frozen=True)
class Since(Last):
    """Days from the latest fact of the window to the as-of date; NaN without facts."""


@dataclass(frozen=True)
class Age(Last):
    """Days from the first fact of the window to the as-of date; NaN without facts."""


@dataclass(frozen=True)
class Spread(Measure):
    """How concentrated the values of the window are on the other side: a debtor's clients, a client's debtors.

    `how`: `hhi` is the sum of squared shares, `top` the largest share, `count` how many have a positive balance. A
    counterpart's balance is the sum of its values; a negative one counts as 0. NaN (count: 0) when there is none.
    """

    how: str = "hhi"
