"""What a loss is made of adds up to it, and how losses lie is told without a hole."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused
from riskmodels.models.lgd import cover
from riskmodels.models.lgd.anatomy import loss_parts, tenths, two_heaps
from riskmodels.models.lgd.claims import open_claims
from riskmodels.models.lgd.cover import expected_cover, experience, needed


@pytest.fixture(scope="module")
def seen(book, as_of):
    return book.as_of(as_of)


def test_the_parts_of_each_loss_add_up_to_it(seen, demo_losses):
    parts = loss_parts(seen, demo_losses)
    assert len(parts) == len(demo_losses.final) > 20
    assert (parts[["shortfall", "collecting"]] >= 0).all(axis=None)
    assert parts.sum(axis=1).to_numpy() == pytest.approx(demo_losses.final["lgd"].to_numpy(), abs=1e-12)
    assert parts["waiting"].median() > 0


@given(st.lists(st.floats(0, 2), min_size=1, max_size=50))
def test_every_loss_is_in_one_tenth(losses):
    table = tenths(losses)
    assert table["n"].sum() == len(losses)
    assert table["share"].sum() == pytest.approx(1)
    for row in table.itertuples():
        inside = [x for x in losses if row.low + 1e-6 < x < row.high - 1e-6]
        assert row.n >= len(inside)


def test_a_loss_on_an_edge_is_in_the_tenth_above_it_and_one_above_the_exposure_in_the_last():
    assert tenths([0.0, 0.1, 0.3, 0.7, 1.0, 1.4])["n"].tolist() == [1, 1, 0, 1, 0, 0, 0, 1, 0, 2]


def test_losses_are_of_two_kinds_only_if_both_ends_stand_out():
    ends = np.repeat([0.0, 0.5, 1.0], [60, 10, 30])
    assert two_heaps(tenths(ends))
    assert not two_heaps(tenths(ends[ends < 1]))
    assert not two_heaps(tenths(np.linspace(0, 1, 1000)))
    assert not two_heaps(tenths(np.repeat([0.0, 1.0], [99, 1])))


def test_cover_replayed_on_the_finished_claims_loses_about_what_they_lost(seen, demo_losses):
    final = demo_losses.final
    found = expected_cover(final.assign(guarantee_cap=np.inf), experience(seen, demo_losses))
    assert found.lgd.mean() == pytest.approx(final["lgd"].mean(), abs=0.02)


def test_what_a_client_without_recourse_passes_on_is_the_debtor_s(seen, demo_losses):
    past = experience(seen, demo_losses)
    alone = past.workouts[~past.workouts["recourse"]]
    assert alone["client_share"].isna().all()
    assert past.workouts["debtor_share"].between(0, 1).all()
    assert past.pooled["share"].between(0, 1).all()
    assert (past.pooled["paid"] <= past.pooled["asked"] + 0.005).all()


def test_a_claim_needs_no_more_of_its_invoice_than_it_is_owed():
    claims = pd.DataFrame({"ead": [80.0, 80.0, 80.0], "face": [100.0, 60.0, 0.0]})
    assert needed(claims).tolist() == [80.0, 60.0, 80.0]


def test_no_finished_workout_says_nothing_of_cover(seen, demo_losses):
    young = replace(demo_losses, claims=demo_losses.claims.assign(over=False))
    with pytest.raises(DataRefused, match="found no workout that is over"):
        experience(seen, young)


def test_many_workouts_are_drawn_evenly_and_say_what_all_of_them_would(seen, demo_losses, as_of, monkeypatch):
    claims, past = open_claims(seen, as_of).head(40), experience(seen, demo_losses)
    whole = expected_cover(claims, past).lgd
    monkeypatch.setattr(cover, "MOST", 25)
    assert expected_cover(claims, past).lgd.mean() == pytest.approx(whole.mean(), abs=0.05)
