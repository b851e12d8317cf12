"""A stored model scores a Spark frame: the bits of this machine, in workers that never see the folder."""

import shutil

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.models import overdue, rating, store
from riskmodels.models.on_spark import score

DRIVERS = ["debtor_late_share_365d", "debtor_mean_days_late_365d", "debtor_balance_now"]


@pytest.fixture(scope="module")
def sample():
    """Debtors that are invoices too: an outcome that hangs on features with gaps."""
    rng = np.random.default_rng(3)
    n = 600
    late = rng.beta(2, 4, n)
    frame = pd.DataFrame({"debtor_id": [f"D{i:03d}" for i in range(n)], "as_of": pd.Timestamp("2025-06-30")})
    frame[DRIVERS] = np.column_stack([late, rng.normal(0, 20, n) + 30 * late, rng.lognormal(8, 2, n)])
    frame.loc[rng.random(n) < 0.1, DRIVERS[0]] = np.nan
    frame["invoice_id"] = frame["debtor_id"].str.replace("D", "I")
    frame["obligor"] = frame["debtor_id"]
    frame["outcome"] = (rng.random(n) < 1 / (1 + np.exp(3 - 5 * late))).astype(float)
    frame["terms_days"] = rng.choice([30, 60, 90], n)
    frame["duration_days"] = frame["terms_days"] + rng.integers(-20, 60, n)
    frame["settled"] = rng.random(n) < 0.9
    frame["period"] = frame["as_of"] - pd.to_timedelta(frame["duration_days"], "D")
    return frame


@pytest.fixture(scope="module", params=[rating, overdue], ids=["rating", "overdue"])
def stored(request, sample, tmp_path_factory):
    """A recipe and the folder of models trained by it."""
    purpose = request.param.__name__.rsplit(".")[-1]
    models, _ = request.param.train(sample, seed=0)
    return request.param, store.save(models, tmp_path_factory.mktemp(purpose) / "model", {"purpose": purpose})


def on_spark(spark, frame, parts=1):
    """A pandas frame as a Spark one, in some partitions."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    at = table.schema.get_field_index("as_of")
    return spark.createDataFrame(table.set_column(at, "as_of", table["as_of"].cast(pa.date32()))).repartition(parts)


def same(found, expected):
    """Whether scores agree in every bit, whatever the order."""
    found = found.toArrow().to_pandas().sort_values(found.columns[0], ignore_index=True)
    expected = expected[list(found)].sort_values(found.columns[0], ignore_index=True)
    for name in found.columns[2:]:
        if name == "grade":
            assert found[name].fillna("").tolist() == expected[name].astype("str").fillna("").tolist()
        else:
            np.testing.assert_array_equal(found[name].to_numpy().view("i8"), expected[name].to_numpy(float).view("i8"))
    return len(found) == len(expected)


def test_scores_have_the_bits_of_this_machine_however_the_rows_are_spread(spark, sample, stored):
    recipe, folder = stored
    models = store.load(folder)
    expected = recipe.scored(models, sample)
    assert same(score(spark, folder, on_spark(spark, sample)), expected)
    assert same(score(spark, folder, on_spark(spark, sample, 7)), expected)


def test_an_invoice_that_is_still_open_is_seen_at_its_age(spark, sample, stored):
    recipe, folder = stored
    aged = sample.assign(age_days=sample["duration_days"].clip(0))
    assert same(score(spark, folder, on_spark(spark, aged)), recipe.scored(store.load(folder), aged))


def test_the_folder_may_be_gone_when_the_work_begins(spark, sample, stored, tmp_path):
    recipe, folder = stored
    copy = shutil.copytree(folder, tmp_path / "copy")
    scores = score(spark, copy, on_spark(spark, sample))
    shutil.rmtree(copy)
    assert same(scores, recipe.scored(store.load(folder), sample))


def test_a_changed_file_is_refused_before_anything_starts(spark, sample, stored, tmp_path):
    copy = shutil.copytree(stored[1], tmp_path / "copy")
    (copy / "champion.json").write_bytes(b"{}")
    with pytest.raises(DataRefused, match=r"champion\.json was changed after it was saved"):
        score(spark, copy, on_spark(spark, sample))


def test_a_frame_without_what_the_model_needs_is_refused(spark, sample, stored):
    with pytest.raises(DataRefused, match="frame: missing columns debtor_late_share_365d, which the model needs"):
        score(spark, stored[1], on_spark(spark, sample.drop(columns=DRIVERS[0])))


def test_no_rows_give_no_scores(spark, sample, stored):
    assert score(spark, stored[1], on_spark(spark, sample).limit(0)).count() == 0
