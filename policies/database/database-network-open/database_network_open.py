"""Databases that accept connections from the whole internet."""

import ipaddress
from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.json_documents import document

RENDER = ("render_postgres", "render_keyvalue", "render_redis")
AWS = ("aws_db_instance", "aws_rds_cluster_instance", "aws_redshift_cluster")
# Prefix length below which a network counts as the whole internet.
SHORTEST = 8

META = Meta(
    id="database-network-open",
    title="Database accepts connections from the whole internet",
    severity=Severity.HIGH,
    on=("supabase_project", "supabase_settings", *RENDER, *AWS),
    why=(
        "A database that anyone can reach is protected by its password alone. A leaked password or a flaw in the "
        "server then exposes all data. Supabase accepts every address until restrictions are set."
    ),
    fix=(
        'Supabase: set `network = jsonencode({ restrictions = ["203.0.113.0/24"] })` in `supabase_settings`, with '
        "your own networks. Render: remove `ip_allow_list`, so that only the private network connects. RDS and "
        "Redshift: set `publicly_accessible = false`."
    ),
    references=(
        "https://supabase.com/docs/guides/platform/network-restrictions",
        "https://render.com/docs/postgresql-creating-connecting",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """An absent argument means open on Supabase, and closed on Render and RDS."""
    if resource.type in AWS:
        if resource["publicly_accessible"] == True:
            yield Violation(
                "publicly_accessible is true, so the database has a public address", at=resource["publicly_accessible"]
            )
    elif resource.type in RENDER:
        for entry in resource["ip_allow_list"]:
            yield from _open(entry["cidr_block"])
    elif resource.type == "supabase_settings":
        restrictions = document(resource["network"])["restrictions"]
        if restrictions.is_null:
            yield Violation("network has no restrictions, so every address can connect", at=resource["network"])
        else:
            for entry in restrictions:
                yield from _open(entry)
    elif not _has_settings(resource, graph):
        yield Violation("the project has no supabase_settings, so every address can connect", at=resource)


def _open(block: Attribute) -> Iterator[Violation]:
    if block.test(_is_everywhere, "covers nearly every address"):
        yield Violation(f"{block} lets the whole internet connect", at=block)


def _is_everywhere(text: object) -> bool:
    try:
        return ipaddress.ip_network(str(text).strip(), strict=False).prefixlen < SHORTEST
    except ValueError:
        return False


def _has_settings(project: Resource, graph: Graph) -> bool:
    """Return whether settings belong to the project, or to an unknown one."""
    if any(True for _ in graph.connected(project, "supabase_settings")):
        return True
    return any(not any(graph.connected(each, "supabase_project")) for each in graph.of("supabase_settings"))
