"""The figures of a statement: what the trade implies, and ratios that follow quality."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.special import expit

from riskmodels.book.synthetic.clock import stream
from riskmodels.book.synthetic.law import Floats
from riskmodels.book.synthetic.laws.outside import Financials
from riskmodels.book.synthetic.network import Codes
from riskmodels.book.synthetic.outside.business import Business
from riskmodels.book.synthetic.outside.periods import Statements, sum_over

OVERHEAD = 0.10  # of revenue
CURRENT_SHARE, MOST_CURRENT = 0.75, 0.95  # current liabilities of liabilities; current assets of assets, at most
MOST_RECEIVABLES = 0.75  # of current assets
TURNOVER, TURNOVER_SPREAD = 0.1, 0.25  # revenue of a year / assets, log
DSO_MONTHS, DSO_SPREAD = 2.2, 0.2  # receivables outside the book, in months of revenue there
INVENTORY = 0.85  # of the rest of current assets
DEBT_SHARE = 0.35  # of liabilities
TAX = 0.25
SMALLEST_LEVERAGE = 0.05


@dataclass(frozen=True)
class Ratios:
    """One entry per statement: what its figures are made with."""

    margin: Floats
    leverage: Floats
    liquidity: Floats
    cover: Floats
    turnover: Floats
    dso: Floats
    cash: Floats
    interest: Floats


@dataclass(frozen=True)
class Figures:
    """One entry per statement, in yuan; equity is what assets exceed liabilities by."""

    revenue: Floats
    cost: Floats
    ebit: Floats
    net_income: Floats
    total_assets: Floats
    current_assets: Floats
    inventory: Floats
    receivables: Floats
    cash: Floats
    total_liabilities: Floats
    current_liabilities: Floats
    operating_cash_flow: Floats
    interest_expense: Floats

    def take(self, rows: Codes) -> Figures:
        """The figures of the given statements."""
        return Figures(*(getattr(self, f.name)[rows] for f in fields(self)))


def draw_ratios(law: Financials, seed: int, parties: int, statements: Statements) -> Ratios:
    """Each ratio is a level, its slope x quality, and noise: half of its variance the party's own, half new."""
    rng = stream(seed, "ratios")
    party, quality = statements.party, statements.quality

    def noise(spread: float) -> Floats:
        """Noise of each statement: half of its variance the party's own, half new."""
        own, new = rng.normal(size=parties)[party], rng.normal(size=party.size)
        return spread * np.sqrt(0.5) * (own + new)

    def ratio(level: float, slope: float, spread: float) -> Floats:
        """A ratio of each statement, by its level, slope over quality, and noise."""
        return level + slope * quality + noise(spread)

    return Ratios(
        ratio(law.margin, law.margin_quality, law.margin_noise),
        np.maximum(ratio(law.leverage, law.leverage_quality, law.leverage_noise), SMALLEST_LEVERAGE),
        np.exp(ratio(law.liquidity, law.liquidity_quality, law.liquidity_noise)),
        ratio(law.cover, law.cover_quality, law.cover_noise),
        np.exp(TURNOVER + TURNOVER_SPREAD * rng.normal(size=parties))[party],
        np.exp(noise(DSO_SPREAD)) * DSO_MONTHS,
        expit(ratio(law.cash, law.cash_quality, law.cash_noise)),
        law.interest + law.interest_quality * quality,
    )


def figures_of(business: Business, statements: Statements, ratios: Ratios) -> Figures:
    """True figures: revenue holds the book's sales, cost what was bought, receivables the open invoices."""
    party, month, covers = statements.party, statements.month, statements.covers
    revenue = sum_over(business.revenue, party, month, covers)
    bought = sum_over(business.bought, party, month, covers)
    current_liabilities_share = np.minimum(CURRENT_SHARE, MOST_CURRENT / (ratios.liquidity * ratios.leverage))
    current = ratios.liquidity * current_liabilities_share * ratios.leverage
    receivables = business.open[party, month] + ratios.dso * sum_over(business.other, party, month, covers) / covers
    assets = np.maximum(revenue * 12 / covers / ratios.turnover, receivables / (MOST_RECEIVABLES * current))
    liabilities = assets * ratios.leverage
    interest = liabilities * DEBT_SHARE * ratios.interest * covers / 12
    profit = ratios.margin * revenue - interest
    rest = current * assets - receivables
    return Figures(
        revenue=revenue,
        cost=np.maximum(revenue * (1 - OVERHEAD - ratios.margin), bought),
        ebit=ratios.margin * revenue,
        net_income=profit - TAX * np.maximum(profit, 0),
        total_assets=assets,
        current_assets=current * assets,
        inventory=INVENTORY * (1 - ratios.cash) * rest,
        receivables=receivables,
        cash=ratios.cash * rest,
        total_liabilities=liabilities,
        current_liabilities=current_liabilities_share * liabilities,
        operating_cash_flow=ratios.cover * current_liabilities_share * liabilities * covers / 12,
        interest_expense=interest,
    )


def overstate(figures: Figures, share: Floats) -> Figures:
    """The figures with revenue that never was: its gross profit, and receivables that nobody will pay."""
    fake = figures.revenue * share
    profit = fake * (1 - figures.cost / figures.revenue)
    return replace(
        figures,
        revenue=figures.revenue + fake,
        cost=figures.cost + fake - profit,
        ebit=figures.ebit + profit,
        net_income=figures.net_income + (1 - TAX) * profit,
        receivables=figures.receivables + fake,
        current_assets=figures.current_assets + fake,
        total_assets=figures.total_assets + fake,
    )
