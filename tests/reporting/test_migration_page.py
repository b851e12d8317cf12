"""The migration of ratings as a report: every page in both languages, figures that tie, and the notebook runs."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from riskmodels.book.open import open_book
from riskmodels.book.outcomes import default_outcomes
from riskmodels.book.synthetic import synthesise, write
from riskmodels.core.checks import Limits, Verdict
from riskmodels.core.errors import Misuse
from riskmodels.features import build
from riskmodels.models import store
from riskmodels.models.binning import Binner
from riskmodels.models.calibration import anchored
from riskmodels.models.scorecard import Scorecard
from riskmodels.models.scorecard.offered import BEHAVIOUR
from riskmodels.reporting.blocks import Figure, NotRun, Section, Table, Verdicts
from riskmodels.reporting.pages.migration import rating_migration
from riskmodels.reporting.pages.migration_default import homogeneity_finding
from riskmodels.runs.report import run_report

PAGES = [
    "front",
    "rerating",
    "matrices",
    "default",
    "homogeneity",
    "mobility",
    "tiers",
    "recorded",
    "tests",
    "appendix",
]
TRAINED = date(2025, 6, 30)
USED = ("mean_days_late_365d", "past_due_count_share_now")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("migration") / "small.duckdb"
    write(synthesise(12_000, 20, date(2026, 6, 30)), path)
    _store(path, path.parent / "models" / "small" / f"rating-{TRAINED}-00000000")
    return str(path)


def _store(path, home):
    """A rating of two drivers beside the book: a second's work, where the recipe takes ten."""
    book, ends = open_book(path), [date(2023, 12, 31), date(2024, 6, 30)]
    entries = tuple(e for e in BEHAVIOUR if e.name in USED)
    known = default_outcomes(book, "debtor_id", ends, TRAINED).rename(columns={"origin": "as_of"})
    frame = known.merge(build(book, "debtor", ends, entries), on=["debtor_id", "as_of"])
    X = frame[[f"debtor_{name}" for name in USED]]
    card = Scorecard(Binner(max_bins=4)).fit(X, frame["defaulted"])
    told = {"purpose": "rating", "as_of": str(TRAINED), "last": "2024-06-30", "drivers": list(X)}
    told |= {"book_sha256": "0" * 64, "code_sha256": "0" * 64, "no_trial": ""}
    frames = {"development": X, "selection": pd.DataFrame(), "trial": pd.DataFrame()}
    calibration = anchored(card.predict_proba(X)[:, 1], 0.05)
    store.save({"champion": card, "calibration": calibration, "challenger": card}, home, told, frames)


@pytest.fixture(scope="module")
def report(place):
    return rating_migration(place, "2026-06-30")


def tables(report, page):
    return {b.name: b for b in getattr(report, page)() if isinstance(b, Table)}


def column(table, key):
    at = [c.key for c in table.columns].index(key)
    return [row[at] for row in table.rows]


def test_every_page_speaks_in_either_language(report):
    chinese = replace(report, lang="zh")
    chinese.__dict__["found"] = report.found
    for page in PAGES:
        blocks = getattr(chinese, page)()
        assert any("一" <= letter <= "鿿" for letter in str(blocks)), page
        assert len(blocks) == len(getattr(report, page)())


def test_the_picture_of_the_matrices_holds_whole_rows(report):
    drawn = next(b for b in report.matrices() if isinstance(b, Figure))
    frame = pd.DataFrame(drawn.data.rows, columns=[c.key for c in drawn.data.columns])
    rows = frame.groupby(["panel", "from"])["p"].sum(min_count=1).dropna()
    assert len(frame["panel"].unique()) == 3
    assert rows.to_numpy() == pytest.approx(1.0)
    assert (frame["low"].dropna() <= frame["p"].dropna() + 1e-12).all()
    assert (frame["p"].dropna() <= frame["high"].dropna() + 1e-12).all()


def test_the_matrix_shown_is_the_estimators_own(report):
    table = tables(report, "matrices")["moves"]
    shown = dict(zip(zip(column(table, "from"), column(table, "to")), column(table, "duration_p")))
    own = report.found.matrices["duration"].frame()
    assert shown[("5", "default")] == own.loc["5", "D"]


def test_the_grades_in_force_are_all_debtors_of_the_last_quarter(report):
    table = tables(report, "rerating")["in_force"]
    rated = report.found.rated
    assert sum(column(table, "now")) == (rated["as_of"] == rated["as_of"].max()).sum()
    assert sum(column(table, "now_owed")) == pytest.approx(1.0)


def test_cumulative_default_never_falls_with_the_years(report):
    table = tables(report, "default")["curves_table"]
    for one, two in (("p_1", "p_2"), ("p_2", "p_3")):
        assert all(a <= b for a, b in zip(column(table, one), column(table, two)) if a is not None)


def test_the_words_of_the_verdict_follow_the_test(report):
    (change,) = [c for c in report.checks if c.name.endswith("migration.in_time")]
    for p, value, verdict, said in (
        (0.2, 0.1, Verdict.WITHIN, "Nothing says"),
        (0.03, 0.1, Verdict.WITHIN, "too little to matter"),
        (0.03, 0.45, Verdict.WATCH, "doubtful"),
        (0.0005, 0.45, Verdict.WATCH, "p < 0.001"),
    ):
        other, found = replace(report), replace(report.found)
        found.__dict__["homogeneity"] = replace(report.found.homogeneity, p_chi2=p, sparse=False)
        other.__dict__["found"] = found
        other.__dict__["checks"] = [replace(change, value=value, detectable=0.2, limits=Limits.at_most(0.5, 0.3))]
        sentence, shape = homogeneity_finding(other)
        assert shape is verdict
        assert said in sentence


def test_the_tests_of_the_moves_stand_on_the_front_and_in_their_section(report):
    (shown,) = [b for b in report.front() if isinstance(b, Verdicts)]
    table = tables(report, "tests")["moves_tested"]
    assert [c.title for c in shown.checks] == column(table, "check")
    p = next(c for c in report.checks if c.name.endswith("in_time")).p_value
    assert p == report.found.homogeneity.p_value


def test_a_step_out_of_order_is_likelier_than_the_one_before_it(report):
    table = tables(report, "tests")["out_of_order"]
    assert all(share > near for share, near in zip(column(table, "share"), column(table, "near_share"), strict=True))


def test_one_year_is_too_little_to_compare(place):
    young = rating_migration(place, "2025-06-30", years=5)
    ends = young.found.rated["as_of"].max() - pd.DateOffset(months=12)
    scored = young.found.scored[young.found.scored["as_of"] >= ends]
    young.__dict__["found"] = replace(young.found, scored=scored)
    assert [type(b) for b in young.homogeneity()] == [Section, NotRun, Table]
    assert young.found.curves["cohort"].years == (1,)


def test_a_book_without_ratings_says_so_and_goes_on(report):
    bare = replace(report)
    bare.__dict__["found"] = replace(report.found, scale=replace(report.found.scale, grades=tuple("abcdefg")))
    _section, reason = bare.recorded()
    assert isinstance(reason, NotRun)
    assert "expected one of a, b" in reason.reason


def test_a_model_that_came_later_or_does_not_exist_is_refused(place, tmp_path):
    folder = str(next((Path(place).parent / "models" / "small").iterdir()))
    with pytest.raises(Misuse, match="expected a rating trained by 2025-03-31"):
        rating_migration(place, "2025-03-31", model=folder)
    with pytest.raises(Misuse, match="expected a model's folder"):
        rating_migration(place, "2026-06-30", model=str(tmp_path / "none"))


def test_the_notebook_runs_as_the_reports_do_and_takes_a_rating(place, repository, tmp_path):
    path = repository / "notebooks/research/rating_migration.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    assert [c.partition(".")[2] for c in code[2:]] == [f"{page}()" for page in PAGES]
    done = run_report(str(path), Path(place), "2026-06-30", reports=tmp_path / "reports")
    assert done.manifest.model == "rating"
    assert "Migration of the ratings of debtors</h1>" in (done.path / "report.html").read_text(encoding="utf-8")
