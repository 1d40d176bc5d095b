"""Dashboards and alert rules, and the PromQL in them.

It returns the queries of each file or resource, with their data sources and places, and does not check them.
"""
