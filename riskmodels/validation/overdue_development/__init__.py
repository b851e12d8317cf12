"""The development of an overdue model judged: what its forecasts of cash and ageing were worth, and its reasons."""
