"""Databases that accept connections from the whole internet."""

import ipaddress
from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.json_documents import json_document

RENDER = ("render_postgres", "render_keyvalue", "render_redis")
AWS = ("aws_db_instance", "aws_rds_cluster_instance", "aws_redshift_cluster")
# The remediation by product.
SUPABASE_NETWORK = 'Set `network = jsonencode({ restrictions = ["203.0.113.0/24"] })` with the networks that connect.'
SUPABASE_PROJECT = f"Add a `supabase_settings` for the project. {SUPABASE_NETWORK}"
SUPABASE_ENTRY = "Replace the entry in `restrictions` by the networks that connect."
RENDER_LIST = "Remove the entry from `ip_allow_list`; with an empty list, only the private network connects."
AWS_PUBLIC = "Set `publicly_accessible = false`, and connect from inside the VPC."
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
    fix=f"Supabase: {SUPABASE_PROJECT} Render: {RENDER_LIST} RDS and Redshift: {AWS_PUBLIC}",
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
                "publicly_accessible is true, so the database has a public address",
                at=resource["publicly_accessible"],
                fix=AWS_PUBLIC,
            )
    elif resource.type in RENDER:
        for entry in resource["ip_allow_list"]:
            yield from _open(entry["cidr_block"], RENDER_LIST)
    elif resource.type == "supabase_settings":
        restrictions = json_document(resource["network"])["restrictions"]
        if restrictions.is_null:
            yield Violation(
                "network has no restrictions, so every address can connect",
                at=resource["network"],
                fix=SUPABASE_NETWORK,
            )
        else:
            for entry in restrictions:
                yield from _open(entry, SUPABASE_ENTRY)
    elif not _has_settings(resource, graph):
        yield Violation(
            "the project has no supabase_settings, so every address can connect", at=resource, fix=SUPABASE_PROJECT
        )


def _open(block: Attribute, fix: str) -> Iterator[Violation]:
    if block.test(_is_everywhere, "covers nearly every address"):
        yield Violation(f"{block} lets the whole internet connect", at=block, fix=fix)


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
