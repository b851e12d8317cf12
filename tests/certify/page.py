"""The page a campaign leaves: its figures, seeds, and the commit they belong to."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.certify.campaign import Campaign, Figure
from tests.certify.runner import ROOT, code_digest

PAGES = ROOT / "docs" / "certificates"
WORDS = {True: "holds", False: "does not hold", None: ""}


@dataclass(frozen=True)
class Commit:
    """The short hash of a commit, with -dirty when the tree differs from it, and its date."""

    name: str
    day: str


def write(campaign: Campaign, figures: list[Figure], seeds: int, commit: Commit) -> Path:
    """The page written for a campaign, named by it."""
    PAGES.mkdir(parents=True, exist_ok=True)
    path = PAGES / f"{campaign.name}.md"
    path.write_text(text(campaign, figures, seeds, commit), encoding="utf-8")
    return path


def text(campaign: Campaign, figures: list[Figure], seeds: int, commit: Commit) -> str:
    """The page in Markdown."""
    rows = "".join(f"| {f.what} | {f.value} | {f.claim} | {WORDS[f.holds]} |\n" for f in figures)
    return (
        f"# {campaign.title}\n\n| figure | found | claimed | |\n|---|---|---|---|\n{rows}\n"
        f"Seeds 0 to {seeds - 1}; commit {commit.name} of {commit.day}; code {code_digest()[:12]}.\n"
        f"Made by `python -m tests.certify --only {campaign.name} --seeds {seeds}`.\n"
    )


def commit() -> Commit:
    """The commit the tree is at; pages of other campaigns don't make it dirty."""
    dirty = _git("status", "--porcelain", "--", ".", ":!docs/certificates")
    return Commit(
        _git("rev-parse", "HEAD")[:12] + ("-dirty" if dirty else ""), _git("show", "-s", "--format=%cs", "HEAD")
    )


def _git(*arguments: str) -> str:
    command = ["git", "--no-optional-locks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
