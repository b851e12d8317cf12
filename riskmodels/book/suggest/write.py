"""A suggestion as TOML to edit: lines that stand, lines to decide as comments, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from riskmodels.book.suggest.cells import Line, text
from riskmodels.book.suggest.names import reason_against
from riskmodels.book.suggest.tables import Proposal

HEAD = """\
# Proposed from the names of the columns and a sample of rows: check every line before use.
# Numbers are scores from 0 to 1. Lines that begin with # are for you to decide.
"""
LISTED = 200


def written(
    about: str, form: list[str], proposals: list[Proposal], unused: dict[str, list[str]], said: list[str], several: bool
) -> str:
    """The whole text; `unused` lists the columns of each sheet that feed nothing, `said` what else is to be known."""
    lines = [*HEAD.splitlines(), *(f"# {remark}" for remark in said), f"about = {text(about)}"]
    if form:
        lines += ["", "[format]", *form]
    for proposal in proposals:
        lines += ["", *_table(proposal, several)]
    lines += _unused(unused, several)
    return "\n".join(lines) + "\n"


def _table(proposal: Proposal, several: bool) -> Iterator[str]:
    """A table; one that lacks what it needs, beside a table that stands, is a comment as a whole."""
    mark = "# " if proposal.said else ""
    if proposal.said:
        yield f"# {proposal.said}"
    settings = [f"from = {text(proposal.sheet)}"] if several else []
    settings += [f"when = {text(proposal.when)}"] if proposal.when else []
    settings += ["one_per_key = true"] if proposal.one_per_key else []
    if settings:
        yield from (mark + entry for entry in [f"[tables.{proposal.table}]", *settings, ""])
    yield f"{mark}[tables.{proposal.table}.columns]"
    yield from (mark + _line(made) for made in proposal.lines)


def _line(made: Line) -> str:
    stands = f"{made.target} = {made.toml}  # {made.note}"
    return stands if made.filled else f"# {stands}"


def _unused(unused: dict[str, list[str]], several: bool) -> Iterator[str]:
    if any(unused.values()):
        yield from ("", "# Not used:")
    for sheet, names in unused.items():
        if names and several:
            yield f"# {text(sheet)}:"
        for name in names[:LISTED]:
            why = reason_against(name)
            yield f"#   {text(name)}" + (f": {why}" if why else "")
        if len(names) > LISTED:
            yield f"#   and {len(names) - LISTED:,} more"
