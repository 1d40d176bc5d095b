"""Root modules whose state stays on the machine that runs Terraform."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Hint, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.backend_settings import backend_facts

META = Meta(
    id="state-remote-backend",
    title="State is stored on one machine",
    severity=Severity.HIGH,
    on=("root",),
    why=(
        "Without a remote backend, the state is a file on the computer of whoever applied last. A colleague or a "
        "pipeline starts without it and creates everything a second time. The file, with all secrets in it, is lost "
        "with the disk or committed by accident."
    ),
    fix=(
        'Add a `backend` that the whole team can use, such as "s3", "gcs" or "azurerm", or a `cloud` block. Move the '
        "state with `terraform init -migrate-state`."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/backend",
        "https://developer.hashicorp.com/terraform/language/state/remote",
    ),
    options=(
        Option(
            "throwaway",
            ["examples", "example", "test", "tests"],
            "Names of directories whose root modules are only for trying out: their state may be lost.",
        ),
    ),
)


def check(root: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation | Hint]:
    """Skip a module that another one calls: it has no state of its own."""
    backends = list(graph.of("backend"))
    for backend in backends:
        facts = backend_facts(backend)
        if not facts.remote:
            yield Violation(
                f'the backend "{backend.name}" stores the state on the machine that runs Terraform', at=backend
            )
        if facts.removed_in is not None:  # equivalent: a hint is not a finding
            yield Hint(  # equivalent: as above
                f'The backend "{backend.name}" no longer exists',
                f"Terraform {facts.removed_in} removed it. Move the state to another backend before upgrading.",
                at=backend,
            )
    if backends or _is_thrown_away(root.name, options["throwaway"]) or _is_module(root, graph):
        return
    yield Violation("no backend is configured, so the state is stored on the machine that runs Terraform", at=root)


def _is_thrown_away(directory: str, names: list[str]) -> bool:
    return any(part in names for part in directory.split("/"))


def _is_module(root: Resource, graph: Graph) -> bool:
    """Return whether the root has no state of its own: it is called, or it declares no resources and settings."""
    if graph.callers(root):
        return True
    keeps_state = any(True for _ in graph.of("resource", "data", "module"))
    return not keeps_state and root.module is not None and not root.module.terraform_blocks
