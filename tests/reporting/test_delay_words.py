"""The sentence that says why an invoice is late: its days, its words in both languages, nothing hidden."""

import pandas as pd
import pytest

from riskmodels.core import text
from riskmodels.reporting.pages.delay_words import delay_sentences

NBSP = "\u00a0"
DAYS = pd.DataFrame(
    {"debtor_late_share_365d": [7.0, 0.0], "invoice_amount": [3.0, 0.01], "own": [-0.5, 0.0], "base": [2.5, -4.0]}
)
VALUES = pd.DataFrame({"debtor_late_share_365d": [0.62, 0.1], "invoice_amount": [1.2e6, 10.0], "own": ["x", None]})


@pytest.fixture
def chinese():
    text.use("zh")
    yield
    text.use("en")


def test_the_sentence_names_days_values_and_units():
    told = delay_sentences(DAYS, VALUES)[0].replace(NBSP, " ")
    assert told.startswith("Expected 12.0 days late, an average invoice of these terms and age 2.5 days late. ")
    assert "Share of settled invoices that were late (debtor, 365 days), 62.0%: +7.0 days" in told
    assert "CNY 1.2 m: +3.0 days" in told
    assert "own, x: −0.5 days" in told
    assert "debtor_late_share" not in told


def test_a_row_like_the_average_says_only_that():
    told = delay_sentences(DAYS, VALUES)[1].replace(NBSP, " ")
    assert told == "Expected 4.0 days early, an average invoice of these terms and age 4.0 days early"


def test_what_is_not_named_is_summed_so_that_the_days_add_up():
    told = delay_sentences(DAYS, VALUES, top=1)[0].replace(NBSP, " ")
    assert told.endswith("; all else: +2.5 days")


def test_timing_of_the_trees_is_part_of_all_else():
    told = delay_sentences(DAYS.assign(timing=[1.0, 0.0]), VALUES)[0].replace(NBSP, " ")
    assert told.startswith("Expected 13.0 days late")
    assert told.endswith("; all else: +1.0 days")


def test_the_sentence_speaks_chinese(chinese):
    told = delay_sentences(DAYS, VALUES)[0]
    assert told.startswith(f"预计逾期12.0{NBSP}天，同账期同账龄的平均发票逾期2.5{NBSP}天。")
    assert f"+7.0{NBSP}天；" in told
    assert not set("abcdefghijklmnpqrstuvyz") & set(told.replace("own", ""))
