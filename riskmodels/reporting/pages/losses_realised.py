"""What was lost on claims whose workout is over, and how long the money took."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.lgd.anatomy import loss_parts, tenths, two_heaps
from riskmodels.models.lgd.workout import recovery_curve
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table, Text
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.pages.losses_words import PARTS
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution


def realised_page(report: LossAndDilution) -> Iterator[Block]:
    """Losses of finished workouts: how they lie, what they are made of, when the money came, what is too young."""
    name = _("Realised losses")
    if report.no_losses:
        yield from unrun("1", name, report.no_losses)
        return
    parts = loss_parts(report.book, report.losses)
    yield Section("1", name, _finding(report, parts), _lead(report))
    shape = tenths(report.losses.final["lgd"], report.losses.final["ead"])
    yield _distribution(report, shape)
    yield _recovery(report)
    yield Text((_shape(shape), _rest(report)))
    yield _made_of(report, parts)
    yield _by_year(report)
    if off := report.losses.off:
        yield Text(tuple(_("{name}: {reason}.").format(name=n, reason=_(r)) for n, r in off.items()))


def _finding(report: LossAndDilution, parts: pd.DataFrame) -> str:
    mean = report.losses.final["lgd"].mean()
    words = {
        "waiting": _("A claim in default lost {lgd} on average, most of it by waiting for the money"),
        "shortfall": _("A claim in default lost {lgd} on average, most of it never came back"),
        "collecting": _("A claim in default lost {lgd} on average, most of it on collecting"),
    }
    return words[str(parts.mean().idxmax())].format(lgd=figure(mean, "share"))


def _lead(report: LossAndDilution) -> str:
    claims = report.losses.claims
    over = int(claims["over"].sum())
    return _(
        "A claim is a financed invoice whose debtor is in default; its loss is what {months} months of cash, at the "
        "contract rate, don't cover of the advance and its interest. {over} of {all} workouts are over; the other "
        "{young} are too young and left out, for among the young only the quick show."
    ).format(months=report.losses.rule.months, over=over, all=len(claims), young=len(claims) - over)


def _distribution(report: LossAndDilution, shape: pd.DataFrame) -> Figure:
    return Figure.of(
        "lgd",
        figures.tenths,
        shape,
        title=_("How losses lie"),
        width="half",
        height=62,
        options={"mean": float(report.losses.final["lgd"].mean())},
    )


def _recovery(report: LossAndDilution) -> Figure:
    curve = recovery_curve(report.book, report.losses)
    return Figure.of("recovery", figures.recovery, curve, title=_("When the money comes"), width="half", height=62)


def _shape(shape: pd.DataFrame) -> str:
    first, last = shape["share"].iloc[0], shape["share"].iloc[-1]
    if two_heaps(shape):
        words = _("Losses are of two kinds: {first} of claims lose less than a tenth, {last} nine tenths or more.")
        return words.format(first=figure(first, "share"), last=figure(last, "share"))
    words = _(
        "Losses are often of two kinds, next to nothing or nearly all; here they are of one: {first} of claims lose "
        "less than a tenth, {last} nine tenths or more."
    )
    return words.format(first=figure(first, "share"), last=figure(last, "share"))


def _rest(report: LossAndDilution) -> str:
    """Whether the window is long enough: what came in its last quarter of a year."""
    covered = recovery_curve(report.book, report.losses)["covered"].to_numpy()
    late = covered[-1] - covered[max(len(covered) - 4, 0)]
    if late < 0.005:
        return _("The curve has come to rest: nothing worth counting came in the last three months of the window.")
    return _("The curve still rises by {late} in the last three months: a longer window would lower the loss.").format(
        late=figure(late, "share")
    )


def _made_of(report: LossAndDilution, parts: pd.DataFrame) -> Table:
    ead = report.losses.final["ead"]
    rows = pd.DataFrame(
        {
            "part": [_(words) for words in PARTS.values()],
            "mean": [parts[key].mean() for key in PARTS],
            "weighted": [np.average(parts[key], weights=ead) for key in PARTS],
            "money": [(parts[key] * ead).sum() for key in PARTS],
        }
    )
    total = rows[["mean", "weighted", "money"]].sum().to_frame().T.assign(part=_("Loss given default"))
    columns = [
        Column("part", _("Part of the loss")),
        Column("mean", _("Mean of claims"), "rate"),
        Column("weighted", _("Weighted by exposure"), "rate"),
        Column("money", _("Money"), "money"),
    ]
    title = _("What the loss is made of")
    return Table.of("loss_parts", rows, columns, title=title, totals=total, currency=report.book.currency)


def _by_year(report: LossAndDilution) -> Table:
    claims = report.losses.claims
    rows = _counted(claims, claims["default_on"].dt.year.astype(str))
    total = _counted(claims, pd.Series(_("All"), index=claims.index))
    columns = [
        Column("year", _("Year of default")),
        Column("n", _("Claims"), "count"),
        Column("debtors", _("Debtors"), "count"),
        Column("ead", _("Exposure"), "money"),
        Column("over", _("Workout over"), "count"),
        Column("young", _("Too young"), "count"),
        Column("lgd", _("Mean LGD"), "share"),
    ]
    title = _("Claims by year of default")
    return Table.of("claims_by_year", rows, columns, title=title, totals=total, currency=report.book.currency)


def _counted(claims: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Claims, debtors, exposure, workouts over and too young, and the mean LGD of those over, by a name."""
    rows = claims.groupby(by.rename("year")).agg(
        n=("over", "size"),
        debtors=("debtor_id", "nunique"),
        ead=("ead", "sum"),
        over=("over", "sum"),
        lgd=("lgd", "mean"),
    )
    return rows.assign(young=rows["n"] - rows["over"]).reset_index()
