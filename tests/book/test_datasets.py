"""The sets are what their documentation says, and a file that isn't the original is refused."""

import gzip
import shutil

import numpy as np
import pandas as pd
import pytest

from riskmodels import datasets
from riskmodels.book.datasets.files import DATASETS, whole
from riskmodels.core.errors import DataRefused, Misuse


@pytest.fixture(scope="module")
def folder(real_data):
    return real_data()


@pytest.fixture(scope="module")
def log(folder):
    return datasets.bpi2012(folder)


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "bpi2012"])
def test_each_set_has_its_rows_and_columns_and_a_documented_call(name, folder):
    call = getattr(datasets, name)
    frame = call(folder)
    assert frame.shape == (DATASETS[name].rows, DATASETS[name].columns)
    assert DATASETS[name].licence.split(",")[0] in call.__doc__ or "no licence stated" in call.__doc__
    assert object not in set(frame.dtypes)


@pytest.mark.parametrize("name", DATASETS)
def test_a_file_that_is_not_the_original_is_refused_with_both_hashes(name, tmp_path):
    path = tmp_path / DATASETS[name].file
    path.parent.mkdir()
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(DataRefused, match=rf"found a file with SHA-256 \w{{64}}, expected {DATASETS[name].sha256}"):
        getattr(datasets, name)(tmp_path)


def test_one_changed_byte_is_noticed(folder, tmp_path):
    copy = tmp_path / "german" / "german.data"
    copy.parent.mkdir()
    shutil.copyfile(folder / "german" / "german.data", copy)
    assert len(datasets.german(tmp_path)) == 1000
    copy.write_bytes(copy.read_bytes().replace(b"1169", b"1170", 1))
    with pytest.raises(DataRefused, match="SHA-256"):
        datasets.german(tmp_path)


def test_a_frame_of_another_size_is_refused():
    with pytest.raises(DataRefused, match="german: found 1 rows of 1 columns, expected 1,000 rows of 21 columns"):
        whole("german", pd.DataFrame({"a": [1]}))


def test_an_absent_file_is_said_to_be_absent(tmp_path):
    with pytest.raises(Misuse, match=r"hmeq\.csv: no such file; expected hmeq there: give the folder"):
        datasets.hmeq(tmp_path)


def test_the_folder_comes_from_the_setting_unless_it_is_given(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("RISKMODELS_DATA", str(folder))
    assert datasets.catalogue()["present"].all()
    assert not datasets.catalogue(tmp_path)["present"].any()


def test_the_catalogue_lists_every_set_that_can_be_called(folder):
    listed = datasets.catalogue(folder)
    assert list(listed["name"]) == list(DATASETS)
    assert set(listed["name"]) <= set(datasets.__all__)
    assert list(listed) == ["name", "rows", "columns", "what", "source", "licence", "file", "present"]


# Shares of events as the sources state them.
@pytest.mark.parametrize(
    ("name", "event", "rate"),
    [
        ("ibm_late_payment", lambda f: f["DaysLate"] > 0, 0.3556),
        ("ibm_late_payment", lambda f: f["DaysLate"] > 30, 0.0032),
        ("german", lambda f: f["bad"], 0.30),
        ("hmeq", lambda f: f["BAD"], 0.1995),
        ("hmeq", lambda f: f.loc[f["DEBTINC"].isna(), "BAD"], 0.6204),
        ("taiwan_default", lambda f: f["DEFAULT"], 0.2212),
        ("lgd", lambda f: f["lgd_time"], 0.2281),
        ("lgd", lambda f: f["event"] == 0, 0.2861),
    ],
)
def test_event_rates_are_those_documented(name, event, rate, folder):
    assert event(getattr(datasets, name)(folder)).mean() == pytest.approx(rate, abs=5e-5)


def test_only_the_baseline_date_of_the_open_items_never_lies_after_the_due_date(folder):
    frame = datasets.highradius_open(folder)
    after = {c: int((frame[c] > frame["due_in_date"]).sum()) for c in frame if "create" in c or c == "posting_date"}
    assert [name for name, count in after.items() if not count] == ["baseline_create_date"]
    assert (frame["doc_id"] == frame["invoice_id"]).all()
    assert (frame["cust_number"].nunique(), frame["name_customer"].nunique()) == (664, 1772)


def test_every_code_of_the_german_set_is_explained(folder):
    frame = datasets.german(folder)
    coded = frame.select_dtypes("str")
    assert set(coded) == set(datasets.GERMAN_CODES)
    assert all(set(coded[c]) <= set(datasets.GERMAN_CODES[c]) for c in coded)


def test_the_taiwan_set_has_no_mark_in_its_first_name(folder):
    assert list(datasets.taiwan_default(folder))[:2] == ["ID", "LIMIT_BAL"]


def test_rows_of_the_matrices_are_shares(folder):
    jlt, sp = datasets.jarrow_lando_turnbull(folder), datasets.sp_matrices(folder)
    assert np.allclose(jlt.sum(axis=1), 1, atol=2e-4)
    assert np.allclose(sp.drop(columns=["tenor", "from"]).sum(axis=1), 1, atol=2e-4)
    notches = datasets.sp_notches(folder)
    assert notches.sum(axis=1).between(0.84, 0.97).all()
    assert notches.loc["CCC", "CCC"] == pytest.approx(0.4397)


# Jarrow, Lando and Turnbull 1997, table 3: BBB stays .8427, defaults .0045.
def test_the_matrix_of_jarrow_lando_and_turnbull_is_labelled_right(folder):
    matrix = datasets.jarrow_lando_turnbull(folder)
    assert (matrix.loc["BBB", "BBB"], matrix.loc["BBB", "D"], matrix.loc["D", "D"]) == (0.8427, 0.0045, 1.0)


def test_defaults_of_a_grade_rise_with_the_tenor_up_to_15_years(folder):
    sp = datasets.sp_matrices(folder).query("tenor <= 15")
    for grade in ("A", "BBB", "BB", "B", "CCC"):
        assert sp.loc[sp["from"] == grade].sort_values("tenor")["D"].is_monotonic_increasing, grade


def test_dated_ratings_and_the_simulated_histories_are_as_documented(folder):
    ratings = datasets.dated_ratings(folder)
    assert ratings["CustomerId"].nunique() == 1829
    assert (str(ratings["Date"].min().date()), str(ratings["Date"].max().date())) == ("1999-05-21", "2005-12-30")
    simulated = datasets.simulated_migration(folder).sort_values(["ID", "Time"])
    after = simulated.groupby("ID")["State"].shift(-1)
    assert (after[(simulated["State"] == 2) & after.notna()] == 2).all()


def test_the_event_log_has_its_cases_and_events(log):
    assert len(log) == 164_506
    assert log["case"].nunique() == 13_087
    assert str(log["timestamp"].dtype) == "datetime64[us, UTC]"
    assert set(log["lifecycle"]) == {"complete"}
    assert log.iloc[0].to_dict() == {
        "case": "000000001",
        "place": 1,
        "activity": "48",
        "lifecycle": "complete",
        "timestamp": pd.Timestamp("2011-09-30 22:38:44.546", tz="UTC"),
        "local_time": pd.Timestamp("2011-10-01 00:38:44.546"),
    }


def test_the_log_keeps_every_event_of_the_file(log, folder):
    with gzip.open(folder / "bpi2012" / "bpi12.xes.gz", "rt", encoding="utf-8") as handle:
        activities = [line.split('value="')[1].split('"')[0] for line in handle if line.startswith("\t\t\t<string")]
    assert list(log["activity"]) == activities[::2]
    assert log.groupby("case")["place"].agg(lambda place: list(place) == list(range(1, len(place) + 1))).all()


def test_the_demo_book_is_a_book_and_its_truth_stands_apart():
    small = datasets.demo(invoices=600, seed=4)
    assert small.book.has("invoices", "amount", "due_on")
    assert len(small.book.frame("invoices")) == int(small.book.meta["invoices"])
    assert small.truth
    assert not set(small.truth["parameters"]) & set(small.book.frame("invoices"))


def test_the_demo_book_is_its_arguments():
    prints = [datasets.demo(invoices=600, seed=seed).book.fingerprint for seed in (4, 4, 5)]
    assert prints[0] == prints[1] != prints[2]
