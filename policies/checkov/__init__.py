"""Marks the directory as a package: Checkov loads Python checks from packages only."""
