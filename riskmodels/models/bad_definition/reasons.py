"""What the tables of the study say about the definition of bad, in sentences a committee reads."""

from __future__ import annotations

import pandas as pd

from riskmodels.book.outcomes import Default
from riskmodels.core.numbers import figure, interval
from riskmodels.core.text import gettext as _
from riskmodels.models.bad_definition.cures import FEWEST as FEWEST_OBLIGORS
from riskmodels.models.bad_definition.ledger import LOSS
from riskmodels.models.bad_definition.maturation import FEWEST as FEWEST_INVOICES
from riskmodels.models.bad_definition.roll_rates import RollRates


def no_payments() -> str:
    """Why a study of a book without payments was not run."""
    return _("Not run, because the book has no payments: nothing says which invoices were paid.")


def of_threshold(table: pd.DataFrame, days: int | None, share: float, rule: Default) -> list[str]:
    """Why the threshold is what it is, and how the rule in use compares; `table` as `cures` gives it."""
    judged = table[(table["obligors"] >= FEWEST_OBLIGORS) & table["uncured"].notna()].set_index("dpd")
    if judged.empty:
        return [
            _(
                "No days past due can be justified: fewer than {n} obligors in arrears were followed until {days} days."
            ).format(n=FEWEST_OBLIGORS, days=LOSS)
        ]
    if days is None:
        most = int(judged.index[-1])
        text = _(
            "No days past due can be justified: even of obligors more than {dpd} days past due {found}, below {least}."
        )
        return [text.format(dpd=most, found=_stayed(judged, most), least=figure(share, "share"))]
    text = _("Of obligors more than {dpd} days past due {found}; at no higher level does that fall below {least}.")
    said = [text.format(dpd=days, found=_stayed(judged, days), least=figure(share, "share"))]
    if float(judged["low"].loc[days]) < share:
        said.append(
            _("The interval reaches below {least}: chance could explain it.").format(least=figure(share, "share"))
        )
    return [*said, *_against_rule(judged, days, rule)]


def of_rolls(rolls: RollRates) -> list[str]:
    """How much of what falls due is late after a month, and how much is lost."""
    first = rolls.rates[(rolls.rates["measure"] == "amount") & (rolls.rates["bucket"] == 0)]
    flow = rolls.flow[rolls.flow["measure"] == "amount"]
    if first["rate"].isna().all() or flow["flow"].isna().all():
        return [_("No net flow to loss: the book is too short for an invoice to pass all buckets.")]
    text = _("Of the amount falling due {late} is past due at the month's end, and {lost} flows through to loss.")
    return [
        text.format(
            late=figure(float(first["rate"].iloc[0]), "share"), lost=figure(float(flow["flow"].iloc[0]), "rate")
        )
    ]


def of_forward(table: pd.DataFrame, rule: Default) -> list[str]:
    """What the year after held for obligors whose worst was just below, and at, the worst status."""
    if not table["n"].any():
        text = _("Worst against worst status was not run: the book has no day with {months} months on either side.")
        return [text.format(months=rule.months)]
    text = _(
        "Where the worst of {months} months was {name} days, {cured} did better in the next {months}, {worse} did not."
    )
    shown = table[(table["status"] >= len(table) - 2) & (table["n"] > 0)]
    return [
        text.format(
            months=rule.months,
            name=row["name"],
            cured=figure(row["cured"], "share"),
            worse=figure(1 - row["cured"], "share"),
        )
        for row in shown.to_dict("records")
    ]


def of_window(windows: pd.DataFrame, months: int | None, part: float, rule: Default) -> list[str]:
    """Why the window is what it is, and whether the rule's covers it; `windows` as `maturation` gives them."""
    own = windows[windows["dpd"] == rule.dpd]
    if months is None:
        return [_unjustified(own, rule.dpd)]
    row = own.loc[own["months"] == months].iloc[0]
    text = _("{part} of what goes more than {dpd} days past due does so within {months} months of issue ({interval}).")
    ends = interval(row["low"], row["high"], "count")
    said = text.format(part=figure(part, "share"), dpd=rule.dpd, months=months, interval=ends)
    if rule.months >= months:
        return [said, _("The window in use, {months} months, covers it.").format(months=rule.months)]
    return [said, _("The window in use, {months} months, does not cover it.").format(months=rule.months)]


def _against_rule(judged: pd.DataFrame, days: int, rule: Default) -> list[str]:
    if rule.dpd == days:
        return [_("The rule in use, {dpd} days, is the one the book justifies.").format(dpd=days)]
    if rule.dpd not in judged.index:
        return [_("The rule in use has {rule} days, the book justifies {dpd}.").format(rule=rule.dpd, dpd=days)]
    text = (
        _("The rule in use waits longer: at its {dpd} days {found}.")
        if rule.dpd > days
        else _("The rule in use is earlier than the book justifies: at its {dpd} days {found}.")
    )
    return [text.format(dpd=rule.dpd, found=_stayed(judged, rule.dpd))]


def _stayed(judged: pd.DataFrame, dpd: int) -> str:
    row = judged.loc[[dpd]].iloc[0].to_dict()
    text = _("{share} had not come back by {days} days ({interval}, {n} obligors)")
    ends = interval(float(row["low"]), float(row["high"]), "share")
    return text.format(
        share=figure(float(row["uncured"]), "share"), interval=ends, n=figure(row["obligors"], "count"), days=LOSS
    )


def _unjustified(own: pd.DataFrame, dpd: int) -> str:
    last, bad = int(own["last"].min()), int(own["bad"].min())
    if not last:
        return _("No window can be justified: the book is too short to follow three months of issue.")
    if bad < FEWEST_INVOICES:
        text = _("No window can be justified: {n} invoices went more than {dpd} days past due, fewer than {least}.")
        return text.format(n=bad, dpd=dpd, least=FEWEST_INVOICES)
    text = _(
        "No window can be justified: the book is too short, for {last} months after issue bad invoices still come."
    )
    return text.format(last=last)
