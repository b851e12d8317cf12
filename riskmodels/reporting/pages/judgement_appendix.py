"""The appendix: every limit with its source, the words, and the versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.environment import versions
from riskmodels.core.numbers import DASH, figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table
from riskmodels.reporting.closing import Glossary
from riskmodels.reporting.pages.page import limits_used
from riskmodels.reporting.pages.tested import EVERY, table_of_tests
from riskmodels.validation.checks.check import LEVEL
from riskmodels.validation.formulas import formulas
from riskmodels.validation.power import POWER
from riskmodels.validation.suite import default_limits

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def appendix(judged: ModelValidation) -> Iterator[Block]:
    """Limits with their sources, the words, parameters and versions."""
    yield Section("15", _("Appendix"), _("Limits, sources and versions"))
    every = _("Every test: what it tests, on what, and what it could miss")
    yield table_of_tests(judged.checks, "tests", every, judged.currency, EVERY)
    yield _formulas(judged.checks)
    yield limits_used(judged.checks, judged.currency)
    yield Glossary(
        _("Words"),
        (
            (_("AUC"), _("chance that a bad case is scored riskier than a good one")),
            (
                _("Gini"),
                _("2 AUC - 1, which is also the accuracy ratio and Somers' D of a two-valued outcome"),
            ),
            (_("Pietra index"), _("Kolmogorov-Smirnov distance times the root of 2 over 4")),
            (_("PSI"), _("population stability index: how far a distribution has moved from the development sample")),
            (
                _("Jeffreys p"),
                _("probability of the true rate lying below the predicted one; small when it was too low"),
            ),
            (_("Holm p"), _("p-value adjusted for testing several hypotheses at once")),
            (_("No evidence"), _("within its limits, but a deviation that matters could have gone unseen")),
        ),
    )
    yield _parameters(judged)
    yield Glossary(_("Versions"), tuple(versions().items()))


def _parameters(judged: ModelValidation) -> Glossary:
    """What the run was asked for, and the constants of its tests."""
    changed = sorted(name for name, limits in judged.limits.items() if limits != default_limits().get(name))
    facts = {
        _("Close of business"): judged.as_of.isoformat(),
        _("Limits in place of the package's"): _(", ").join(changed) or _("none"),
        _("Level of significance"): figure(LEVEL, "share"),
        _("Power at which deviations are told"): figure(POWER, "share"),
    }
    if not judged.lacking:
        facts[_("Months an outcome takes")] = str(judged.source.horizon) if judged.source.horizon else DASH
    if judged.stored:
        facts[_("Seed of the model")] = str(judged.stored.card["seed"])
    return Glossary(_("Parameters"), tuple(facts.items()))


def _formulas(checks: Sequence[CheckResult]) -> Table:
    """What each check computes, in symbols."""
    rows = [{"check": c.title, "formula": _(formulas()[c.name])} for c in checks if c.name in formulas()]
    columns = [Column("check", _("Test")), Column("formula", _("Formula"), quiet=True)]
    subtitle = _(
        "y outcome, 1 bad; p probability; w amount; n cases; D bad cases; E sum of p; A an AUC, s its clustered error"
    )
    frame = pd.DataFrame(rows, columns=["check", "formula"])
    return Table.of("formulas", frame, columns, title=_("Formulas"), subtitle=subtitle)
