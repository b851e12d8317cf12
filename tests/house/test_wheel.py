"""An installed package has all that a checkout has: notebooks, templates, mappings, limits, the Chinese catalogue."""

import subprocess
import sys
import zipfile

import pytest

from riskmodels.runs.notebooks import asked, folder


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=repository, check=True, capture_output=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_package_and_every_report(wheel, repository):
    held = set(zipfile.ZipFile(wheel).namelist())
    package = repository / "riskmodels"
    files = {
        path.relative_to(repository).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    reports = {f"riskmodels/notebooks/{path.name}" for path in folder().glob("*.ipynb")}
    assert reports
    on_asking = {f"riskmodels/notebooks/research/{report.path.name}" for report in asked()}
    assert files | reports | on_asking <= held


def test_an_installed_package_finds_its_reports_without_the_checkout(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "from riskmodels.runs.notebooks import available, find; print(*(r.name for r in available()), "
        "find('loss-and-dilution').name)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.split()
    developments = ["overdue_development", "portfolio_review", "scorecard_development"]
    assert found == ["data_quality", "feature_review", "model_validation", *developments, "loss_and_dilution"]
