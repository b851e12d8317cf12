"""Blocks travel as JSON and come back the same; they refuse what they can't be."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodels.core.checks import CheckResult, Limits, Verdict
from riskmodels.core.errors import Misuse
from riskmodels.reporting import blocks as b

words = st.text(max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53).map(float)
limits = st.builds(Limits, *[st.none() | numbers] * 4, words)
results = st.builds(
    CheckResult,
    st.tuples(words, words).map("area.".join),
    words,
    st.none() | numbers,
    st.none() | limits,
    n=st.none() | st.integers(0, 10**9),
    interval=st.none() | st.tuples(numbers, numbers),
    reason=words,
)
cells = st.none() | words | st.integers(-(2**53), 2**53) | numbers | st.booleans()


def travelled(block: b.Block) -> b.Block:
    return b.from_json(json.loads(json.dumps(block.to_json(), allow_nan=False)))


@given(st.lists(results, max_size=4), words, words)
def test_checks_survive_the_journey_through_a_notebook(checks, title, note):
    block = b.Verdicts(tuple(checks), {c.name: 0.5 for c in checks}, {"x": (1.0, None)}, title, note=note)
    assert travelled(block) == block


@given(st.lists(st.tuples(words, cells, cells), max_size=5), words)
def test_table_cells_survive_the_journey_with_their_types(rows, title):
    columns = (b.Column("a", "A"), b.Column("b", "B", "money"), b.Column("c", "C", "share"))
    block = b.Table("t", title, columns, tuple(rows))
    back = travelled(block)
    assert back == block
    assert [[type(v) for v in row] for row in back.rows] == [[type(v) for v in row] for row in rows]


def test_every_kind_survives_the_journey(report):
    assert [travelled(block) for block in report] == report
    assert {block.kind for block in report} >= {
        "masthead",
        "opinion",
        "verdicts",
        "table",
        "figure",
        "notrun",
        "signoff",
    }


def test_what_is_not_finite_travels_as_nothing():
    frame = pd.DataFrame({"x": [np.nan, np.inf, 1.0], "when": pd.to_datetime(["2026-01-31", None, "2026-02-28"])})
    table = b.Table.of("t", frame)
    assert travelled(table).rows == ((None, "2026-01-31"), (None, None), (1.0, "2026-02-28"))


def test_an_unknown_kind_is_refused_with_the_kinds_there_are():
    with pytest.raises(Misuse, match="found kind 'gauge', expected one of"):
        b.from_json({"kind": "gauge"})


def test_a_damaged_block_says_where():
    with pytest.raises(Misuse, match="block section: found 7 at finding"):
        b.from_json({"kind": "section", "number": "1", "name": "x", "finding": 7})


def test_a_missing_column_is_refused_by_name():
    with pytest.raises(Misuse, match=r"table t: missing columns \['b'\]"):
        b.Table.of("t", pd.DataFrame({"a": [1]}), [b.Column("b", "B")])


def test_an_unknown_unit_is_refused():
    with pytest.raises(Misuse, match="found unit 'euros'"):
        b.Column("a", "A", "euros")


def test_the_opinion_takes_the_worst_result_and_a_grade_takes_over(checks):
    assert b.Opinion.of(checks, "x").verdict is Verdict.BREACH
    assert b.Opinion.of(checks, "x", grade=2).verdict is Verdict.WATCH
    assert sum(b.Opinion.of(checks, "x").counts.values()) == len(checks)


def test_changes_rank_by_the_room_to_the_limit_they_used():
    near = CheckResult("a.b.near", "near", 0.09, Limits.at_most(0.10))
    far = CheckResult("a.b.far", "far", 0.5, Limits.at_most(10.0))
    changes = b.Changes.between([far, near], {"a.b.near": 0.08, "a.b.far": 0.1})
    assert [c.title for c in changes.items] == ["near", "far"]


def test_a_check_not_run_is_no_change(checks):
    changes = b.Changes.between(checks, {c.name: 0.5 for c in checks})
    assert "Coverage" not in [c.title for c in changes.items]


def test_a_block_shows_itself_in_a_notebook_in_three_forms(report):
    for block in report:
        shown = block._repr_mimebundle_()
        assert b.from_json(shown[b.MIME]) == block
        assert shown["text/html"].lstrip().startswith("<style>")
        assert shown["text/plain"].startswith(f"[{block.kind}]")
