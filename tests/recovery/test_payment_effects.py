"""What the synthetic book plants in payment comes out of the payment-time model with its sign and size.

The planted law is log-logistic and the model a logit by interval, so that sizes agree within a quarter rather than to
their errors; hazards of the model's own form are found to their errors in test_payment_time_recovered.
"""

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.synthetic import Synthetic
from riskmodels.book.synthetic.clock import day_number
from riskmodels.book.synthetic.law import EARLIEST, LATEST
from riskmodels.core.calendar import calendar
from riskmodels.models.payment_time import PaymentTime
from tests.recovery.test_planted_effects import LAST, design, healthy, numbers, worlds

ENDS = EARLIEST, EARLIEST + LATEST
STEPS = {
    "payment.quality": (-1.0, 1.0),
    "payment.client": (-1.0, 1.0),
    "payment.amount": (-1.0, 1.0),
    "payment.terms": (-0.5, 0.5),
    "payment.dispute": (0.0, 1.0),
    "payment.year_end": (0.0, 1.0),
    "payment.spring_festival": (0.0, 1.0),
}
"""From where to where each is moved, other things as they are."""


def chance(x: pd.DataFrame, book: Synthetic) -> np.ndarray:
    """P(late) by the planted law, of invoices that fall due on a business day."""
    law = book.truth["parameters"].set_index("name")["value"]
    pace = x.to_numpy() @ np.array([1.0 if name == "relation" else law[name] for name in x])
    u, c, end = np.exp(law["payment.shape"] * pace), *(float(d) ** -law["payment.shape"] for d in ENDS)
    return u * (c - end) / (1 + u * c)


def moves(book: Synthetic) -> pd.DataFrame:
    """Mean change of P(late) when each is moved: as planted, and as the model has it."""
    open_days = calendar(day_number(book.tables["invoices"]["due_on"].min().date()), day_number(LAST))
    frame = healthy(book)
    frame = frame[open_days.is_open(numbers(frame["due_on"]))]
    terms = (frame["due_on"] - frame["issued_on"]).dt.days.to_numpy()
    x = design(frame)
    days = np.maximum(terms + frame["days_late"], 0)
    model = PaymentTime("logit").fit(x.iloc[:, 1:], terms, days, np.ones(len(frame)), frame["debtor_id"])
    rows = []
    for name, (low, high) in STEPS.items():
        less, more = x.assign(**{name: low}), x.assign(**{name: high})
        planted = chance(more, book) - chance(less, book)
        said = model.late(more.iloc[:, 1:], terms) - model.late(less.iloc[:, 1:], terms)
        rows.append((name, planted.mean(), said.mean()))
    return pd.DataFrame(rows, columns=["name", "planted", "found"])


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    """By what is moved: the planted change, the mean found over books, its standard error."""
    every = pd.concat([moves(book) for book in worlds(20_000)]).groupby("name")
    return every.mean().assign(error=every["found"].sem())


@pytest.mark.parametrize("name", STEPS)
def test_a_planted_effect_is_found_with_its_sign_and_size(found, name):
    planted, said, error = found.loc[name]
    assert abs(said - planted) < 3 * error + 0.25 * abs(planted)
    assert abs(said) > 3 * error
    assert np.sign(said) == np.sign(planted)
