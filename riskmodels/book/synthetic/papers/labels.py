"""Which invoices are frauds, and which only look like one: in the truth alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from riskmodels.book.synthetic.clock import NEVER
from riskmodels.book.synthetic.failure import FAR
from riskmodels.book.synthetic.frames import days, ids, words
from riskmodels.book.synthetic.frauds import KINDS, LOOK_ALIKES
from riskmodels.book.synthetic.history import History


def labels(history: History) -> dict[str, pd.DataFrame]:
    """`frauds`: invoice_id, kind, copy_of (the invoice presented again), client_id, ring, found_on (none: not yet).

    `look_alikes`: invoice_id, kind, ring.
    """
    world, marks = history.world, history.world.frauds
    invoice_ids = ids("I", world.plan.issued.size)
    bad, alike = np.flatnonzero(marks.kind), np.flatnonzero(marks.look_alike)
    return {
        "frauds": pd.DataFrame(
            {
                "invoice_id": words(invoice_ids, bad),
                "kind": words(KINDS, marks.kind[bad]),
                "copy_of": words(invoice_ids, marks.copy_of[bad]),
                "client_id": words(world.client_ids, world.plan.client[bad]),
                "ring": marks.ring[bad],
                "found_on": days(np.where(marks.found[bad] == FAR, NEVER, marks.found[bad])),
            }
        ),
        "look_alikes": pd.DataFrame(
            {
                "invoice_id": words(invoice_ids, alike),
                "kind": words(LOOK_ALIKES, marks.look_alike[alike]),
                "ring": marks.ring[alike],
            }
        ),
    }
