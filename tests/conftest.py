"""Fixtures every folder of tests shares: where the real data and the oracle files are, and real servers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

# numexpr comes with a peer of the benchmarks and with nothing that users install: pandas takes it wherever it finds it,
# and would evaluate queries here by another engine than theirs.
pd.set_option("compute.use_numexpr", False)

# A first example may compile or import something for seconds: that says nothing of the property.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

REPOSITORY = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("RISKMODELS_DATA", REPOSITORY.parent / "shared" / "data"))


def _under(root: Path) -> Callable[..., Path]:
    def find(*parts: str) -> Path:
        path = root.joinpath(*parts)
        if not path.exists():
            pytest.fail(f"{path} is missing: set RISKMODELS_DATA to the folder of real data")
        return path

    return find


@pytest.fixture(scope="session")
def real_data() -> Callable[..., Path]:
    """Path of a file of the real data, by its parts."""
    return _under(DATA)


@pytest.fixture(scope="session")
def oracle() -> Callable[..., Path]:
    """Path of an oracle file, by its name."""
    return _under(DATA.parent / "oracles")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A running PostgreSQL server that asks for a password, `tests.servers.Postgres`."""
    from tests.servers import postgres_server

    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Spark session on this machine, with no tables."""
    from tests.servers import spark_session

    with spark_session(tmp_path_factory.mktemp("warehouse")) as session:
        yield session
