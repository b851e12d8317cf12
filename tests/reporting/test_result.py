"""The machine-readable result equals what the page and the workbook show."""

import json

from riskmodels.reporting.result import render_json


def test_the_headline_figure_is_reached_by_its_name(report, run):
    assert render_json(report, run)["figures"]["validation.discrimination.auc.out_of_time"] == 0.791


def test_counts_add_up_to_the_checks(report, run, checks):
    result = render_json(report, run)
    assert sum(result["counts"].values()) == len(result["checks"]) == len(checks)
    assert (result["overall"], result["grade"]) == ("watch", 2)


def test_tables_equal_the_tables_shown(report, run, table):
    shown = render_json(report, run)["tables"]["debtors"]
    assert [tuple(row.values()) for row in shown["rows"]] == list(table.rows)
    assert shown["columns"]["balance"] == {"title": "Balance", "unit": "money"}


def test_a_table_never_hides_another_of_its_name(report, run):
    assert {"debtors", "debtors_2", "top"} <= set(render_json(report, run)["tables"])


def test_the_result_is_strict_json_and_the_same_each_time(report, run):
    first = json.dumps(render_json(report, run), allow_nan=False)
    assert first == json.dumps(render_json(report, run), allow_nan=False)


def test_a_check_not_run_has_its_reason_and_no_value(report, run):
    missing = render_json(report, run)["checks"][-1]
    assert (missing["verdict"], missing["value"]) == ("not_run", None)
    assert missing["reason"] == "the table bank_flows is missing"
