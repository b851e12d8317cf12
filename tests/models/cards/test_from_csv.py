import math

import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.models.binning import Binner, Groups
from riskmodels.models.cards import import_bins, import_card
from riskmodels.models.cards.labels import interval
from riskmodels.models.scorecard.points import Scale

CARD = """driver,bin,points,woe
base,,500,
age,"(-inf, 26]",-12,0.4
age,"(26, 35]",0,0.0
age,"(35, inf)",15,-0.5
age,missing,-3,0.1
age,-999|-998,-20,
sector,trade|textile,10,
sector,mining,-14,
sector,missing|other,0,
"""


@pytest.fixture
def write(tmp_path):
    def file(text, name="card.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return file


def test_a_card_is_scored_as_it_is_written(write):
    card = import_card(write(CARD))
    X = pd.DataFrame(
        {
            "age": [26.0, 26.1, 35, 35.0001, np.nan, -999, -998, -997],
            "sector": ["trade", "mining", "other", None, "textile", "trade", "trade", "trade"],
        }
    )
    assert card.partial(X)["age"].tolist() == [-12, 0, 0, 15, -3, -20, -20, -12]
    assert card.partial(X)["sector"].tolist() == [10, -14, 0, 0, 10, 10, 10, 10]
    assert card.points(X).tolist() == [498, 486, 500, 515, 507, 490, 490, 498]
    assert card.source == "csv: card.csv"


def test_a_category_on_no_line_gets_the_worst_points_of_its_driver(write):
    X = pd.DataFrame({"age": [30.0], "sector": ["shipping"]})
    assert import_card(write(CARD)).partial(X)["sector"].tolist() == [-14]
    stated = import_card(write(CARD + "sector,unseen,-1,\n"))
    assert stated.partial(X)["sector"].tolist() == [-1]
    turned = import_card(write(CARD), more_is_worse=True)
    assert turned.partial(X)["sector"].tolist() == [10]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_chinese_cards_are_read_in_any_of_their_encodings(write, encoding):
    text = "变量;分箱;分数\n基础分;;600\n客户年限;［3，10）;5\n客户年限;＜3;-8\n客户年限;≥10;12\n客户年限;缺失;-8\n"
    text += "所属行业;批发贸易|零售贸易;4\n所属行业;采矿业;-9\n所属行业;缺失;0\n"
    card = import_card(write(text, encoding=encoding))
    X = pd.DataFrame({"客户年限": [2.9, 3, 10, None], "所属行业": ["批发贸易", "采矿业", "零售贸易", None]})
    assert card.points(X).tolist() == [596, 596, 616, 592]


LOW_HIGH = "driver,low,high,points\nage,,26,1\nage,26,35,2\nage,35,,3\n"


@pytest.mark.parametrize(("closed", "points"), [("left", [1, 2, 2, 3, 9]), ("right", [1, 1, 2, 2, 9])])
def test_the_closed_end_is_the_one_stated(write, closed, points):
    X = pd.DataFrame({"age": [25.0, 26, 30, 35, np.nan]})
    assert import_card(write(LOW_HIGH), closed=closed, missing_points=9).points(X).tolist() == points


def test_a_closed_end_that_nobody_states_is_asked_for(write):
    with pytest.raises(DataRefused, match=r"line 2: age: closed: found nothing, expected left \(low <= value < high\)"):
        import_card(write(LOW_HIGH), missing_points=0)
    with pytest.raises(Misuse, match="closed: found 'both'"):
        import_card(write(LOW_HIGH), closed="both")


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [
        ("[26, 35)", 26, 35),
        ("(26, 35]", math.nextafter(26, 99), math.nextafter(35, 99)),
        ("[-inf ~ 3.0)", -math.inf, 3),
        ("(-∞，-1.5e3)", -math.inf, -1500),
        ("[3,3]", 3, math.nextafter(3, 9)),
        ("<= 0", -math.inf, 5e-324),
        ("> .5", math.nextafter(0.5, 1), math.inf),
        ("≥7", 7, math.inf),
    ],
)
def test_intervals_are_exact_left_closed_ranges(label, low, high):
    assert interval(label) == (low, high)


@pytest.mark.parametrize("label", ["A11", "1-3 years", "< 1 year", "[a, b)", "3", "[1, 2, 3]", "(1, 2", ""])
def test_other_labels_are_categories(label):
    assert interval(label) is None


HEAD = "driver,bin,points\n"
WHOLE = '"(-inf, inf)",1\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + 'age,"[-inf, 3)",1\nage,"[4, inf)",2\n', "line 3: age: found no bin from 3 to 4"),
        (
            HEAD + 'age,"[-inf, 3)",1\nage,"[2, inf)",2\n',
            r"line 3: age: found '\[2, inf\)', which overlaps '\[-inf, ",
        ),
        (HEAD + 'age,"[-inf, 3)",1\nage,"[-inf, 3)",2\nage,">=3",1\n', "line 3: age: found .* which overlaps"),
        (
            HEAD + 'age,"[0, 3)",1\n',
            "line 2: age: found no bin from -inf to 0, expected the first bin to be open: -inf",
        ),
        (HEAD + "age,<3,1\n", "line 2: age: found no bin from 3 up, expected the last bin to be open: inf as its end"),
        (HEAD + 'age,"[3, 3)",1\n', "into which no number falls"),
        (HEAD + 'age,"(-inf, 3]",1\nage,"[3, inf)",1\n', "which overlaps"),
        (HEAD + 'age,"(-inf, 3)",1\nage,"(3, inf)",1\n', "found no bin from 3 to 3.0000000000000004"),
        (HEAD + f"age,{WHOLE}age,old,2\n", "line 3: age: found 'old', expected an interval or a number"),
        (HEAD + f"age,{WHOLE}age,nan,2\n", "line 3: age: found 'nan', expected an interval or a number"),
        (HEAD + f"age,{WHOLE}age,5,2\nage,5.0,3\n", "line 4: age: found 5.0, which stands at .*line 3 already"),
        (HEAD + f"age,{WHOLE}age,unseen,2\n", "line 3: age: found a line for unseen values, but it is a number"),
        (HEAD + "sector,a|b,1\nsector,b,2\n", "line 3: sector: found 'b', which stands at .*line 2 already"),
        (HEAD + "sector,a,1\nsector,missing,2\nsector,missing,3\n", "line 4: sector: found a second line for missing"),
        (HEAD + "sector,a,ten\n", "line 2: points: found 'ten', expected a number"),
        (HEAD + "sector,a,nan\n", "line 2: points: found 'nan', expected a number"),
        (HEAD + "sector,a,\n", "line 2: sector: found no points"),
        (HEAD + "sector,,1\n", "line 2: sector: found no bin"),
        (HEAD + ",a,1\n", "line 2: driver: found nothing, expected a value"),
        (HEAD + "base,,\n", "line 2: base: found no points"),
        (HEAD + "base,,5\n", "found no bins"),
        (HEAD + "a,b,1,2\n", "line 2: found 4 cells, expected 3"),
        (HEAD, "found no lines"),
        ("", "found no lines"),
        ("driver,bin,points,points\na,b,1,2\n", r"found columns twice: \['points'\]"),
        ("x,y\n1,2\n", r"found columns \['x', 'y'\], expected those of one format: optbinning: Variable, Bin, Points;"),
    ],
)
def test_a_card_that_leaves_a_value_nowhere_or_twice_is_refused_with_its_line(write, text, message):
    with pytest.raises(DataRefused, match=message):
        import_card(write(text), missing_points=0)


@pytest.mark.parametrize(
    "bin_", ["18-25", "18 ~ 25", "18–25", "18至25", "18 to 25", "-5--1", "60+", "60以上", "a|18-25"]
)
def test_a_range_of_numbers_without_stated_ends_is_no_category(write, bin_):
    with pytest.raises(DataRefused, match=r"line 2: age: found the bin '.*', expected an interval that says which end"):
        import_card(write(HEAD + f"age,{bin_},1\nage,missing,0\n"))
    listed = import_card(write(f"driver,values,points\nage,{bin_},1\nage,missing,0\n"))
    assert listed.points(pd.DataFrame({"age": [bin_.split("|")[-1]]})).tolist() == [1]


@pytest.mark.parametrize("label", ["A+", "1-3 years", "-5", "2020-01-31", "3", "+"])
def test_a_category_that_is_no_range_stays_one(write, label):
    card = import_card(write(HEAD + f"age,{label},1\nage,missing,0\n"))
    assert card.points(pd.DataFrame({"age": [label]})).tolist() == [1]


def test_a_driver_without_a_line_for_missing_values_is_refused_unless_their_points_are_stated(write):
    path = write(HEAD + "sector,a,1\nsector,b,7\n")
    with pytest.raises(DataRefused, match="sector: found no line for missing values, expected one, or missing_points"):
        import_card(path)
    X = pd.DataFrame({"sector": [None, "a"]})
    assert import_card(path, missing_points="worst").points(X).tolist() == [1, 1]
    assert import_card(path, missing_points=-4).points(X).tolist() == [-4, 1]
    assert import_card(path, missing_points=-4).notes == ("missing values of sector get -4 points",)
    by_driver = import_card(path, missing_points={"sector": 5})
    assert by_driver.points(X).tolist() == [5, 1]
    with pytest.raises(DataRefused, match="found no line for missing values"):
        import_card(path)
    with pytest.raises(Misuse, match=r"found no drivers \['age'\] on the card"):
        import_card(path, missing_points={"age": 5})
    with pytest.raises(Misuse, match="missing_points: found 'best'"):
        import_card(path, missing_points="best")
    with pytest.raises(Misuse, match="missing_points: found nan"):
        import_card(path, missing_points=float("nan"))


def test_the_bins_alone_are_obeyed_by_the_binner(write, applicants):
    text = 'driver,bin\nage,"[-inf, 10)"\nage,"[10, inf)"\nlate_share,<.5\nlate_share,>=.5\n'
    bins = import_bins(write(text + "sector,trade|textile\nsector,mining\n"))
    assert bins == {
        "cuts": {"age": [10.0], "late_share": [0.5], "sector": [["trade", "textile"], ["mining"]]},
        "specials": {},
    }
    X, y = applicants
    binner = Binner(**bins).fit(X, y)
    assert {f.name: f.bins for f in binner.features_}["sector"] == Groups((("trade", "textile"), ("mining",)))
    with pytest.raises(DataRefused, match="found no points"):
        import_card(write(text))


def test_special_codes_go_along_with_the_bins(write):
    assert import_bins(write(CARD))["specials"] == {"age": [(-999.0, -998.0)]}


def test_the_scale_gives_probabilities(write):
    card = import_card(write(CARD), scale=Scale(500, 19, 50))
    assert card.probability(pd.DataFrame({"age": [30.0], "sector": [None]})) == pytest.approx([0.05], rel=1e-12)


def test_files_and_objects_that_hold_no_card_are_refused(write, tmp_path):
    with pytest.raises(DataRefused, match="found no such file"):
        import_card(tmp_path / "none.csv")
    with pytest.raises(DataRefused, match="found no such file"):
        import_card(tmp_path / "none.json")
    with pytest.raises(DataRefused, match="found no JSON"):
        import_card(write("{", "card.json"))
    with pytest.raises(DataRefused, match="found a dict of other parts"):
        import_card(write('{"a": 1}', "card.json"))
    with pytest.raises(Misuse, match="found a int, expected a file"):
        import_card(3)
