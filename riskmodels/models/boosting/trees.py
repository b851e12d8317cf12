"""What every model of LightGBM's trees has in common: columns coded, signs held, the same bits on every run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from riskmodels.core.errors import Misuse
from riskmodels.core.text import gettext as _
from riskmodels.models.coding import coded
from riskmodels.models.inputs import checked_frame, names


class BoostedTrees:
    """A model whose answers come from `trees_`, on columns coded by `categories_` and held to `signs_`."""

    trees_: lgb.Booster
    categories_: dict[str, list[str]]
    signs_: tuple[int, ...]
    threads: int

    def contributions(self, X: Any) -> pd.DataFrame:
        """Log-odds by column, and `base`; a row's sum is its log-odds (exact TreeSHAP, by LightGBM)."""
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.DataFrame(self._predicted(X, pred_contrib=True), index=index, columns=[*names(self), "base"])

    def summary(self) -> pd.DataFrame:
        """One row per column, most gain first: share of the gain, number of splits, sign it was held to."""
        check_is_fitted(self)
        gain, splits = (self.trees_.feature_importance(kind) for kind in ("gain", "split"))
        columns = {
            _("feature"): names(self),
            _("gain share"): gain / (gain.sum() or 1.0),
            _("splits"): splits,
            _("sign"): list(self.signs_),
        }
        return pd.DataFrame(columns).sort_values(_("gain share"), ascending=False, ignore_index=True, kind="stable")

    def _predicted(self, X: Any, **kind: bool) -> np.ndarray:
        check_is_fitted(self)
        frame = checked_frame(self, X, reset=False)
        return self.trees_.predict(coded(frame, self.categories_), num_threads=self.threads, **kind)


def reproducible(seed: int, threads: int) -> dict[str, Any]:
    """Settings under which LightGBM gives the same bits on every run and any number of threads, and says nothing."""
    return {
        "seed": seed,
        "num_threads": threads,
        "deterministic": True,
        "force_col_wise": True,  # by rows, each thread sums a part of them, and the bits depend on how many there are
        "verbosity": -1,
    }


def settings(model: Any, objective: str, **own: Any) -> dict[str, Any]:
    """The model's objective, own settings, signs, seed and threads, in LightGBM's words."""
    signs = {"monotone_constraints": list(model.signs_)} if any(model.signs_) else {}
    return {"objective": objective, **own, **signs, **reproducible(model.seed, model.threads)}


def dataset(model: Any, sample: Any, parameters: Mapping[str, Any]) -> lgb.Dataset:
    """The sample's coded columns, target and weights as LightGBM holds them."""
    text = [i for i, name in enumerate(names(model)) if name in model.categories_]
    options = {"weight": sample.weight, "categorical_feature": text, "free_raw_data": False}
    return lgb.Dataset(coded(sample.frame, model.categories_), sample.y, params=dict(parameters), **options)


def signs_of(model: Any) -> tuple[int, ...]:
    """The sign each of the fitted model's columns is held to; refused where `signs` doesn't fit the columns."""
    known = names(model)
    given = model.signs if isinstance(model.signs, Mapping) else dict(zip(known, model.signs or ()))
    if model.signs is not None and not isinstance(model.signs, Mapping) and len(model.signs) != len(known):
        raise Misuse(f"signs: found {len(model.signs)}, expected {len(known)}, one per column")
    if strange := sorted(set(given) - set(known)):
        raise Misuse(f"signs: found no columns {strange} in X; it has {known}")
    if text := sorted(name for name, sign in given.items() if sign and name in model.categories_):
        raise Misuse(f"signs: found a sign for {text}, which hold text; expected one for numbers only")
    return tuple(int(given.get(name, 0)) for name in known)
