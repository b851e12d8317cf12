"""A small report with every kind of block, in both languages, with names that try to be code."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.core import text
from riskmodels.core.checks import CheckResult, Limits, not_run
from riskmodels.reporting import blocks as b
from riskmodels.reporting import figures
from riskmodels.reporting.header import RunHeader

HOSTILE = ("<script>alert(1)</script>", '=HYPERLINK("http://evil.example","x")', "{{7*7}}", r"$\alpha$", "</style>'\"&")


@pytest.fixture(autouse=True)
def _english():
    text.use("en")
    yield
    text.use("en")


@pytest.fixture
def hostile() -> tuple[str, ...]:
    """Names a data set may hold and no page may obey."""
    return HOSTILE


@pytest.fixture
def checks() -> list[CheckResult]:
    """Two breaches, one watch, one within, one not run."""
    return [
        CheckResult(
            "validation.discrimination.auc.out_of_time", "AUC", 0.791, Limits.at_least(0.7, 0.75), "score", 6148
        ),
        CheckResult(
            "validation.calibration.oe", "Observed / expected", 1.19, Limits.between((0.75, 1.25), (0.85, 1.15))
        ),
        CheckResult("validation.calibration.worst", "Worst grade, p", 0.006, Limits.at_least(0.01), "p"),
        CheckResult("validation.stability.psi", "Score PSI", 0.31, Limits.at_most(0.25), "index"),
        not_run("validation.data.cover", "Coverage", "the table bank_flows is missing"),
    ]


@pytest.fixture
def run() -> RunHeader:
    """The header of a run in English."""
    return RunHeader(
        "Model validation",
        date(2026, 9, 30),
        "20261012T0240Z-b81c",
        subject="pd",
        tag="DEMO",
        data_hash="9c1e" * 16,
        code="4be19a7",
    )


@pytest.fixture
def frame() -> pd.DataFrame:
    """Debtors with hostile names, a share, money, a date and a verdict."""
    return pd.DataFrame(
        {
            "name": HOSTILE,
            "balance": [1.5e8, 2e6, np.nan, 0.0, -4e6],
            "share": [0.4, 0.3, 0.2, 0.1, 0.0],
            "due": pd.to_datetime(["2026-09-30"] * 5),
            "verdict": ["breach", "watch", "within", "not_run", "within"],
        }
    )


@pytest.fixture
def table(frame: pd.DataFrame) -> b.Table:
    """The frame as a table with typed columns and a total."""
    columns = [
        b.Column("name", "Debtor"),
        b.Column("balance", "Balance", "money"),
        b.Column("share", "Share", "share", judged=True, shade="blue"),
        b.Column("due", "Due", "date"),
        b.Column("verdict", "Result", "verdict"),
    ]
    totals = pd.DataFrame({"name": ["All"], "balance": [1.48e8], "share": [1.0]})
    return b.Table.of("debtors", frame, columns, title="Largest debtors", totals=totals, subtitle="by balance")


@pytest.fixture
def report(checks: list[CheckResult], table: b.Table, frame: pd.DataFrame) -> list[b.Block]:
    """One block of every kind."""
    previous = {c.name: (c.value or 0) * 0.9 for c in checks}
    trends = {checks[0].name: (0.8, None, 0.795, 0.791)}
    return [
        b.Masthead("Debtor PD " + HOSTILE[0], "about " + HOSTILE[2]),
        b.Opinion.of(checks, "Fit for use", "Because " + HOSTILE[0], grade=2),
        b.KeyFigures(
            (b.KeyFigure("Balance", 4.86e9, "money", 4.6e9), b.KeyFigure("AUC", 0.79, "score", interval=(0.75, 0.82)))
        ),
        b.Verdicts(tuple(checks), previous, trends),
        b.Changes.between(checks, previous, "2026-06-30"),
        b.Decisions((b.Decision("Approve " + HOSTILE[1], "CRO", "2026-10-31"),)),
        b.Section.of("1", "Concentration", "One name holds 40%", HOSTILE[3], checks[:1]),
        b.Text(("A paragraph.", HOSTILE[4])),
        table,
        b.Figure.of("top", figures.concentration, frame[["name", "share"]], title="Shares " + HOSTILE[0], side=table),
        b.NotRun("Cash forecast", "the table bank_flows is missing"),
        b.Findings(
            (b.Finding("F-01", "S1", "Too low " + HOSTILE[0], "PSI", HOSTILE[1], date(2026, 1, 31)),),
            as_of=date(2026, 9, 30),
        ),
        b.SignOff((b.Signature("Validator", "Unit", "signed", True), b.Signature("Approver", "Committee", "pending"))),
        b.Identity("1,000 rows", "4be19a7", "lock 5d11"),
        b.Glossary("Words", (("AUC", "ranking"),)),
    ]
