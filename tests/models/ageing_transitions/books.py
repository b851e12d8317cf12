"""Books of invoices, payments, credit notes and write-offs made from rows, and by chance."""

import numpy as np
import pandas as pd

from riskmodels.book.book import Book, in_memory

START = pd.Timestamp("2024-01-01")


def book_of(rows: list[tuple], paid: list[tuple] = (), noted: list[tuple] = (), lost: list[tuple] = ()) -> Book:
    """Invoices (id, debtor, amount, issued_on, due_on); payments, credit notes and write-offs (id, day, amount)."""
    invoices = pd.DataFrame(rows, columns=["invoice_id", "debtor_id", "amount", "issued_on", "due_on"])
    frames = {"invoices": invoices.assign(client_id="c", currency="CNY")}
    sources = {
        "payments": (paid, "paid_on", "payment_id"),
        "credit_notes": (noted, "issued_on", "note_id"),
        "write_offs": (lost, "written_off_on", None),
    }
    for name, (events, day, key) in sources.items():
        if len(events):
            frame = pd.DataFrame(events, columns=["invoice_id", day, "amount"])
            frames[name] = frame.assign(**({key: [f"{name}{i}" for i in range(len(frame))]} if key else {}))
    for frame in frames.values():
        for column in [c for c in frame if c.endswith("_on")]:
            frame[column] = pd.to_datetime(frame[column])
    return Book("test", in_memory(frames))


def by_chance(seed: int, invoices: int = 60, days: int = 400, debtors: int = 6) -> tuple[list[tuple], ...]:
    """Invoices with part payments, some taken back, credit notes, over-payments, write-offs, some never paid."""
    rng = np.random.default_rng(seed)
    rows, events = [], ([], [], [])
    for i in range(invoices):
        issued = START + pd.Timedelta(days=int(rng.integers(0, days)))
        due = issued + pd.Timedelta(days=int(rng.choice([0, 10, 30, 60, 500], p=[0.1, 0.2, 0.3, 0.35, 0.05])))
        amount = float(rng.integers(1, 1000)) / 4
        rows.append((f"i{i}", f"d{rng.integers(debtors)}", amount, issued, due))
        for _event in range(rng.integers(0, 4)):
            kind = rng.choice(3, p=[0.8, 0.12, 0.08])
            part = amount if rng.random() < 0.4 else round(amount * rng.random() * 1.2, 2)
            sign = -1 if kind == 0 and rng.random() < 0.15 else 1
            day = due + pd.Timedelta(days=int(rng.integers(-40, 200)))
            if part > 0:
                events[kind].append((f"i{i}", day, sign * part))
    # Two write-offs of an invoice on one day would be one.
    lost = list({(name, day): (name, day, part) for name, day, part in events[2]}.values())
    return rows, events[0], events[1], lost


def any_book(seed: int, **options: int) -> Book:
    """A book by chance."""
    return book_of(*by_chance(seed, **options))
