"""Cash that open invoices will bring: expected by period, with bands for debtors and industries that pay together.

`forecast` gives the table, `backtest` what such tables were worth at earlier dates.
"""
