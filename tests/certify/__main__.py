"""Runs the campaigns with progress, prints their figures and, unless it is a quick look, writes their pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.certify import campaigns, page, runner
from tests.certify.campaign import Campaign, Figure, Record
from tests.certify.page import Commit

console = Console()


def main() -> int:
    """0 when every claim holds, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.certify", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small fixed sample of each; keeps and writes nothing")
    parser.add_argument("--only", choices=[c.name for c in campaigns.ALL], help="one campaign")
    parser.add_argument("--seeds", type=int, help="so many seeds instead of the campaign's own number")
    asked = parser.parse_args()
    chosen = [c for c in campaigns.ALL if asked.only in (None, c.name)]
    made_of = None if asked.quick else page.commit()
    held = [_certify(c, asked.seeds, made_of) for c in chosen]
    return 0 if all(held) else 1


def _certify(campaign: Campaign, seeds: int | None, commit: Commit | None) -> bool:
    """Whether every claim holds; the page is written when the commit it belongs to is given."""
    n = seeds or (campaign.seeds if commit else campaign.quick)
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*bar, console=console, transient=True) as progress:
        task = progress.add_task(campaign.name, total=n)
        figures = campaign.summary(_records(campaign, n, bool(commit), lambda: progress.advance(task)))
    console.print(_table(campaign, figures, n))
    if commit:
        console.print(f"{page.write(campaign, figures, n, commit).relative_to(runner.ROOT)}")
    return all(f.holds is not False for f in figures)


def _records(campaign: Campaign, n: int, keep: bool, advance: Callable[[], None]) -> list[Record]:
    if keep:
        return runner.resumed(campaign, n, runner.state_of(campaign), advance)
    return runner.sample(campaign, n, advance)


def _table(campaign: Campaign, figures: list[Figure], n: int) -> Table:
    table = Table("figure", "found", "claimed", "", title=f"{campaign.title} ({n:,} seeds)", title_justify="left")
    for f in figures:
        table.add_row(f.what, f.value, f.claim, page.WORDS[f.holds])
    return table


if __name__ == "__main__":
    sys.exit(main())
