"""A report is run whole or not at all."""

from __future__ import annotations

import json
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from riskmodels.core.checks import Verdict
from riskmodels.core.errors import DataRefused, Misuse, RunFailed
from riskmodels.runs import execute as module
from riskmodels.runs import registry
from riskmodels.runs.execute import exit_code, run
from riskmodels.runs.kernel import TimedOut


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


def promoted(reports):
    return sorted(p.relative_to(reports).as_posix() for p in reports.glob("[!.]*/*/*"))


def test_a_run_is_kept_whole_with_manifest_and_hashes(notebook, subject, render, reports):
    seen = []
    made = run(notebook(), {"top": "3"}, subject, reports, render=render, progress=lambda *at: seen.append(at))
    assert made.path == reports / "tiny_report" / "2026-06-30" / made.manifest.run_id
    assert {p.name for p in made.path.iterdir()} == {
        "SHA256SUMS", "notebook.ipynb", "report.html", "result.json", "run.json",
    }  # fmt: skip
    assert made.manifest.files == ("notebook.ipynb", "report.html", "result.json")
    assert made.manifest.parameters["top"] == 3
    assert made.manifest.verdict is Verdict.WITHIN
    assert registry.runs(reports) == [made]
    assert registry.verify(made) == []
    assert not list((reports / ".scratch").iterdir())
    assert seen[-1] == (3, 3)


def test_only_the_manifest_knows_the_clock(notebook, subject, render, reports):
    report = notebook()
    one, other = (run(report, {"previous": "-"}, subject, reports, render=render) for _ in range(2))
    for name in one.manifest.files:
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes(), name


def test_an_unknown_parameter_is_refused_before_anything_starts(notebook, subject, render, reports, monkeypatch):
    monkeypatch.setattr(module, "execute", lambda *_: pytest.fail("the notebook was started"))
    with pytest.raises(Misuse, match="did you mean 'top'"):
        run(notebook(), {"topp": "3"}, subject, reports, render=render)
    assert not reports.exists()


@pytest.mark.parametrize("value", ["30.6.2026", "../../x", ""])
def test_an_as_of_that_is_no_date_is_refused(notebook, subject, render, reports, value):
    with pytest.raises(Misuse, match=r"as_of: .* expected a date"):
        run(notebook(), {"as_of": value}, subject, reports, render=render)


def test_a_notebook_without_an_as_of_is_no_report(notebook, subject, render, reports):
    with pytest.raises(Misuse, match="declares no parameter as_of"):
        run(notebook(parameters="top = 1"), {}, subject, reports, render=render)


def test_a_failing_cell_promotes_nothing_and_leaves_old_runs_alone(notebook, subject, render, reports):
    old = run(notebook(), {}, subject, reports, render=render)
    failing = notebook("value = 1", "1 / 0", "never = 1")
    with pytest.raises(RunFailed, match=r"tiny_report: cell 4 raised ZeroDivisionError: .*; see .*\.failed") as failed:
        run(failing, {}, subject, reports, render=render)
    assert "\n" not in str(failed.value)
    assert registry.runs(reports) == [old]
    assert registry.verify(old) == []
    (kept,) = (reports / ".failed").glob("*/notebook.ipynb")
    assert "ZeroDivisionError" in kept.read_text(encoding="utf-8")
    assert not list((reports / ".scratch").iterdir())


def test_refused_data_in_a_cell_is_refused_data_outside(notebook, subject, render, reports):
    cell = "from riskmodels.core.errors import DataRefused\nraise DataRefused('book: no rows in table invoices')"
    with pytest.raises(DataRefused, match=r"^book: no rows in table invoices$"):
        run(notebook(cell), {}, subject, reports, render=render)
    assert promoted(reports) == []


def test_a_cell_that_ends_the_notebook_early_is_a_failure(notebook, subject, render, reports):
    with pytest.raises(RunFailed, match="ended the notebook before its last cell"):
        run(notebook("import sys; sys.exit()", "1 + 1"), {}, subject, reports, render=render)
    assert promoted(reports) == []


def test_a_cell_that_kills_its_process_is_a_failure(notebook, subject, render, reports):
    with pytest.raises(RunFailed, match="ended its Python process"):
        run(notebook("import os; os._exit(1)"), {}, subject, reports, render=render)
    assert promoted(reports) == []


def test_a_cell_that_takes_too_long_is_a_timeout(notebook, subject, render, reports):
    slow = notebook("import time; time.sleep(60)")
    with pytest.raises(TimedOut, match="cell 3 took more than 1 s") as late:
        run(slow, {}, subject, reports, render=render, cell_timeout=1)
    assert late.value.exit_code == 41
    assert promoted(reports) == []


def test_a_report_that_cannot_be_rendered_promotes_nothing(notebook, subject, reports):
    def broken(*_):
        raise KeyError("no verdict block")

    with pytest.raises(RunFailed, match="KeyError: 'no verdict block'; see"):
        run(notebook(), {}, subject, reports, render=broken)
    assert promoted(reports) == []


def test_two_runs_at_the_same_time_both_land(notebook, subject, render, reports):
    report = notebook()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(run, report, {}, subject, reports, render=render) for _ in range(2)]
        made = {w.result().manifest.run_id for w in waiting}
    assert len(made) == 2
    assert {r.manifest.run_id for r in registry.runs(reports)} == made


def test_two_runs_of_one_name_get_two_folders(notebook, subject, instant, reports, monkeypatch):
    names = ["20260701T0000Z-aaaa", "20260701T0000Z-aaaa", "20260701T0000Z-bbbb"]
    monkeypatch.setattr(module, "_proposals", lambda *_: iter(names))
    made = [run(notebook(), {}, subject, reports, render=instant).path.name for _ in range(2)]
    assert made == ["20260701T0000Z-aaaa", "20260701T0000Z-bbbb"]


def test_a_report_can_compare_itself_with_the_run_before(notebook, subject, render, reports):
    report = notebook(
        "import json\nfrom riskmodels.runs.manifest import result_values\n"
        "before = result_values(previous).get('a.b.c', 0)\n"
        "print(json.dumps({'verdict': verdict, 'value': before + 1}))"
    )
    first = run(report, {"as_of": "2026-05-31"}, subject, reports, render=render)
    second = run(report, {"as_of": "2026-06-30"}, subject, reports, render=render)
    assert (first.manifest.previous, first.values) == ("", {"a.b.c": 1})
    assert (second.manifest.previous, second.values) == (first.manifest.run_id, {"a.b.c": 2})


def test_an_earlier_result_given_by_hand_takes_the_place_of_the_run_before(notebook, subject, instant, reports):
    run(notebook(), {"as_of": "2026-05-31"}, subject, reports, render=instant)
    made = run(notebook(), {"previous": "other/result.json"}, subject, reports, render=instant)
    assert (made.manifest.previous, made.manifest.parameters["previous"]) == ("", "other/result.json")


def test_the_notebook_runs_here_in_this_interpreter_whatever_kernels_a_user_has(
    notebook, subject, render, reports, tmp_path, monkeypatch
):
    foreign = tmp_path / "share" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    spec = {"argv": ["false", "{connection_file}"], "display_name": "foreign", "language": "python"}
    (foreign / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    # a module that a working directory offers is not taken for the package's own
    (tmp_path / "riskmodels").mkdir()
    (tmp_path / "riskmodels" / "__init__.py").write_text("raise SystemExit('the wrong package')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    cell = (
        "import json, os, sys, riskmodels\n"
        "print(json.dumps({'verdict': 'within', 'value': [sys.executable, os.getcwd(),"
        " riskmodels.__file__, os.environ['OMP_WAIT_POLICY']]}))"
    )
    found = run(notebook(cell), {}, subject, reports, render=render).values["a.b.c"]
    import riskmodels

    assert found == [sys.executable, str(tmp_path), riskmodels.__file__, "passive"]


def test_a_run_says_nothing_on_the_terminal(notebook, subject, render, reports, capfd, monkeypatch):
    monkeypatch.setattr(module, "render_portal", lambda _: None)
    run(notebook(), {}, subject, reports, render=render)
    assert capfd.readouterr() == ("", "")


def test_a_portal_that_cannot_be_made_does_not_undo_the_run(notebook, subject, instant, reports, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "riskmodels.reporting.portal", None)
    with caplog.at_level(logging.WARNING):
        made = run(notebook(), {}, subject, reports, render=instant)
    assert "not brought up to date" in caplog.text
    assert registry.runs(reports) == [made]


def test_exit_codes_follow_the_verdict():
    assert [exit_code(v) for v in (Verdict.WITHIN, Verdict.WATCH, Verdict.BREACH)] == [0, 10, 20]
    # nothing that could be judged is no alarm; the report itself says what was not run
    assert exit_code(Verdict.NOT_RUN) == 10


def test_the_overall_verdict_of_the_result_is_the_one_of_the_run(notebook, subject, instant, reports):
    assert run(notebook(), {"verdict": "breach"}, subject, reports, render=instant).manifest.verdict is Verdict.BREACH
