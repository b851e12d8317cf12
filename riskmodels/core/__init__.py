"""Words every floor shares: errors, check results, dates, language, number formats."""
