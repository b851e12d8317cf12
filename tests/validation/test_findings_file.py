"""The register as files: written for people, read back with what they changed, refused with line and column."""

import json
from dataclasses import asdict
from datetime import date

import pytest

from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.validation.findings import Finding, Retest, State
from riskmodels.validation.findings_file import read_earlier, write_findings

KNOWN = Finding("F-01", "S1", "AUC: 0.61, beyond 0.65", "validation.discrimination.auc", "Model owner")
HEAD = "id,severity,finding,owner,due,state"


@pytest.fixture
def previous(tmp_path):
    path = tmp_path / "result.json"
    checks = [{"name": "a.b.c", "verdict": "watch"}, {"name": "a.b.d", "verdict": "breach"}]
    path.write_text(json.dumps({"as_of": "2026-03-31", "checks": checks, "findings": [asdict(KNOWN)]}, default=str))
    return str(path)


def edited(tmp_path, *lines):
    path = tmp_path / "findings.csv"
    path.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return str(path)


def test_the_first_run_has_nothing_before_it():
    assert read_earlier().findings == ()


def test_the_last_run_tells_its_findings_and_what_it_watched(previous):
    earlier = read_earlier(previous)
    assert (earlier.as_of, earlier.findings, earlier.watched) == (date(2026, 3, 31), (KNOWN,), {"a.b.c"})


def test_a_result_from_before_there_was_a_register_has_no_findings(tmp_path):
    path = tmp_path / "result.json"
    path.write_text('{"as_of": "2026-03-31", "checks": []}')
    assert read_earlier(str(path)).findings == ()


def test_what_is_written_is_read_again_to_the_letter(tmp_path):
    full = Finding(
        "F-02",
        "S3",
        '逾期模型："=x"，漂移\nsecond line',
        "validator",
        "-张三",
        date(2026, 7, 1),
        State.PROPOSED,
        date(2026, 1, 2),
        None,
        Retest.PASSED,
        3,
        "=HYPERLINK(1)",
    )
    path = tmp_path / "findings.csv"
    write_findings([KNOWN, full], path)
    assert read_earlier(findings=str(path)).findings == (KNOWN, full)
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8")


def test_people_change_owner_due_state_and_remark_and_the_run_keeps_the_rest(previous, tmp_path):
    file = edited(tmp_path, "F-01,S1,my own words,Wang,2026-12-31,closed")
    (finding,) = read_earlier(previous, file).findings
    assert (finding.owner, finding.due, finding.state) == ("Wang", date(2026, 12, 31), State.CLOSED)
    assert finding.finding == KNOWN.finding


def test_an_empty_owner_keeps_the_owner(previous, tmp_path):
    assert read_earlier(previous, edited(tmp_path, "F-01,S1,x,,,open")).findings[0].owner == "Model owner"


def test_a_row_without_an_id_is_a_finding_of_its_own(previous, tmp_path):
    file = edited(tmp_path, ",S2,no data on the new product,Li,2026-12-31,open", "", "F-01,S1,x,,,open")
    assert [f.id for f in read_earlier(previous, file).findings] == ["F-01", "F-02"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("F-01,S5,x,,,open", "line 2, severity: found 'S5', expected one of S1, S2, S3, S4"),
        ("F-01,,x,,,open", "line 2, severity: found nothing, expected"),
        ("F-01,S1,x,,31/12/2026,open", "line 2, due: found '31/12/2026', expected a date like 2026-06-30"),
        ("F-01,S1,x,,,done", "line 2, state: found 'done', expected one of open, proposed, closed"),
        ("F-01,S1,,,,open", "line 2, finding: found nothing"),
        ("F-01,S4,x,,,open", "line 2, severity: found S4, expected S1 as the last run has it"),
        ("F-01,S1,x,,open", "line 2: found 5 cells, expected 6"),
        ('F-09,S1,"a\nb",,,open\nF-09,S1,x,,,open', "line 4, id: found F-09 a second time"),
    ],
)
def test_a_bad_register_is_refused_with_line_and_column(previous, tmp_path, line, words):
    with pytest.raises(DataRefused, match=words) as caught:
        read_earlier(previous, edited(tmp_path, line))
    assert "\n" not in str(caught.value)


def test_columns_nobody_knows_are_refused(tmp_path):
    path = tmp_path / "findings.csv"
    path.write_text("id,severty,finding,owner,due,state\n")
    with pytest.raises(DataRefused, match=r"line 1: found columns \['id', 'severty'"):
        read_earlier(findings=str(path))


def test_a_register_that_is_not_there_is_a_misuse(tmp_path):
    with pytest.raises(Misuse, match="no such file"):
        read_earlier(findings=str(tmp_path / "absent.csv"))


@pytest.mark.parametrize("text", ["[]", "not json", '{"as_of": 3, "checks": []}', '{"as_of": "2026-03-31"}'])
def test_a_broken_result_is_refused(tmp_path, text):
    path = tmp_path / "result.json"
    path.write_text(text)
    with pytest.raises(DataRefused, match=r"previous: .*can't be read as a run's result"):
        read_earlier(str(path))
