"""What a stored payment-time model foretold of later invoices of a book, beside what became of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from riskmodels.book.book import Book
from riskmodels.book.outcomes import invoice_outcomes
from riskmodels.models.baselines import Forecast, fit_all, of_model
from riskmodels.models.inputs import columns_of
from riskmodels.models.payment_parts import LOST
from riskmodels.models.payment_time import PaymentTime
from riskmodels.validation.baselines import observed
from riskmodels.validation.dependence import cluster_codes, treatment
from riskmodels.validation.overdue_development.endings import cases
from riskmodels.validation.timing.bands import bands_of
from riskmodels.validation.timing.payments import Parts, Payments

PARTIES = ("obligor", "client")
BAND = 0.8


def payments_of_book(model: PaymentTime, sample: pd.DataFrame, book: Book, trained: date, as_of: date) -> Payments:
    """The payments of scored invoices of a book as known at `as_of`, with habits as they could be known from `trained`.

    `sample` is the recipe's validation sample, scored; invoices with longer terms than the model ever saw are left out.
    """
    rows = sample[sample["terms_days"].between(0, model.longest_terms_)].reset_index(drop=True)
    forecast = of_model("champion", model, columns_of(model, rows), rows["terms_days"])
    low, high = (rows[f"{side}_80_days"].to_numpy(float) for side in ("low", "high"))
    terms = rows["terms_days"].to_numpy(float)
    return Payments(
        forecast,
        observed(rows.rename(columns={"outcome": "late"})),
        _parts(book, rows, as_of, float(model.grid_[-1])),
        rows["weight"].to_numpy(float),
        tuple(cluster_codes(rows[c]) for c in PARTIES),
        treatment(PARTIES),
        bands_of(BAND, low, high, forecast.days, forecast.open_at, terms),
        _habits(book, rows, trained, as_of, forecast.days),
    )


def _parts(book: Book, rows: pd.DataFrame, as_of: date, last: float) -> Parts:
    """The parts of the rows' invoices; what was written off stays open beyond the last day asked for."""
    found = cases(book, as_of)
    place = pd.Index(rows["invoice_id"]).get_indexer(found["invoice_id"])
    found, place = found[place >= 0], place[place >= 0]
    lost = found["cause"].isin(LOST).to_numpy()
    delay = np.where(lost, last + 1, found["delay"].to_numpy(float))
    settled = ~lost & (found["cause"] != "").to_numpy()
    return Parts(place.astype(np.int64), delay, settled, found["share"].to_numpy(float))


def _habits(book: Book, rows: pd.DataFrame, trained: date, as_of: date, days: np.ndarray) -> tuple[Forecast, ...]:
    """Seven forecasts from habit, which see what had been settled by each invoice's issue and nothing more."""
    then = invoice_outcomes(book.as_of(trained), trained)
    known = then[then["issued_on"] < pd.Timestamp(trained)]
    fitted = fit_all(known, invoice_outcomes(book, as_of))
    return tuple(baseline.predict(rows, days.tolist()) for baseline in fitted)
