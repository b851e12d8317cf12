"""The files of the public sets: where they are, what they hold, and the hash each is held against."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from riskmodels.core.errors import DataRefused, Misuse

SETTING = "RISKMODELS_DATA"
DEFAULT = "../shared/data"


@dataclass(frozen=True)
class Dataset:
    """A public set: the call that reads it, its file, what the frame holds, where it came from and on what terms."""

    name: str
    file: str
    sha256: str
    rows: int
    columns: int
    what: str
    source: str
    licence: str


UCI = "CC BY 4.0"
NONE = "none stated"
DATASETS = {
    d.name: d
    for d in (
        Dataset(
            "ibm_late_payment",
            "ibm_late_payment/invoices.csv",
            "651bc4225708bf33148a0e177c9221afdf697d3a4de10333725a4af3dd022fcf",
            2466,
            12,
            "settled invoices of 100 customers, 2012 to 2013",
            "IBM Watson sample file, public copies",
            NONE,
        ),
        Dataset(
            "highradius_open",
            "highradius_open/open_items.csv",
            "9d4c0fa0dbcb9572fd5cdd45cd9b055a6ed1dadf493122832e24f8064d58213f",
            9700,
            22,
            "open invoices of a large supplier, 2020",
            "HighRadius challenge, public copies",
            NONE,
        ),
        Dataset(
            "german",
            "german/german.data",
            "b21f3d81db8071257d5ff1deaeba1fd4303b62712e6fcc9715c7a86202cb5871",
            1000,
            21,
            "applicants for credit, good or bad",
            "UCI Statlog (German credit data)",
            UCI,
        ),
        Dataset(
            "hmeq",
            "hmeq/hmeq.csv",
            "dfdbc2b7cdf728a15b53e323cde6127995715dfa6b178bd3c1e3d9916d0367aa",
            5960,
            13,
            "home-equity loans, with missing values",
            "creditriskanalytics.net",
            NONE,
        ),
        Dataset(
            "taiwan_default",
            "taiwan_default/taiwan_credit.csv.gz",
            "79b0b03093e1c1ddda75da8b4a7729da7ca416da3a87b8f20bb6525201d807fa",
            30_000,
            25,
            "card clients with six months of status, bill and payment",
            "UCI 350 (default of credit card clients)",
            UCI,
        ),
        Dataset(
            "lgd",
            "lgd/lgd.csv",
            "2e3f964a88bc97f67a1be712addacc9098100515a0239c73fc883741cbb1e07e",
            2545,
            8,
            "defaulted loans with their loss",
            "creditriskanalytics.net",
            NONE,
        ),
        Dataset(
            "jarrow_lando_turnbull",
            "transitions/JLT.csv",
            "11d8d72040be8443c6bbb58f5dcbb9e8a030fc71790f9a7461bee8d29d8de097",
            8,
            8,
            "one-year transition matrix of eight grades",
            "open-risk transitionMatrix; Jarrow, Lando and Turnbull 1997",
            "Apache-2.0",
        ),
        Dataset(
            "sp_matrices",
            "transitions/sp_1981-2016.csv",
            "fcf3dd1c02afbe0f03a92632db5ddc8a84ca405c6695b1c0e734bee2e7bb713e",
            56,
            11,
            "S&P corporate transition rates 1981-2016 over eight tenors",
            "open-risk transitionMatrix",
            "Apache-2.0",
        ),
        Dataset(
            "sp_notches",
            "transitions/sp_2017.csv",
            "0086f72b982b97ca876fd81f382dc1ce9f71ba8755c77b109b791acdc2c3ee5b",
            17,
            18,
            "S&P one-year transition rates by notch",
            "open-risk transitionMatrix",
            "Apache-2.0",
        ),
        Dataset(
            "dated_ratings",
            "transitions/rating_data_raw.csv",
            "4e205ef3e5581cc388815700333c0975c628aeeffaefc1d62cd56a8a9b8cff54",
            4000,
            4,
            "dated ratings of 1,829 entities, with default and withdrawal",
            "open-risk transitionMatrix",
            "Apache-2.0",
        ),
        Dataset(
            "simulated_migration",
            "transitions/synthetic_data5.csv",
            "a5673fa0450d59894e8b3767b8951c6b2d6595d085dde63357eda5c53e81b868",
            50_000,
            3,
            "10,000 entities simulated over five times and three states",
            "open-risk transitionMatrix",
            "Apache-2.0",
        ),
        Dataset(
            "bpi2012",
            "bpi2012/bpi12.xes.gz",
            "98301abb2fc4711228a760d4f3a573be9dbcf91cdcf6b24892bbeb1dbc3c9878",
            164_506,
            6,
            "event log of 13,087 loan applications",
            "BPI Challenge 2012, 4TU",
            NONE,
        ),
    )
}


def place(name: str, folder: str | Path | None = None) -> Path:
    """Where a set's file would be under the folder, by default the one the setting RISKMODELS_DATA names."""
    root = folder if folder is not None else os.environ.get(SETTING) or DEFAULT
    return Path(root) / DATASETS[name].file


def original(name: str, folder: str | Path | None = None) -> Path:
    """The file of a set, once it is known to be the one its figures were taken from."""
    path = place(name, folder)
    if not path.is_file():
        raise Misuse(f"{path}: no such file; expected {name} there: give the folder of public sets or set {SETTING}")
    with path.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if found != DATASETS[name].sha256:
        raise DataRefused(f"{path}: found a file with SHA-256 {found}, expected {DATASETS[name].sha256}")
    return path


def whole(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, once it has the rows and columns it should have."""
    expected = (DATASETS[name].rows, DATASETS[name].columns)
    if frame.shape != expected:
        found, wanted = (f"{rows:,} rows of {columns} columns" for rows, columns in (frame.shape, expected))
        raise DataRefused(f"{name}: found {found}, expected {wanted}")
    return frame
