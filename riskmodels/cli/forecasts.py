"""Commands that look ahead: the cash that open invoices will bring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodels.cli.show import AsOf, BookPlace, progress, say, write_frame
from riskmodels.core.paths import book_file, writable

if TYPE_CHECKING:
    from riskmodels.models.cash.forecast import CashForecast

forecast_app = typer.Typer(help="What is to come: cash.", rich_markup_mode=None, no_args_is_help=True)


@forecast_app.command("cash")
def cash(
    book: BookPlace,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", help="The .parquet or .csv file to write.")],
    horizon: Annotated[str, typer.Option("--horizon", help="Days, weeks or months, such as 30d, 13w or 6m.")] = "13w",
    by: Annotated[str, typer.Option("--by", help="client, debtor or currency.")] = "currency",
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
) -> None:
    """Write what open invoices are expected to bring, with bands of 50, 80 and 95 %, by the newest overdue model."""
    from riskmodels.models.cash.forecast import forecast_cash

    writable(out, ".parquet", ".csv")
    with progress("forecasting"):
        found = forecast_cash(book_file(book), as_of, horizon, by, seed)
        write_frame(found.table, out)
    say(f"{out}: {len(found.table):,} rows; {_in_words(found)}")


def _in_words(found: CashForecast) -> str:
    """What is expected over the horizon, by currency, of open invoices and bills, and what the model can't tell of."""
    from riskmodels.core.numbers import money

    whole = found.table[found.table["span"] == "horizon"].groupby("currency")[["expected", "bills_held"]].sum()
    bills = {c: f" and {money(b, c)} of bills" if b else "" for c, _, b in whole.itertuples()}
    opened = {c: money(found.open_amount.get(c, 0.0), c) for c in whole.index}
    told = [f"{money(e - b, c)} of {opened[c]}{bills[c]}" for c, e, b in whole.itertuples()]
    left = [money(amount, c) for c, amount in found.left_out.items() if amount > 0]
    return f"expected {', '.join(told)}" + (f"; no answer for {', '.join(left)}" if left else "")
