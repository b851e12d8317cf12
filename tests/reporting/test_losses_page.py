"""Losses and dilution as a report: pages in both languages, figures that tie, one line where a book has not."""

import json
from dataclasses import replace
from datetime import date

import pytest

from riskmodels.book.synthetic import synthesise, write
from riskmodels.core import text
from riskmodels.core.checks import Verdict
from riskmodels.reporting.blocks import NotRun, Section, Table, Verdicts
from riskmodels.reporting.pages.losses import loss_and_dilution
from riskmodels.reporting.pages.losses_cover import stacked
from riskmodels.reporting.pages.losses_dilution import reserve_steps

PAGES = ["front", "realised", "models", "cover", "bad_times", "ripening", "pairs", "held", "backtest", "appendix"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("losses") / "small.duckdb"
    write(synthesise(15_000, 20, date(2026, 6, 30)), path)
    return str(path)


@pytest.fixture(scope="module")
def report(place):
    return loss_and_dilution(place, "2026-06-30")


@pytest.fixture(scope="module")
def book_less(report):
    """The report on the same book without a table."""

    def made(gone):
        whole = report.whole
        book = replace(whole, attach=lambda con: {k: v for k, v in whole.attach(con).items() if k != gone})
        return replace(report, whole=book)

    return made


def table(report, page, name):
    return next(b for b in getattr(report, page)() if isinstance(b, Table) and b.name == name)


def column(found, key, rows="rows"):
    at = [c.key for c in found.columns].index(key)
    return [row[at] for row in getattr(found, rows)]


def test_every_page_speaks_in_either_language(place, report):
    chinese = loss_and_dilution(place, "2026-06-30", "zh")
    for page in PAGES:
        told = str(getattr(chinese, page)())
        assert any("一" <= letter <= "鿿" for letter in told), page
        assert len(getattr(chinese, page)()) == len(getattr(report, page)())
    text.use("en")


def test_every_claim_is_counted_over_or_too_young(report):
    found = table(report, "realised", "claims_by_year")
    claims = report.losses.claims
    assert sum(column(found, "over")) + sum(column(found, "young")) == len(claims) == column(found, "n", "totals")[0]
    assert sum(column(found, "ead")) == pytest.approx(claims["ead"].sum())


def test_the_parts_of_the_loss_add_up_to_the_mean_that_is_told(report):
    found = table(report, "realised", "loss_parts")
    assert column(found, "mean", "totals")[0] == pytest.approx(report.stress.long_run)
    assert sum(column(found, "mean")) == pytest.approx(report.stress.long_run)


def test_cover_and_loss_of_each_claim_make_up_its_exposure(report):
    shares = stacked(report).drop(columns="name").sum(axis=1)
    assert shares.tolist() == pytest.approx([1.0] * len(shares))


def test_the_largest_claims_come_first_and_the_total_is_of_all(report):
    found = table(report, "cover", "largest_claims")
    assert column(found, "ead") == sorted(column(found, "ead"), reverse=True)
    assert column(found, "ead", "totals")[0] == pytest.approx(report.open["ead"].sum())


def test_the_steps_to_the_reserve_end_at_it(report):
    amounts = reserve_steps(report)["amount"].tolist()
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1]) == pytest.approx(report.reserve.rate)


def test_the_estimate_held_against_later_claims_is_what_the_report_of_a_year_ago_said(place, report):
    then = loss_and_dilution(place, "2025-06-30")
    assert report.claims_since["estimated"].unique() == pytest.approx([then.sample.y.mean()])
    assert len(report.claims_since) == len(report.losses.final) - len(then.losses.final)
    pairs = report.dilution_since
    expected = pairs["estimated_dilution"] @ pairs["weight"] / pairs["weight"].sum()
    assert expected == pytest.approx(then.reserve.expected, rel=0.25)


def test_the_tests_that_vote_stand_on_the_front_and_all_of_them_in_the_back_test(report):
    (shown,) = [b for b in report.front() if isinstance(b, Verdicts)]
    assert [c.name for c in shown.checks] == [c.name for c in report.checks if c.primary]
    ran, idle = table(report, "backtest", "backtest"), table(report, "backtest", "backtest_not_run")
    assert column(ran, "check") + column(idle, "check") == [
        c.title for c in sorted(report.checks, key=lambda c: bool(c.reason))
    ]


def test_a_book_too_young_to_hold_an_estimate_against_says_so(place):
    early = loss_and_dilution(place, "2025-01-31")
    level = next(c for c in early.checks if c.name == "validation.loss.level")
    assert level.verdict is Verdict.NOT_RUN
    assert "so nothing was estimated then" in level.reason


def test_too_few_debtors_for_folds_are_told_in_one_line(place):
    early = loss_and_dilution(place, "2025-03-31")
    opened, reason = early.models()
    assert isinstance(opened, Section)
    assert isinstance(reason, NotRun)
    assert reason.reason == early.no_models != ""
    assert "lost" in str(early.front())


@pytest.mark.parametrize(
    ("gone", "pages", "said"),
    [
        ("advances", ["realised", "models", "cover", "bad_times"], "no advances in the book"),
        ("facilities", ["realised", "models", "cover", "bad_times"], "expected the contract rate"),
        ("credit_notes", ["ripening", "pairs", "held"], "no credit notes in the book"),
    ],
)
def test_what_a_book_can_t_say_is_one_line(book_less, gone, pages, said):
    found = book_less(gone)
    for page in pages:
        (reason,) = [b.reason for b in getattr(found, page)() if isinstance(b, NotRun)]
        assert said in reason, page


def test_before_any_default_nothing_is_said_of_losses(place):
    early = loss_and_dilution(place, "2022-10-31")
    for page in ("realised", "models", "cover", "bad_times"):
        assert any(isinstance(b, NotRun) for b in getattr(early, page)()), page


def test_the_notebook_runs(repository, place):
    notebook = json.loads((repository / "notebooks/research/loss_and_dilution.ipynb").read_text(encoding="utf-8"))
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    names = {}
    for cell in code:
        exec(cell, names)
        if "book" in names and "made" not in names:
            names["book"] = place
    assert names["made"].losses.final["lgd"].mean() > 0
    assert [c.split("made.")[1] for c in code[2:]] == [f"{page}()" for page in PAGES]
