"""Where an invoice stands: by months of 30 days to or past its due date, and the buckets and exits that are told.

State 0 is due within the month to come, so its first day past due lies in it; -1 a month later than that; 1 is 1 to 30
days past due, ..., 12 is 331 to 360, 13 is over 360. A month on an open invoice stands one state further, whatever the
calendar does: buckets of 90 days would forget how long it has been in them.
"""

from __future__ import annotations

import numpy as np

from riskmodels.core.buckets import EDGES, bucket_names
from riskmodels.core.text import gettext as _
from riskmodels.models.bad_definition.ledger import LOSS
from riskmodels.models.bad_definition.roll_rates import MONTH

FIRST, LAST = -12, LOSS // MONTH + 1
"""The states at the ends: due in more than 360 days, and more than 360 days past due."""
STATES = tuple(range(FIRST, LAST + 1))
NEW = LAST + 1
"""Where invoices issued within the month come from."""
ORIGINS = (*STATES, NEW)
EXITS = ("paid", "credited", "written_off")


def bucket_of(state: np.ndarray) -> np.ndarray:
    """The bucket (0 to 6) that each state lies in."""
    return np.where(state > 0, np.searchsorted(EDGES, MONTH * state), 0)


def exit_names() -> list[str]:
    """What becomes of a balance that doesn't stay open, in the language in force."""
    return [_("paid"), _("credited"), _("written off")]


def state_names() -> list[str]:
    """The buckets and the exits, in the language in force."""
    return [*bucket_names(), *exit_names()]
