"""Work in scratch is out of sight until it is promoted whole."""

from __future__ import annotations

from itertools import count

import pytest
from filelock import FileLock

from riskmodels.core.errors import Locked
from riskmodels.runs import scratch as module
from riskmodels.runs.scratch import gate, scratch


def test_promoted_files_are_at_their_destination_and_the_scratch_is_gone(tmp_path):
    with scratch(tmp_path, tmp_path / "report" / "day", ["a"]) as work:
        (work.files / "page").write_text("whole", encoding="utf-8")
        assert not work.destination.exists()
        work.promote()
    assert (tmp_path / "report" / "day" / "a" / "page").read_text(encoding="utf-8") == "whole"
    assert not list((tmp_path / ".scratch").iterdir())


def test_work_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), scratch(tmp_path, tmp_path / "day", ["a"]):
        raise KeyboardInterrupt
    assert not list((tmp_path / ".scratch").iterdir())
    assert not (tmp_path / "day").exists()


def test_a_live_scratch_is_never_swept_and_its_name_is_taken(tmp_path):
    home = tmp_path / "day"
    with scratch(tmp_path, home, map(str, count())) as one, scratch(tmp_path, home, map(str, count())) as other:
        assert one.files.is_dir()
        assert (one.destination.name, other.destination.name) == ("0", "1")


def test_a_dead_scratch_is_swept_by_the_next(tmp_path):
    (tmp_path / ".scratch" / "dead" / "files").mkdir(parents=True)
    with scratch(tmp_path, tmp_path / "day", ["a"]):
        assert [p.name for p in (tmp_path / ".scratch").iterdir()] == ["a"]


def test_a_gate_that_stays_shut_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    with FileLock(tmp_path / ".lock"), pytest.raises(Locked, match="another process has held"), gate(tmp_path):
        pass
