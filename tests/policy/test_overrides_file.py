"""Overrides read from a desk's file: what breaks the policy is refused with its row."""

from datetime import date

import pytest

from riskmodels.core.errors import DataRefused
from riskmodels.core.scale import OBLIGORS
from riskmodels.policy.overrides import overridden
from riskmodels.policy.overrides_file import recorded

HEAD = "party_id,rated_on,before,after,reason,by,approved_by,model_id\n"
UP = "d1,2026-06-30,4,3,guarantee of its group,Li,Wang,m1\n"
DOWN = "d2,2026-05-31,3,5,loss of its main buyer,Li,,\n"


@pytest.fixture
def file(tmp_path):
    def make(text, encoding="utf-8"):
        (tmp_path / "o.csv").write_bytes(text.encode(encoding))
        return tmp_path / "o.csv"

    return make


def test_a_file_says_who_changed_what_why_and_when(file):
    up, down = recorded(file(HEAD + UP + DOWN), OBLIGORS)
    told = ("d1", date(2026, 6, 30), "4", "3", "guarantee of its group", "Li", "Wang", "m1")
    assert up == overridden(OBLIGORS, *told)
    assert (down.notches, down.approved_by) == (2, "")


def test_the_second_person_and_the_model_may_be_absent(file):
    found = recorded(file("party_id,rated_on,before,after,reason,by\nd2,2026-05-31,3,5,news,Li\n"), OBLIGORS)
    assert [o.party_id for o in found] == ["d2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_names_and_reasons_in_chinese_are_kept(file, encoding):
    text = HEAD + "深圳电子,2026-06-30,4,3,集团公司提供连带责任保证,李明,王芳,\n"
    (found,) = recorded(file(text, encoding), OBLIGORS)
    assert (found.party_id, found.reason, found.by) == ("深圳电子", "集团公司提供连带责任保证", "李明")


def test_a_file_without_rows_holds_no_overrides(file):
    assert recorded(file(HEAD), OBLIGORS) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "o.csv: can't be read as CSV"),
        ("party_id,grade\nd1,3\n", "o.csv: found columns ['party_id', 'grade'], expected party_id, rated_on, before"),
        (
            HEAD.replace("by,", "by,by_whom,") + UP,
            "expected party_id, rated_on, before, after, reason, by, and if known",
        ),
        (HEAD + UP + UP, "row 2: found d1 overridden twice on 2026-06-30, expected once"),
        (HEAD + DOWN + UP.replace("Wang", ""), "row 2: override of d1 by Li: found approval by nobody"),
        (HEAD + UP.replace("4,3", "5,3"), "row 1: override of d1: found 2 notches up, expected at most 1"),
        (HEAD + UP.replace("4,3", "4,AAA"), "row 1: grade: found 'AAA', expected one of 1, 2"),
        (HEAD + UP.replace("guarantee of its group", " "), "expected another grade, a name and a reason"),
        (HEAD + UP.replace("2026-06-30", "30/06/2026"), "row 1: rated_on: found '30/06/2026', expected a date like"),
        (HEAD + UP.replace("d1", ""), "row 1: found no party_id"),
        (HEAD + UP.strip() + ",x,y\n" + "a,b,c,d,e,f,g,h,i,j,k,l\n", "o.csv: "),
    ],
)
def test_what_cannot_be_an_override_is_refused_in_one_line(file, text, said):
    with pytest.raises(DataRefused) as refused:
        recorded(file(text), OBLIGORS)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataRefused, match="found no such file, expected a CSV of overrides"):
        recorded(tmp_path / "none.csv", OBLIGORS)
