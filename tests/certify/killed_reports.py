"""Reports killed at many instants: earlier runs keep every byte, no half run appears, the next run clears up."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from riskmodels.book.synthetic import synthesise, write
from riskmodels.runs import registry
from riskmodels.runs.scratch import scratch
from tests.certify.campaign import Campaign, Figure, Record, every, none
from tests.certify.killed import Sign, home, instant, killed, seconds, sums

REPORT, AS_OF = "portfolio_review", "2026-06-30"


@dataclass(frozen=True)
class Scene:
    """A book, a folder of reports with one run in it, the run's place in it and its hashes, and how long one takes."""

    book: Path
    reports: Path
    run: Path
    sums: dict[str, str]
    seconds: float


def run(seed: int) -> Record:
    """What a folder of reports holds after a kill, and after the next run has begun."""
    stage = scene()
    with tempfile.TemporaryDirectory(prefix="certify-") as place:
        reports = Path(shutil.copytree(stage.reports, Path(place) / "reports"))
        dead = killed(_running(reports), instant(seed) * stage.seconds, *_command(stage.book, reports))
        kept = registry.runs(reports)
        broken = set(reports.glob("[!.]*/*/*")) - {r.path for r in kept if not registry.verify(r)}
        return {
            "killed": dead,
            "runs": len(kept),
            "broken": len(broken),
            "old": sums(reports / stage.run) == stage.sums,
            "index": (reports / "index.html").read_text(encoding="utf-8").rstrip().endswith("</html>"),
            "cleared": _cleared(reports),
        }


def _running(reports: Path) -> Sign:
    """The sign that a run has begun: its folder in scratch."""
    return lambda: any((reports / ".scratch").glob("*/files"))


def _cleared(reports: Path) -> bool:
    """Whether the scratch folder holds nothing but the next run once that has begun."""
    with scratch(reports, reports / REPORT / AS_OF, map(str, count())):
        return [p.name for p in (reports / ".scratch").iterdir()] == ["0"]


def _command(book: Path, reports: Path) -> tuple[object, ...]:
    return ("report", "run", REPORT, "--book", book, "--as-of", AS_OF, "--reports", reports)


@cache
def scene() -> Scene:
    """A small book and its first report, made once."""
    place = home()
    book = write(synthesise(600, 1), place / "book.duckdb")
    took = seconds(_running(place / "reports"), *_command(book, place / "reports"))
    (first,) = registry.runs(place / "reports")
    return Scene(book, place / "reports", first.path.relative_to(place / "reports"), sums(first.path), took)


def summary(records: list[Record]) -> list[Figure]:
    """Earlier runs, half runs, the index and what lies about."""
    n = len(records)
    return [
        Figure("reports killed before their end", f"{sum(r['killed'] for r in records):,} of {n:,}"),
        every("earlier runs with every byte", sum(r["old"] for r in records), n),
        none("kills that leave a half run", sum(r["broken"] > 0 for r in records), n),
        Figure("kills after which the new run is whole", f"{sum(r['runs'] > 1 for r in records):,} of {n:,}"),
        every("index pages that are whole", sum(r["index"] for r in records), n),
        every("scratch folders cleared by the next run", sum(r["cleared"] for r in records), n),
    ]


KILLED_REPORTS = Campaign("killed-reports", "A report killed at any instant", run, summary, seeds=30, quick=2)
