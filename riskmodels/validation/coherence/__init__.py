"""Do two models that answer one question agree: invoices summed up by party, and the party's own model."""

from riskmodels.validation.coherence.at_origin import against_invoices
from riskmodels.validation.coherence.parties import Coherence, coherence, open_invoices, summed_up, uncompared

__all__ = ["Coherence", "against_invoices", "coherence", "open_invoices", "summed_up", "uncompared"]
