"""Realised LGD of each defaulted claim of a book, from its dated cash flows; workouts that aren't over are no LGD.

LGD = max(0, 1 - PV(min(EAD, debtor cash + repurchase + guarantee + insurance + cash margin - costs)) / EAD)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import Default, known_until
from riskmodels.core.dates import add_months
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.lgd.cash import returned, spent, switched_off
from riskmodels.models.lgd.claims import defaulted_claims
from riskmodels.models.lgd.flows import SOURCES, covered, discount, loss_given_default, present_values

MARGIN, COSTS, UNTOLD = (SOURCES.index(name) for name in ("cash margin", "costs", "payer not told"))
WHOLE = 0.005  # half a cent: a claim with less than this uncovered is covered


@dataclass(frozen=True)
class Workout:
    """How a loss is measured: flows of `months` after the default, discounted at `rate` a year.

    A `rate` of None is each claim's contract rate. A claim covered within `cure_days`, costs aside, was cured. The cash
    `margin` that the factor holds is set off on the day of default; False where the ledger books that as a repayment.
    """

    months: int = 24
    rate: float | None = None
    cure_days: int = 180
    margin: bool = True
    default: Default = field(default_factory=Default)


@dataclass(frozen=True)
class RealisedLosses:
    """Every defaulted claim, what could not be taken into account (`off`: name to reason), and the rule.

    Columns of `claims`: those of `defaulted_claims`, rate, over_on (last day of the workout), over (bool: known to its
    end), one column per source of SOURCES (present value of its part), recovered (their sum), lgd (0 or more; above 1
    where costs exceed recoveries), capped (at most 1, for models), cured. What a workout that isn't over would come to
    is not told: its lgd, capped and cured are missing.
    """

    claims: pd.DataFrame
    off: Mapping[str, str]
    rule: Workout

    @property
    def final(self) -> pd.DataFrame:
        """The claims whose workout is over: the sample of a model."""
        return self.claims[self.claims["over"]].reset_index(drop=True)

    def summary(self) -> pd.DataFrame:
        """One row per figure: claims in default, of which over and censored, mean LGD by number and by exposure."""
        final, ead = self.final, self.final["ead"]
        known = len(final) > 0
        figures = {
            _("claims in default"): float(len(self.claims)),
            _("workouts that are over"): float(len(final)),
            _("workouts that aren't over, left out"): float(len(self.claims) - len(final)),
            _("mean LGD"): final["lgd"].mean(),
            _("mean LGD, weighted by exposure"): np.average(final["lgd"], weights=ead) if known else np.nan,
            _("share cured"): final["cured"].astype(float).mean(),
            _("share with LGD above 1"): (final["lgd"] > 1).mean() if known else np.nan,
        }
        return pd.DataFrame({_("figure"): list(figures), _("value"): list(figures.values())})

    def by_source(self) -> pd.DataFrame:
        """One row per source: present value that it covered of finished claims, and its share of their exposure."""
        final = self.final
        worth = [float(final[name].sum()) for name in SOURCES]
        columns = {_("source"): [_(name) for name in SOURCES], _("present value"): worth}
        total = final["ead"].sum()
        return pd.DataFrame(columns).assign(**{_("share of the exposure"): np.array(worth) / (total or np.nan)})


def realised_losses(book: Book, as_of: date, rule: Workout | None = None) -> RealisedLosses:
    """The realised LGD of each claim that defaulted, as far as the book knew at the close of `as_of`.

    A workout lasts `rule.months` for every claim, though it was paid or given up before: among the young only the quick
    ones would show. The window is over once that many months have passed by `as_of`, or by the book's end. Refused
    without advances, without any cash that came back, or, for a rate of None, without rates.
    """
    rule = rule or Workout()
    _check(rule)
    seen, until = book.as_of(as_of), known_until(book, as_of)
    claims = defaulted_claims(seen, rule.default)
    claims["rate"] = _rates(book, claims, rule)
    last = [pd.Timestamp(add_months(day.date(), rule.months)) for day in claims["default_on"]]
    claims["over_on"] = pd.Series(last, index=claims.index, dtype="datetime64[us]")
    claims["over"] = claims["over_on"] <= pd.Timestamp(until)
    flows = workout_flows(seen, claims, rule)
    return RealisedLosses(_with_losses(claims, flows, rule), switched_off(seen), rule)


def workout_flows(book: Book, claims: pd.DataFrame, rule: Workout) -> pd.DataFrame:
    """The flows after default within each claim's window, by claim and day: claim (row), days, amount, source (code).

    Costs are negative. Of one day, recoveries stand before costs.
    """
    back = returned(book).rename(columns={"cash": "amount"})
    names = {name: code for code, name in enumerate(SOURCES)}
    parts = [back.assign(source=back["payer"].map(names).fillna(UNTOLD)), spent(book).assign(source=COSTS)]
    parts[1]["amount"] = -parts[1]["amount"]
    flows = pd.concat([part[["invoice_id", "day", "amount", "source"]] for part in parts])
    place = pd.Series(np.arange(len(claims)), index=claims["invoice_id"])
    flows = flows[flows["invoice_id"].isin(place.index)]
    flows = flows.assign(claim=flows["invoice_id"].map(place))
    start, end = (claims[name].to_numpy()[flows["claim"]] for name in ("default_on", "over_on"))
    flows["days"] = (flows["day"] - start).dt.days.astype(float)
    within = flows[(flows["days"] > 0) & (flows["day"] <= end)]
    both = pd.concat([_margins(claims, rule), within])[["claim", "days", "amount", "source"]]
    return both.astype({"claim": "int64", "source": "int64"}).sort_values(["claim", "days", "source"], kind="stable")


def recovery_curve(book: Book, losses: RealisedLosses) -> pd.DataFrame:
    """Share of the exposure of finished claims covered by each month after default, present value: month, covered.

    Shows whether the window is long enough: at its end the curve should have come to rest.
    """
    final = losses.final
    flows = workout_flows(book, final, losses.rule)
    ead, rate, claim = (*(final[n].to_numpy(float) for n in ("ead", "rate")), flows["claim"].to_numpy())
    worth = covered(ead, claim, flows["amount"].to_numpy()) * discount(rate[claim], flows["days"].to_numpy())
    month = np.minimum(np.ceil(flows["days"] / (365 / 12)), losses.rule.months).astype(int)
    total = np.bincount(month, worth, losses.rule.months + 1).cumsum() / (ead.sum() or np.nan)
    return pd.DataFrame({"month": np.arange(losses.rule.months + 1), "covered": total})


def _check(rule: Workout) -> None:
    if rule.months < 1:
        raise Misuse(f"months: found {rule.months}, expected a workout of one month or more")
    if rule.rate is not None and not 0 <= rule.rate < 1:
        raise Misuse(f"rate: found {rule.rate}, expected a yearly rate from 0 to below 1")


def _rates(book: Book, claims: pd.DataFrame, rule: Workout) -> pd.Series:
    if rule.rate is not None:
        return pd.Series(rule.rate, index=claims.index)
    rates = claims["annual_rate"].astype(float)
    if missing := int(rates.isna().sum()):
        raise DataRefused(
            f"{book.name}: facilities.annual_rate: found none for {missing} of {len(claims)} claims in default; "
            "expected the contract rate, or a rate of the workout"
        )
    return rates


def _margins(claims: pd.DataFrame, rule: Workout) -> pd.DataFrame:
    """The cash margin held for each claim, set off on its day of default."""
    held = (claims["margin_rate"].astype(float) * claims["lent"]).fillna(0.0).to_numpy()
    rows = np.flatnonzero(held > 0) if rule.margin else np.arange(0)
    return pd.DataFrame({"claim": rows, "days": 0.0, "amount": held[rows], "source": MARGIN})


def _with_losses(claims: pd.DataFrame, flows: pd.DataFrame, rule: Workout) -> pd.DataFrame:
    ead, rate = (claims[name].to_numpy(dtype=float) for name in ("ead", "rate"))
    claim, days, amount, source = (flows[name].to_numpy() for name in ("claim", "days", "amount", "source"))
    worth = present_values(ead, rate, claim, days, amount, source, len(SOURCES))
    over = claims["over"]
    found = claims.assign(**dict(zip(SOURCES, worth.T)), recovered=worth.sum(axis=1))
    found["lgd"] = pd.Series(loss_given_default(ead, worth.sum(axis=1)), index=claims.index).where(over)
    found["capped"] = found["lgd"].clip(upper=1.0)
    soon = (days <= rule.cure_days) & (source != COSTS)
    early = np.bincount(claim[soon], amount[soon], len(claims))
    found["cured"] = pd.Series(early >= ead - WHOLE, index=claims.index).astype("boolean").where(over)
    return found
