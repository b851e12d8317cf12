"""The book described: ageing, concentration, turnover, cohorts, and the review that turns them into checks."""
