"""The state keeps every value that it is given, in plain text, for as long as it has versions."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Secret, Severity, Violation
from iacpolicy.secrets.reach.cell_secrets import SecretsOfCell
from iacpolicy.secrets.reach.placed import placed
from iacpolicy.secrets.reach.state_storage import Keeping, has_ephemeral, knows_write_only, twins

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
    module, root = resource.node.module, graph.inner.root
    if module is None or root is None:  # equivalent: a resource stands in a module, below a root
        return  # equivalent: likewise
    catalogue = module.session.catalogue
    is_new = knows_write_only(root.module)
    if is_new and has_ephemeral(catalogue, resource.type):
        yield from _read(resource, graph, module)
    if resource.kind == "resource":
        if is_new and not _is_plain(resource):
            for path in twins(catalogue, resource.type):
                for argument in _at(resource, path):
                    name = path[-1]
                    yield Violation(f"{name} is kept in the state, which {name}_wo is not", at=argument)
        if options["outside"]:
            for argument_name, way in OUTSIDE.get(resource.type, {}).items():
                yield from _outside(resource, argument_name, way, _secrets(graph))


def _secrets(graph: Graph) -> SecretsOfCell:
    return graph.once(("secrets of a cell", graph.inner.index), lambda: SecretsOfCell(graph.inner, graph.cell_secrets))


def _read(resource: Resource, graph: Graph, module: ModuleInstance) -> Iterator[Violation]:
    """A secret is read or made, and all that takes it would take an ephemeral value."""
    avoidable = graph.once(
        ("avoidable in the state", graph.inner.index),
        lambda: Keeping(_secrets(graph), module.session.catalogue).avoidable(),
    )
    calls = ".".join(f"module.{name}" for name in module.path_of_calls)
    own = f"{resource.type}.{resource.name}"
    for taker in avoidable.get(within(calls, f"data.{own}" if resource.kind == "data" else own), ())[:1]:
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


def _outside(resource: Resource, name: str, way: str, secrets: SecretsOfCell) -> Iterator[Violation]:
    """One violation for each key; what another resource has computed is in the state whatever is done here."""
    body, module = resource.node.body, resource.node.module
    argument = body.argument(name) if body is not None else None
    if body is None or module is None or argument is None:
        return
    kept = [
        one
        for one in secrets.of(module, argument, body.block)
        if one.source.kind != "resource" and (name != "container_definitions" or "environment" in one.steps)
    ]
    for at in placed(argument, (name,), kept):
        secret = Secret("", at.place, "state", resource.address, at.attribute, (resource.address,), at.way)
        yield Violation(f"{at.subject} kept in the state; {way}", at.place, secret=secret)
