"""Secrets that the state stores although a write-only argument or an ephemeral resource exists."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.secret_fixes import fix_in_state, set_elsewhere
from iacpolicy.policy.library.secrets import (
    ReachingSecret,
    accepts_write_only,
    has_ephemeral,
    placed_secrets,
    secret_reference,
    takers_of_ephemeral,
    write_only_twins,
)

META = Meta(
    id="secret-in-state",
    title="The state stores a secret that it need not contain",
    severity=Severity.MEDIUM,
    on=("resource", "data"),
    why=(
        "The state stores secrets in plain text, with all of its older versions and backups. Everyone who may run "
        "`terraform plan` can read them. `sensitive` does not change that."
    ),
    fix=(
        "Read the secret with an `ephemeral` block and set it in the write-only argument (`…_wo` with its `_version`), "
        "which exists since Terraform 1.11. Where the provider has none, set the secret without Terraform as the "
        "message says. Then rotate it, because older states still contain it."
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
            "Also report secrets whose argument has no write-only twin, but which can be set without Terraform.",
        ),
    ),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield a violation where the provider and the required version of Terraform offer an alternative to the state."""
    is_new = accepts_write_only(graph)
    if is_new and has_ephemeral(resource):
        yield from _read(resource, graph)
    if resource.kind == "resource":
        if is_new and not _is_plain(resource):
            for path in write_only_twins(resource):
                for argument in _at(resource, path):
                    name = path[-1]
                    message = f"{name} is stored in the state, while {name}_wo would not be"
                    yield Violation(message, at=argument, fix=fix_in_state(resource, name))
        if options["outside"]:
            for argument_name, alternative in set_elsewhere(resource).items():
                yield from _outside(resource, argument_name, alternative, graph)


def _read(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield a violation where every argument that takes this resource's secret would take an ephemeral value."""
    for taker in takers_of_ephemeral(resource, graph)[:1]:
        message = f"its secret is stored in the state; an ephemeral {resource.type} can pass it to {taker}"
        fix = (
            f"Replace the {resource.kind} block by an `ephemeral` block of the type {resource.type}. "
            "Then rotate the secret, because older states still contain it."
        )
        yield Violation(message, at=resource, fix=fix)


def _is_plain(resource: Resource) -> bool:
    """Return whether the type of a parameter says that its value is no secret."""
    return resource.type == "aws_ssm_parameter" and bool(resource["type"].is_one_of(("String", "StringList")))


def _at(resource: Resource, path: tuple[str, ...]) -> Iterator[Attribute]:
    """Yield the arguments at a path of nested blocks that are neither null nor empty."""
    found = [resource[path[0]]]
    for name in path[1:]:
        found = [block[name] for outer in found if not outer.is_absent for block in outer]
    for argument in found:
        if not argument.is_null and not argument.is_known & (argument == ""):
            yield argument


def _outside(resource: Resource, name: str, alternative: str, graph: Graph) -> Iterator[Violation]:
    """Yield a violation for each key; a secret that another resource computes is in the state anyway."""

    def is_avoidable(one: ReachingSecret) -> bool:
        return one.source.kind != "resource" and (name != "container_definitions" or "environment" in one.path)

    for at in placed_secrets(resource, name, graph, is_avoidable):
        secret = secret_reference("state", resource, at.attribute, at.trace, at.place)
        fix = fix_in_state(resource, name)
        yield Violation(f"{at.subject} stored in the state; {alternative}", at.place, secret=secret, fix=fix)
