"""What can't be obeyed is refused in one line; what can is obeyed whatever it comes in."""

import json

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import Misuse
from riskmodels.models.binning import Binner, MeanBinner, Override, feature

NAN, INF = float("nan"), float("inf")
SECTORS = ["mining", "textile", "trade"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"trends": {"z": "auto"}}, r"trends: found no columns \['z'\] in X; it has \['late_share', 'age', 'sector'\]"),
        ({"trends": "up"}, r"trends: found \['up'\], expected .*ascending"),
        ({"trends": {"age": None}}, "trends: found None, expected a word"),
        ({"trends": None}, "trends: found None, expected a word or a dict by column"),
        ({"trends": 1}, "trends: found 1, expected a word or a dict by column"),
        ({"max_bins": 2.5}, "max_bins: found 2.5, expected a whole number from 1"),
        ({"max_bins": "8"}, "max_bins: found '8', expected a whole number from 1"),
        ({"max_bins": 0}, "max_bins: found 0, expected a whole number from 1"),
        ({"prebins": None}, "prebins: found None, expected a whole number from 1"),
        ({"min_share": 5}, "min_share: found 5, expected 0 to 1"),
        ({"max_p": NAN}, "max_p: found nan, expected 0 to 1"),
        ({"min_steady": "1"}, "min_steady: found '1', expected 0 to 1"),
        ({"min_events": -5}, "min_events: found -5, expected a number from 0"),
        ({"min_count": NAN}, "min_count: found nan, expected a number from 0"),
        ({"min_category": INF}, "min_category: found inf, expected a number from 0"),
        ({"cuts": [0]}, r"cuts: found \[0\], expected a dict by column"),
        ({"cuts": pd.DataFrame({"age": [3]})}, "cuts: found age 0 3, expected a dict by column"),
        ({"cuts": {"z": [0]}}, r"cuts: found no columns \['z'\]"),
        ({"cuts": {"age": 3}}, "cuts: age: found 3, expected a list"),
        ({"cuts": {"age": "3"}}, "cuts: age: found '3', expected a list"),
        ({"cuts": {"age": Override(3, "head of risk", "policy")}}, "cuts: age: found 3, expected a list"),
        ({"cuts": {"age": [0, NAN]}}, "cuts: age: found nan, expected finite numbers"),
        ({"cuts": {"age": [-INF, 0, INF]}}, "cuts: age: found -inf, expected finite numbers"),
        ({"cuts": {"age": [10**400]}}, "cuts: age: found 10+, expected finite numbers"),
        ({"cuts": {"age": ["a"]}}, "cuts: age: found 'a', expected finite numbers, for the column holds numbers"),
        ({"cuts": {"age": [SECTORS]}}, r"cuts: age: found \['mining'.*expected finite numbers"),
        ({"cuts": {"sector": 3}}, "cuts: sector: found 3, expected a list"),
        ({"cuts": {"sector": SECTORS}}, "cuts: sector: found 'mining', expected a list of categories"),
        (
            {"cuts": {"sector": [["trade"]]}},
            r"cuts: sector: found \['mining', 'textile'\] in the sample but in no group",
        ),
        ({"cuts": {"sector": [["trade", "mining"], ["mining", "textile"]]}}, "cuts: sector: found 'mining' twice"),
        ({"cuts": {"sector": [SECTORS, []]}}, "cuts: sector: found an empty group"),
        ({"cuts": {"sector": [SECTORS, [None]]}}, "sector: found None.*missing values have a bin of their own"),
        ({"cuts": {"sector": [SECTORS]}, "specials": {"sector": ["trade"]}}, "cuts: sector: found 'trade' twice"),
        ({"specials": -999}, "specials: found -999, expected a list or a dict by column"),
        ({"specials": "NA"}, "specials: found 'NA', expected a list or a dict by column"),
        ({"specials": {"age": -999}}, "specials: age: found -999, expected a list"),
        ({"specials": {"age": ["NA"]}}, "specials: age: found 'NA', expected finite numbers"),
        ({"specials": {"age": [INF]}}, "specials: age: found inf, expected finite numbers"),
        ({"specials": [NAN]}, "specials: late_share: found nan.*missing values have a bin of their own"),
        ({"specials": {"age": [[-9, -8], -9]}}, "specials: age: found -9.0 twice"),
        ({"specials": {"age": [[]]}}, "specials: age: found an empty group"),
    ],
)
def test_a_mistake_in_the_parameters_is_said_in_one_line(applicants, parameters, words):
    for kind in (Binner, MeanBinner):
        with pytest.raises(Misuse, match=words) as refused:
            kind(**parameters).fit(*applicants)
        assert "\n" not in str(refused.value)


def test_cuts_come_in_any_order_and_in_any_kind_of_list(applicants):
    for cuts in ([20, 10, 10], (10.0, 20.0), np.array([10, 20]), pd.Series([10, 20]), pd.Index([10, 20])):
        assert feature(Binner(cuts={"age": cuts}).fit(*applicants), "age").bins.edges == (10.0, 20.0)


def test_a_list_of_codes_for_all_columns_may_hold_numbers_and_text(applicants):
    binner = Binner(specials=[-999, ["trade", "NA"], "-1"]).fit(*applicants)
    specials = {f.name: f.bins.specials for f in binner.features_}
    assert specials["age"] == specials["late_share"] == ((-999.0,), (-1.0,))
    assert specials["sector"] == (("-999",), ("trade", "NA"), ("-1",))


def test_parameters_of_arrays_can_be_stored(applicants):
    X, y = applicants
    asked = {"specials": {"age": np.array([-9])}}
    asked["cuts"] = {"sector": [np.array(["trade", "mining"]), np.array(["textile"])]}
    binner = Binner(**asked, max_bins=np.int64(4), trends={"age": "descending"}).fit(X, y)
    again = Binner.from_state(json.loads(json.dumps(binner.to_state())))
    assert (again.transform(X) == binner.transform(X)).all()
    assert again.get_params()["specials"] == {"age": [-9]}


@pytest.mark.parametrize("given", [{1, 2}, {"a": 1}, 1j, object(), [[[1]]], [np.datetime64("2026-01-01")], b"9"])
def test_whatever_is_given_as_cuts_or_codes_is_refused_and_never_breaks(applicants, given):
    for parameter in ("cuts", "specials"):
        for column in ("age", "sector"):
            with pytest.raises(Misuse, match=f"^{parameter}: {column}: found .*expected "):
                Binner(**{parameter: {column: given}}).fit(*applicants)
