"""Figures draw the data they get, the same way each time, and leave matplotlib as it was."""

from itertools import pairwise

import matplotlib as mpl
import matplotlib.figure
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from riskmodels.core import text
from riskmodels.reporting import figures
from riskmodels.reporting.figures import bars
from riskmodels.reporting.figures.theme import lines, spread

GRID = np.linspace(0, 1, 11)
FRAMES = {
    "profit": (
        {
            "series": ["$expected$"] * 3 + ["realised"] * 3,
            "x": [0.1, 0.5, 1.0] * 2,
            "y": [0.002, 0.005, -0.01, 0.001, 0.004, 0.003],
        },
        {},
    ),
    "bucket_forecast": (
        {
            "name": ["1-30", "1-30", "over $x$", "over $x$"],
            "month": [0, 1, 0, 1],
            "expected": [1e6, 1.2e6, 3e5, 4e5],
            "low_80": [1e6, 1e6, 3e5, 3e5],
            "high_80": [1e6, 1.4e6, 3e5, 5e5],
            "low_95": [1e6, 9e5, 3e5, 2e5],
            "high_95": [1e6, 1.5e6, 3e5, 6e5],
            "actual": [1e6, 1.1e6, 3e5, 7e5],
        },
        {"currency": "CNY"},
    ),
    "endings": (
        {
            "name": ["Open", "Open", "$Paid$", "$Paid$"],
            "day": [-30, 60, -30, 60],
            "share": [0.9, 0.1, 0.1, np.nan],
            "low": [np.nan, np.nan, 0.05, np.nan],
            "high": [np.nan, np.nan, 0.2, np.nan],
        },
        {"label": "Share of $x$"},
    ),
    "payment_curve": (
        {
            "day": [-30.0, 0.0, 30.0],
            "expected": [1.0, 0.4, 0.1],
            "observed": [1.0, 0.3, 0.1],
            "low": [0.95, 0.25, 0.05],
            "high": [1.0, 0.35, 0.15],
        },
        {},
    ),
    "young": (
        {
            "name": ["1 to 30 $d$", "31 to 60"],
            "dropped": [0.0, 0.1],
            "survival": [np.nan, 0.2],
            "model": [0.25, 0.26],
            "came": [0.28, 0.3],
        },
        {},
    ),
    "cash_weeks": (
        {
            "origin": pd.to_datetime(["2025-01-01"] * 2 + ["2025-01-15"] * 2),
            "ends_on": pd.to_datetime(["2025-01-08", "2025-01-15", "2025-01-22", "2025-01-29"]),
            "expected": [1e6, 2e6, 1e6, 5e5],
            **{f"low_{band}": [8e5, 1.6e6, 8e5, 3e5] for band in (50, 80, 95)},
            **{f"high_{band}": [1.4e6, 2.4e6, 1.2e6, 7e5] for band in (50, 80, 95)},
            "actual": [1.1e6, 3e6, 9e5, 6e5],
        },
        {"currency": "CNY"},
    ),
    "delay_reasons": (
        {
            "panel": ["I$1$"] * 3 + ["I2"] * 3,
            "told": ["debtor $x$"] * 6,
            "row": ["Average invoice", "late share", "Expected days late"] * 2,
            "days": [-1.0, 12.5, 11.5, 2.0, -4.0, -2.0],
            "kind": ["base", "driver", "total"] * 2,
        },
        {},
    ),
    "transitions": (
        {
            "panel": ["Cohort"] * 6,
            "from": ["1", "1", "1", "2", "2", "2"],
            "to": ["1", "2", "D"] * 2,
            "p": [0.9, 0.09, 0.0004, np.nan, np.nan, np.nan],
        },
        {},
    ),
    "default_rates": (
        {
            "grade": ["1", "2", "2"],
            "estimator": ["cohort", "cohort", "duration"],
            "p": [0.0, 0.02, np.nan],
            "low": [0.0, 0.01, np.nan],
            "high": [0.01, 0.04, np.nan],
            "bound_low": [0.0, 0.01, 0.01],
            "bound_high": [0.01, 0.05, 0.05],
        },
        {},
    ),
    "default_curves": (
        {
            "grade": ["1", "1", "2", "2"],
            "estimator": ["cohort"] * 4,
            "year": [1, 2, 1, 2],
            "value": [0.0, 0.01, 0.05, 0.1],
            "low": [0.0, 0.005, 0.03, 0.08],
            "high": [0.02, 0.02, 0.07, 0.13],
        },
        {},
    ),
    "tier_moves": (
        {
            "panel": ["By number"] * 9,
            "part": ["stock"] * 6 + ["moves"] * 3,
            "when": ["26Q1"] * 3 + ["26Q2"] * 6,
            "series": ["prime", "medium", "weak"] * 2 + ["up", "down", "defaulted"],
            "value": [0.2, 0.5, 0.3, 0.1, 0.5, 0.4, 0.1, 0.2, 0.01],
        },
        {},
    ),
    "score_bands": (
        {
            "sample": ["development", "development", "later", "later"],
            "band": [0, 1, 0, 1],
            "name": ["(-∞, 5]", "(5, ∞)"] * 2,
            "missing": [False] * 4,
            "rate": [0.2, 0.05, 0.15, 0.06],
            "low": [0.1, 0.02, 0.08, 0.03],
            "high": [0.3, 0.1, 0.25, 0.12],
            "share": [0.5, 0.5, 0.4, 0.6],
        },
        {},
    ),
    "roll_rates": (
        {
            "name": ["falling due", "1-30"],
            "rate": [0.2, 0.5],
            "low": [0.1, 0.4],
            "high": [0.3, 0.6],
            "to_loss": [0.1] * 2,
        },
        {},
    ),
    "key_series": (
        {
            "panel": ["AUC"] * 4 + ["Score PSI"] * 4,
            "when": ["2026-01", "2026-02", "2026-03", "2026-04"] * 2,
            "value": [0.8, 0.79, np.nan, 0.78, 0.05, 0.3, 0.12, 0.31],
            "unit": ["score"] * 4 + ["index"] * 4,
            "verdict": ["within", "within", "not_run", "no_evidence", "within", "breach", "watch", "breach"],
            "low": [0.7] * 4 + [np.nan] * 4,
            "high": [np.nan] * 4 + [0.25] * 4,
        },
        {"width": "full"},
    ),
    "tenths": (
        {"low": np.arange(10) / 10, "share": [0.5] + [0.0] * 8 + [0.5], "n": [3] + [0] * 8 + [3]},
        {"mean": 0.5},
    ),
    "recovery": ({"month": np.arange(13), "covered": np.linspace(0, 0.9, 13)}, {}),
    "forest": (
        {"name": ["a", "b"], "value": [0.1, 0.3], "low": [0.0, 0.2], "high": [0.2, 0.4], "raw": [0.1, np.nan]},
        {"unit": "rate", "label": "Rate", "line": 0.15, "named": "book"},
    ),
    "cover": (
        {"name": ["a", "b"], "debtor": [0.5, 0.9], "client": [0.3, 0.0], "lost": [0.2, 0.1]},
        {"sources": {"debtor": "Debtor", "client": "Client"}},
    ),
    "dilution_months": (
        {"month": ["2026-05", "2026-06"], "came": [0.03, 0.01], "left": [0.0, 0.02]},
        {"expected": 0.03, "spike": "2026-05"},
    ),
    "cures": (
        {"dpd": [30, 60], "uncured": [0.1, 0.6], "low": [0.05, 0.5], "high": [0.2, 0.7]},
        {"threshold": 60},
    ),
    "maturation": (
        {
            "dpd": [90] * 3,
            "age": [1, 2, 3],
            "share": [0.0, 0.01, 0.02],
            "low": [0.0, 0.005, 0.01],
            "high": [0.01, 0.02, 0.03],
        },
        {"window": 3},
    ),
    "heat": (
        {"title": ["a", "a", "b", "b"], "when": ["2026-01", "2026-02"] * 2, "value": [0.1, 0.9, 0.0, np.nan]},
        {"limit": 0.5, "label": "Share"},
    ),
    "quartiles": (
        {
            "panel": ["late share"] * 3,
            "unit": ["share"] * 3,
            "when": ["2026-01", "2026-02", "2026-03"],
            "low": [0.1, 0.1, 0.2],
            "median": [0.2, 0.3, 0.3],
            "high": [0.4, 0.4, 0.5],
        },
        {},
    ),
    "rates": (
        {
            "panel": ["late share"] * 2,
            "unit": ["share"] * 2,
            "rate": [0.01, 0.04],
            "low": [0.0, 0.2],
            "high": [0.2, 0.9],
            "against": [False, False],
        },
        {},
    ),
    "intervals": (
        {
            "title": ["a", "b"],
            "auc": [0.7, 0.45],
            "low": [0.6, 0.35],
            "high": [0.8, 0.55],
            "iv": [0.3, 0.01],
            "telling": [True, False],
            "direction": ["agrees", "contradicts"],
        },
        {},
    ),
    "likeness": ({"title": ["a", "a", "b", "b"], "other": ["a", "b"] * 2, "value": [1.0, 0.8, 0.8, 1.0]}, {}),
    "fullness": (
        {
            "table": ["invoices", "invoices", "payments"],
            "column": ["amount", "number", "payer"],
            "filled": [1.0, 0.4, 0.9],
            "required": [True, False, False],
            "judged": [True, True, False],
        },
        {},
    ),
    "lateness": ({"table": ["invoices", "disputes"], "late": [0.02, 0.3], "judged": [True, False]}, {"limit": 0.15}),
    "months": (
        {
            "panel": ["invoices"] * 4,
            "when": ["2026-01", "2026-02", "2026-03", "2026-04"],
            "value": [90.0, 100.0, 400.0, 20.0],
            "expected": [95.0, 95.0, 100.0, 100.0],
            "flagged": [False, False, True, True],
            "unit": ["count"] * 4,
        },
        {},
    ),
    "ageing": (
        {"bucket": ["1-30", "31-60"], "share": [0.07, 0.01], "previous": [0.06, np.nan], "breach": [False, True]},
        {"previous_label": "June"},
    ),
    "concentration": ({"name": ["a", "b"], "share": [0.3, 0.1]}, {"limit": 0.25}),
    "importance": ({"driver": ["a", "b"], "importance": [0.3, 0.1], "direction": ["raises", "lowers"]}, {}),
    "exclusions": ({"step": ["all", "young", "used"], "count": [10, -3, 7]}, {}),
    "bridge": ({"step": ["begin", "in", "out", "end"], "amount": [10, 5, -3, 12]}, {}),
    "psi": ({"bin": ["low", "missing"], "reference": [0.9, 0.1], "current": [0.8, 0.2]}, {}),
    "recalibrated": (
        {
            "probability": [0.0, 0.01, 0.05, 0.2],
            "recalibrated": [0.0, 0.0, 0.06, 0.3],
            "low": [0.0, 0.0, 0.03, 0.1],
            "high": [0.0, 0.02, 0.08, 0.4],
        },
        {},
    ),
    "reliability": (
        {
            "grade": list("AB"),
            "predicted": [0.01, 0.1],
            "observed": [0.0, 0.2],
            "low": [0.0, 0.15],
            "high": [0.02, 0.25],
            "breach": [False, True],
        },
        {},
    ),
    "roc": ({"curve": ["model"] * 11, "x": GRID, "y": GRID**0.3}, {}),
    "over_time": ({"series": ["npl"] * 3, "when": ["Q1", "Q2", "Q3"], "value": [0.01, 0.02, 0.03]}, {"limit": 0.025}),
    "strip": (
        {"panel": ["x"] * 2 + ["y"] * 2, "when": ["Q1", "Q2"] * 2, "value": [1.0, 1.1, 1.0, 1.4], "limit": [1.25] * 4},
        {"band": (0.75, 1.25)},
    ),
    "cohorts": (
        {"cohort": ["25Q1"] * 3 + ["25Q2"] * 2, "age": [0, 1, 2, 0, 1], "value": [0, 0.01, 0.02, 0, np.nan]},
        {},
    ),
    "score_distribution": ({"score": [1, 2, 3], "good": [0.1, 0.3, 0.6], "bad": [0.6, 0.3, 0.1]}, {}),
}


@pytest.mark.parametrize("name", FRAMES)
def test_every_figure_draws_the_same_bytes_twice(name):
    columns, options = FRAMES[name]
    plot, frame = getattr(figures, name), pd.DataFrame(columns)
    first = figures.draw(plot, frame, **options)
    assert first == figures.draw(plot, frame.copy(), **options)
    assert "<text" in first


def test_every_figure_has_an_example_here():
    assert set(FRAMES) == set(figures.__all__) - {"draw", "theme", "to_svg"}


def test_a_name_with_dollars_is_no_formula(hostile):
    frame = pd.DataFrame({"name": hostile, "share": [0.5, 0.2, 0.1, 0.1, 0.1]})
    drawn = figures.draw(figures.concentration, frame)
    assert r"$\alpha$" in drawn
    assert "<script" not in drawn


def test_drawing_leaves_the_user_s_settings_alone():
    before = dict(mpl.rcParams)
    figures.draw(figures.roc, pd.DataFrame(FRAMES["roc"][0]))
    assert dict(mpl.rcParams) == before


def test_words_of_a_figure_are_in_the_run_s_language():
    text.use("zh")
    assert "占余额比例" in figures.draw(figures.concentration, pd.DataFrame(FRAMES["concentration"][0]))


def test_only_what_breaks_a_limit_is_red():
    frame = pd.DataFrame(FRAMES["concentration"][0])
    assert "#b3261e" in figures.draw(figures.concentration, frame, limit=0.25)
    assert "#b3261e" not in figures.draw(figures.concentration, frame, limit=0.35)


def test_moves_in_a_matrix_stand_out_from_those_who_stay():
    drawn = figures.draw(figures.transitions, pd.DataFrame(FRAMES["transitions"][0]))
    assert drawn.count("fill: #b4bdc8; fill-opacity: 0.3") == 1
    assert drawn.count("fill: #7a4a78; fill-opacity") == 2
    assert "nobody" in drawn
    assert "&lt; 0.1" in drawn


def test_plum_marks_the_interval_that_leaves_out_the_line():
    columns, options = FRAMES["forest"]
    drawn = figures.draw(figures.forest, pd.DataFrame(columns), **options)
    assert "#7a4a78" in drawn
    assert "#7a4a78" not in figures.draw(figures.forest, pd.DataFrame(columns), **{**options, "line": 0.2})


def test_labels_of_lines_that_end_together_keep_apart():
    fig = mpl.figure.Figure(figsize=(4, 2))
    ax = fig.add_subplot()
    heights = spread(ax, [0.50, 0.51, 0.10, 0.505])
    ordered = sorted(heights)
    assert min(b - a for a, b in pairwise(ordered)) > 0.09
    assert heights[2] == 0.10
    assert heights[0] < heights[3] < heights[1]


def test_han_names_go_on_in_a_second_line_between_characters():
    told = lines("类PAYDEX付款指数：80为按期付款，越低越迟（债务人，730天）", 32)
    assert told == "类PAYDEX付款指数：80为按期付款，\n越低越迟（债务人，730天）"
    assert lines("Share of invoices paid late, of those settled", 30) == (
        "Share of invoices paid late,\nof those settled"
    )


@given(st.text("ab，。（）1付款天", max_size=60), st.integers(8, 40))
def test_lines_keep_every_character_and_their_places(text, places):
    told = lines(text, places)
    assert told.replace("\n", "") == text
    assert not any(line.startswith(("，", "。", "）")) for line in told.split("\n")[1:])


def test_no_name_beside_a_bar_takes_a_third_line():
    fig = Figure()
    name = "Invoices settled more than thirty days late as a share of all that were settled (client with debtor, 365 d)"
    frame = pd.DataFrame({"driver": [name, "short"], "importance": [1.0, 2.0]})
    bars.importance(frame, ax=fig.add_subplot())
    assert max(label.get_text().count("\n") for label in fig.axes[0].get_yticklabels()) == 1
