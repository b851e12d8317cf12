from importlib import import_module

import pytest

PACKAGES = ["riskmodels.models.binning", "riskmodels.models.cards", "riskmodels.models.scorecard", "riskmodels"]


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_is_where_the_package_says(name):
    package = import_module(name)
    assert all(getattr(package, public) is not None for public in package.__all__)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_name_that_a_package_lacks_is_missed_as_everywhere(name):
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute 'nothing'"):
        _ = import_module(name).nothing
    with pytest.raises(ImportError):
        exec(f"from {name} import nothing")
