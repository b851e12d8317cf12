"""The section on payment time: what it finds stands in its heading, and what can't be judged says why."""

from types import SimpleNamespace

import pytest

from riskmodels.core import text
from riskmodels.core.checks import Verdict
from riskmodels.reporting.pages.judged_frame import file_validation
from riskmodels.reporting.pages.judgement_timing import timing
from riskmodels.validation.timing.case import Timing
from riskmodels.validation.timing.checks import validate_timing
from tests.validation.timing.worlds import invoices

COLUMNS = "score=late, outcome=bad, obligor=obligor, client=client, weight=amount"


def section(frame):
    """The blocks of a frame of payments, by kind and name."""
    text.use("en")
    case = Timing.of_frame(frame)
    checks = validate_timing(case)
    blocks = list(timing(SimpleNamespace(paid=(case, ""), of_group=lambda _group: checks, currency="CNY")))
    return blocks[0], {getattr(b, "name", b.kind): b for b in blocks}, checks


def test_a_right_forecast_is_said_to_be_met():
    head, blocks, _checks = section(invoices(0, parties=500))
    assert (head.number, head.verdict) == ("10", Verdict.WITHIN)
    assert head.finding.startswith("Invoices are paid when foretold, to ")
    assert "were expected past due" in head.finding
    assert {"payment_curve", "timing_levels", "timing_tests", "timing_not_run"} <= set(blocks)


def test_a_wrong_level_and_a_wrong_band_stand_in_the_heading():
    frame = invoices(0, parties=500, factor=1.6)
    head, _blocks, checks = section(frame)
    assert head.verdict is Verdict.BREACH
    gap = next(c for c in checks if c.name.endswith("curve.gap"))
    assert head.finding.startswith(f"Invoices are not paid when foretold: {gap.value:.1%}")
    narrow = invoices(0, parties=500).assign(low_80_days_late=-5.0, high_80_days_late=5.0)
    assert "bands of days that say 80.0% held" in section(narrow)[0].finding


def test_the_table_shows_what_the_checks_found():
    _head, blocks, checks = section(invoices(1))
    table = blocks["timing_levels"]
    places = {column.key: place for place, column in enumerate(table.columns)}
    found = {c.name: c for c in checks}
    for row, dpd in zip(table.rows, (0, 30, 60, 90), strict=True):
        check = found[f"validation.timing.observed_expected.{dpd}"]
        assert row[places["ratio"]] == check.value
        assert row[places["n"]] == check.n
        assert row[places["verdict"]] == str(check.verdict)


def test_a_file_with_days_late_is_judged_in_time_too(tmp_path):
    frame = invoices(2)
    file = tmp_path / "scored.csv"
    frame.assign(bad=(frame["days_late"] > 0).astype(int), period="2026-01-31").to_csv(file, index=False)
    judged = file_validation(str(file), COLUMNS, "2026-06-30")
    checks = judged.of_group("timing")
    assert {c.verdict for c in checks} > {Verdict.NOT_RUN}
    assert judged.timing()[0].finding.startswith("Invoices")
    assert judged.drivers == ()
    own = {c.name: c.value for c in validate_timing(Timing.of_frame(frame))}
    assert {c.name: c.value for c in checks} == {name: pytest.approx(v, nan_ok=True) for name, v in own.items()}


def test_a_model_that_doesn_t_tell_when_has_no_time_to_judge(tmp_path):
    frame = invoices(2)[["late", "obligor"]].assign(bad=0)
    frame.loc[:99, "bad"] = 1
    file = tmp_path / "scored.csv"
    frame.to_csv(file, index=False)
    judged = file_validation(str(file), "score=late, outcome=bad, obligor=obligor", "2026-06-30")
    assert judged.of_group("timing") == []
    head, reason = judged.timing()
    assert (head.finding, head.verdict) == ("Not run", Verdict.NOT_RUN)
    assert "tells whether, not when" in reason.reason
