"""When invoices are paid, as foretold and as it came: the measures and the suite of the section on payment time."""
