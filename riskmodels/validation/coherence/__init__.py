"""Do two models that answer one question agree: invoices summed up by party, and the party's own model."""

from riskmodels.validation.coherence.parties import Coherence, coherence, open_invoices, summed_up

__all__ = ["Coherence", "coherence", "open_invoices", "summed_up"]
