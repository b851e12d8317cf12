"""The words of losses and dilution, and where its methods come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodels.core.text import gettext as _
from riskmodels.reporting.block import Block
from riskmodels.reporting.body import Section
from riskmodels.reporting.closing import Glossary
from riskmodels.reporting.pages.page import limits_used

if TYPE_CHECKING:
    from riskmodels.reporting.pages.losses import LossAndDilution


def appendix_page(report: LossAndDilution) -> Iterator[Block]:
    """The words, and the sources of the methods."""
    yield Section("9", _("Appendix"), _("Words and sources"))
    yield limits_used(report.checks, report.book.currency)
    yield Glossary(
        _("Words"),
        (
            (_("LGD"), _("loss given default: the share of the exposure that cash after the default doesn't cover")),
            (_("Exposure"), _("advance and accrued interest unpaid at the default, not the invoice's face")),
            (_("Workout"), _("the months after a default whose cash counts; the same for every claim")),
            (_("Holdback"), _("the part of the invoice not advanced; worth only what the debtor pays")),
            (_("Recourse"), _("the client must buy back what the debtor doesn't pay")),
            (
                _("Dilution"),
                _("credit notes, returns, discounts and set-off: what is taken off an invoice without cash"),
            ),
            (_("Ripe month"), _("a month of invoices of whose credit notes nine tenths have come")),
            (_("gAUC"), _("chance that of two claims the one estimated to lose more loses more")),
        ),
    )
    yield Glossary(
        _("Sources"),
        (
            (_("Fractional logit"), "Papke and Wooldridge 1996, Journal of Applied Econometrics 11"),
            (_("Two stages"), "Bellotti and Crook 2012, International Journal of Forecasting 28"),
            (_("Downturn"), "EBA/GL/2019/03"),
            (_("Back-test"), "ECB 2019, instructions for reporting the validation results of internal models, 2.6"),
            (_("Vintages"), "Bornhuetter and Ferguson 1972"),
            (_("Dilution reserve"), _("criteria for securitised trade receivables; stress from memory")),
        ),
    )
