"""Planted effects in statements and bank flows can be estimated back."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import logit

from tests.recovery.outside_worlds import FEW, LAW, Told, between, numbers, off, pooled, regressed


def statements_of(told: Told) -> pd.DataFrame:
    """First versions and corrected ones that tell the truth, with the quality that their figures show."""
    keys = ["party_id", "period_end", "published_on"]
    return told.tables["financials"].merge(told.truth["statement_truth"], on=keys).query("overstated == 0")


RATIOS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "margin": lambda f: f["ebit"] / f["revenue"],
    "leverage": lambda f: f["total_liabilities"] / f["total_assets"],
    "liquidity": lambda f: np.log(f["current_assets"] / f["current_liabilities"]),
    "cover": lambda f: f["operating_cash_flow"] * 12 / f["months"].astype(float) / f["current_liabilities"],
    "cash": lambda f: logit(f["cash"] / (f["current_assets"] - f["receivables"])),
}


@pytest.mark.parametrize("name", RATIOS)
def test_a_unit_of_quality_moves_each_ratio_by_what_is_planted(name: str):
    told = pooled(statements_of)
    fit = regressed(RATIOS[name](told), {"quality": told["quality"]}, told["cluster"])
    planted = asdict(LAW.financials)
    assert off(fit, const=planted[name], quality=planted[f"{name}_quality"]) == {}
    # twice a clustered draw: the planted noise is one standard deviation of the residual
    assert np.sqrt(fit.scale) == pytest.approx(planted[f"{name}_noise"], rel=0.06)


def latent(told: Told) -> pd.DataFrame:
    """The statements whose months all lie in the book, with the mean of true quality over them."""
    frame = statements_of(told)
    row, month = told.row(frame["party_id"]), told.month(frame["period_end"])
    covers = frame["months"].astype(int).to_numpy()
    frame, row, month, covers = (x[month + 1 >= covers] for x in (frame, row, month, covers))
    up_to = np.concatenate([np.zeros((told.subjects.size, 1)), told.subjects.quality.cumsum(axis=1)], axis=1)
    return frame.assign(true=(up_to[row, month + 1] - up_to[row, month + 1 - covers]) / covers)


@pytest.mark.parametrize("name", ["margin", "leverage", "liquidity", "cover"])
def test_figures_slide_before_a_stop_as_if_quality_were_lower(name: str):
    told = pooled(latent)
    fit = regressed(RATIOS[name](told), {"true": told["true"], "trouble": told["trouble"]}, told["cluster"])
    slide = fit.t_test([0, LAW.distress.depth, 1])
    assert abs(float(slide.tvalue.item())) < FEW
    worse = -np.sign(asdict(LAW.financials)[f"{name}_quality"])
    assert worse * fit.params["trouble"] > 2 * fit.bse["trouble"]


def test_better_parties_publish_earlier():
    def in_time(told: Told) -> pd.DataFrame:
        """Yearly statements as first published, of years after which no default kept the late ones back."""
        frame = told.tables["financials"].merge(told.truth["statement_truth"]).query("months == 12")
        first = frame[~frame.duplicated(["party_id", "period_end"])]
        return first[told.subjects.default[told.row(first["party_id"])] > numbers(first["period_end"]) + 120]

    yearly = pooled(in_time)
    took = (yearly["published_on"] - yearly["period_end"]).dt.days.to_numpy()
    assert took.max() <= 120
    found, error = between(logit((took - 1) / 120), logit(took / 120), yearly["quality"])
    planted = [LAW.financials.delay, LAW.financials.delay_quality, np.log(LAW.financials.delay_noise)]
    assert np.abs((found - planted) / error).max() < FEW


def test_the_book_is_the_planted_share_of_a_clients_revenue():
    def three_years(told: Told) -> pd.DataFrame:
        plan, whole = told.history.world.plan, statements_of(told).query("months == 12 and trouble == 0")
        whole = whole[whole["period_end"].dt.year.isin([2023, 2024, 2025])].groupby("party_id")["revenue"]
        revenue = whole.agg(["sum", "size"]).query("size == 3").reset_index()
        inside = (plan.issued >= 19_358) & (plan.issued < 20_454)
        book = np.bincount(plan.client[inside], plan.amount[inside] / 100, told.history.world.clients.quality.size)
        row = told.row(revenue["party_id"])
        only = told.subjects.is_client[row] & ~told.subjects.is_debtor[row]
        return revenue[only].assign(share=book[told.subjects.client[row[only]]] / revenue["sum"][only])

    told = pooled(three_years)
    # of the smallest clients the book is hardly a share at all
    told = told[told["sum"] > told["sum"].quantile(0.05)]
    view = logit(told["share"])
    assert abs(view.mean() - logit(LAW.financials.book_share)) < FEW * view.std() / np.sqrt(len(view))
    assert view.std() == pytest.approx(LAW.financials.book_share_spread, rel=0.15)


def test_dressed_revenue_is_seen_against_the_bank():
    def against(told: Told) -> pd.DataFrame:
        yearly = told.tables["financials"].merge(told.truth["statement_truth"]).query("months == 12")
        flows = told.tables["bank_flows"].assign(month=lambda f: f["month"])
        both = yearly.merge(flows[["party_id", "month", "inflow"]], on="party_id")
        age = (both["period_end"] - both["month"]).dt.days
        both = both[(age >= 0) & (age < 364)]
        by = ["party_id", "period_end", "published_on", "revenue", "overstated", "dressed", "trouble"]
        year = both.groupby(by)["inflow"].agg(["sum", "size"]).reset_index().query("size == 12")
        return year.assign(ratio=year["revenue"] / year["sum"])

    told = pooled(against)
    assert told["dressed"].sum() >= 8
    clean = told[~told["dressed"] & (told["trouble"] == 0)]["ratio"]
    assert clean.median() == pytest.approx(1, abs=0.05)
    assert (told[told["dressed"]]["ratio"] > clean.quantile(0.99)).mean() > 0.8


def test_clients_dress_their_accounts_as_often_and_as_much_as_planted():
    def first_seen(told: Told) -> pd.DataFrame:
        frame = told.tables["financials"].merge(told.truth["statement_truth"])
        client = told.subjects.is_client[told.row(frame["party_id"])]
        return frame[client].assign(corrects=lambda f: f.duplicated(["party_id", "period_end"]))

    told = pooled(first_seen)
    near = told[(told["trouble"] > 0) & ~told["corrects"]]
    dresses = near.groupby("cluster")["dressed"].any()
    rate = LAW.distress.dressing_rate
    assert len(dresses) >= 30
    assert abs(dresses.sum() - rate * len(dresses)) < FEW * np.sqrt(rate * (1 - rate) * len(dresses))
    again = told[told["corrects"]].merge(near[near["dressed"]], on=["cluster", "period_end"], suffixes=("", "_dressed"))
    ratio = again["revenue_dressed"] / again["revenue"]
    assert ratio.to_numpy() == pytest.approx(1 + LAW.distress.dressing, abs=1e-6)


def flow_months(told: Told) -> pd.DataFrame:
    """Flows of debtors and clients with their quality and how near their stop is."""
    flows = told.tables["bank_flows"]
    row, month = told.row(flows["party_id"]), told.month(flows["month"])
    ends = told.history.world.clock.ends
    trouble = told.subjects.trouble(ends, LAW.distress.lead_days)
    quality = told.subjects.quality[row, month]
    stops = told.subjects.stopped[row] < ends[-1]
    return flows.assign(quality=quality, trouble=trouble[row, month], stops=stops).assign(
        client=told.subjects.is_client[row], debtor=told.subjects.is_debtor[row]
    )


def test_inflow_falls_before_a_stop_by_what_is_planted():
    told = pooled(flow_months)
    # a debtor's inflow is its other business alone; all business grows
    years = (told["month"] - told["month"].min()).dt.days / 365
    told = told.assign(inflow=told["inflow"] / (1 + LAW.business.yearly_growth) ** years)[
        ~told["client"] & told["stops"]
    ]
    usual = told[told["trouble"] == 0].groupby("cluster")["inflow"].agg(["mean", "size"]).query("size >= 6")
    near = told[told["trouble"] > 0].merge(usual, on="cluster")
    fit = regressed(near["inflow"] / near["mean"], {"trouble": near["trouble"]}, near["cluster"])
    assert off(fit, trouble=-LAW.distress.inflow_fall) == {}
    assert fit.params["trouble"] < -3 * fit.bse["trouble"]


def test_the_lowest_balance_and_what_is_spent_follow_quality_as_planted():
    told, own = pooled(flow_months), LAW.bank_flows
    seen = told["quality"] - LAW.distress.depth * told["trouble"]
    lowest = regressed(told["minimum_balance"] / told["inflow"], {"quality": seen}, told["cluster"])
    assert off(lowest, const=own.balance, quality=own.balance_quality) == {}
    # a debtor may have to spend more for its invoices
    clients = told["client"] & ~told["debtor"]
    spent = np.log(told["outflow"] / told["inflow"])[clients]
    thrift = regressed(spent, {"quality": seen[clients]}, told["cluster"][clients])
    assert off(thrift, const=0, quality=own.spent_quality) == {}


def test_an_auditor_signs_for_the_weak_less_often_as_planted():
    yearly = pooled(statements_of).query("months == 12")
    design = sm.add_constant(yearly["quality"])
    fit = sm.Logit(yearly["audited"].astype(float), design).fit(disp=False)
    planted = [LAW.financials.clean_audit, LAW.financials.clean_audit_quality]
    assert np.abs((fit.params - planted) / fit.bse).max() < FEW
