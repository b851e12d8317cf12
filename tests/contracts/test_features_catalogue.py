"""Every feature of the catalogue meets the common rules."""

import subprocess
import sys

import pytest

from riskmodels.core.numbers import UNITS
from riskmodels.features import CATALOGUE, Feature
from riskmodels.features.plan import version


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda e: e.name)
def test_a_feature_states_its_meaning_unit_and_sign(entry):
    assert entry.meaning[0].isupper()
    assert not entry.meaning.endswith(".")
    assert entry.unit in UNITS
    assert entry.sign in (-1, 0, 1)


@pytest.mark.parametrize("feature", [e for e in CATALOGUE if isinstance(e, Feature)], ids=lambda e: e.name)
def test_the_name_of_a_feature_ends_in_its_window(feature):
    last = feature.name.rsplit("_", 1)[1]
    looked_back = [days for m in feature.measures for days in (m.window, m.ago)]
    assert last in ("now", "ever") or int(last.removesuffix("d")) in looked_back


def test_names_are_unique():
    names = [e.name for e in CATALOGUE]
    assert len(names) == len(set(names))


def test_the_version_of_a_catalogue_moves_with_a_declaration():
    assert version(CATALOGUE) == version(tuple(CATALOGUE))
    assert version(CATALOGUE) != version(CATALOGUE[1:])


def test_importing_the_package_of_features_is_light():
    code = "import sys, riskmodels.features; sys.exit(bool({'ibis', 'numba', 'pandas', 'duckdb'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
