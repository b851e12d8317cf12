"""What a model's folder says of it: whom it was learnt from, and where it must not be used."""

from datetime import date

import pandas as pd
import pytest

from riskmodels.book.endings import invoice_parts
from riskmodels.book.open import open_book
from riskmodels.book.outcomes import default_outcomes, invoice_outcomes
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.dates import add_months
from riskmodels.models import overdue, rating
from riskmodels.models.model_card import ELSEWHERE, absent, model_card, segments
from riskmodels.models.rating import RULE

TRAINED = date(2025, 6, 30)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "small.duckdb"
    write(synthesise(12_000, 5, date(2026, 6, 30)), path)
    return open_book(path)


@pytest.fixture(scope="module")
def origins():
    return [date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30)]


@pytest.fixture(scope="module")
def rated(book, origins):
    """The sample of a rating but for its features."""
    found = default_outcomes(book, "debtor_id", origins, TRAINED, RULE)
    names = {"origin": "as_of", "defaulted": "outcome"}
    return found.rename(columns=names).assign(obligor=found["debtor_id"], period=found["origin"])


@pytest.fixture(scope="module")
def card(book, rated):
    return model_card(rating, book, TRAINED, rated)


@pytest.fixture(scope="module")
def invoices(book):
    """The sample of an overdue model but for its features: issued after three months, before the day of training."""
    found = invoice_outcomes(book.as_of(TRAINED), TRAINED)
    issued = found["issued_on"]
    facts = {"outcome": found["late"], "obligor": found["debtor_id"], "period": issued}
    later = (issued >= pd.Timestamp(add_months(book.first_day, 3))) & (issued < pd.Timestamp(TRAINED))
    return found.assign(terms_days=(found["due_on"] - issued).dt.days, **facts)[later]


def test_a_rating_tells_its_definition_of_bad_with_days_and_window(card):
    assert card["what"] == "The probability that a debtor that performs today is in default within 12 months."
    assert (card["outcome"]["dpd"], card["outcome"]["window_months"], card["outcome"]["share"]) == (90, 12, 0.01)
    assert "within 12 months, 1% or more of all a debtor owes" in card["outcome"]["definition"]
    assert card["outcome"]["definition"].endswith("is more than 90 days past due")


def test_the_population_runs_down_from_all_that_was_known_to_what_was_learnt_from(card, rated):
    steps = pd.DataFrame(card["population"])
    assert (steps["left"].diff().iloc[1:] == -steps["left_out"].iloc[1:]).all()
    assert steps["left"].iloc[-1] == rated["outcome"].notna().sum()
    left_out = steps.set_index("step")["left_out"]
    assert left_out["owing nothing"] > 0
    assert left_out["in default already"] > 0
    assert left_out["without features"] == 0


def test_an_overdue_model_tells_what_late_is_whom_it_left_out_and_its_longest_terms(book, invoices):
    told = model_card(overdue, book, TRAINED, invoices)
    assert told["outcome"]["dpd"] == 0
    steps = pd.DataFrame(told["population"])
    assert (steps["left_out"] >= 0).all()
    assert steps["left"].tolist()[-1] == len(invoices)
    assert steps["left_out"].tolist()[-1] == 0
    longest = invoices["terms_days"].max()
    assert told["limits"][0] == f"Not for terms beyond {longest} days: none were learnt from."


def test_an_overdue_model_tells_by_which_causes_invoices_ended_and_how_few_by_the_rare_ones(book, invoices):
    by_invoice = dict(list(invoice_parts(book, TRAINED).groupby("invoice_id")))
    columns = ["day", "cause", "share"]
    empty = pd.DataFrame(columns=columns)
    parts = [list(map(tuple, by_invoice.get(i, empty)[columns].to_numpy())) for i in invoices["invoice_id"]]
    told = model_card(overdue, book, TRAINED, invoices.assign(parts=parts))
    ended = told["outcome"]["ended"]
    assert ended["paid"] > 50 * ended["disputed"] > 0
    assert f"otherwise than by payment was learnt from few: {ended['credited']} credited, " in " ".join(told["limits"])
    assert "written off is never settled" in told["outcome"]["definition"]


def test_its_limits_name_the_age_of_its_data_and_how_few_it_learnt_from(card, rated):
    told = " ".join(card["limits"])
    bad = rated.loc[rated["outcome"] == 1, "obligor"]
    assert "Knows nothing after 2025-06-30; the newest cases with an outcome are of 2024-06-30" in told
    assert f"Learnt from {len(bad)} bad cases of {bad.nunique()} debtors; on fewer than 20 none is trained" in told
    assert "Not for a horizon other than 12 months." in told


def test_a_champion_from_elsewhere_is_said_to_be_one(book, rated, card):
    told = model_card(rating, book, TRAINED, rated, elsewhere=True)
    assert told["limits"] == [*card["limits"], ELSEWHERE]


def test_segments_count_every_debtor_of_the_book(book, card, rated):
    known = book.as_of(TRAINED).sql("SELECT count(DISTINCT debtor_id) AS n FROM invoices")["n"].iloc[0]
    assert set(card["segments"]) == {"industry", "region", "size"}
    for values in card["segments"].values():
        assert sum(n["known"] for n in values.values()) == known
        assert sum(n["learnt"] for n in values.values()) == rated["obligor"].nunique()
        assert sum(n["bad"] for n in values.values()) == rated.loc[rated["outcome"] == 1, "obligor"].nunique()


def test_segments_nobody_was_learnt_from_are_named(book):
    seen = book.as_of(TRAINED)
    size = seen.sql("SELECT party_id, any_value(size) AS size FROM parties GROUP BY 1").set_index("party_id")["size"]
    large = [debtor for debtor in size.index[size == "large"] if debtor.startswith("D")][:30]
    told = absent(segments(seen, pd.DataFrame({"obligor": large, "outcome": 0.0})))
    assert "Not for segments that nobody was learnt from:" in told[0]
    assert "size " in told[0]
    assert "micro" in told[0]
    assert "The level is not known in segments where nobody was bad:" in told[1]
    assert "size large" in told[1]


def test_a_book_that_tells_no_segments_says_so():
    assert absent({}) == ["Whether segments are absent is not known: the book tells no industry, region, size of them."]
