"""Open invoices as they stand from day to day, found by number, debtor or client; amounts in minor units."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/_-]*[0-9][A-Z0-9/_-]*|[0-9]+")


@dataclass(slots=True)
class Item:
    """An invoice: `due` as a day number, `left` what is still to be paid, in minor units of its currency."""

    invoice_id: str
    number: str
    client_id: str
    debtor_id: str
    currency: str
    due: int
    left: int


class Ledger:
    """The open invoices, each found by its number on paper, its debtor and its client."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.by_number: defaultdict[str, list[str]] = defaultdict(list)
        self.by_debtor: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.by_client: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def add(self, item: Item) -> None:
        """Put an invoice in."""
        self.items[item.invoice_id] = item
        for name in numbers_in(f"{item.number} {item.invoice_id}"):
            self.by_number[name].append(item.invoice_id)
        self.by_debtor[item.debtor_id][item.invoice_id] = None
        self.by_client[item.client_id][item.invoice_id] = None

    def reduce(self, invoice_id: str, amount: int) -> None:
        """Take a payment or credit note off what is left; a reversal, below 0, puts it on again."""
        item = self.items.get(invoice_id)
        if item is not None:
            item.left -= amount
            for index, name in ((self.by_debtor, item.debtor_id), (self.by_client, item.client_id)):
                if item.left > 0:
                    index[name][invoice_id] = None
                else:
                    index[name].pop(invoice_id, None)

    def named(self, text: str, currency: str) -> list[Item]:
        """The open invoices that a payer's text names, in the order named."""
        found = dict.fromkeys(i for name in numbers_in(text) for i in self.by_number.get(name, ()))
        return [item for i in found if (item := self.items[i]).left > 0 and item.currency == currency]

    def of_debtor(self, debtor_id: str, currency: str) -> list[Item]:
        """The open invoices of a debtor, due first first."""
        return self._sorted(self.by_debtor.get(debtor_id, {}), currency)

    def of_client(self, client_id: str, currency: str) -> list[Item]:
        """The open invoices of a client, due first first."""
        return self._sorted(self.by_client.get(client_id, {}), currency)

    def _sorted(self, ids: dict[str, None], currency: str) -> list[Item]:
        found = (self.items[i] for i in ids)
        return sorted((i for i in found if i.currency == currency), key=lambda i: (i.due, i.invoice_id))


def numbers_in(text: str) -> list[str]:
    """The words of a text that hold a digit, as invoice numbers are written: full width and case make no difference."""
    return _NUMBER.findall(unicodedata.normalize("NFKC", text).upper())
