"""Rating histories the tests share: written as text, or simulated."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from riskmodels.models.transitions import States, rating_histories

STATES = States(("A", "B"))


def ratings(**parties):
    """Dated ratings from a text of day and grade per party: x="0 A 400 B" rates x A on day 0 and B on day 400."""
    rows = []
    for party, text in parties.items():
        words = text.split()
        rows += [(party, day(int(n)), grade) for n, grade in zip(words[::2], words[1::2])]
    return pd.DataFrame(rows, columns=["party_id", "rated_on", "grade"]).astype({"rated_on": "datetime64[us]"})


def day(number):
    return date(2019, 12, 31) + timedelta(days=number)


def seen(until=None, states=STATES, **parties):
    return rating_histories(ratings(**parties), states, None if until is None else day(until))


def simulated(rates, obligors, years, seed, states, leaving=0.0):
    """Ratings of obligors that move at constant `rates` a year (K, K) over `years`, and leave at another rate."""
    rng = np.random.default_rng(seed)
    rows, end = [], round(365.25 * years)
    for party in range(obligors):
        now, state = rng.uniform(0, 365), int(rng.integers(len(states.grades)))
        gone = now + rng.exponential(365.25 / leaving) if leaving else np.inf
        rows.append((party, int(now), states.names[state]))
        while True:
            now += rng.exponential(365.25 / -rates[state][state]) if rates[state][state] else np.inf
            if now > min(gone, end):
                break
            state = int(rng.choice(len(rates), p=np.maximum(rates[state], 0) / -rates[state][state]))
            rows.append((party, int(now) + 1, states.names[state]))
        if gone < end:
            rows.append((party, int(gone) + 1, states.withdrawn))
    frame = pd.DataFrame(rows, columns=["party_id", "day", "grade"])
    frame["rated_on"] = pd.Timestamp(day(0)) + pd.to_timedelta(frame["day"], unit="D")
    unique = frame.drop_duplicates(["party_id", "day"], keep="last")
    return unique[unique["day"] <= end][["party_id", "rated_on", "grade"]]
