"""Measures iacpolicy against its budgets: `make bench`."""
