"""Credit models: binning, scorecards and boosted trees beside the libraries a quant would otherwise use.

    python benchmarks/credit.py --scale full --json credit.json --only binning,scorecards

CPU seconds are of the whole process, medians of interleaved runs; microseconds of a row are medians by the clock. For
AUC the column `ratio` holds the difference to the peer's, or the lower end of its 95 % interval over repeated folds;
goals are least values of it. Nothing is tuned on the public sets.
"""

from __future__ import annotations

from collections.abc import Callable

import _credit_binning
import _credit_boosting
import _credit_folds
import _credit_scoring
from _bench import Row, run

SCALES = {"small": 20_000, "full": 200_000}
SEEDS = 10


def _seeds(n: int) -> range:
    return range(SEEDS if n >= SCALES["full"] else 1)


PARTS: dict[str, Callable[[int], list[Row]]] = {
    "binning": _credit_binning.measure,
    "scorecards": lambda n: _credit_folds.measure(n, _seeds(n)),
    "scoring": _credit_scoring.measure,
    "boosting": lambda n: _credit_boosting.measure(n, _seeds(n)),
}


def main() -> None:
    """Measure at the scale asked for."""
    run(__doc__, SCALES, PARTS)


if __name__ == "__main__":
    main()
