"""Planted effects outside the ledger can be estimated back: events, grades, scores, market, soft information."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import logit
from scipy.stats import gamma

from riskmodels.book.schema.parties import EVENT_KINDS
from riskmodels.book.synthetic import outside
from riskmodels.book.synthetic.network import INDUSTRIES
from riskmodels.book.synthetic.outside.scores import CENTRE, score_odds
from riskmodels.book.synthetic.people import everyone
from riskmodels.core.scale import OBLIGORS
from tests.recovery.outside_worlds import (
    FEW,
    LAW,
    Told,
    between,
    likeliest,
    numbers,
    off,
    per_kind,
    pooled,
    regressed,
    worlds,
)


def events_of(told: Told) -> pd.DataFrame:
    """Events that could be read in time, with their causes and the stop of their party."""
    events = told.tables["party_events"].merge(told.truth["event_truth"], on="event_id")
    row = told.row(events["party_id"])
    events = events.assign(day=numbers(events["occurred_on"]), row=row, stop=told.subjects.stopped[row])
    return events[events["day"] <= told.cutoff]


def distances(told: Told, after: bool) -> tuple[np.ndarray, np.ndarray]:
    """Least and largest distance at which an event before (or after) each stop falls into the book and is read."""
    stop, start = told.subjects.stopped, told.history.world.clock.starts[0]
    near, far = (start - stop, told.cutoff - stop) if after else (stop - told.cutoff, stop - start)
    return np.maximum(near, 0), np.maximum(far, 0)


def chance(kind: str, near: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Probability that the distance of an event to its stop lies between; distances are rounded up to whole days."""
    mean, shape = abs(per_kind(LAW.event_lead_days)[kind]), LAW.events.lead_shape
    return gamma.cdf(far, shape, scale=mean / shape) - gamma.cdf(np.maximum(near - 1, 0), shape, scale=mean / shape)


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_as_many_stops_have_an_event_of_their_own_as_planted(kind: str):
    hit = per_kind(LAW.event_hit_rate)[kind]
    hits, expected, spread = 0, 0.0, 0.0
    for told in worlds():
        p = hit * chance(kind, *distances(told, per_kind(LAW.event_lead_days)[kind] < 0))
        hits += (events_of(told).query("kind == @kind")["cause"] == "trouble").sum()
        expected, spread = expected + p.sum(), spread + (p * (1 - p)).sum()
    assert expected > 3
    assert abs(hits - expected) < FEW * np.sqrt(spread)


@pytest.mark.parametrize("kind", [k for k in EVENT_KINDS if k not in ("recall", "safety", "policy")])
def test_the_mean_lead_of_each_kind_is_the_planted_one(kind: str):
    planted, shape = per_kind(LAW.event_lead_days)[kind], LAW.events.lead_shape
    lead, near, far = [], [], []
    for told in worlds():
        own = events_of(told).query("kind == @kind and cause == 'trouble'")
        lead.append(own["lead_days"].abs())
        for store, bound in zip((near, far), distances(told, planted < 0)):
            store.append(bound[own["row"]])
    distance, lowest, highest = np.concatenate(lead), np.concatenate(near), np.concatenate(far)

    def unlikely(log_mean: np.ndarray) -> float:
        scale = np.exp(log_mean[0]) / shape
        seen = gamma.cdf(highest, shape, scale=scale) - gamma.cdf(np.maximum(lowest - 1, 0), shape, scale=scale)
        day = gamma.cdf(distance, shape, scale=scale) - gamma.cdf(distance - 1, shape, scale=scale)
        return -np.log(day / seen).sum()

    (log_mean,), (error,) = likeliest(unlikely, [4.0])
    assert len(distance) >= 40
    assert abs(log_mean - np.log(abs(planted))) < FEW * error


def test_hits_show_in_the_year_before_a_stop_without_the_truth():
    """All events then, of whatever cause, against what quality and false alarms explain, and the hits."""
    ahead = {k: v for k, v in per_kind(LAW.event_hit_rate).items() if per_kind(LAW.event_lead_days)[k] > 0}
    of_trouble = sum(hit * chance(k, np.array([1]), np.array([365]))[0] for k, hit in ahead.items())
    seen, usual, stops = 0, 0.0, 0
    for told in worlds():
        subjects, first = told.subjects, told.history.world.clock.starts[0]
        since = np.maximum(subjects.joins, first) + 365
        rows = np.flatnonzero((subjects.stopped >= since) & (subjects.stopped <= told.cutoff))
        events = events_of(told)
        before = events["stop"] - events["day"]
        seen += (before.between(1, 365) & events["row"].isin(rows)).sum()
        month = told.history.world.clock.month(subjects.stopped[rows])
        quality = np.stack([subjects.quality[rows, month - k] for k in range(13)])
        base = sum(asdict(LAW.event_base_rate).values()) * np.exp(-LAW.events.quality * quality).mean(axis=0)
        usual += (base + sum(asdict(LAW.event_false_rate).values())).sum()
        stops += rows.size
    assert stops > 150
    assert seen > usual + 4 * np.sqrt(usual)
    assert abs(seen - usual - stops * of_trouble) < FEW * np.sqrt(seen)


def exposure(told: Told) -> np.ndarray:
    """Years of each party in business within the book, up to the cutoff."""
    first = np.maximum(told.subjects.joins, told.history.world.clock.starts[0])
    return np.maximum(np.minimum(told.subjects.default - 1, told.cutoff) + 1 - first, 0) / 365


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_false_alarms_are_as_frequent_as_planted_whatever_the_quality(kind: str):
    rate = per_kind(LAW.event_false_rate)[kind]
    for good in (True, False):
        seen, expected = 0, 0.0
        for told in worlds():
            chosen = (told.subjects.base > 0) == good
            false = events_of(told).query("kind == @kind and cause == 'none'")
            seen, expected = seen + chosen[false["row"]].sum(), expected + rate * exposure(told)[chosen].sum()
        assert abs(seen - expected) <= FEW * np.sqrt(expected)


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_events_of_weakness_are_as_frequent_as_planted(kind: str):
    seen, expected = 0, 0.0
    for told in worlds():
        world = told.history.world
        first, end = world.clock.starts[:-1], np.minimum(world.clock.starts[1:], told.cutoff + 1)
        begin = np.maximum(first, told.subjects.joins[:, None])
        days = np.maximum(np.minimum(end, told.subjects.default[:, None]) - begin, 0)
        rate = per_kind(LAW.event_base_rate)[kind] * np.exp(-LAW.events.quality * told.subjects.quality)
        # a month has a twelfth of a year's events, however long it is
        expected += (rate / 12 * days / np.diff(world.clock.starts)).sum()
        seen += (events_of(told).query("kind == @kind")["cause"] == "weakness").sum()
    assert abs(seen - expected) <= FEW * np.sqrt(expected)


def test_the_base_rate_of_events_and_its_slope_show_in_parties_that_never_stop():
    """From the tables alone: among the healthy an event is false or comes of weakness; both rates are estimated."""
    counts, quality, years = [], [], []
    for told in worlds():
        world, healthy = told.history.world, told.subjects.stopped > told.history.world.clock.starts[-1]
        seen = events_of(told)
        months = np.arange(world.clock.month(np.array([told.cutoff]))[0])
        inside = told.subjects.in_business(world.clock.starts[months]) & healthy[:, None]
        count = np.zeros((told.subjects.size, world.clock.total))
        np.add.at(count, (seen["row"], told.month(seen["occurred_on"])), 1)
        counts.append(count[:, months][inside])
        quality.append(told.subjects.quality[:, months][inside])
        years.append(np.broadcast_to(np.diff(world.clock.starts)[months] / 365, inside.shape)[inside])
    n, q, t = (np.concatenate(x) for x in (counts, quality, years))

    def unlikely(x: np.ndarray) -> float:
        rate = t * (np.exp(x[0] - x[1] * q) + np.exp(x[2]))
        return (rate - n * np.log(rate)).sum()

    found, error = likeliest(unlikely, [-1.0, 0.2, -2.0])
    planted = [np.log(sum(asdict(LAW.event_base_rate).values())), LAW.events.quality]
    planted.append(np.log(sum(asdict(LAW.event_false_rate).values())))
    assert np.abs((found - planted) / error).max() < FEW
    assert found[1] > 4 * error[1]


def test_events_of_trouble_are_graver():
    events = pd.concat([events_of(told) for told in worlds()])
    pairs = events[events["kind"].isin(["litigation", "negative news", "tax", "management change"])]
    mean = pairs.assign(trouble=pairs["cause"] == "trouble").groupby(["kind", "trouble"])["severity"].mean().unstack()
    assert (mean[True] > mean[False]).all()
    assert LAW.events.severity_trouble > 0


def test_the_noise_of_the_rating_model_is_found_from_its_grades():
    """Interval regression: a grade says between which bounds the model's view of quality lies."""
    told = pooled(lambda t: t.tables["ratings"].merge(t.truth["rating_truth"]))
    bounds = (LAW.ratings.intercept - logit(OBLIGORS.bounds)) / LAW.ratings.slope
    edges = np.concatenate([[np.inf], bounds, [-np.inf]])
    grade = told["model_grade"].astype(int).to_numpy() - 1
    found, error = between(edges[grade + 1], edges[grade], told["quality"])
    assert np.abs((found - [0, 1, np.log(LAW.ratings.noise)]) / error).max() < FEW


def test_overrides_are_as_frequent_and_as_ill_informed_as_planted():
    told = pooled(lambda t: t.tables["ratings"].merge(t.truth["rating_truth"]))
    grade, final = told["model_grade"].astype(int), told["final_grade"].astype(int)
    inside = grade.between(3, 5)
    n, changed = inside.sum(), inside & (grade != final)
    rate = LAW.ratings.override_rate
    assert abs(changed.sum() - rate * n) < FEW * np.sqrt(rate * (1 - rate) * n)
    error = (told["view"] - told["quality"])[changed]
    fit = sm.Logit((final > grade)[changed].astype(float), sm.add_constant(error)).fit(disp=False)
    assert np.abs((fit.params - [0, LAW.ratings.override_insight]) / fit.bse).max() < FEW


def test_the_noise_of_the_champion_is_found_from_its_scores():
    def scored(told: Told) -> pd.DataFrame:
        scores = told.tables["scores"].rename(columns={"subject_id": "party_id"})
        return scores.assign(true=told.subjects.quality[told.row(scores["party_id"]), told.month(scores["as_of"])])

    told = pooled(scored)
    view = (told["score"] - CENTRE) / LAW.scores.points
    fit = regressed(view, {"quality": told["true"]}, told["cluster"])
    assert off(fit, const=0, quality=1) == {}
    assert np.sqrt(fit.scale) == pytest.approx(LAW.scores.noise, rel=0.02)
    assert told["probability"].to_numpy() == pytest.approx(score_odds(LAW.scores, told["score"].to_numpy()), rel=1e-12)
    assert (told["grade"].to_numpy() == np.asarray(OBLIGORS.grade(told["probability"]))).all()


def sentiment_of(told: Told) -> pd.DataFrame:
    """First published values with the true state of the industry in that month and the months before."""
    market = told.tables["market"]
    market = market[market["series"].str.startswith("sentiment:")].drop_duplicates(["series", "on"])
    mood, month = told.history.world.cycles.industry, told.month(market["on"])
    row = pd.Index(INDUSTRIES).get_indexer(market["series"].str.removeprefix("sentiment:"))
    lagged = {f"lag{k}": np.where(month >= k, mood[row, np.maximum(month - k, 0)], np.nan) for k in range(5)}
    return market.assign(party_id=market["series"], **lagged).dropna()


def test_sentiment_follows_the_true_cycle_with_the_planted_lag():
    told = pooled(sentiment_of)
    fits = {k: sm.OLS(told["value"], sm.add_constant(told[f"lag{k}"])).fit() for k in range(5)}
    best = min(fits, key=lambda k: fits[k].ssr)
    assert best == LAW.market.sentiment_lag
    assert off(fits[best], const=50, **{f"lag{best}": LAW.market.sentiment_slope}) == {}
    assert np.sqrt(fits[best].scale) == pytest.approx(LAW.market.sentiment_noise, rel=0.05)


def test_a_planted_share_of_sentiment_is_revised_a_month_later():
    market = pd.concat([told.tables["market"].assign(seed=k) for k, told in enumerate(worlds())])
    market = market[market["series"].str.startswith("sentiment:")]
    # the last months' revisions aren't known yet
    market = market[market["on"] < "2026-04-01"].sort_values(["seed", "series", "on", "known_on"])
    versions = market.groupby(["seed", "series", "on"])
    revised = versions.size() == 2
    rate, n = LAW.market.revised_share, len(revised)
    assert abs(revised.sum() - rate * n) < FEW * np.sqrt(rate * (1 - rate) * n)
    change = versions["value"].diff().dropna()
    assert change.std() == pytest.approx(LAW.market.revision_noise, rel=0.12)


def test_soft_information_follows_base_quality_as_planted():
    base, soft = [], []
    for told in worlds():
        columns = outside.of_parties(told.history, everyone(told.history.world))
        base.append(told.subjects.base)
        soft.append(pd.DataFrame(columns))
    q, told = np.concatenate(base), pd.concat(soft, ignore_index=True)
    each = pd.Series(np.arange(len(q)))
    share = told["shareholder_concentration"]
    assert off(regressed(told["founder_score"], {"q": q}, each), q=LAW.soft.founder) == {}
    assert off(regressed(logit(share), {"q": q}, each), q=LAW.soft.concentration) == {}
    rated = told["external_rating"].notna().mean()
    assert abs(rated - LAW.soft.rated_share) < FEW * np.sqrt(0.25 / len(q))
    place = told["industry_position"].map({"lagging": 0, "middle": 1, "leading": 2})
    assert np.corrcoef(place, q)[0, 1] > 0.3
