"""What was judged and what it is made of: sample, drivers, and the appendix of limits and identity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.models.explain import importance
from riskmodels.models.inputs import columns_of
from riskmodels.models.scorecard.offered import expected_signs
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.closing import Glossary, Identity
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.driver_words import driver_title, sign_word
from riskmodels.reporting.pages.judgement_words import words_of
from riskmodels.reporting.pages.page import limits_used, unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def scope(judged: ModelValidation) -> Iterator[Block]:
    """From all later cases to those that can be judged, and the definition of bad."""
    name = _("Scope and data")
    if judged.stored is None:
        yield from _no_model(judged, "1", name)
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
        caption=_("Cases after {trained}, seen from the close of {date}.").format(
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


def drivers(judged: ModelValidation) -> Iterator[Block]:
    """What drives the model, the signs expected and found, and what was left out."""
    name = _("Drivers")
    if judged.stored is None:
        yield from _no_model(judged, "2", name)
        return
    selection = judged.model.selection
    used, offered = len(judged.model.drivers), len(selection)
    finding = _("{used} drivers carry the model, chosen from {offered} features").format(used=used, offered=offered)
    lead = _(
        "Chosen by information value on the development sample; a feature too much like one already "
        "chosen was left out."
    )
    yield Section("2", name, finding, lead)
    weights = _weights(judged)
    yield Figure.of(
        "importance",
        bars.importance,
        weights[["driver", "importance"]].assign(driver=weights["driver"].map(driver_title)),
        title=_("Weight of each driver"),
        width="full",
        height=max(40, 9 * len(weights)),
        options={"label": _importance_label(judged)},
        caption=_("On the {n} later cases.").format(n=f"{len(judged.sample):,}"),
    )
    yield _driver_table(judged, weights)
    if hasattr(judged.model.models["challenger"], "contributions"):
        yield _challenger_shap(judged)


def _challenger_shap(judged: ModelValidation) -> Figure:
    """What drives the challenger: the mean absolute SHAP value of its twelve strongest features."""
    challenger = judged.model.models["challenger"]
    table = importance(challenger.contributions(columns_of(challenger, judged.sample))).head(12)
    return Figure.of(
        "challenger_shap",
        bars.importance,
        pd.DataFrame({"driver": table.iloc[:, 0].map(driver_title), "importance": table.iloc[:, 1]}),
        title=_("What drives the challenger: its twelve strongest features"),
        width="full",
        height=9 * len(table),
        options={"unit": "number", "label": _("Mean absolute SHAP value, log-odds")},
        caption=_("Exact tree contributions on the {n} later cases.").format(n=f"{len(judged.sample):,}"),
    )


def _weights(judged: ModelValidation) -> pd.DataFrame:
    """The share of each driver in the spread of the score, on the later cases."""
    champion = judged.model.models["champion"]
    if hasattr(champion, "contributions"):
        table = importance(champion.contributions(judged.sample[list(champion.feature_names_in_)]))
        return pd.DataFrame({"driver": table.iloc[:, 0], "importance": table.iloc[:, 2]})
    iv = judged.model.selection.set_index("feature")["iv"].reindex(judged.model.drivers)
    return pd.DataFrame({"driver": iv.index, "importance": (iv / iv.sum()).to_numpy()})


def _importance_label(judged: ModelValidation) -> str:
    if hasattr(judged.model.models["champion"], "contributions"):
        return _("Share of the score's spread")
    return _("Share of the drivers' information value")


def _driver_table(judged: ModelValidation, weights: pd.DataFrame) -> Table:
    iv = judged.model.selection.set_index("feature")["iv"]
    signs = expected_signs()
    found = judged.sample[judged.sample["outcome"].notna()]
    rows = pd.DataFrame(
        {
            "driver": [driver_title(d) for d in weights["driver"]],
            "expected": [sign_word(signs[d]) for d in weights["driver"]],
            "found": [sign_word(_direction(found[d], found["outcome"])) for d in weights["driver"]],
            "weight": weights["importance"].to_numpy(),
            "iv": iv.reindex(weights["driver"]).to_numpy(),
            "missing": judged.sample[list(weights["driver"])].isna().mean().to_numpy(),
        }
    )
    columns = [
        Column("driver", _("Driver")),
        Column("expected", _("Expected"), quiet=True),
        Column("found", _("Found")),
        Column("weight", _("Weight"), "share"),
        Column("iv", _("Information value"), "score"),
        Column("missing", _("Missing"), "share", quiet=True),
    ]
    return Table.of(
        "drivers",
        rows,
        columns,
        title=_("Drivers, with the sign expected and the one found on later data"),
        caption=_("Found: the sign of the rank correlation with the outcome; dash when it is weaker than 0.02."),
    )


def _direction(values: pd.Series, outcome: pd.Series) -> int:
    together = float(values.rank().corr(outcome)) if len(values) > 2 and values.nunique() > 1 else 0.0
    return 0 if abs(together) < 0.02 or together != together else (1 if together > 0 else -1)


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


def _no_model(judged: ModelValidation, number: str, name: str) -> Iterator[Block]:
    yield from unrun(number, name, judged.checks[0].reason)
