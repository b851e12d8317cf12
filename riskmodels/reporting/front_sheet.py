"""What the first sheet of the workbook holds: the front blocks as titled lines of typed cells."""

from __future__ import annotations

from typing import Any

from riskmodels.core.checks import Verdict, counts
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import NotRun
from riskmodels.reporting.closing import Findings
from riskmodels.reporting.front import Changes, Decisions, KeyFigures, Opinion, Verdicts, breach_lines
from riskmodels.reporting.words import group_word, limit_text, reason_text, severity, state_text, verdict_word

Line = list[tuple[Any, str]]
Sheet = tuple[str, list[str], list[Line]]


def front(block: Block) -> Sheet:
    """Title, heads and typed cells of a block that stands on the first sheet; no heads for the others."""
    if isinstance(block, Opinion):
        return _opinion(block)
    if isinstance(block, KeyFigures):
        heads = [_("Key figure"), "", _("Value"), _("Previous")]
        return (
            _("Key figures"),
            heads,
            [[(k.label, ""), ("", ""), (k.value, k.unit), (k.previous, k.unit)] for k in block.items],
        )
    if isinstance(block, Verdicts):
        return _verdicts(block)
    if isinstance(block, Changes):
        heads = [_("Change"), "", _("Previous"), _("Value"), _("Reason")]
        return (
            _("Largest changes"),
            heads,
            [[(c.title, ""), ("", ""), (c.before, c.unit), (c.after, c.unit), (c.note, "")] for c in block.items],
        )
    if isinstance(block, Decisions):
        heads = [_("Decision"), "", _("Owner"), _("Due")]
        return _("Decisions asked"), heads, [[(d.title, ""), ("", ""), (d.owner, ""), (d.due, "")] for d in block.items]
    if isinstance(block, Findings):
        return _findings(block)
    if isinstance(block, NotRun):
        return block.name, [_("Result"), _("Reason")], [[(Verdict.NOT_RUN, "verdict"), (block.reason, "")]]
    return "", [], []


def _opinion(block: Opinion) -> Sheet:
    lines: list[Line] = [
        [(block.verdict, "verdict"), (block.sentence, "")],
        [("", ""), (block.reason, "")],
    ]
    lines += [[(v, "verdict"), (n, "count")] for v, n in block.counts.items()]
    return _("Opinion"), [_("Result"), ""], lines


def _verdicts(block: Verdicts) -> Sheet:
    heads = [_("Group"), _("Metric"), _("Value"), _("Limit"), "", _("Previous"), _("Result"), _("Reason")]
    lines = []
    for c in block.checks:
        group = block.groups.get(c.group) or group_word(c.group)
        ends = breach_lines(c.limits)
        limit = (ends[0] if len(ends) == 1 else None, c.unit)
        reason = reason_text(c) if c.verdict in (Verdict.NOT_RUN, Verdict.NO_EVIDENCE) else ""
        said = limit_text(c.limits, c.unit, block.currency) if ends else ""
        row: Line = [(group, ""), (c.title, ""), (c.value, c.unit), limit, (said, "")]
        lines.append([*row, (block.previous.get(c.name), c.unit), (c.verdict, "verdict"), (reason, "")])
    found = counts(block.checks)
    tally = ", ".join(f"{n} {verdict_word(v)}" for v, n in found.items())
    return f"{block.title or _('Limits and results')} ({tally})", heads, lines


def _findings(block: Findings) -> Sheet:
    heads = [_("Id"), _("Finding"), _("Severity"), _("Raised by"), _("Owner"), _("Due"), _("State")]
    lines = [
        [
            (f.id, ""),
            (f.finding, ""),
            (severity(f.severity)[1], ""),
            (block.cells.get(f.raised_by, f.raised_by), ""),
            (f.owner, ""),
            (f.due.isoformat() if f.due else "", "date"),
            (state_text(f), ""),
        ]
        for f in block.shown
    ]
    return block.title or _("Findings"), heads, lines
