"""A database that the whole internet can knock at is one leaked password from being read."""

import ipaddress
from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.json_documents import document

RENDER = ("render_postgres", "render_keyvalue", "render_redis")
AWS = ("aws_db_instance", "aws_rds_cluster_instance", "aws_redshift_cluster")
# Bits of a network's prefix below which it is as good as the whole internet.
SHORTEST = 8

META = Meta(
    id="database-network-open",
    title="Database accepts connections from everywhere",
    severity=Severity.HIGH,
    on=("supabase_project", "supabase_settings", *RENDER, *AWS),
    why=(
        "Supabase lets every address connect to PostgreSQL until restrictions are set, and an allow list with "
        "`0.0.0.0/0` says the same of others. Then a password is all that stands between a stranger and the data, and "
        "every flaw of the server can be tried from everywhere."
    ),
    fix=(
        'Name the networks that connect: `network = jsonencode({ restrictions = ["203.0.113.0/24"] })` in '
        "`supabase_settings`; no `ip_allow_list` on Render's datastores, which then answer on the private network "
        "alone; `publicly_accessible = false` on RDS."
    ),
    references=(
        "https://supabase.com/docs/guides/platform/network-restrictions",
        "https://render.com/docs/postgresql-creating-connecting",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """What an absent argument means differs: open on Supabase, closed on Render and RDS."""
    if resource.type in AWS:
        if resource["publicly_accessible"] == True:
            yield Violation("it has a public address", at=resource["publicly_accessible"])
    elif resource.type in RENDER:
        for entry in resource["ip_allow_list"]:
            yield from _open(entry["cidr_block"])
    elif resource.type == "supabase_settings":
        restrictions = document(resource["network"])["restrictions"]
        if restrictions.is_null:
            yield Violation("network restricts nobody, so every address may connect", at=resource["network"])
        else:
            for entry in restrictions:
                yield from _open(entry)
    elif not _has_settings(resource, graph):
        yield Violation("no supabase_settings restricts who may connect", at=resource)


def _open(block: Attribute) -> Iterator[Violation]:
    if block.test(_is_everywhere, "is as good as every address"):
        yield Violation(f"{block} lets everybody in", at=block)


def _is_everywhere(text: object) -> bool:
    try:
        return ipaddress.ip_network(str(text).strip(), strict=False).prefixlen < SHORTEST
    except ValueError:
        return False


def _has_settings(project: Resource, graph: Graph) -> bool:
    """Whether settings belong to the project, or belong to none that is known."""
    if any(True for _ in graph.connected(project, "supabase_settings")):
        return True
    return any(not any(graph.connected(each, "supabase_project")) for each in graph.of("supabase_settings"))
