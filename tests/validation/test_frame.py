"""A scored file of anyone's becomes a sample; whatever is wrong with it is said in one line that names the column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodels.core.errors import DataRefused, Misuse, RiskmodelsError
from riskmodels.validation.frame import matured, read_frame, repeated
from riskmodels.validation.suite import validate

ROLES = {"score": "p", "outcome": "y"}
SAMPLE = pd.DataFrame({"p": [0.1, 0.9, 0.25, 0.5], "y": [0.0, 1.0, np.nan, 1.0], "income": [10.0, np.nan, 7.5, 3.0]})
THROWAWAY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def csv(tmp_path):
    """A CSV file of a text."""

    def make(text: str, encoding: str = "utf-8", name: str = "scores.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return make


def one_line(error: RiskmodelsError) -> str:
    text = str(error)
    assert text.isprintable(), text
    return text


def test_csv_parquet_and_excel_of_the_same_rows_are_the_same_sample(tmp_path):
    SAMPLE.to_csv(tmp_path / "s.csv", index=False)
    SAMPLE.to_parquet(tmp_path / "s.parquet")
    SAMPLE.to_excel(tmp_path / "s.xlsx", index=False)
    expected = SAMPLE.rename(columns={"p": "probability", "y": "outcome"})
    for name in ("s.csv", "s.parquet", "s.xlsx"):
        pd.testing.assert_frame_equal(read_frame(tmp_path / name, ROLES), expected)


def test_gb18030_and_chinese_names_are_read(csv):
    path = csv("违约概率,是否违约,行业\n0.1,0,批发业\n0.8,1,制造业\n", "gb18030")
    found = read_frame(path, {"score": "违约概率", "outcome": "是否违约", "segment": "行业"})
    assert found["segment"].tolist() == ["批发业", "制造业"]
    assert found["probability"].tolist() == [0.1, 0.8]


def test_all_values_between_0_and_1_are_a_probability(csv):
    assert "probability" in read_frame(csv("p,y\n0,0\n1,1\n,1\n"), ROLES)


def test_a_probability_of_good_becomes_one_of_bad(csv):
    found = read_frame(csv("p,y\n0.25,0\n1,1\n"), ROLES, higher="safer")
    assert found["probability"].tolist() == [0.75, 0.0]


def test_points_rank_and_safer_points_are_turned(csv):
    path = csv("p,y,c\n600,0,1\n520,1,2\n")
    roles = {**ROLES, "challenger": "c"}
    assert "points" not in read_frame(path, ROLES, higher="riskier")
    assert read_frame(path, ROLES, higher="riskier")["risk"].tolist() == [600, 520]
    turned = read_frame(path, roles, higher="safer")
    assert turned["risk"].tolist() == [-600, -520]
    assert turned["points"].tolist() == [600, 520]
    assert turned["challenger"].tolist() == [-1, -2]
    assert "probability" not in turned


def test_stated_points_within_0_and_1_only_rank(csv):
    path = csv("p,y\n0.1,0\n0.9,1\n")
    assert "risk" in read_frame(path, ROLES, score_is="points", higher="riskier")


def test_a_stated_probability_outside_0_and_1_is_refused_with_its_lines(csv):
    path = csv("p,y\n0.1,0\n1.2,1\n-3,0\n7,0\n8,0\n")
    said = r"scores.csv: p: found '1.2' in line 3, '-3' in line 4, '7' in line 5 and 1 more, expected probabilities"
    with pytest.raises(DataRefused, match=said):
        read_frame(path, ROLES, score_is="probability")


def test_points_without_a_direction_are_not_guessed(csv):
    with pytest.raises(Misuse, match=r"p: found 2 of 2 values outside \[0, 1\] \(from 520 to 600\), .*--higher safer"):
        read_frame(csv("p,y\n600,0\n520,1\n"), ROLES)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0,1,,NA", [0, 1, np.nan, np.nan]),
        ("true,False,TRUE,.", [1, 0, 1, np.nan]),
        ("1.0,0.0,１,nan", [1, 0, 1, np.nan]),
    ],
)
def test_outcomes_are_0_and_1_or_true_and_false_and_nothing_is_too_young(csv, written, read):
    path = csv("p,y\n" + "".join(f"0.5,{cell}\n" for cell in written.split(",")))
    np.testing.assert_array_equal(read_frame(path, ROLES)["outcome"], read)


def test_words_for_outcomes_need_the_word_for_bad(csv):
    path = csv("p,y\n0.1,good\n0.9,bad\n0.5,\n")
    with pytest.raises(DataRefused, match=r"y: found 'good' in line 2, 'bad' in line 3, expected 1 for bad.*--bad"):
        read_frame(path, ROLES)
    np.testing.assert_array_equal(read_frame(path, ROLES, bad="bad")["outcome"], [0, 1, np.nan])
    with pytest.raises(Misuse, match="y: no cell says 'Bad'; did you mean 'bad'"):
        read_frame(path, ROLES, bad="Bad")


def test_more_than_two_words_for_outcomes_are_refused(csv):
    path = csv("p,y\n0.1,good\n0.9,bad\n0.5,indeterminate\n")
    with pytest.raises(DataRefused, match="y: found 3 different values"):
        read_frame(path, ROLES, bad="bad")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-06-15", "2026-06-15"),
        ("2026/6/5 10:30", "2026-06-05"),
        ("2026年6月5日", "2026-06-05"),
        ("20260605", "2026-06-05"),
        ("2026-06", "2026-06-30"),
        ("202602", "2026-02-28"),
        ("2026年2月", "2026-02-28"),
        ("2026Q2", "2026-06-30"),
        ("2026-q4", "2026-12-31"),
        ("2026", "2026-12-31"),
        ("2026.0", "2026-12-31"),
    ],
)
def test_a_period_is_a_day_or_the_last_day_of_a_month_quarter_or_year(csv, written, day):
    found = read_frame(csv(f"p,y,m\n0.5,1,{written}\n"), {**ROLES, "period": "m"})
    assert found["period"].tolist() == [pd.Timestamp(day)]


def test_a_row_without_a_period_among_others_is_refused(csv):
    with pytest.raises(DataRefused, match="m: found nothing in line 3, expected a date like"):
        read_frame(csv("p,y,m\n0.5,1,2026-06\n0.5,0,\n"), {**ROLES, "period": "m"})
    assert "period" not in read_frame(csv("p,y,m\n0.5,1,\n0.5,0,\n"), {**ROLES, "period": "m"})


@pytest.mark.parametrize("written", ["30/06/2026", "2026-02-30", "2026-13", "soon", "0026", "9999-01-01", "2026Q5"])
def test_a_period_that_cannot_be_read_is_refused_with_its_line(csv, written):
    with pytest.raises(DataRefused, match=rf"m: found '{written}' in line 3, expected a date like 2026-06-30"):
        read_frame(csv(f"p,y,m\n0.5,1,2026-06\n0.5,0,{written}\n"), {**ROLES, "period": "m"})


def test_unsorted_periods_keep_the_order_of_the_rows(csv):
    found = read_frame(csv("p,y,m\n0.1,1,2026-06\n0.2,0,2026-01\n"), {**ROLES, "period": "m"})
    assert found["probability"].tolist() == [0.1, 0.2]


@pytest.mark.parametrize(
    ("text", "roles", "said"),
    [
        ("p,y\nhigh,1\n0.5,0\n", ROLES, "p: found 'high' in line 2, expected finite numbers"),
        ("p,y\ninf,1\n0.5,0\n", ROLES, "p: found 'inf' in line 2, expected finite numbers"),
        ('p,y\n"0,05",1\n', ROLES, "p: found '0,05' in line 2, expected finite numbers"),
        ("p,y\n,1\n,0\n", ROLES, "p: found no score in any row"),
        ("p,y\n0.5,2\n", ROLES, "y: found '2' in line 2, expected 1 for bad, 0 for good"),
        ("p,y,w\n0.5,1,-3\n", {**ROLES, "weight": "w"}, "w: found '-3' in line 2, expected weights of zero or more"),
        ("p,y,w\n0.5,1,-inf\n", {**ROLES, "weight": "w"}, "w: found '-inf' in line 2, expected finite numbers"),
        ("p,y\n", ROLES, "found no rows below the header"),
        ("", ROLES, "found an empty file"),
        ("p,p\n1,1\n", ROLES, "found column 'p' twice"),
        ("p,y\n0.5,1,7\n", ROLES, "line 2: found 3 cells, expected 2"),
    ],
)
def test_a_file_that_says_something_else_is_refused(csv, text, roles, said):
    with pytest.raises(DataRefused) as refused:
        read_frame(csv(text), roles)
    assert said in one_line(refused.value)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"score": "P", "outcome": "y"}, "no column 'P' for the score; did you mean 'p'?"),
        ({"score": "p", "outcome": "y", "grade": "grad"}, "no column 'grad' for the grade; did you mean 'grade'?"),
        ({"score": "p"}, "columns: found none for the outcome"),
        ({"score": "p", "outcome": "p"}, "found 'p' for the score and for the outcome"),
        ({"score": "p", "outcome": "y", "obligr": "y"}, "no role 'obligr'; did you mean 'obligor'?"),
    ],
)
def test_a_column_or_role_that_is_not_there_is_told_with_the_nearest(csv, roles, said):
    with pytest.raises(Misuse) as misused:
        read_frame(csv("p,y,grade\n0.1,0,A\n"), roles)
    assert said in one_line(misused.value)


def test_what_is_no_file_of_a_known_kind_is_misuse(tmp_path, csv):
    for path, said in [
        (tmp_path, "found a folder"),
        (tmp_path / "none.csv", "no such file"),
        (csv("p,y\n1,1\n", name="scores.sas7bdat"), "found a .sas7bdat file"),
        (csv("p,y\n1,1\n", name="scores"), "found a nameless file"),
        ("postgresql://me@host/db", "found an address"),
    ]:
        with pytest.raises(Misuse, match=said) as misused:
            read_frame(path, ROLES)
        assert one_line(misused.value).endswith(
            "expected a file that ends in .csv, .txt, .tsv, .parquet, .xlsx or .xlsm"
        )


def test_a_broken_parquet_or_workbook_is_refused(csv):
    for name in ("scores.parquet", "scores.xlsx"):
        with pytest.raises(DataRefused, match=name):
            read_frame(csv("p,y\n1,1\n", name=name), ROLES)


def test_the_sheet_that_has_the_columns_is_read(tmp_path):
    with pd.ExcelWriter(tmp_path / "s.xlsx") as book:
        pd.DataFrame({"about": ["scores of June"]}).to_excel(book, sheet_name="notes", index=False)
        SAMPLE.to_excel(book, sheet_name="scores", index=False)
    assert len(read_frame(tmp_path / "s.xlsx", ROLES)) == len(SAMPLE)
    with pytest.raises(Misuse, match="sheets that have columns q, y: found none of notes, scores, expected one"):
        read_frame(tmp_path / "s.xlsx", {"score": "q", "outcome": "y"})


def test_other_columns_are_drivers_and_none_passes_for_a_role(csv):
    found = read_frame(csv("p,y,grade,weight,age,region\n0.1,0,A,70,31,N\n0.2,1,B,81,007,S\n"), ROLES)
    assert list(found) == ["probability", "outcome", "file.grade", "file.weight", "age", "region"]
    assert found["age"].tolist() == [31, 7]
    assert found["region"].tolist() == ["N", "S"]


def test_an_optional_column_with_nothing_in_it_is_left_out(csv):
    assert "grade" not in read_frame(csv("p,y,g\n0.1,0,\n0.2,1,NA\n"), {**ROLES, "grade": "g"})


def test_rows_of_one_obligor_and_period_are_counted(csv):
    roles = {**ROLES, "obligor": "o", "period": "m"}
    text = "p,y,o,m\n0.1,0,a,2026\n0.1,0,a,2026\n0.1,0,a,2025\n0.1,0,,2025\n0.1,0,,2025\n"
    found = read_frame(csv(text), roles)
    assert repeated(found) == 1
    assert repeated(found.drop(columns="period")) == 2
    assert repeated(found.drop(columns="obligor")) == 0


def test_early_bad_ends_of_a_period_without_good_ones_are_too_young(csv):
    text = "p,y,m\n0.1,0,2025-01\n0.1,1,2025-01\n0.1,1,2025-02\n0.1,,2025-02\n0.1,1,2025-03\n"
    found = read_frame(csv(text), {**ROLES, "period": "m"})
    np.testing.assert_array_equal(matured(found)["outcome"], [0, 1, np.nan, np.nan, np.nan])
    for unchanged in (found.drop(columns="period"), found[found["outcome"] == 1]):
        assert matured(unchanged) is unchanged


def test_a_header_that_is_a_formula_is_only_a_name(csv):
    path = csv('"=HYPERLINK(""http://x"")","@y"\n0.1,0\n0.9,1\n')
    found = read_frame(path, {"score": '=HYPERLINK("http://x")', "outcome": "@y"})
    assert found["probability"].tolist() == [0.1, 0.9]


@pytest.mark.parametrize("text", ["p,y\n0.5,1\n", "p,y\n0.5,1\n0.5,0\n", "p,y\n0.1,1\n0.9,1\n", "p,y\n0.5,\n"])
def test_one_row_one_class_and_a_constant_score_are_read_and_judged_as_not_run(csv, text):
    judged = {c.name: c for c in validate(read_frame(csv(text), ROLES))}
    assert judged["validation.discrimination.auc.out_of_time"].reason


@THROWAWAY
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=1, max_size=5))
def test_whatever_stands_in_a_cell_is_read_or_refused_in_one_line(csv, cells):
    frame = pd.DataFrame({"p": cells, "y": cells, "m": cells, "g": cells})
    path = csv(frame.to_csv(index=False, quoting=1))
    try:
        found = read_frame(path, {**ROLES, "period": "m", "grade": "g"}, higher="riskier")
    except RiskmodelsError as error:
        one_line(error)
    else:
        assert len(found) == len(cells)


@THROWAWAY
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1, max_size=30))
def test_a_probability_survives_its_file_to_the_last_bit(csv, rows):
    frame = pd.DataFrame(rows, columns=["p", "y"])
    found = read_frame(csv(frame.to_csv(index=False)), ROLES)
    np.testing.assert_array_equal(found["probability"], frame["p"])
