"""The state keeps every value that it is given, in plain text, for as long as it has versions."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.secrets import (
    Reached,
    accepts_write_only,
    has_ephemeral,
    placed_secrets,
    secret_reference,
    takers_of_ephemeral,
    write_only_twins,
)

ENV_GROUP = "an env group that is filled outside Terraform and linked by render_env_group_link keeps it out"
IN_ENV_GROUP = {"env_vars": ENV_GROUP, "secret_files": ENV_GROUP}
SECRETS = "`secrets` with `valueFrom` lets ECS read it from Secrets Manager or Parameter Store"
WRANGLER = "`wrangler secret put` sets it past Terraform"
# Arguments without a write-only twin, for which there is another way all the same.
OUTSIDE: Mapping[str, Mapping[str, str]] = {
    "render_web_service": IN_ENV_GROUP,
    "render_private_service": IN_ENV_GROUP,
    "render_background_worker": IN_ENV_GROUP,
    "render_cron_job": IN_ENV_GROUP,
    "render_env_group": IN_ENV_GROUP,
    "aws_ecs_task_definition": {"container_definitions": SECRETS},
    "supabase_edge_function_secrets": {"secrets": "`supabase secrets set` sets them past Terraform"},
    "cloudflare_workers_secret": {"secret_text": WRANGLER},
    "cloudflare_workers_script": {"bindings": "`wrangler secret put` sets a secret binding past Terraform"},
}

META = Meta(
    id="secret-in-state",
    title="The state keeps a secret that it need not know",
    severity=Severity.MEDIUM,
    on=("resource", "data"),
    why=(
        "Whoever can read the state can read its secrets: the pipeline, everybody who may plan, every backup of the "
        "bucket, and every older version of the object. `sensitive` changes nothing about that."
    ),
    fix=(
        "Read the secret by an `ephemeral` block and give it to the write-only argument (`…_wo`, with its `_version`), "
        "which Terraform has had since 1.11. Where the provider has none, let the secret go past Terraform as the "
        "message says; then change it, for older states hold it still."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral",
        "https://render.com/docs/configure-environment-variables#environment-groups",
    ),
    options=(
        Option(
            "outside",
            True,
            "Whether secrets are told too for which the provider has no write-only argument, but a way past Terraform.",
        ),
    ),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Nothing is said where there is no other way, by the provider or by the version of Terraform that is asked for."""
    is_new = accepts_write_only(graph)
    if is_new and has_ephemeral(resource):
        yield from _read(resource, graph)
    if resource.kind == "resource":
        if is_new and not _is_plain(resource):
            for path in write_only_twins(resource):
                for argument in _at(resource, path):
                    name = path[-1]
                    yield Violation(f"{name} is kept in the state, which {name}_wo is not", at=argument)
        if options["outside"]:
            for argument_name, way in OUTSIDE.get(resource.type, {}).items():
                yield from _outside(resource, argument_name, way, graph)


def _read(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """A secret is read or made, and all that takes it would take an ephemeral value."""
    for taker in takers_of_ephemeral(resource, graph)[:1]:
        told = f"its secret is kept in the state; an ephemeral {resource.type} can give it to {taker}"
        yield Violation(told, at=resource)


def _is_plain(resource: Resource) -> bool:
    """A parameter of these types is no secret by its owner's own word."""
    return resource.type == "aws_ssm_parameter" and bool(resource["type"].is_one_of(("String", "StringList")))


def _at(resource: Resource, path: tuple[str, ...]) -> Iterator[Attribute]:
    """What is written at a path of nested blocks, if it is more than nothing."""
    found = [resource[path[0]]]
    for name in path[1:]:
        found = [block[name] for outer in found if not outer.is_absent for block in outer]
    for argument in found:
        if not argument.is_null and not argument.is_known & (argument == ""):
            yield argument


def _outside(resource: Resource, name: str, way: str, graph: Graph) -> Iterator[Violation]:
    """One violation for each key; what another resource has computed is in the state whatever is done here."""

    def is_avoidable(one: Reached) -> bool:
        return one.source.kind != "resource" and (name != "container_definitions" or "environment" in one.steps)

    for at in placed_secrets(resource, name, graph, is_avoidable):
        secret = secret_reference("state", resource, at.attribute, at.way, at.place)
        yield Violation(f"{at.subject} kept in the state; {way}", at.place, secret=secret)
