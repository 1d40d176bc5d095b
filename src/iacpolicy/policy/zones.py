"""A Cloudflare zone with what belongs to it: its settings and its records, wherever they are declared."""

from collections.abc import Iterable, Iterator

from iacpolicy.policy.api import Graph, Resource
from iacpolicy.policy.hosts import record_name

SETTING = "cloudflare_zone_setting"
RECORD = "cloudflare_dns_record"
PROXIABLE = ("A", "AAAA", "CNAME")


def settings_of(zone: Resource, graph: Graph, name: str) -> Iterator[Resource]:
    """The settings of a zone that have a name (`setting_id`)."""
    for setting in graph.naming(zone, SETTING, "zone_id"):
        if setting["setting_id"] == name:
            yield setting


def is_proxied(record: Resource) -> bool:
    """Whether a record is one that Cloudflare answers for."""
    return bool(record["type"].is_one_of(PROXIABLE) & (record["proxied"] == True))  # noqa: E712 - a Truth


def has_proxied(zone: Resource, graph: Graph) -> bool:
    """Whether a zone answers for any name, or may do so: its records may be kept elsewhere, if none is here."""
    records = list(graph.naming(zone, RECORD, "zone_id"))
    return not records or any(is_proxied(record) for record in records)


def proxied_hosts(records: Iterable[Resource], apex: str) -> dict[str, Resource]:
    """The names that Cloudflare answers for in a zone, each with its record."""
    return {record_name(record, apex): record for record in records if is_proxied(record)}
