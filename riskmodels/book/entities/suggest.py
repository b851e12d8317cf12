"""A book's proposals in a review file, earlier decisions kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from riskmodels.book.entities.groups import THRESHOLD
from riskmodels.book.entities.propose import Proposal, propose
from riskmodels.book.entities.review import read_review, write_review
from riskmodels.book.open import open_book
from riskmodels.core.paths import writable


@dataclass(frozen=True)
class Suggested:
    """What was proposed, and how many decisions of the earlier file were kept."""

    proposals: tuple[Proposal, ...]
    kept: int

    @property
    def parties(self) -> int:
        """Parties in a group."""
        return sum(len(p.members) for p in self.proposals)


def suggest(source: str | Path, out: Path, threshold: float = THRESHOLD, earlier: Path | None = None) -> Suggested:
    """Write the review file `out`; decisions are kept from `earlier`, by default from `out` itself if it is there."""
    writable(out, ".csv")
    before = earlier or (out if out.exists() else None)
    decided = read_review(before) if before else []
    proposals = propose(open_book(source), threshold)
    return Suggested(tuple(proposals), write_review(proposals, out, decided))
