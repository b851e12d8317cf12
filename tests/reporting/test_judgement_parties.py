"""The validation of a model of overdue debtors: judged on later windows, and held against the invoice model."""

import shutil
from copy import deepcopy
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.checks import Verdict
from riskmodels.models.monthly import horizon_of, monthly_cases
from riskmodels.models.shelf import train
from riskmodels.reporting.body import Figure, NotRun, Section, Table
from riskmodels.reporting.front import Masthead
from riskmodels.reporting.pages import judgement_weights
from riskmodels.reporting.pages.judgement import model_validation
from riskmodels.reporting.pages.judgement_coherence import _agreed
from riskmodels.validation.reperformed import TITLES, reperformed

PAGES = ("data", "concept", "process", "robustness", "business")
TRAINED, AS_OF = "2025-06-30", "2026-06-30"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("parties") / "small.duckdb"
    write(synthesise(3_000, 5, date(2026, 6, 30)), path)
    return path


@pytest.fixture(scope="module")
def model(book):
    return train("overdue-debtor", book, TRAINED, dpd=30, months=3)


@pytest.fixture(scope="module")
def alone(book, model, judged, tmp_path_factory):
    """The report of a copy of the book that has no invoice model."""
    copy = tmp_path_factory.mktemp("alone") / "small.duckdb"
    shutil.copy(book, copy)
    return on_the_sample_of(judged, model_validation(str(copy), AS_OF, str(model)))


@pytest.fixture(scope="module")
def judged(book, model):
    train("overdue", book, TRAINED)
    return model_validation(str(book), AS_OF, str(model))


def on_the_sample_of(judged, other):
    """The other report of the same model on the same facts, with the cases that were scored for this one."""
    other.source.__dict__["sample"] = judged.sample
    return other


def test_it_is_judged_on_windows_that_are_over_and_began_after_training(judged):
    assert sorted(set(judged.sample["as_of"].dt.date.astype(str))) == [
        "2025-06-30",
        "2025-09-30",
        "2025-12-31",
        "2026-03-31",
    ]
    assert judged.sample["outcome"].notna().all()


def test_the_front_says_what_the_model_tells(judged):
    masthead = next(block for block in judged.front() if isinstance(block, Masthead))
    assert masthead.title == "Overdue debtors: more than 30 days past due within 3 months"
    chinese = on_the_sample_of(judged, model_validation(str(judged.source.path), AS_OF, str(judged.model.folder), "zh"))
    titles = [block.title for block in chinese.front() if isinstance(block, Masthead)]
    assert titles == ["债务人逾期模型：3个月内逾期30天以上"]


def test_the_agreement_with_the_invoices_is_checked_at_the_newest_start(judged):
    checks = judged.of_group("coherence")
    assert [c.name.rsplit(".")[-1] for c in checks] == ["rank", "level", "share_apart"]
    assert all(c.verdict is not Verdict.NOT_RUN for c in checks)
    assert judged.agreement.origin == date(2026, 3, 31)
    there = judged.sample[judged.sample["as_of"] == pd.Timestamp("2026-03-31")]
    assert set(judged.agreement.found.parties["party"]) == set(there["debtor_id"])
    assert checks[0].value > 0


def test_the_page_of_agreement_adds_up(judged):
    table = next(block for block in judged.coherence() if isinstance(block, Table) and block.name == "coherence")
    parties = [column.key for column in table.columns].index("parties")
    assert sum(row[parties] for row in table.rows) == table.totals[0][parties]
    last = judged.sample[judged.sample["as_of"] == judged.sample["as_of"].max()]
    assert table.totals[0][-1] == pytest.approx(last["outcome"].mean())
    assert next(iter(judged.appendix())).number == "15"


def test_without_an_invoice_model_the_agreement_is_not_run_rather_than_within(alone):
    reason = "the book has no overdue model of invoices trained by 2026-03-31"
    assert [(c.verdict, c.reason) for c in alone.of_group("coherence")] == [(Verdict.NOT_RUN, reason)] * 3
    section, told = alone.coherence()
    assert isinstance(section, Section)
    assert told == NotRun("Coherence", reason)


def test_an_invoice_model_that_saw_no_such_delay_is_not_asked(judged):
    short = deepcopy(judged.agreement.invoices)
    short.models["champion"].grid_ = np.array([0.0, 25.0])
    told = _agreed(judged, judged.agreement.origin, short)
    assert {c.reason for c in told.checks} == {"the invoice model saw nothing beyond 25 days past due"}


@pytest.fixture(scope="module")
def invoices(book, judged):
    """The report of the invoice model beside it."""
    return model_validation(str(book), AS_OF, str(judged.agreement.invoices.folder))


def test_a_model_of_another_purpose_has_no_page_of_agreement(invoices):
    assert list(invoices.coherence()) == []
    assert invoices.agreement is None


def test_what_drives_an_invoice_model_is_told_in_days_whatever_its_engine(invoices, monkeypatch):
    monkeypatch.setattr(judgement_weights, "EXPLAINED", 200)  # trees are slow to take apart
    blocks = invoices.concept()
    table = next(block for block in blocks if isinstance(block, Table))
    keys = [column.key for column in table.columns]
    days, share = (np.array([row[keys.index(key)] for row in table.rows]) for key in ("size", "share"))
    assert (days > 0).any()
    assert share.sum() == pytest.approx(1.0)
    assert days / days.sum() == pytest.approx(share)
    assert [f.name for f in blocks if isinstance(f, Figure)] == ["importance", "challenger_shap"]
    engines = {"logit": "a logit hazard of payment", "lightgbm": "a LightGBM hazard of payment"}
    own, rival = (engines[invoices.model.models[role].choice_.engine] for role in ("champion", "challenger"))
    lead = next(iter(invoices.discrimination())).lead
    assert f"The model is {own}, the challenger {rival}." in lead


def test_a_test_per_grade_that_can_t_hold_is_not_printed(invoices):
    table = next(b for b in invoices.calibration() if isinstance(b, Table) and b.name == "grades")
    assert "jeffreys_p" not in {column.key for column in table.columns}
    assert "the test takes cases as independent" in table.caption


def test_longer_delays_are_judged_in_a_section_of_their_own(invoices):
    table = next(b for b in invoices.timing() if isinstance(b, Table) and b.name == "timing_levels")
    rows = pd.DataFrame(table.rows, columns=[column.key for column in table.columns])
    assert rows["name"].tolist() == ["past due", "more than 30", "more than 60", "more than 90"]
    for column in ("n", "expected", "observed"):
        assert rows[column].is_monotonic_decreasing
    assert rows["ratio"].tolist() == pytest.approx((rows["observed"] / rows["expected"]).tolist())
    known = invoices.sample[invoices.sample["outcome"].notna()]
    assert rows["n"].iloc[0] >= len(known)
    assert rows["expected"].iloc[0] == pytest.approx(known["probability"].mean(), abs=0.02)


def test_a_model_of_parties_has_no_time_to_judge(judged):
    head, reason = judged.timing()
    assert (head.number, head.verdict) == ("10", Verdict.NOT_RUN)
    assert "tells whether, not when" in reason.reason
    assert judged.of_group("timing") == []


def test_bands_of_probabilities_read_in_per_cent(invoices):
    bands = next(b for b in invoices.discrimination() if isinstance(b, Table) and b.name == "score_bands")
    names = [row[0] for row in bands.rows if row[0]]
    assert names[0].startswith(">")
    assert names[-1].startswith("≤")
    assert all(name.endswith("%") for name in names)


def test_a_second_hand_comes_to_the_same(judged):
    redone = {c.name: c for c in judged.checks if c.name in {f"validation.{name}" for name in TITLES}}
    assert len(redone) == len(TITLES)
    assert {c.verdict for c in redone.values()} == {Verdict.WITHIN}
    assert min(c.n for c in redone.values()) > 30


def test_a_stored_score_that_the_model_does_not_give_is_found(judged):
    stored = deepcopy(judged.stored)
    stored.development.loc[stored.development.index[0], "probability"] += 1e-6
    found = reperformed(stored, judged.sample.assign(weight=2 * judged.sample["weight"]), judged.book)
    told = {c.name: c for c in found}
    rescored, ledger = told["validation.process.rescored"], told["validation.data.ledger"]
    assert (rescored.verdict, rescored.detail["differing"]) == (Verdict.BREACH, 1)
    assert rescored.detail["largest_difference"] == pytest.approx(1e-6)
    assert ledger.value == pytest.approx(1)


def test_an_invoice_model_says_what_of_it_is_not_exported(invoices):
    told = {c.name: c for c in invoices.checks}
    assert told["validation.process.export.sql"].reason == "only a scorecard is exported; the champion is a PaymentTime"
    assert told["validation.process.rescored"].verdict is Verdict.WITHIN
    assert told["validation.data.ledger"].verdict is Verdict.WITHIN


def test_a_stored_model_s_sections_tell_bins_noise_and_the_second_hand(judged):
    names = {page: [b.name for b in getattr(judged, page)() if isinstance(b, Table)] for page in PAGES}
    assert {"coefficients", "woe", "selection"} <= set(names["concept"])
    assert "noise" in names["robustness"]
    assert {"process_measures", "rival"} <= set(names["process"])
    assert {"sameness", "driver_falls", "fullness"} <= set(names["data"])
    assert {"cut_offs", "losses", "swap_set"} <= set(names["business"])


def test_the_amounts_of_the_ledger_stand_in_the_lead_of_data(judged):
    lead = next(b for b in judged.data() if isinstance(b, Section)).lead
    assert lead.startswith("The cases of 2026-03-31 add up to CNY")


def test_noise_of_nothing_changes_nothing_and_more_noise_more(judged):
    noise = next(b for b in judged.robustness() if isinstance(b, Table) and b.name == "noise").rows
    assert noise[0][2:] == (0.0, 0.0)
    moved = [row[2] for row in noise]
    assert moved == sorted(moved)


def test_parties_are_watched_at_month_ends_with_the_probabilities_they_are_judged_by(judged):
    found = monthly_cases(judged.model, judged.book, date(2026, 6, 30))
    assert found["period"].nunique() == 13
    both = judged.sample.merge(found, on=["obligor", "period"], suffixes=("", "_monthly"))
    assert len(both) == len(judged.sample)
    for column in ("probability", "outcome", "grade"):
        pd.testing.assert_series_equal(both[column], both[f"{column}_monthly"], check_names=False)
    young = found["period"] > "2026-03-31"
    assert found.loc[young, "outcome"].isna().all()
    assert found.loc[~young, "outcome"].notna().all()
    assert horizon_of(judged.model) == 3


def test_bins_are_told_in_chinese_with_their_figures(judged):
    chinese = replace(judged, lang="zh")
    bins = next(b for b in chinese.concept() if isinstance(b, Table) and b.name == "woe")
    places = {c.key: i for i, c in enumerate(bins.columns)}
    second = next(i for i, row in enumerate(bins.rows) if i and row[places["name"]])
    first = bins.rows[:second]
    for column in ("share", "now"):
        assert sum(row[places[column]] for row in first) == pytest.approx(1)
