"""What was known a year before the date a book is looked at from, held against what came since.

The estimates are those that the report of that day would have given; nothing later is in them.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from riskmodels.book.book import Book
from riskmodels.core.dates import add_months
from riskmodels.models.dilution import dilution_history, maturation, pair_rates, ripe_rates
from riskmodels.models.lgd.anatomy import loss_parts, months_to_money
from riskmodels.models.lgd.drivers import loss_sample
from riskmodels.models.lgd.trial import candidates
from riskmodels.models.lgd.workout import RealisedLosses

MONTHS = 12
FEWEST = 2
"""Obligors whose workouts were over at the earlier day, below which nothing was estimated."""


def claims_since(book: Book, losses: RealisedLosses, as_of: date, model: str, seed: int = 0) -> pd.DataFrame:
    """The claims whose workout ended in the year before `as_of`, as `LossCases` takes them; none without estimates.

    `book` is cut at `as_of`. The LGD is estimated by the model of that name in `lgd.trial.candidates`, fitted on the
    claims that were over a year before; months to the money and recovery rate by the means of those. Pools are those
    with and without recourse.
    """
    final = losses.final
    before = (final["over_on"] <= pd.Timestamp(add_months(as_of, -MONTHS))).to_numpy()
    if final.loc[before, "debtor_id"].nunique() < FEWEST:
        return pd.DataFrame(columns=["estimated", "realised"], dtype=float)
    sample, since = loss_sample(final), ~before
    fitted = candidates(sample, seed)[model].fit(sample.X[before], sample.y[before])
    came = {
        "workout_months": months_to_money(book, losses),
        "realised_recovery": 1 - loss_parts(book, losses)["shortfall"],
    }
    told = {
        "estimated": fitted.predict(sample.X[since]),
        "realised": sample.y[since],
        "estimated_months": came["workout_months"][before].mean(),
        "estimated_recovery": came["realised_recovery"][before].mean(),
        **{name: values[since] for name, values in came.items()},
    }
    known = final.loc[since, ["ead", "debtor_id", "client_id", "default_on", "recourse"]]
    named = known.set_axis(["weight", "obligor", "client", "period", "pool"], axis=1)
    return named.assign(**told).reset_index(drop=True)


def dilution_since(book: Book, as_of: date) -> pd.DataFrame:
    """Pairs of client and debtor with what was estimated a year before `as_of` that they dilute, and what they did.

    The rates that came are those of the months since whose credit notes are in; pairs that were new are estimated by
    their book's rate. Columns as `LossCases` takes them, the weight what was invoiced; no rows where nothing was
    invoiced a year before.
    """
    day = add_months(as_of, -MONTHS)
    then, now = dilution_history(book, day), dilution_history(book, as_of)
    if then.invoiced.empty:
        return pd.DataFrame(columns=["estimated_dilution", "realised_dilution"], dtype=float)
    pattern = maturation(then)
    came = ripe_rates(now, maturation(now), then.last)
    expected = pair_rates(then, pattern)[["client_id", "debtor_id", "rate"]].rename(
        columns={"rate": "estimated_dilution"}
    )
    both = came.merge(expected, on=["client_id", "debtor_id"], how="left")
    both["estimated_dilution"] = both["estimated_dilution"].fillna(pattern.expected)
    names = {"rate": "realised_dilution", "exposure": "weight", "debtor_id": "obligor", "client_id": "client"}
    return both.rename(columns=names)[["estimated_dilution", *names.values()]]
