"""The order of a page: chapters, lines of one or two blocks, and the numbers of figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from riskmodels.core.checks import Verdict
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Figure, NotRun, Section
from riskmodels.reporting.front import Opinion


@dataclass(frozen=True)
class Placed:
    """A block with its number: of its kind for figures, of the page for all others."""

    block: Block
    number: int


@dataclass
class Chapter:
    """What stands under one entry of the contents, as lines of one or two blocks."""

    anchor: str
    name: str
    verdict: Verdict | None = None
    lines: list[list[Placed]] = field(default_factory=list)

    def add(self, placed: Placed) -> None:
        """Put the block on the last line if both are halves, else on a line of its own."""
        last = self.lines[-1] if self.lines else []
        if placed.block.half and len(last) == 1 and last[0].block.half:
            last.append(placed)
        else:
            self.lines.append([placed])


def chapters(blocks: Sequence[Block]) -> list[Chapter]:
    """The chapters of a report: page 1, then one for each section."""
    found = [Chapter("s0", _("Verdict"), _of_opinion(blocks))]
    for placed in _numbered(blocks):
        block = placed.block
        if isinstance(block, Section):
            found.append(Chapter(f"s{len(found)}", block.name, block.verdict))
        if isinstance(block, NotRun) and found[-1].verdict is None:
            found[-1].verdict = Verdict.NOT_RUN
        found[-1].add(placed)
    return found


def _of_opinion(blocks: Iterable[Block]) -> Verdict | None:
    return next((b.verdict for b in blocks if isinstance(b, Opinion)), None)


def _numbered(blocks: Iterable[Block]) -> list[Placed]:
    placed, figures = [], 0
    for i, block in enumerate(blocks, 1):
        figures += isinstance(block, Figure)
        placed.append(Placed(block, figures if isinstance(block, Figure) else i))
    return placed
