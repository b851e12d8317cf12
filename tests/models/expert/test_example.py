"""The worked example: the notebook runs as it stands, and its table and figure say what they should."""

import json

import numpy as np
import pytest

from riskmodels.models.expert import ExpertScorecard, HybridScorecard
from riskmodels.models.expert.example import DRIVERS, ORDER, TRUTH, compared
from riskmodels.models.expert.plot import forest


@pytest.fixture(scope="module")
def table(book):
    return compared(book, HybridScorecard(ExpertScorecard(DRIVERS, ORDER)).fit(book.frame, book.outcome))


def test_the_hybrid_s_intervals_are_the_narrowest_of_the_three(table):
    width = (table["high"] - table["low"]).groupby(table["model"], sort=False).mean()
    assert width["hybrid"] < 0.8 * width.drop("hybrid").min()
    assert table["truth"].tolist() == [*TRUTH] * 3


def test_the_figure_has_a_mark_per_model_and_driver_and_names_its_unit(table, ax):
    forest(table, ax=ax)
    assert len(ax.containers) == 3
    assert all(len(c.lines[0].get_xdata()) == 4 for c in ax.containers)
    assert "log-odds" in ax.get_xlabel()
    assert [t.get_text() for t in ax.get_yticklabels()] == [d.name for d in DRIVERS]


def test_the_notebook_runs(repository):
    notebook = json.loads((repository / "notebooks/research/few_defaults.ipynb").read_text(encoding="utf-8"))
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert all(not c["outputs"] and c["execution_count"] is None for c in code)
    names = {}
    for cell in code:
        exec("".join(cell["source"]), names)
    assert names["level"].low < 0.04 < names["level"].high
    assert names["unrated"].reason.startswith("fewer than 10 obligors in default")
    assert np.isfinite(names["pds"].to_numpy()).all()
