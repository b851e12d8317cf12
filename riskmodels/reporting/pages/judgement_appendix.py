"""The appendix: every limit with its source, the words, and what the run was made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.checks import CheckResult
from riskmodels.core.environment import environment_hash, versions
from riskmodels.core.numbers import DASH, figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Section, Table
from riskmodels.reporting.closing import Glossary, Identity
from riskmodels.reporting.pages.page import limits_used
from riskmodels.reporting.words import detectable_text, value_text
from riskmodels.validation.checks.check import LEVEL
from riskmodels.validation.power import POWER
from riskmodels.validation.suite import default_limits

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def appendix(judged: ModelValidation) -> Iterator[Block]:
    """Limits with their sources, the words, and what the run was made of."""
    yield Section("15", _("Appendix"), _("Limits, sources and identity"))
    yield _tests(judged.checks, judged.currency)
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
    if not judged.lacking:
        yield Identity(**judged.source.identity, environment=environment_hash()[:12])


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


def _tests(checks: Sequence[CheckResult], currency: str) -> Table:
    """Every check as one who challenges a p-value reads it: what it tests, on how many, and what it could miss."""
    rows = [
        {
            "check": c.title,
            "votes": _("yes") if c.primary else "",
            "h0": c.h0 or DASH,
            "n": c.n,
            "value": value_text(c, currency),
            "p": c.p_value,
            "adjusted": c.adjusted_p,
            "dependence": c.dependence or DASH,
            "detectable": detectable_text(c),
            "verdict": str(c.verdict),
        }
        for c in checks
    ]
    columns = [
        Column("check", _("Test")),
        Column("votes", _("Votes"), quiet=True),
        Column("h0", _("H0"), quiet=True),
        Column("n", _("Cases"), "count"),
        Column("value", _("Value"), right=True, judged=True),
        Column("p", _("p"), "p"),
        Column("adjusted", _("Holm p"), "p"),
        Column("dependence", _("Dependence"), quiet=True),
        Column("detectable", _("Detectable"), right=True),
        Column("verdict", _("Result"), "verdict"),
    ]
    caption = _(
        "Detectable: the smallest deviation that the test finds with 80% power on these cases, at 5% shared among the "
        "tests of its family. Holm p: adjusted over that family."
    )
    title = _("Every test: what it tests, on what, and what it could miss")
    return Table.of("tests", pd.DataFrame(rows), columns, title=title, caption=caption)
