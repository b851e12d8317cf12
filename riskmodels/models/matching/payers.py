"""Who sent the money: the party a bank's name means, and for whom that name has paid before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from riskmodels.book.entities.groups import THRESHOLD
from riskmodels.book.entities.name import Key, Name, normalise
from riskmodels.book.entities.score import corpus_of, score

CLOSEST = 5
"""Names, closest in spelling, that are weighed against one that nobody bears exactly."""


@dataclass(frozen=True)
class Payer:
    """A party that a name may mean, and how sure that is, from 0 to 1."""

    party_id: str
    certainty: float


class Payers:
    """The parties of a book by their names, and what is learnt of who pays for whom."""

    def __init__(self, parties: Iterable[tuple[str, str]]) -> None:
        self.exact: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.core: defaultdict[Key, dict[str, None]] = defaultdict(dict)
        self.names: dict[str, Name] = {}
        for party_id, name in parties:
            self.exact[name][party_id] = None
            self.names[name] = normalise(name)
            self.core[self.names[name].core][party_id] = None
        self.corpus = corpus_of(self.names.values())
        self.habits: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._known: dict[str, list[Payer]] = {}

    def of(self, name: str) -> list[Payer]:
        """The parties a name may mean, surest first: borne exactly, written alike but for its dress, or misspelt."""
        if name not in self._known:
            self._known[name] = self._sought(name)
        return self._known[name]

    def learn(self, name: str, debtor_id: str) -> None:
        """Remember that the bearer of a name paid an invoice of a debtor."""
        self.habits[name][debtor_id] += 1

    def debtors_paid_by(self, name: str) -> list[Payer]:
        """The debtors whose invoices the bearer of a name has paid, most often first, with the share of times."""
        counts = self.habits.get(name, Counter())
        return [
            Payer(debtor, n / (counts.total() + 1)) for debtor, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))
        ]

    def _sought(self, name: str) -> list[Payer]:
        if name in self.exact:
            return _shared(self.exact[name], 1.0)
        parts = normalise(name)
        if parts.core in self.core:
            return _shared(self.core[parts.core], 0.97)
        close = process.extract(name, list(self.names), scorer=fuzz.ratio, limit=CLOSEST)
        scored = [(score(parts, self.names[other], self.corpus)[0], other) for other, _ratio, _place in close]
        best, other = max(scored, default=(0.0, ""))
        return _shared(self.exact[other], best) if best >= THRESHOLD else []


def _shared(parties: Iterable[str], certainty: float) -> list[Payer]:
    """Parties that one name may mean, none surer than another."""
    found = list(parties)
    return [Payer(party, certainty / len(found)) for party in found]
