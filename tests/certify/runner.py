"""Campaigns run seed by seed; each record is kept at once, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.certify.campaign import Campaign, Record

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".stamps" / "certify"


def sample(campaign: Campaign, seeds: int, advance: Callable[[], None] = lambda: None) -> list[Record]:
    """The records of the first seeds, made afresh and not kept."""
    records = []
    for seed in range(seeds):
        records.append({"seed": seed, **campaign.run(seed)})
        advance()
    return records


def resumed(campaign: Campaign, seeds: int, state: Path, advance: Callable[[], None] = lambda: None) -> list[Record]:
    """The records of the first seeds: those in the state file, then the others, written to it one by one."""
    state.parent.mkdir(parents=True, exist_ok=True)
    kept = _kept(state)
    with state.open("a", encoding="utf-8") as file:
        for seed in range(seeds):
            if seed not in kept:
                kept[seed] = {"seed": seed, **campaign.run(seed)}
                # the newline comes first: it also ends a line that a kill has torn
                file.write("\n" + json.dumps(kept[seed]))
                file.flush()
            advance()
    return [kept[seed] for seed in range(seeds)]


def state_of(campaign: Campaign) -> Path:
    """The state file of a campaign under the code as it is: records of other code are never mixed in."""
    return STATE / f"{campaign.name}-{code_digest()[:12]}.jsonl"


@cache
def code_digest() -> str:
    """SHA-256 over the package, its notebooks and the campaigns."""
    digest = hashlib.sha256()
    for folder, kind in (("riskmodels", "*.py"), ("notebooks", "*.ipynb"), ("tests/certify", "*.py")):
        for path in sorted((ROOT / folder).rglob(kind)):
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _kept(state: Path) -> dict[int, Record]:
    lines = state.read_text(encoding="utf-8").splitlines() if state.exists() else []
    return {record["seed"]: record for line in lines if (record := _record(line))}


def _record(line: str) -> Record | None:
    try:
        return dict(json.loads(line))
    except ValueError:
        return None
