"""Dashboards and alert rules, and the PromQL in them.

What it never does: judge them. It says what each file or resource asks of which source, and where that is written.
"""
