"""What was judged: from all cases to those that can be, and what bad means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.page import joined, unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def scope(judged: ModelValidation) -> Iterator[Block]:
    """From all to those judged with the reasons, what bad means, and the samples by number and amount."""
    name = _("Scope")
    if judged.lacking:
        yield from no_model(judged, "1", name)
        return
    steps = _steps(judged)
    yield Section("1", name, _finding(judged, steps), joined(judged.words.definition, _of_level(judged)))
    yield Figure.of(
        "scope",
        bars.exclusions,
        steps,
        title=_("From all cases to those judged"),
        height=max(40, 9 * len(steps)),
        caption=_("Seen from the close of {date}.").format(date=judged.as_of),
        side=_samples(judged),
    )
    if judged.source.defined:
        yield _defined(judged)


def _steps(judged: ModelValidation) -> pd.DataFrame:
    """From all cases to those judged, what is left out negative; reasons that left out nobody are not shown."""
    case, excluded = judged.case, judged.source.excluded
    young = int((case.usable & case.censored).sum())
    steps = [*excluded, (_("Without a usable score"), int((~case.usable).sum())), (_("Too young to judge"), young)]
    taken = [(reason, -n) for reason, n in steps if n]
    rows = [(_("All cases"), len(case.sample) + sum(n for _reason, n in excluded)), *taken, (_("Judged"), case.n)]
    return pd.DataFrame(rows, columns=["step", "count"])


def _finding(judged: ModelValidation, steps: pd.DataFrame) -> str:
    n, case = int(steps["count"].iloc[0]), judged.case
    share = f"{case.n / n * 100:.0f}%" if n else "0%"
    if case.weight is None or not case.n:
        return _("{n} of {all} cases are judged, {share}").format(n=f"{case.n:,}", all=f"{n:,}", share=share)
    of_scored = case.weight.sum() / case.sample["weight"].sum()
    words = _("{n} of {all} cases are judged, with {amount} of the amount scored")
    return words.format(n=f"{case.n:,}", all=f"{n:,}", amount=figure(of_scored, "share"))


def _of_level(judged: ModelValidation) -> str:
    """On how many rows the level is judged, where an outcome shows in several."""
    case, level = judged.case, judged.case.cohorts
    words = _("The level is judged on {n} of them, which count each outcome once per obligor and {months} months.")
    return words.format(n=f"{level.n:,}", months=case.horizon) if level.n < case.n else ""


def _defined(judged: ModelValidation) -> Table:
    rows = pd.DataFrame(judged.source.defined, columns=["what", "value"])
    columns = [Column("what", ""), Column("value", "")]
    return Table.of("definition", rows, columns, title=_("Definition of bad"))


def _samples(judged: ModelValidation) -> Table:
    now, then = judged.sample, judged.development
    rows = pd.DataFrame({"now": _counted(now), **({} if then is None else {"then": _counted(then)})})
    columns = [
        Column("what", ""),
        *([] if then is None else [Column("then", _("Development"), right=True, quiet=True)]),
        Column("now", _("Later data"), right=True),
    ]
    return Table.of("samples", rows.rename_axis("what").reset_index(), columns, title=_("Samples"))


def _counted(sample: pd.DataFrame) -> dict[str, str]:
    """How many cases and parties a sample has, with an outcome, bad by number and amount, and from when to when."""
    mature = sample[sample["outcome"].notna()]
    found = {
        _("Cases"): f"{len(sample):,}",
        _("with an outcome"): f"{len(mature):,}",
        _("Bad"): f"{int(mature['outcome'].sum()):,}",
    }
    for column, word in (("obligor", _("Debtors")), ("client", _("Clients"))):
        if column in sample:
            found[word] = f"{sample[column].nunique():,}"
    if "weight" in sample and mature["weight"].sum() > 0:
        bad = mature.loc[mature["outcome"] == 1, "weight"].sum() / mature["weight"].sum()
        found[_("Bad, share of the amount")] = figure(bad, "rate")
    if "period" in sample and len(sample):
        found |= {_("First"): str(sample["period"].min())[:10], _("Last"): str(sample["period"].max())[:10]}
    return found


def no_model(judged: ModelValidation, number: str, name: str) -> Iterator[Block]:
    """The section of a page that can't be made without a model."""
    yield from unrun(number, name, judged.lacking)
