"""Who rolls on and who cures: statuses agree with the default rule, episodes end where arrears do."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.book.outcomes import Default, default_outcomes
from riskmodels.core.errors import Misuse
from riskmodels.models.bad_definition.cures import cures, episodes, threshold
from riskmodels.models.bad_definition.ledger import standing
from riskmodels.models.bad_definition.roll_forward import origins, pairs, roll_forward

END = date(2025, 12, 31)
RULE = Default()


def spells_of(*rows):
    return pd.DataFrame(rows, columns=["obligor", "day", "status"]).assign(day=lambda t: pd.to_datetime(t["day"]))


@pytest.mark.parametrize("seed", range(3))
def test_beyond_ninety_days_is_the_default_of_the_rule(make_ledger, any_ledger, seed):
    book = make_ledger(*any_ledger(seed, 40, 500))
    origin, as_of = date(2024, 3, 31), date(2025, 3, 31)
    spells = standing(book.as_of(as_of), "debtor_id", as_of, RULE)
    outcomes = default_outcomes(book, "debtor_id", [origin], as_of, RULE).set_index("debtor_id")
    assert len(outcomes)
    for debtor, row in outcomes.iterrows():
        own = spells[(spells["obligor"] == debtor) & (spells["status"] >= 4) & (spells["day"] > pd.Timestamp(origin))]
        first = own["day"].min()
        assert (pd.isna(first) and pd.isna(row["defaulted_on"])) or first == row["defaulted_on"]


def test_statuses_climb_a_level_on_the_day_after_its_days(make_ledger):
    book = make_ledger([("a", "d", 100.0, "2025-01-01", "2025-01-31")], [("a", "2025-05-10", 100.0)])
    found = standing(book.as_of(END), "debtor_id", END, RULE)
    assert found["status"].tolist() == [0, 1, 2, 3, 4, -1]
    days = ["2025-01-01", "2025-02-01", "2025-03-03", "2025-04-02", "2025-05-02", "2025-05-10"]
    assert found["day"].dt.strftime("%Y-%m-%d").tolist() == days


def test_an_immaterial_remainder_is_no_arrears(make_ledger):
    rows = [("a", "d", 100.0, "2025-01-01", "2025-01-31")]
    book = make_ledger(rows, [("a", "2025-01-31", 99.50)])
    strict, lax = (standing(book.as_of(END), "debtor_id", END, Default(least=x)) for x in (0.01, 1.0))
    assert strict["status"].max() == 7
    assert lax["status"].max() == 0


def test_an_unknown_key_is_a_misuse(make_ledger):
    book = make_ledger([("a", "d", 1.0, "2025-01-01", "2025-01-31")])
    with pytest.raises(Misuse, match="key: found 'invoice_id', expected debtor_id or client_id"):
        standing(book.as_of(END), "invoice_id", END, RULE)


def test_an_episode_ends_when_nothing_is_more_than_thirty_days_late():
    spells = spells_of(
        ("a", "2025-01-01", 0), ("a", "2025-02-01", 2), ("a", "2025-03-01", 3), ("a", "2025-03-11", 1),
        ("a", "2025-06-01", 2), ("b", "2025-05-01", 3),
    )  # fmt: skip
    found = episodes(spells, date(2025, 6, 30)).set_index(["obligor", "reached"])
    assert found.loc[("a", 2), "days"].tolist() == [38, 29]
    assert found.loc[("a", 2), "cured"].tolist() == [True, False]
    assert found.loc[("a", 3), "days"] == 10
    assert found.loc[("b", 2), "days"] == found.loc[("b", 3), "days"] == 60


def levels(*uncured, obligors=50):
    return pd.DataFrame({"dpd": [30, 60, 90][: len(uncured)], "uncured": uncured, "obligors": obligors})


def test_the_threshold_holds_at_every_higher_level():
    assert threshold(levels(0.2, 0.6, 0.8), 0.5) == 60
    assert threshold(levels(0.6, 0.3, 0.8), 0.5) == 90
    assert threshold(levels(0.2, 0.3, 0.4), 0.5) is None
    assert threshold(levels(0.6, 0.7, 0.8, obligors=3), 0.5) is None
    assert threshold(levels(0.2, 0.7, np.nan), 0.5) == 60


def test_a_cure_of_all_leaves_no_threshold_and_an_interval_above_zero():
    rows = [(f"d{i}", day, s) for i in range(30) for day, s in (("2024-01-01", 2), ("2024-01-15", 0))]
    row = cures(spells_of(*rows), date(2023, 1, 1), END).iloc[0]
    assert row["uncured"] == row["low"] == 0.0
    assert 0.02 < row["high"] < 0.15


def test_worst_against_worst_counts_obligors_by_their_status_before_and_after():
    spells = spells_of(
        ("cures", "2024-03-01", 3), ("cures", "2024-04-01", 0), ("rolls", "2024-03-01", 3),
        ("rolls", "2025-02-01", 4), ("stays", "2024-06-01", 4), ("gone", "2024-01-05", 0), ("gone", "2024-02-01", -1),
        ("later", "2025-03-01", 4),
    )  # fmt: skip
    found = pairs(spells, [date(2024, 12, 31)], 12).set_index("obligor")
    assert found["before"].to_dict() == {"cures": 3, "rolls": 3, "stays": 4, "gone": 0}
    assert found["after"].to_dict() == {"cures": 0, "rolls": 4, "stays": 4, "gone": 0}
    table = roll_forward(found.reset_index())
    assert table["n"].tolist() == [1, 0, 0, 2, 1]
    assert table.loc[3, ["worse", "cured", "to_0", "to_4"]].tolist() == [0.5, 0.5, 0.5, 0.5]
    assert table.loc[4, ["worse", "cured"]].tolist() == [1.0, 0.0]
    assert np.isnan(table.loc[0, "cured"])


def test_a_book_shorter_than_two_windows_has_no_origin():
    assert origins(date(2024, 6, 1), END, 12) == []
    assert origins(date(2023, 9, 30), END, 12) == [date(2024, 9, 30), date(2024, 12, 31)]
    assert roll_forward(pairs(spells_of(), [], 12))["n"].tolist() == [0] * 5
