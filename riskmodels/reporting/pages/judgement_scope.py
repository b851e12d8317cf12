"""What was judged: from all cases to those that can be, and what bad means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from riskmodels.core.text import gettext as _
from riskmodels.core.text import ngettext
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table
from riskmodels.reporting.figures import bars
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.judgement import ModelValidation


def scope(judged: ModelValidation) -> Iterator[Block]:
    """From all later cases to those that can be judged, and the definition of bad."""
    name = _("Scope and data")
    if judged.lacking:
        yield from no_model(judged, "1", name)
        return
    sample = judged.sample
    young, n = int(sample["outcome"].isna().sum()), len(sample)
    yield Section.of("1", name, _scope_finding(n - young, n), judged.words.definition, judged.of_group("data"))
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
        caption=_("Seen from the close of {date}.").format(date=judged.as_of),
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
    now, then = judged.sample, judged.development
    rows = pd.DataFrame({"now": _counted(now), **({} if then is None else {"then": _counted(then)})})
    columns = [
        Column("what", ""),
        *([] if then is None else [Column("then", _("Development"), right=True, quiet=True)]),
        Column("now", _("Later data"), right=True),
    ]
    return Table.of("samples", rows.rename_axis("what").reset_index(), columns, title=_("Samples"))


def _counted(sample: pd.DataFrame) -> dict[str, str]:
    """How many cases a sample has, with an outcome, bad, and from when to when."""
    mature = sample[sample["outcome"].notna()]
    found = {
        _("Cases"): f"{len(sample):,}",
        _("with an outcome"): f"{len(mature):,}",
        _("Bad"): f"{int(mature['outcome'].sum()):,}",
    }
    if "period" in sample and len(sample):
        found |= {_("First"): str(sample["period"].min())[:10], _("Last"): str(sample["period"].max())[:10]}
    return found


def no_model(judged: ModelValidation, number: str, name: str) -> Iterator[Block]:
    """The section of a page that can't be made without a model."""
    yield from unrun(number, name, judged.lacking)
