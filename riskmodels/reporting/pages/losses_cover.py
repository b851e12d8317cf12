"""What stands behind the open claims if they default, and what bad times add to the loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskmodels.core.numbers import figure
from riskmodels.core.text import gettext as _
from riskmodels.models.lgd.cover import expected_cover
from riskmodels.models.lgd.downturn import OBSERVED, STATED, WORST
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Column, Figure, Section, Table, Text
from riskmodels.reporting.figures import losses as figures
from riskmodels.reporting.pages.losses_words import COVER, claim_word
from riskmodels.reporting.pages.page import unrun

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution

LARGEST = 12


def cover_page(report: LossAndDilution) -> Iterator[Block]:
    """The cover waterfall of the largest open claims, how cover has paid, and the whole open book."""
    name = _("Cover of open claims")
    if report.no_losses or report.open.empty:
        yield from unrun("3", name, report.no_losses or _("no claim is open"))
        return
    yield Section("3", name, _finding(report), _lead())
    yield Figure.of(
        "cover",
        figures.cover,
        stacked(report),
        title=_("What would cover the largest open claims"),
        width="full",
        height=20 + 7 * min(LARGEST, len(report.open)),
        options={"sources": {key: _(words) for key, words in COVER.items()}},
        caption=_("Shares of the exposure, present value less costs; at the right what is lost."),
    )
    yield _claims(report)
    yield _paid(report)
    yield Text((_insurers(report), _replayed(report)))


def _finding(report: LossAndDilution) -> str:
    ead = report.open["ead"]
    words = _("If all {money} defaulted today, {lgd} would be lost; the debtor and the client carry the rest")
    expected = float(np.average(report.covered.lgd, weights=ead))
    return words.format(money=figure(ead.sum(), "money", report.book.currency), lgd=figure(expected, "share"))


def _lead() -> str:
    return _(
        "Each open claim goes through every finished workout of its kind, with or without recourse: debtor, client and "
        "costs as they went there, then cash margin, guarantee up to its part of the cap, insurance. The holdback is "
        "no cash: it lets the debtor pay less than the face and still cover the claim."
    )


def _largest(report: LossAndDilution) -> pd.DataFrame:
    """The largest open claims with their cover, largest first."""
    claims = report.open.sort_values(["ead", "invoice_id"], ascending=[False, True]).head(LARGEST)
    since = report.losses.claims.set_index("invoice_id")["default_on"]
    told = claims.drop(columns="default_on").assign(since=claims["invoice_id"].map(since))
    return told.join(report.covered.parts).assign(lgd=report.covered.lgd)


def stacked(report: LossAndDilution) -> pd.DataFrame:
    """Shares of the exposure by source, costs taken off all of them alike, and what is lost."""
    rows = _largest(report)
    cover = rows[list(COVER)].sum(axis=1)
    kept = (cover + rows["costs"]) / cover.where(cover > 0)
    shares = rows[list(COVER)].mul(kept / rows["ead"], axis=0).fillna(0.0)
    names = [claim_word(c, d) for c, d in zip(rows["client_id"], rows["debtor_id"])]
    labels = [f"{invoice}  {pair}" for invoice, pair in zip(rows["invoice_id"], names)]
    return shares.assign(name=labels, lost=rows["lgd"]).reset_index(drop=True)


def _claims(report: LossAndDilution) -> Table:
    rows = _largest(report)
    rows["margin"] = rows["margin_rate"].astype(float) * rows["lent"]
    rows["recourse"] = [_("yes") if flag else _("no") for flag in rows["recourse"].fillna(False)]
    rows["loss"] = rows["lgd"] * rows["ead"]
    columns = [
        Column("invoice_id", _("Invoice")),
        Column("client_id", _("Client"), quiet=True),
        Column("debtor_id", _("Debtor"), quiet=True),
        Column("ead", _("Exposure"), "money"),
        Column("holdback", _("Holdback"), "share"),
        Column("recourse", _("Recourse")),
        Column("margin", _("Cash margin"), "money"),
        Column("guarantee_cap", _("Guarantee, its part"), "money"),
        Column("insured_share", _("Insured"), "share"),
        Column("since", _("In default since"), "date"),
        Column("lgd", _("LGD"), "share"),
        Column("loss", _("Would be lost"), "money"),
    ]
    total = pd.DataFrame({"invoice_id": [_("All open claims")], **_whole(report)})
    return Table.of(
        "largest_claims",
        rows,
        columns,
        title=_("The largest open claims and what stands behind them"),
        totals=total,
        currency=report.book.currency,
    )


def _whole(report: LossAndDilution) -> dict[str, list[float]]:
    ead, lgd = report.open["ead"], report.covered.lgd
    return {"ead": [ead.sum()], "lgd": [float(np.average(lgd, weights=ead))], "loss": [float((ead * lgd).sum())]}


def _paid(report: LossAndDilution) -> Table:
    pooled = report.past.pooled
    rows = pooled.assign(source=[_(COVER[name]) for name in pooled.index])
    rows["share"] = rows["share"].where(rows["asked"] > 0)
    columns = [
        Column("source", _("Source")),
        Column("claims", _("Claims it stood for"), "count"),
        Column("asked", _("Asked for"), "money"),
        Column("paid", _("Paid"), "money"),
        Column("share", _("Share paid"), "share"),
        Column("days", _("Mean days after default"), "count"),
    ]
    caption = _("Each source is asked for what those above it left; cash beyond the claim isn't the factor's.")
    title = _("How cover paid in finished workouts")
    return Table.of("cover_paid", rows, columns, title=title, caption=caption, currency=report.book.currency)


def _insurers(report: LossAndDilution) -> str:
    insurer = report.past.pooled.to_dict("index")["insurer"]
    insured = int((report.open["insured_share"].astype(float) > 0).sum())
    if not insured:
        return _("No open claim is insured.")
    if insurer["paid"] == 0:
        words = _(
            "{n} open claims are insured, but insurers paid nothing in the {k} finished workouts that asked them: here "
            "nothing is counted on. What the policies promise is to be tested."
        )
        return words.format(n=insured, k=int(insurer["claims"]))
    words = _("{n} open claims are insured; insurers pay here as in finished workouts, {share} of what they are asked.")
    return words.format(n=insured, share=figure(insurer["share"], "share"))


def _replayed(report: LossAndDilution) -> str:
    """The same arithmetic on the finished claims themselves, beside what they lost."""
    final = report.losses.final
    again = expected_cover(final.assign(guarantee_cap=np.inf), report.past).lgd.mean()
    words = _("The same arithmetic on the finished claims gives a mean loss of {again}; they lost {lost}.")
    return words.format(again=figure(again, "share"), lost=figure(final["lgd"].mean(), "share"))


def downturn_page(report: LossAndDilution) -> Iterator[Block]:
    """The add-on for bad times, its reason, and the quarters it is read from."""
    name = _("Downturn")
    if report.no_losses:
        yield from unrun("4", name, report.no_losses)
        return
    found = report.stress
    yield Section("4", name, _downturn_finding(report), _downturn_lead(report))
    yield Text((_sentence(found.reason), *_reference(report)))
    if len(found.quarters):
        yield _quarters(report)


def _downturn_finding(report: LossAndDilution) -> str:
    found = report.stress
    words = {
        STATED: _("Bad times can't be read from the book: {long} and a stated {add} make {all}"),
        WORST: _("The worst quarters lost more: {long} and {add} make {all} in bad times"),
        OBSERVED: _("The named quarters lost more: {long} and {add} make {all} in bad times"),
    }
    stressed = float(found.apply([found.long_run])[0])
    return words[found.method].format(
        long=figure(found.long_run, "share"), add=_points(found.add_on), all=figure(stressed, "share")
    )


def _points(share: float) -> str:
    return _("{n} points").format(n=f"{share * 100:.1f}")


def _downturn_lead(report: LossAndDilution) -> str:
    rule = report.stress.rule
    return _(
        "Quarters of default with {claims} claims or more, drawn to the long run by their noise; with {quarters} of "
        "them the worst fourth is the downturn. Else the stated add-on of {add}, at most {cap} in all (EBA/GL/2019/03, "
        "type 3)."
    ).format(
        claims=rule.least_claims,
        quarters=rule.least_quarters,
        add=_points(rule.add_on),
        cap=figure(rule.cap, "share"),
    )


def _sentence(reason: str) -> str:
    return _("Because {reason}.").format(reason=reason)


def _reference(report: LossAndDilution) -> tuple[str, ...]:
    if not np.isfinite(report.stress.reference):
        return ()
    words = _("Beside it, deciding nothing: the two years of default that lost most lost {loss} on average.")
    return (words.format(loss=figure(report.stress.reference, "share")),)


def _quarters(report: LossAndDilution) -> Table:
    found = report.stress.quarters
    rows = found.assign(mark=[_("yes") if bad else _("no") for bad in found["downturn"]])
    columns = [
        Column("quarter", _("Quarter of default")),
        Column("n", _("Claims"), "count"),
        Column("mean", _("Mean LGD"), "share"),
        Column("shrunken", _("Drawn to the long run"), "share"),
        *([Column("mark", _("Taken as bad times"), right=True)] if found["downturn"].any() else []),
    ]
    return Table.of("quarters", rows, columns, title=_("Quarters with enough claims"))
