"""Limits files: read with their source, refused in one line when they say what nobody meant."""

import pytest

from riskmodels.core.checks import Limits
from riskmodels.core.errors import Misuse
from riskmodels.core.limits import override_limits, packaged_limits, parse_limits

DEFAULTS = {"a.b.auc": Limits.at_least(0.6, 0.7, "house default"), "a.b.psi": Limits.at_most(0.25, 0.1, "Siddiqi")}


def test_each_kind_of_limit_is_read_with_its_source():
    text = """
        ["a.b.auc"]
        at_least = 0.6
        watch = 0.7
        source = "s"
        ["a.b.psi"]
        at_most = 1
        source = "t"
        ["a.b.ratio"]
        between = [0.5, 2]
        watch = [0.8, 1.25]
        source = "u"
    """
    assert parse_limits(text, "limits") == {
        "a.b.auc": Limits.at_least(0.6, 0.7, "s"),
        "a.b.psi": Limits.at_most(1.0, None, "t"),
        "a.b.ratio": Limits.between((0.5, 2.0), (0.8, 1.25), "u"),
    }


def test_a_users_file_changes_only_what_it_names(tmp_path):
    path = tmp_path / "limits.toml"
    path.write_text('["a.b.auc"]\nat_least = 0.75\nsource = "committee 2026-03"')
    changed = override_limits(DEFAULTS, path)
    assert changed["a.b.auc"] == Limits.at_least(0.75, source="committee 2026-03")
    assert changed["a.b.psi"] == DEFAULTS["a.b.psi"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('["a.b.acu"]\nat_least = 1\nsource = "s"', r"found 'a\.b\.acu'.*did you mean 'a\.b\.auc'"),
        ('["a.b.auc"]\natleast = 1\nsource = "s"', "found 'atleast'.*did you mean 'at_least'"),
        ('["a.b.auc"]\nsource = "s"', "found no limit, expected exactly one of at_least, at_most, between"),
        ('["a.b.auc"]\nat_least = 1\nat_most = 2\nsource = "s"', "expected exactly one of"),
        ('["a.b.auc"]\nat_least = 1', "found no source"),
        ('["a.b.auc"]\nat_least = "high"\nsource = "s"', "found 'high', expected a number"),
        ('["a.b.auc"]\nat_least = nan\nsource = "s"', "found nan, expected a number"),
        ('["a.b.auc"]\nat_least = true\nsource = "s"', "found True, expected a number"),
        ('["a.b.auc"]\nbetween = [1]\nsource = "s"', r"expected two numbers \[low, high\]"),
        ('["a.b.auc"]\nbetween = [2, 1]\nsource = "s"', "found 2.0 before 1.0"),
        ('["a.b.auc"]\nat_least = 0.7\nwatch = 0.6\nsource = "s"', "expected the watch line inside the limit"),
        ('"a.b.auc" = 0.7', "expected a table headed"),
        ("not toml", "not a TOML file"),
    ],
)
def test_a_mistake_gives_one_clear_line(tmp_path, text, words):
    path = tmp_path / "limits.toml"
    path.write_text(text)
    with pytest.raises(Misuse, match=words) as caught:
        override_limits(DEFAULTS, path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_a_misuse(tmp_path):
    with pytest.raises(Misuse, match=r"absent\.toml: limits can't be read"):
        override_limits(DEFAULTS, tmp_path / "absent.toml")


def test_the_limits_a_package_ships_are_read():
    assert "validation.discrimination.ks" in packaged_limits("riskmodels.validation")
