"""Benchmarks of iacpolicy with budgets: `make bench`."""
