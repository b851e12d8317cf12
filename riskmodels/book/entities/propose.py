"""The parties of a book that may be one company, as proposals for a person to decide."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.entities.groups import THRESHOLD, Group, group_names
from riskmodels.core.errors import Misuse

EVIDENCE = {
    "group_id": (0.02, -0.01),
    "founded_on": (0.02, -0.02),
    "registered_capital": (0.01, -0.01),
    "industry": (0.01, -0.02),
    "region": (0.005, -0.01),
}
"""What else the book knows of parties: what it adds to a score when all agree, and when they don't."""
SAME_ID = 0.02
"""What it adds when the ids differ in leading zeros alone."""
TRADE_TOGETHER = -0.05
"""What it adds when members invoice one another: a company seldom does so to itself."""


@dataclass(frozen=True)
class Member:
    """A party of a group: its id and latest name, how many invoices it has, and their amount in the book's currency."""

    party_id: str
    name: str
    invoices: int
    amount: float


@dataclass(frozen=True)
class Proposal:
    """Parties that may be one company: the score of their weakest pair of names with what else the book knows of them.

    `against` is what speaks against it, `evidence` what was found beside the names; members come largest first.
    """

    group_id: str
    score: float
    against: tuple[str, ...]
    evidence: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def canonical(self) -> Member:
        """The member that stands for all: that with the largest amount."""
        return self.members[0]

    @property
    def amount(self) -> float:
        """The amount of all members."""
        return sum(m.amount for m in self.members)


def propose(book: Book, threshold: float = THRESHOLD) -> list[Proposal]:
    """The groups of parties that may be one company, the surest first, then the largest.

    `threshold` is for the names alone; what else the book knows moves the score afterwards, and hides no group.
    """
    if not 0.5 <= threshold <= 1:
        raise Misuse(f"threshold: found {threshold:g}, expected a score between 0.5 and 1")
    book.need("parties", "name")
    parties = _parties(book)
    groups = group_names(parties["name"].tolist(), threshold)
    together = _trade_together(book, parties, groups)
    found = (_proposal(parties, g, g.members in together) for g in groups)
    return sorted(found, key=lambda p: (-p.score, -p.amount, p.group_id))


def group_id(party_ids: Iterable[str]) -> str:
    """The id of a group: a digest of its members, so that it stays as long as they do."""
    return "g" + hashlib.sha256("\x1f".join(sorted(party_ids)).encode()).hexdigest()[:12]


def _parties(book: Book) -> pd.DataFrame:
    """One row per named party: its latest version, and what the invoices say of it."""
    cells = ", ".join(f"p.{c}" for c in EVIDENCE)
    return book.sql(
        f"WITH latest AS (SELECT * FROM parties WHERE name IS NOT NULL QUALIFY row_number() OVER "
        "(PARTITION BY party_id ORDER BY valid_from DESC, known_on DESC, name) = 1), "
        "sides AS (SELECT client_id AS party_id, amount, currency FROM invoices "
        "UNION ALL SELECT debtor_id, amount, currency FROM invoices), "
        "dealt AS (SELECT party_id, count(*) AS invoices, sum(amount) FILTER (currency = $currency) AS amount "
        "FROM sides GROUP BY 1) "
        f"SELECT p.party_id, p.name, {cells}, coalesce(d.invoices, 0) AS invoices, "
        "coalesce(CAST(d.amount AS DOUBLE), 0) AS amount FROM latest p LEFT JOIN dealt d USING (party_id) "
        "ORDER BY p.party_id",
        {"currency": book.currency},
    )


def _trade_together(book: Book, parties: pd.DataFrame, groups: Sequence[Group]) -> set[tuple[int, ...]]:
    """The groups whose members invoice one another."""
    home = {parties["party_id"].iat[m]: g.members for g in groups for m in g.members}
    pairs = book.sql("SELECT DISTINCT client_id, debtor_id FROM invoices WHERE client_id <> debtor_id")
    sides = zip(pairs["client_id"].map(home.get), pairs["debtor_id"].map(home.get))
    return {a for a, b in sides if isinstance(a, tuple) and a == b}


def _proposal(parties: pd.DataFrame, group: Group, together: bool) -> Proposal:
    rows = parties.iloc[list(group.members)]
    told = [(_told(c, rows[c]), up, down) for c, (up, down) in EVIDENCE.items()]
    add = sum((up if same else down) for (same, words), up, down in told if words)
    evidence = tuple(words for (_, words), _, _ in told if words)
    members = sorted(map(_member, rows.to_dict("records")), key=lambda m: (-m.amount, -m.invoices, m.party_id))
    if len({m.party_id.lstrip("0") for m in members}) == 1:
        add, evidence = add + SAME_ID, ("same id but for leading zeros", *evidence)
    if together:
        add, evidence = add + TRADE_TOGETHER, (*evidence, "they invoice one another")
    score = round(min(1.0, group.score + add), 4)
    return Proposal(group_id(m.party_id for m in members), score, group.flags, evidence, tuple(members))


def _told(column: str, values: Any) -> tuple[bool, str]:
    """Whether the known values agree, and a word on it; no word when fewer than two are known."""
    known = values.dropna()
    if len(known) < 2:
        return False, ""
    same = bool(known.nunique() == 1)
    return same, f"{'same' if same else 'different'} {column}"


def _member(row: dict[Any, Any]) -> Member:
    return Member(str(row["party_id"]), str(row["name"]), int(row["invoices"]), float(row["amount"]))
