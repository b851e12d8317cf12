"""The pages of the two reports: what is computed on the lower floors, put into sentences, tables and figures."""
