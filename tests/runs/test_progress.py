"""Progress is drawn for people only."""

from __future__ import annotations

from riskmodels.runs.progress import bar


def test_no_bar_is_drawn_where_nobody_looks(capfd):
    with bar("portfolio_review") as progress:
        assert progress is None
    assert capfd.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_that_follows_the_cells(monkeypatch, capfd):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with bar("portfolio_review") as progress:
        progress(1, 2)
        progress(2, 2)
    out, err = capfd.readouterr()
    assert "portfolio_review" in err
    assert out == ""
