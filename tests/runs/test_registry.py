"""The reports folder is the register of runs."""

from __future__ import annotations

import json
import logging
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from riskmodels.core.checks import Verdict
from riskmodels.core.errors import Misuse
from riskmodels.runs.fingerprint import Fingerprint
from riskmodels.runs.manifest import Manifest, run_id
from riskmodels.runs.registry import Run, latest, runs, show, verify

MORNING = datetime(2026, 7, 1, 2, 40, tzinfo=UTC)


@pytest.fixture
def keep(tmp_path):
    """Puts a finished run into the register, each made a minute after the one before."""
    made = []

    def put(as_of: str, book: str = "ledger", report: str = "tiny_report", model: str = "", value: float | None = 1.0):
        created = MORNING + timedelta(minutes=len(made))
        name = run_id(created, {"as_of": as_of}, 0)
        folder = tmp_path / report / as_of / name
        folder.mkdir(parents=True)
        (folder / "result.json").write_text(json.dumps({"figures": {"a.b.c": value}}), encoding="utf-8")
        manifest = Manifest(
            name, report, "Tiny 报告", date.fromisoformat(as_of), "zh", book, model, "", {"as_of": as_of},
            Fingerprint("0.1.0", "", False, "n", "e", "3.11", "b", ""), created, "",
            verdict=Verdict.WATCH, files=("result.json",),
        )  # fmt: skip
        manifest.write(folder)
        made.append(Run(folder, manifest))
        return made[-1]

    return put


def test_an_empty_or_absent_register_has_no_runs(tmp_path):
    assert runs(tmp_path) == []
    assert runs(tmp_path / "nowhere") == []


def test_runs_come_back_as_they_were_kept_newest_first(keep, tmp_path):
    old, new = keep("2026-06-30"), keep("2026-05-31")
    assert runs(tmp_path) == [new, old]


def test_a_run_id_tells_the_minute_and_the_runs_of_it_apart():
    ids = {run_id(MORNING, {"top": n}, attempt) for n in range(2) for attempt in range(2)}
    assert len(ids) == 4
    assert all(i.startswith("20260701T0240Z-") for i in ids)


def test_a_run_is_found_by_its_id(keep, tmp_path):
    made = keep("2026-06-30")
    assert show(tmp_path, made.manifest.run_id) == made


def test_an_unknown_id_is_refused_with_the_one_meant(keep, tmp_path):
    made = keep("2026-06-30")
    with pytest.raises(Misuse, match=f"did you mean '{made.manifest.run_id}'"):
        show(tmp_path, made.manifest.run_id[:-1])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"run_id": 1}', "\x00"])
def test_a_broken_folder_is_skipped_with_a_note(keep, tmp_path, caplog, content):
    made = keep("2026-06-30")
    foreign = tmp_path / "tiny_report" / "2026-06-30" / "foreign"
    foreign.mkdir()
    (foreign / "run.json").write_text(content, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert runs(tmp_path) == [made]
    assert "foreign: skipped, not a run" in caplog.text


def test_a_folder_moved_elsewhere_is_skipped(keep, tmp_path, caplog):
    made = keep("2026-06-30")
    shutil.copytree(made.path, tmp_path / "other_report" / "2026-06-30" / made.path.name)
    assert runs(tmp_path) == [made]
    assert "run.json is of tiny_report/2026-06-30/" in caplog.text


def test_failed_runs_and_scratch_are_no_runs(keep, tmp_path, caplog):
    for hidden in (".failed", ".scratch"):
        (tmp_path / hidden / "x" / "y").mkdir(parents=True)
    assert runs(tmp_path) == []
    assert not caplog.text


def test_an_untouched_run_verifies(keep):
    assert verify(keep("2026-06-30")) == []


def test_every_kind_of_tampering_is_told(keep):
    made = keep("2026-06-30")
    (made.path / "result.json").write_text("{}", encoding="utf-8")
    (made.path / "run.json").unlink()
    (made.path / "extra.txt").touch()
    assert verify(made) == ["run.json: missing", "extra.txt: not of this run", "result.json: changed"]


def test_a_run_without_readable_sums_does_not_verify(keep):
    made = keep("2026-06-30")
    (made.path / "SHA256SUMS").write_text("nonsense", encoding="utf-8")
    assert verify(made) == ["SHA256SUMS: can't be read: found 'nonsense', expected a hash and a name"]
    (made.path / "SHA256SUMS").unlink()
    assert "can't be read" in verify(made)[0]


def test_the_run_to_compare_with_is_the_last_one_of_the_nearest_earlier_date(keep, tmp_path):
    keep("2026-04-30")
    keep("2026-05-31")
    again = keep("2026-05-31")
    keep("2026-06-30")
    assert latest(tmp_path, "tiny_report", "ledger", date(2026, 6, 30)) == again


def test_a_rerun_with_nothing_earlier_is_compared_with_the_run_before_it(keep, tmp_path):
    made = keep("2026-06-30")
    assert latest(tmp_path, "tiny_report", "ledger", date(2026, 6, 30)) == made


@pytest.mark.parametrize(
    ("report", "book", "as_of", "model"),
    [
        ("other", "ledger", "2026-06-30", ""),
        ("tiny_report", "other", "2026-06-30", ""),
        ("tiny_report", "ledger", "2026-05-30", ""),
        ("tiny_report", "ledger", "2026-06-30", "scorecard"),
    ],
)
def test_another_report_book_model_or_a_later_date_is_never_compared(keep, tmp_path, report, book, as_of, model):
    keep("2026-05-31")
    assert latest(tmp_path, report, book, date.fromisoformat(as_of), model) is None


def test_the_figures_of_a_run_leave_out_what_was_not_run(keep):
    assert keep("2026-05-31").values == {"a.b.c": 1.0}
    assert keep("2026-06-30", value=None).values == {}
