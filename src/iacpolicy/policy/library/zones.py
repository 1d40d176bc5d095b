"""The settings and records of a Cloudflare zone, wherever they are declared.

Version 5 of the provider and earlier versions are supported:
https://github.com/cloudflare/terraform-provider-cloudflare/blob/main/docs/guides/version-5-upgrade.md
"""

from collections.abc import Iterable, Iterator

from iacpolicy.policy.api import Attribute, Graph, Resource
from iacpolicy.policy.library.hosts import normalized, record_name, text_of

SETTING = "cloudflare_zone_setting"
SETTINGS = "cloudflare_zone_settings_override"  # all settings of a zone in one resource, before version 5
RECORDS = ("cloudflare_dns_record", "cloudflare_record")
PROXIABLE = ("A", "AAAA", "CNAME")


def apex_of(zone: Resource) -> str:
    """Return the name of a zone."""
    return normalized(text_of(zone["zone" if zone["name"].is_absent else "name"]))


def settings_of(zone: Resource, graph: Graph, name: str) -> Iterator[Attribute]:
    """Yield the values that are written for a setting of a zone."""
    for setting in graph.naming(zone, SETTING, "zone_id"):
        if setting["setting_id"] == name:
            yield setting["value"]
    for settings in graph.naming(zone, SETTINGS, "zone_id"):
        value = settings["settings"][name]
        if not value.is_null:
            yield value


def records_of(zone: Resource, graph: Graph) -> list[Resource]:
    """Return the DNS records of a zone."""
    return [record for type_ in RECORDS for record in graph.naming(zone, type_, "zone_id")]


def content_of(record: Resource) -> Attribute:
    """Return the target of a record."""
    return record["value" if record["content"].is_absent else "content"]


def is_proxied(record: Resource) -> bool:
    """Report that Cloudflare proxies a record."""
    return bool(record["type"].is_one_of(PROXIABLE) & (record["proxied"] == True))  # noqa: E712 - a Truth


def has_proxied(zone: Resource, graph: Graph) -> bool:
    """Report that Cloudflare proxies a record of the zone, or that this repository has no record of it."""
    records = records_of(zone, graph)
    return not records or any(is_proxied(record) for record in records)


def proxied_hosts(records: Iterable[Resource], apex: str) -> dict[str, Resource]:
    """Return the names that Cloudflare proxies in a zone, each with its record."""
    return {record_name(record, apex): record for record in records if is_proxied(record)}
