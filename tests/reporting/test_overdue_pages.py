"""Reasons, cash and ageing of an overdue model: figures that tie, both languages, one line where a book has not."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.checks import Verdict
from riskmodels.models import overdue
from riskmodels.models.explain import BASE
from riskmodels.models.payment_time import PaymentTime
from riskmodels.models.recipes import StoredModel
from riskmodels.reporting.blocks import Figure, NotRun, Section, Table, Text
from riskmodels.reporting.pages.overdue_ageing import ageing_page
from riskmodels.reporting.pages.overdue_cash import cash_page
from riskmodels.reporting.pages.overdue_reasons import reasons_page
from riskmodels.reporting.pages.page import AtClose, Before, page
from riskmodels.validation.overdue_development.ageing import BUCKETS, AgeingEvidence
from riskmodels.validation.overdue_development.cash import WEEKS, CashEvidence
from riskmodels.validation.overdue_development.reasons import OpenReasons

AS_OF, TRIAL = date(2026, 6, 30), date(2025, 6, 30)
USED = ["debtor_late_share_estimate_365d", "pair_mean_days_late_90d", "debtor_past_due_count_share_now"]


@dataclass(frozen=True)
class Development(AtClose):
    """The part of an overdue model's development that the three pages ask for."""

    stored: StoredModel
    trial_models: dict[str, PaymentTime] = field(default_factory=dict)
    trial_day: date = TRIAL

    @cached_property
    def reasons_evidence(self):
        return OpenReasons.of(self.book, self.as_of, self.stored)

    @cached_property
    def cash_evidence(self):
        return CashEvidence.of(self.book, self.as_of, self.stored, self.trial_models, self.trial_day)

    @cached_property
    def ageing_evidence(self):
        return AgeingEvidence.of(self.book, self.as_of)

    reasons = page(reasons_page)
    cash = page(cash_page)
    ageing = page(ageing_page)


def fitted(sample, engine="logit"):
    """A model of a few drivers."""
    facts = sample["terms_days"], sample["duration_days"], sample["settled"], sample["obligor"]
    return PaymentTime(engine).fit(sample[USED], *facts)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("overdue") / "small.duckdb"
    write(synthesise(4_000, 20, AS_OF), path)
    whole = open_book(path)
    sample = overdue.sample(whole, date(2022, 10, 1), AS_OF, AS_OF)
    card = {"purpose": "overdue", "as_of": str(AS_OF), "seed": 0}
    stored = StoredModel(Path("none"), {"champion": fitted(sample)}, card, sample, pd.DataFrame(), pd.DataFrame())
    early = overdue.sample(whole, date(2022, 10, 1), TRIAL, TRIAL)
    return Development(whole, AS_OF, "en", Before(None, {}), stored, {"champion": fitted(early)})


@pytest.fixture(scope="module")
def shown(report):
    """The three pages in English, made once."""
    return {name: getattr(report, name)() for name in ("reasons", "cash", "ageing")}


def block(blocks, kind, name):
    return next(b for b in blocks if isinstance(b, kind) and b.name == name)


def column(found, key):
    at = [c.key for c in found.columns].index(key)
    return [row[at] for row in found.rows]


def with_evidence(report, **told):
    """The report told otherwise, with the evidence it had."""
    other = replace(report, **told)
    other.__dict__.update({k: v for k, v in report.__dict__.items() if k.endswith("_evidence")})
    return other


@pytest.mark.parametrize("name", ["reasons", "cash", "ageing"])
def test_every_page_speaks_in_either_language(report, shown, name):
    english = shown[name]
    chinese = getattr(with_evidence(report, lang="zh"), name)()
    assert [type(b) for b in english] == [type(b) for b in chinese]
    assert any("一" <= letter <= "鿿" for letter in str(chinese))


@pytest.mark.parametrize("engine", ["logit", "lightgbm"])
def test_reasons_add_up_to_the_expected_days_in_picture_words_and_table(report, engine):
    sample = report.stored.development
    stored = replace(
        report.stored, models={"champion": fitted(sample.tail(1_500), engine)}, development=sample.tail(400)
    )
    blocks = replace(report, stored=stored).reasons()
    drawn, told = block(blocks, Figure, "delay_reasons").data, block(blocks, Table, "reasons_told")
    days = pd.DataFrame({key: column(drawn, key) for key in ("panel", "kind", "days")})
    parts = days[days["kind"] != "total"].groupby("panel", sort=False)["days"].sum()
    assert parts.tolist() == pytest.approx(column(told, "days_late"))
    words = next(b for b in blocks if isinstance(b, Text)).paragraphs
    assert [line.split(":")[0] for line in words] == column(told, "invoice_id")
    for line, late in zip(words, column(told, "days_late")):
        assert f"Expected {late:.1f}\u00a0days late" in line


def test_those_told_one_by_one_are_not_due_and_of_different_debtors(shown):
    told = block(shown["reasons"], Table, "reasons_told")
    assert all(days >= 0 for days in column(told, "to_due"))
    assert len(set(column(told, "debtor_id"))) == len(told.rows) == 5
    weight = [a * d for a, d in zip(column(told, "open_amount"), column(told, "days_late"))]
    assert weight == sorted(weight, reverse=True)


def test_drivers_are_sorted_and_their_sides_add_up(report):
    found = report.reasons_evidence.by_driver()
    assert found["days"].is_monotonic_decreasing
    assert (found["adds"] - found["takes"]).tolist() == pytest.approx(found["days"].tolist())
    assert BASE not in set(found["driver"])


def test_without_an_open_invoice_the_reasons_are_one_line(report):
    nothing = replace(report)
    found = report.reasons_evidence
    nothing.__dict__["reasons_evidence"] = replace(found, invoices=found.invoices.head(0))
    opened, reason = nothing.reasons()
    assert isinstance(opened, Section)
    assert reason == NotRun(opened.name, "no open invoice that the model can tell of")


def test_the_weeks_of_the_cash_forecast_add_up_to_the_sum_beside_them(shown):
    side = block(shown["cash"], Figure, "cash_ahead").side
    assert len(side.rows) == WEEKS
    assert sum(column(side, "expected")) == pytest.approx(side.totals[0][1])


def test_every_past_week_is_in_the_picture_and_counted(shown):
    blocks = shown["cash"]
    drawn, errors = block(blocks, Figure, "cash_past").data, block(blocks, Table, "cash_errors")
    n = dict(zip(column(errors, "span"), column(errors, "n")))
    assert n["every week"] == len(drawn.rows) == n["1-4"] + n["5-8"] + n["9-13"]
    assert 0 <= n["sum of 13 weeks"] * WEEKS - n["every week"] < WEEKS  # less the weeks that nothing could come in


def test_a_check_of_cash_says_what_the_table_says(report, shown):
    found = block(shown["cash"], Table, "cash_coverage")
    told = {(span, band): share for span, band, share in zip(*(column(found, k) for k in ("span", "stated", "share")))}
    checks = {c.name: c for c in report.cash_evidence.checks}
    assert checks["overdue.cash.coverage_80"].value == told["every week", 0.8]
    assert checks["overdue.cash.coverage_95"].value == told["every week", 0.95]
    assert {c.group for c in checks.values()} == {"cash"}


def test_without_past_forecasts_that_of_today_stands_and_the_checks_are_not_run(report):
    late = with_evidence(report)
    late.__dict__["cash_evidence"] = replace(report.cash_evidence, no_test="too few are over")
    (reason,) = [b.reason for b in late.cash() if isinstance(b, NotRun)]
    assert reason == "too few are over"
    assert {(c.verdict, c.reason) for c in late.cash_evidence.checks} == {(Verdict.NOT_RUN, "too few are over")}
    assert block(late.cash(), Figure, "cash_ahead")


def test_a_book_that_can_t_be_forecast_says_so_in_one_line(report):
    early = replace(report, as_of=date(2022, 8, 1), trial_day=date(2022, 7, 20))
    reasons = [b.reason for b in early.cash() if isinstance(b, NotRun)]
    assert len(reasons) == 2
    assert reasons[0] == "forecasts of 13 weeks that are over since 2022-07-20: 0, 2 needed"
    assert reasons[1]


def test_each_row_of_the_matrix_goes_somewhere_or_is_empty(shown):
    found = block(shown["ageing"], Table, "ageing_matrix")
    assert len(found.rows) == BUCKETS
    for row in found.rows:
        shares = [cell for cell in row[2:] if isinstance(cell, float)]
        assert sum(shares) == pytest.approx(1.0)
    assert {row[2] for row in found.rows[1:]} == {""}  # what is past due can't be not due again


def test_the_headline_and_the_roll_rates_tell_the_same_loss(report, shown):
    opened, flow = shown["ageing"][0], report.ageing_evidence.history.net_flow
    assert opened.finding.startswith(f"{100 * flow['flow']:.2f}% of what falls due")


def test_buckets_of_the_forecast_add_up_to_what_is_open(shown):
    found = block(shown["ageing"], Table, "ageing_balances")
    for key in ("today", "expected"):
        *buckets, past_due, whole = column(found, key)
        assert sum(buckets[1:]) == pytest.approx(past_due)
        assert sum(buckets) == pytest.approx(whole)


def test_past_forecasts_are_drawn_from_what_stood_on_their_day(shown):
    drawn = block(shown["ageing"], Figure, "ageing_past").data
    days = {key: column(drawn, key) for key in ("month", "expected", "low_95", "high_95", "actual")}
    first = [row for row in zip(*days.values()) if row[0] == 0]
    assert len(first) == 3
    assert all(len(set(row[1:])) == 1 for row in first)


def test_a_book_too_young_for_a_back_test_of_buckets_says_how_many_there_are(report):
    early = replace(report, as_of=date(2023, 3, 31))
    (reason,) = [b.reason for b in early.ageing() if isinstance(b, NotRun)]
    assert reason.endswith("a year of flows before: 0, 2 needed")
    assert {c.verdict for c in early.ageing_evidence.checks} == {Verdict.NOT_RUN}
    assert block(early.ageing(), Table, "ageing_balances")


def test_without_payments_nothing_is_said_of_ageing(report):
    whole = report.whole
    poor = replace(whole, attach=lambda con: {k: v for k, v in whole.attach(con).items() if k != "payments"})
    opened, reason = replace(report, whole=poor).ageing()
    assert opened.verdict is Verdict.NOT_RUN
    assert "no rows in table payments" in reason.reason


def test_a_currency_in_which_nothing_is_owed_is_told_in_a_line_on_each_page(report):
    other = replace(report.whole, meta={**report.whole.meta, "currency": "EUR"})
    foreign = replace(report, whole=other, as_of=date(2023, 6, 30), trial_day=date(2022, 12, 31))
    for name in ("reasons", "cash", "ageing"):
        assert any(isinstance(b, NotRun) for b in getattr(foreign, name)()), name
    checks = [*foreign.cash_evidence.checks, *foreign.ageing_evidence.checks]
    assert {c.verdict for c in checks} == {Verdict.NOT_RUN}
