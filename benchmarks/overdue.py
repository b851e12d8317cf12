"""Payment-time models: a million invoices fitted and scored within stated limits, each engine beside its library.

The logit hazard is set against scikit-learn's LogisticRegression on the expanded person-period design: both solve the
same ridge problem to the same tolerance, and the peer takes its fastest solver for few columns, newton-cholesky. The
hazards of trees are set against LightGBM asked once per interval. The limits are for two cores and 6 GB.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from _bench import Row, must_agree, row, run, timed
from _overdue_beside import beside
from _overdue_data import Sample, days_of_issue, ibm, invoices, known_law
from _overdue_rivals import hazard, lifelines_cox, scikit_survival
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from riskmodels.models.payment_parts import parts_of
from riskmodels.models.payment_time import GRID, PaymentTime
from riskmodels.models.person_period import periods

SCALES = {"small": 20_000, "full": 1_000_000}
PEER = 100_000  # invoices the logit's peer can do in memory
BOOSTED = {"small": 3_000, "full": 9_000}  # invoices that scikit-survival's boosting, quadratic in them, can do
FIT_LIMIT, SCORE_LIMIT, ROW_LIMIT, MEMORY_LIMIT = 90.0, 45.0, 10_000_000, 6.0
LIMIT = "stated limit"


def logit(n: int) -> list[Row]:
    """The logit hazard beside scikit-learn, and beside making its rows."""
    sample = invoices(min(n, PEER))
    known = PaymentTime("logit").fit(*sample)
    same = np.allclose(known.hazards_[0].hazards(sample[0][:100]), peer(sample, known), rtol=1e-6, atol=1e-6)
    must_agree(same, "hazards")
    work = {
        "ours": lambda: PaymentTime("logit").fit(*sample),
        "peer": lambda: peer(sample, known),
        "floor": lambda: rows_of(sample),
    }
    seconds, _ = timed(work, 3)
    told, size = "payment-time logit", len(sample[0])
    return [
        row(told, seconds["ours"], seconds["peer"], "scikit-learn newton-cholesky", 1.0, size),
        row(f"{told} against its floor", seconds["ours"], seconds["floor"], "person-period rows", None, size),
    ]


def peer(sample: Sample, known: PaymentTime) -> np.ndarray:
    """Hazards of the first hundred invoices, by scikit-learn on one row per invoice and interval."""
    hazard: Any = known.hazards_[0]
    grid, rows = known.grid_, rows_of(sample)
    z = hazard.scale.transform(sample[0])
    model = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-12, max_iter=100)
    model.fit(expanded(z[rows.invoice], rows.interval, hazard.past), rows.events, sample_weight=rows.exposed)
    place = np.tile(np.arange(len(grid)), 100)
    few = expanded(np.repeat(z[:100], len(grid), axis=0), place, hazard.past)
    return np.asarray(expit(model.decision_function(few)).reshape(100, -1))


def expanded(z: np.ndarray, interval: np.ndarray, past: np.ndarray) -> np.ndarray:
    """The design: a flag per interval, covariates, and covariates once past due."""
    return np.hstack([np.eye(len(past))[interval], z, z * past[interval][:, None]])


def rows_of(sample: Sample) -> Any:
    """The person-period rows alone."""
    return periods(np.array(GRID, float), np.asarray(sample[1], float), parts_of(sample[3], sample[2]))


def trees(n: int) -> list[Row]:
    """Hazards of boosted trees on all intervals in one walk, and by LightGBM once per interval."""
    X = (sample := invoices(SCALES["small"]))[0]
    hazard: Any = PaymentTime("lightgbm").fit(*sample).hazards_[0]

    def by_library() -> np.ndarray:
        days = [np.column_stack([X.to_numpy(np.float32), np.full(len(X), day, np.float32)]) for day in hazard.grid]
        return np.column_stack([hazard.trees.predict(day, num_threads=1) for day in days])

    seconds, found = timed({"ours": lambda: hazard.hazards(X), "peer": by_library}, 3)
    must_agree(np.allclose(found["ours"], found["peer"], rtol=1e-9), "hazards of trees")
    who = f"LightGBM asked {len(hazard.grid)} times"
    return [row("hazards of boosted trees", seconds["ours"], seconds["peer"], who, 1.0, len(X))]


def limits(n: int, engine: str) -> list[Row]:
    """Seconds to fit and to score with every answer, rows expanded and the most memory this process ever held."""
    sample, issued = invoices(n), days_of_issue(n)
    model = PaymentTime(engine, threads=2)
    fit, _ = timed({"fit": lambda: model.fit(*sample, issued=issued)}, 1)
    score, _ = timed({"score": lambda: model.answers(sample[0], sample[1])}, 1)
    told, memory = f"payment time, {engine}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return [
        row(f"{told}: fit", fit["fit"], FIT_LIMIT, LIMIT, 1.0, n),
        row(f"{told}: score", score["score"], SCORE_LIMIT, LIMIT, 1.0, n),
        row(f"{told}: expanded rows", float(model.card()["periods"]), ROW_LIMIT, LIMIT, 1.0, n, "rows"),
        row(f"{told}: memory", memory, MEMORY_LIMIT, LIMIT, 1.0, n, "gigabytes"),
    ]


def survival(n: int) -> list[Row]:
    """Beside Cox and boosted survival: on invoices of a known law, as many as the peer can do, and on IBM's."""
    ours, boosted, (cox, *others) = hazard("logit"), hazard("lightgbm"), (lifelines_cox(), *scikit_survival())
    linear = [(ours, peer) for peer in (cox, *others[:1])]
    trees = [(boosted, peer) for peer in others[1:]]
    most = BOOSTED["full" if n >= SCALES["full"] else "small"]
    few = beside("a known law", known_law(min(n, most)), trees) if trees else []
    return [*beside("a known law", known_law(min(n, PEER)), linear), *few, *beside("IBM", ibm(n), [*linear, *trees])]


PARTS: dict[str, Callable[[int], list[Row]]] = {
    "logit": logit,
    "trees": trees,
    "survival": survival,
    "fit-logit": partial(limits, engine="logit"),
    "fit-lightgbm": partial(limits, engine="lightgbm"),
    "fit-auto": partial(limits, engine="auto"),
}


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, PARTS)


if __name__ == "__main__":
    main()
