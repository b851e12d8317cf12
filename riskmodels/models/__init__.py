"""Models of receivables: bins, scorecard, boosted challenger, payment time, their explanations and their store."""
