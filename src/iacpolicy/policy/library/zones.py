"""A Cloudflare zone with what belongs to it: its settings and its records, wherever they are declared.

Both as version 5 of the provider has them and as those before it had:
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
    """The name of a zone."""
    return normalized(text_of(zone["zone" if zone["name"].is_absent else "name"]))


def settings_of(zone: Resource, graph: Graph, name: str) -> Iterator[Attribute]:
    """The values that are written for a setting of a zone."""
    for setting in graph.naming(zone, SETTING, "zone_id"):
        if setting["setting_id"] == name:
            yield setting["value"]
    for settings in graph.naming(zone, SETTINGS, "zone_id"):
        value = settings["settings"][name]
        if not value.is_null:
            yield value


def records_of(zone: Resource, graph: Graph) -> list[Resource]:
    """The DNS records of a zone."""
    return [record for type_ in RECORDS for record in graph.naming(zone, type_, "zone_id")]


def content_of(record: Resource) -> Attribute:
    """What a record points at."""
    return record["value" if record["content"].is_absent else "content"]


def is_proxied(record: Resource) -> bool:
    """Whether a record is one that Cloudflare answers for."""
    return bool(record["type"].is_one_of(PROXIABLE) & (record["proxied"] == True))  # noqa: E712 - a Truth


def has_proxied(zone: Resource, graph: Graph) -> bool:
    """Whether a zone answers for any name, or may do so: its records may be kept elsewhere, if none is here."""
    records = records_of(zone, graph)
    return not records or any(is_proxied(record) for record in records)


def proxied_hosts(records: Iterable[Resource], apex: str) -> dict[str, Resource]:
    """The names that Cloudflare answers for in a zone, each with its record."""
    return {record_name(record, apex): record for record in records if is_proxied(record)}
