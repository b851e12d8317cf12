"""A small ledger as CSV files, and ways to spoil it."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

INVOICES = pd.DataFrame(
    {
        "invoice_id": ["i1", "i2", "i3"],
        "client_id": ["c1", "c1", "c2"],
        "debtor_id": ["d1", "d2", "d1"],
        "currency": ["CNY", "CNY", "CNY"],
        "amount": ["100.00", "250.50", "80.00"],
        "issued_on": ["2025-01-05", "2025-01-20", "2025-02-01"],
        "due_on": ["2025-03-05", "2025-03-20", "2025-04-01"],
    }
)
PAYMENTS = pd.DataFrame(
    {
        "payment_id": ["p1", "p2", "p3"],
        "invoice_id": ["i1", "i2", "i2"],
        "paid_on": ["2025-03-10", "2025-03-15", "2025-06-30"],
        "amount": ["100.00", "200.00", "50.50"],
    }
)


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., Path]:
    """A folder with invoices.csv and payments.csv; each keyword replaces one of the tables."""

    def write(invoices: pd.DataFrame = INVOICES, payments: pd.DataFrame | None = PAYMENTS) -> Path:
        folder = tmp_path / "ledger"
        folder.mkdir(exist_ok=True)
        invoices.to_csv(folder / "invoices.csv", index=False)
        if payments is not None:
            payments.to_csv(folder / "payments.csv", index=False)
        return folder

    return write


def spoilt(frame: pd.DataFrame, row: int, **cells: str) -> pd.DataFrame:
    """The frame with some cells of one row replaced."""
    changed = frame.copy()
    for column, value in cells.items():
        if column not in changed:
            changed[column] = ""
        changed.loc[row, column] = value
    return changed


@pytest.fixture
def spoil() -> Callable[..., pd.DataFrame]:
    """A way to replace cells of one row."""
    return spoilt


@pytest.fixture
def invoices() -> pd.DataFrame:
    """Three invoices of two clients on two debtors."""
    return INVOICES


@pytest.fixture
def payments() -> pd.DataFrame:
    """Three payments: one whole and late, one in two parts."""
    return PAYMENTS


@pytest.fixture(params=["cut short", "other bytes"])
def damaged_workbook(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A workbook whose only sheet breaks off, or has bytes in it that don't fit their checksum."""
    sound, path = tmp_path / "sound.xlsx", tmp_path / "ledger.xlsx"
    pd.concat([INVOICES] * 50).to_excel(sound, sheet_name="invoices", index=False)
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(sound) as given, zipfile.ZipFile(path, "w") as made:
        for name in given.namelist():
            content = given.read(name)
            made.writestr(
                name, content[: len(content) // 2] if (name, request.param) == (sheet, "cut short") else content
            )
    if request.param == "other bytes":
        path.write_bytes(path.read_bytes().replace(b'r="7"', b'r="8"'))
    return path
