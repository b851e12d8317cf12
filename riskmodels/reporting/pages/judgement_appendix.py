"""The appendix: every limit with its source, the words, and what the run was made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Section
from riskmodels.reporting.closing import Glossary, Identity
from riskmodels.reporting.pages.page import limits_used

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def appendix(judged: ModelValidation) -> Iterator[Block]:
    """Limits with their sources, the words, and what the run was made of."""
    yield Section("15", _("Appendix"), _("Limits, sources and identity"))
    yield limits_used(judged.checks, judged.currency)
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
    if not judged.lacking:
        yield Identity(**judged.source.identity)
