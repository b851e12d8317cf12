"""What was judged, and the appendix of limits and identity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.closing import Glossary, Identity
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.judgement_words import words_of
from riskmodels.reporting.pages.page import limits_used, unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def scope(judged: ModelValidation) -> Iterator[Block]:
    """From all later cases to those that can be judged, and the definition of bad."""
    name = _("Scope and data")
    if judged.stored is None:
        yield from no_model(judged, "1", name)
        return
    sample = judged.sample
    young, n = int(sample["outcome"].isna().sum()), len(sample)
    yield Section.of(
        "1", name, _scope_finding(n - young, n), words_of(judged.model).definition, judged.of_group("data")
    )
    steps = pd.DataFrame(
        {
            "step": [_("All later cases"), _("Too young to judge"), _("Judged")],
            "count": [n, -young, n - young],
        }
    )
    yield Figure.of(
        "scope",
        bars.exclusions,
        steps,
        title=_("From all later cases to those judged"),
        height=40,
        caption=_("Cases from {trained} on, seen from the close of {date}.").format(
            trained=judged.model.trained, date=judged.as_of
        ),
        side=_samples(judged),
    )


def _scope_finding(judged: int, n: int) -> str:
    if judged == n:
        return ngettext("The one later case has an outcome", "All {n} later cases have an outcome", n).format(
            n=f"{n:,}"
        )
    words = _("{judged} of {n} later cases have an outcome; the others are too young and count as neither good nor bad")
    return words.format(judged=f"{judged:,}", n=f"{n:,}")


def _samples(judged: ModelValidation) -> Table:
    card, sample = judged.model.card, judged.sample
    mature = sample[sample["outcome"].notna()]
    rows = [
        (_("Cases"), f"{card['rows']:,}", f"{len(sample):,}"),
        (_("with an outcome"), f"{card['mature']:,}", f"{len(mature):,}"),
        (_("Bad"), f"{card['events']:,}", f"{int(mature['outcome'].sum()):,}"),
        (_("First"), card["first"], str(sample["period"].min().date())),
        (_("Last"), card["last"], str(sample["period"].max().date())),
    ]
    columns = [Column("what", ""), Column("then", _("Development"), quiet=True), Column("now", _("Later data"))]
    return Table.of("samples", pd.DataFrame(rows, columns=["what", "then", "now"]), columns, title=_("Samples"))


def appendix(judged: ModelValidation) -> Iterator[Block]:
    """Limits with their sources, the words, and what the run was made of."""
    yield Section("7" if judged.agreement else "6", _("Appendix"), _("Limits, sources and identity"))
    yield limits_used(judged.checks, judged.book.currency)
    yield Glossary(
        _("Words"),
        (
            (
                _("AUC"),
                _("chance that a bad case is scored riskier than a good one; Gini and accuracy ratio are 2 AUC - 1"),
            ),
            (_("PSI"), _("population stability index: how far a distribution has moved from the development sample")),
            (
                _("Jeffreys p"),
                _("probability of the true rate lying below the predicted one; small when it was too low"),
            ),
            (_("Holm p"), _("p-value adjusted for testing several grades at once")),
        ),
    )
    if judged.stored:
        yield Identity(
            data=judged.book.fingerprint[:12],
            code=judged.model.card["code_sha256"][:12],
            model=judged.model.digest[:12],
        )


def no_model(judged: ModelValidation, number: str, name: str) -> Iterator[Block]:
    """The section of a page that can't be made without a model."""
    yield from unrun(number, name, judged.checks[0].reason)
