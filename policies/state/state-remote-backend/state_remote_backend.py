"""Root modules whose state stays on the machine that runs Terraform."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Hint, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.backend_settings import backend_facts

MOVE = "Move the state with `terraform init -migrate-state`."
BACKENDS: Mapping[str, str] = {
    "aws": f'Add a `backend "s3"` with a bucket. {MOVE}',
    "azurerm": f'Add a `backend "azurerm"` with a storage account and a container. {MOVE}',
    "google": f'Add a `backend "gcs"` with a bucket. {MOVE}',
}

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
    fix=f'Add a `backend` that the whole team can use, such as "s3", "gcs" or "azurerm", or a `cloud` block. {MOVE}',
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
            message = f'the backend "{backend.name}" stores the state on the machine that runs Terraform'
            yield Violation(message, at=backend, fix=_fix(graph))
        if facts.removed_in is not None:  # equivalent: a hint is not a finding
            yield Hint(  # equivalent: as above
                f'The backend "{backend.name}" no longer exists',
                f"Terraform {facts.removed_in} removed it. Move the state to another backend before upgrading.",
                at=backend,
            )
    if backends or _is_thrown_away(root.name, options["throwaway"]) or _is_module(root, graph):
        return
    message = "no backend is configured, so the state is stored on the machine that runs Terraform"
    yield Violation(message, at=root, fix=_fix(graph))


def _fix(graph: Graph) -> str | None:
    """Return the remediation for the only cloud of the root module, or None if there are several or none."""
    prefixes = {node.type.partition("_")[0] for node in graph.of("resource", "data")}
    clouds = [fix for name, fix in BACKENDS.items() if name in prefixes]
    return clouds[0] if len(clouds) == 1 else None


def _is_thrown_away(directory: str, names: list[str]) -> bool:
    return any(part in names for part in directory.split("/"))


def _is_module(root: Resource, graph: Graph) -> bool:
    """Return whether the root has no state of its own: it is called, or it declares no resources and settings."""
    if graph.callers(root):
        return True
    keeps_state = any(True for _ in graph.of("resource", "data", "module"))
    return not keeps_state and root.module is not None and not root.module.terraform_blocks
