"""Remediations of secrets, for the resource that receives the secret."""

from collections.abc import Mapping

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.evaluate.values.addresses import without_keys
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Graph, Resource, Secret
from iacpolicy.policy.library.secrets import write_only_twins
from iacpolicy.secrets.search.companion_files import is_environment_file

_ENV_GROUP = (
    "Fill an env group outside Terraform, and link it with `render_env_group_link`",
    "to keep it out, fill an env group outside Terraform and link it with render_env_group_link",
)
_RENDER = {"env_vars": _ENV_GROUP, "secret_files": _ENV_GROUP}
_SET_ELSEWHERE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "render_web_service": _RENDER,
    "render_private_service": _RENDER,
    "render_background_worker": _RENDER,
    "render_cron_job": _RENDER,
    "render_env_group": _RENDER,
    "aws_ecs_task_definition": {
        "container_definitions": (
            "Store the secret in Secrets Manager or Parameter Store, and name it in `secrets` with `valueFrom`",
            "with `secrets` and `valueFrom`, ECS reads it from Secrets Manager or Parameter Store",
        )
    },
    "supabase_edge_function_secrets": {
        "secrets": ("Set it with `supabase secrets set`", "`supabase secrets set` sets them without Terraform")
    },
    "cloudflare_workers_secret": {
        "secret_text": ("Set it with `wrangler secret put`", "`wrangler secret put` sets it without Terraform")
    },
    "cloudflare_workers_script": {
        "bindings": (
            "Set it with `wrangler secret put`",
            "`wrangler secret put` sets a secret binding without Terraform",
        )
    },
}
_ROTATE = "Rotate the secret, because it is in the history."
_VARIABLE = (
    "Use a variable with `sensitive = true` and without a default, and set TF_VAR_… in the environment of Terraform"
)
_PROVIDER = lazy_pattern(r"(^|\.)provider\.")
_FIRST_NAME = lazy_pattern(r"[^.\[]*")


def set_elsewhere(resource: Resource) -> Mapping[str, str]:
    """Return an instruction for each argument whose secret can be set without Terraform, and that has no twin."""
    return {argument: words for argument, (_, words) in _SET_ELSEWHERE.get(resource.type, {}).items()}


def fix_in_state(resource: Resource, argument: str) -> str:
    """Return how to keep the secret of an argument out of the state."""
    return f"{_instruction(resource, argument)}. Then rotate the secret, because older states still contain it."


def fix_of_literal(secret: Secret, graph: Graph) -> str | None:
    """Return the remediation of a literal for its first sink, or None if the sink is no block of Terraform."""
    path = secret.place.path if secret.place is not None else ""
    if path.endswith(".sql"):
        return f"{_ROTATE} Set the password outside the migrations, for example with psql's `\\password`."
    if secret.address == path and is_environment_file(path):
        return f"{_ROTATE} Remove the file from the repository and list it in `.gitignore`."
    if _PROVIDER.search(secret.address):
        return (
            f"{_ROTATE} {_VARIABLE}. Add `ephemeral = true` to keep it out of the plan. "
            "Or set the environment variable that the provider documents."
        )
    if ".provisioner." in secret.address:
        return f"{_ROTATE} Let the command read it from a secret store. Or: {_VARIABLE[0].lower()}{_VARIABLE[1:]}."
    node = graph.once_in_cell("resources without keys", lambda: _resources(graph)).get(without_keys(secret.address))
    found = _FIRST_NAME.match(secret.attribute)
    if node is None or found is None:
        return None
    return f"{_ROTATE} {_instruction(Resource(node), found.group(), secret.attribute)}."


def _resources(graph: Graph) -> dict[str, Node]:
    """Return one instance of each resource, by its address without instance keys."""
    return {without_keys(node.address): node for node in graph.inner.nodes if node.kind == "resource"}


def _instruction(resource: Resource, argument: str, path: str = "") -> str:
    """Return the instruction for an argument: its write-only twin, the tool that sets the secret, or a variable."""
    known = _SET_ELSEWHERE.get(resource.type, {}).get(argument)
    if known is not None:
        return known[0]
    if path.endswith("_wo"):
        return "Read the secret with an `ephemeral` block, and set the argument to its value"
    for twin in write_only_twins(resource):
        if twin[-1] == argument or ".".join(twin) == path:
            name = twin[-1]
            return f"Read the secret with an `ephemeral` block, and set it in `{name}_wo` with `{name}_wo_version`"
    return _VARIABLE
