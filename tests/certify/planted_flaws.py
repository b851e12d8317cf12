"""Honest verdicts: a good model, five flawed ones and one with too few defaults, each drawn anew by its seed."""

from __future__ import annotations

from collections.abc import Callable

from riskmodels.core.checks import CheckResult
from riskmodels.validation.opinion import opinion
from tests.certify.campaign import Campaign, Figure, Record
from tests.validation.planted import FLAWS, GOOD, TINY, WEAKER, Planted, flags, judged, powerful

FRESH = 50_000
"""Seeds start far from those that limits were ever looked at on."""
LEAST = 0.95


_OPINED = {"good": GOOD, "tiny": TINY, **{p.name: p for p in WEAKER}}


def run(seed: int) -> Record:
    """The opinions on good and tiny samples, and of each flaw whether power promised its flag and it came."""
    found = {name: opinion(judged(p, FRESH + seed))[0] for name, p in _OPINED.items()}
    for flaw in FLAWS:
        results = judged(flaw, FRESH + seed)
        found |= {f"{flaw.name}: promised": powerful(flaw, results), f"{flaw.name}: flagged": _flagged(flaw, results)}
    return found


def _flagged(flaw: Planted, results: list[CheckResult]) -> bool:
    return bool(flags(results, flaw.flagged_by))


def summary(records: list[Record]) -> list[Figure]:
    """The share of good models called adequate or minor, of tiny ones without opinion, of flaws flagged."""
    flawed = [_least(f"{f.name}: flagged under {f.flagged_by}", *_promised(records, f.name)) for f in FLAWS]
    return [
        _least("good: opinion 1 or 2", *_share(records, lambda r: r["good"] in (1, 2))),
        *flawed,
        _least("too few defaults: no opinion", *_share(records, lambda r: r["tiny"] is None)),
        *(_told(records, weaker.name) for weaker in WEAKER),
    ]


def _told(records: list[Record], name: str) -> Figure:
    """How a right model of less strength is called: told, for what it should be called depends on its size."""
    calls = {"1 or 2": (1, 2), "no opinion": (None,), "3": (3,), "4": (4,)}
    shares = [(word, _share(records, lambda r, c=called: r[name] in c)) for word, called in calls.items()]
    return Figure(f"{name}: opinion", ", ".join(f"{word} {hits / of:.1%}" for word, (hits, of) in shares))


def _promised(records: list[Record], name: str) -> tuple[int, int]:
    promised = [r for r in records if r[f"{name}: promised"]]
    return sum(r[f"{name}: flagged"] for r in promised), len(promised)


def _share(records: list[Record], true: Callable[[Record], bool]) -> tuple[int, int]:
    return sum(map(true, records)), len(records)


def _least(what: str, hits: int, of: int) -> Figure:
    value = f"{hits / of:.1%} of {of:,}" if of else "none promised"
    return Figure(what, value, f"at least {LEAST:.0%}", of > 0 and hits / of >= LEAST)


PLANTED_FLAWS = Campaign(
    "planted-flaws",
    "Verdicts on models whose truth is known",
    run,
    summary,
    seeds=200,
    quick=10,
)
