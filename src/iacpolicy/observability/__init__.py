"""Dashboards and alert rules, and the PromQL in them.

It does not judge them. It returns the queries of each file or resource, their data sources and places.
"""
