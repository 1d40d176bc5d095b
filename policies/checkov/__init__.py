"""Checkov loads Python checks only from a directory that has this file."""
