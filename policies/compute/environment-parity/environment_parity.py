"""Resources that differ in kind, not only in size, between the workspaces of one root module."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.environments import PRODUCTION, is_production

RENDER = ("render_web_service", "render_private_service", "render_background_worker", "render_cron_job")
# Main parts of a system: a workspace without one of these runs a different system.
PARTS = (
    *RENDER,
    *("render_static_site", "render_postgres", "render_keyvalue", "render_redis"),
    *("supabase_project", "supabase_edge_function"),
    *("aws_ecs_service", "aws_lambda_function", "aws_apprunner_service", "aws_autoscaling_group", "aws_eks_cluster"),
    *("aws_db_instance", "aws_rds_cluster", "aws_elasticache_replication_group", "aws_elasticache_cluster"),
    *("aws_dynamodb_table", "aws_opensearch_domain", "aws_sqs_queue", "aws_sns_topic", "aws_mq_broker"),
    *("aws_msk_cluster", "aws_kinesis_stream", "aws_lb", "aws_cloudfront_distribution"),
)
# The attributes that decide the kind of a resource, by type.
ASPECTS = {
    "render_postgres": ("version",),
    "render_keyvalue": ("max_memory_policy",),
    "render_redis": ("max_memory_policy",),
    **dict.fromkeys(RENDER, ("runtime_source",)),
    "supabase_settings": ("ssl_enforcement",),
    "cloudflare_zone_setting": ("value",),
    "postgresql_extension": ("version",),
    "grafana_data_source": ("type",),
    "aws_db_instance": ("engine", "engine_version", "storage_encrypted"),
    "aws_rds_cluster": ("engine", "engine_mode", "engine_version", "storage_encrypted"),
    "aws_elasticache_cluster": ("engine", "engine_version", "transit_encryption_enabled"),
    "aws_elasticache_replication_group": ("engine", "engine_version", "transit_encryption_enabled"),
    "aws_opensearch_domain": ("engine_version",),
    "aws_mq_broker": ("engine_type", "engine_version"),
    "aws_msk_cluster": ("kafka_version",),
    "aws_eks_cluster": ("version",),
    "aws_lambda_function": ("runtime", "package_type"),
    "aws_ecs_task_definition": ("requires_compatibilities", "network_mode"),
    "aws_lb_listener": ("protocol", "ssl_policy"),
}
SWITCHES = ("ssl_enforcement", "storage_encrypted", "transit_encryption_enabled")
TLS_SETTINGS = ("ssl", "min_tls_version", "tls_1_3", "always_use_https", "automatic_https_rewrites")

# The remediation by defect.
MISSING = "Create a {} in every workspace, as a small one where it is expensive, or list the type in `ignored_types`."
DIFFERENT = "Give `{}` the same value in all workspaces, or waive the difference with its reason."

META = Meta(
    id="environment-parity",
    title="Workspaces differ in more than size",
    severity=Severity.MEDIUM,
    on=tuple(dict.fromkeys((*PARTS, *ASPECTS))),
    why=(
        "Staging exists to fail before production does. With another engine version, weaker encryption or a missing "
        "queue, staging tests a different system. Defects of the real one then appear first in production."
    ),
    fix=(
        "Let workspaces differ only in sizes and numbers. Create every part in every workspace, as a small one where "
        "it is expensive. Waive a difference that must stay, with the reason."
    ),
    references=(
        "https://12factor.net/dev-prod-parity",
        "https://developer.hashicorp.com/terraform/language/state/workspaces",
    ),
    options=(
        PRODUCTION,
        Option("ignored_workspaces", [], "Workspaces that may differ from the others, such as personal ones."),
        Option("ignored_types", [], "Resource types that may differ, or may exist in one workspace only."),
    ),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Compare each workspace with production, or with the first workspace where none is production.

    Only values that are known in both workspaces are compared.
    """
    if resource.type in options["ignored_types"] or graph.cell.workspace in options["ignored_workspaces"]:
        return
    if not resource.exists.is_decided:
        return
    cells = [c for c in _siblings(graph) if c.cell.workspace not in options["ignored_workspaces"]]
    # A difference has the same place whichever workspace comes first; the tests check which one it is.
    production = [c for c in cells if is_production(c.cell, options["production"])]  # equivalent: same places
    first = (production or cells)[0]
    if resource.type in PARTS:
        yield from _missing(resource, graph, [c for c in cells if first in (graph, c)])
    if first != graph:
        other = _resources(first).get(resource.address)
        if other is not None and other.exists.is_decided:
            yield from _differing(resource, other, first.cell.workspace)


def _siblings(graph: Graph) -> tuple[Graph, ...]:
    """Return the cells of the same root module, one for each workspace."""
    by_root: dict[str, dict[str | None, Graph]] = graph.once("environment-parity by root", lambda: _by_root(graph))
    return tuple(by_root.get(graph.cell.root, {}).values())


def _by_root(graph: Graph) -> dict[str, dict[str | None, Graph]]:
    found: dict[str, dict[str | None, Graph]] = {}
    for cell in graph.all_cells():
        if cell.has_root:
            found.setdefault(cell.cell.root, {}).setdefault(cell.cell.workspace, cell)
    return found


def _resources(graph: Graph) -> Mapping[str, Resource]:
    return graph.once_in_cell(
        "environment-parity by address", lambda: {r.address: r for r in graph.declared("resource")}
    )


def _types(graph: Graph) -> Mapping[str, str]:
    """Return the address of the first resource of each type in a cell; resources that may exist are included."""

    def make() -> dict[str, str]:
        found: dict[str, str] = {}
        for resource in graph.declared("resource"):
            found.setdefault(resource.type, resource.address)
        return found

    return graph.once_in_cell("environment-parity by type", make)


def _missing(resource: Resource, graph: Graph, cells: list[Graph]) -> Iterator[Violation]:
    """Report a type that other workspaces lack, once, at its first resource."""
    lacking = [str(c.cell.workspace) for c in cells if resource.type not in _types(c)]
    if lacking and _types(graph)[resource.type] == resource.address:
        yield Violation(
            f"{resource.type} is missing in {' and '.join(lacking)}",
            at=resource,
            cause=resource.type,
            fix=MISSING.format(resource.type),
        )


def _differing(resource: Resource, other: Resource, workspace: str | None) -> Iterator[Violation]:
    if resource.type == "cloudflare_zone_setting" and _plain(resource["setting_id"]) not in TLS_SETTINGS:
        return
    for name in ASPECTS.get(resource.type, ()):
        mine, theirs = resource[name], other[name]
        if _is_known(mine) and _is_known(theirs):
            ours, wanted = _kind(resource, name), _kind(other, name)
            if ours != wanted:
                also = tuple((f"the value in {workspace}", span) for span in theirs.origin_places[:1])
                yield Violation(
                    f"{name} is {ours} here, but {wanted} in the workspace {workspace}",
                    at=mine,
                    also=also,
                    fix=DIFFERENT.format(name),
                )


def _kind(resource: Resource, name: str) -> str:
    """Return the compared part of a value as text: the major version, the kind of runtime, or on and off."""
    value = _plain(resource[name])
    if name == "runtime_source":
        return " ".join(of.get("runtime") or kind for kind, of in (value or {}).items() if of)
    if name in SWITCHES:
        return {True: "on", False: "off"}[bool(value)]
    if name == "engine_version" and isinstance(value, str):
        size = 1 if "postgres" in str(_plain(resource["engine"])) else 2
        return ".".join(value.split(".")[:size])
    return "not set" if value is None else str(value)


def _is_known(attribute: Attribute) -> bool:
    absent = attribute.is_absent
    return bool(attribute.is_known) or (absent.is_decided and bool(absent))


def _plain(attribute: Attribute) -> Any:
    return attribute.value if _is_known(attribute) else None
