"""State that stays on the machine that ran Terraform is lost with it, and nobody else can work with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Hint, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.backend_settings import backend_facts

META = Meta(
    id="state-remote-backend",
    title="State is kept on one machine",
    severity=Severity.HIGH,
    on=("root",),
    why=(
        "Without a remote backend the state lies in the working directory of whoever applied last. A second person, or "
        "a pipeline, starts from nothing and makes everything again; and the file, secrets included, ends in a commit "
        "or is lost with the disk."
    ),
    fix=(
        'Add a `backend` to the `terraform` block that several people can share, such as "s3", "gcs", "azurerm" or '
        "`cloud`, and move the state with `terraform init -migrate-state`."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/backend",
        "https://developer.hashicorp.com/terraform/language/state/remote",
    ),
    options=(
        Option(
            "throwaway",
            ["examples", "example", "test", "tests"],
            "Names of directories whose roots are only tried out: their state need not outlive the machine.",
        ),
    ),
)


def check(root: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation | Hint]:
    """A module that is called from elsewhere has no state of its own, whoever names it as a root."""
    backends = list(graph.of("backend"))
    for backend in backends:
        facts = backend_facts(backend)
        if not facts.remote:
            yield Violation(
                f'the backend "{backend.name}" keeps the state on the machine that runs Terraform', at=backend
            )
        if facts.removed_in is not None:  # equivalent: a note, which is no finding
            yield Hint(  # equivalent: as above
                f'The backend "{backend.name}" is gone',
                f"Terraform {facts.removed_in} removed it. Move the state to another backend before upgrading.",
                at=backend,
            )
    if backends or _is_thrown_away(root.name, options["throwaway"]) or _is_module(root, graph):
        return
    yield Violation("no backend is configured, so the state stays on the machine that runs Terraform", at=root)


def _is_thrown_away(directory: str, names: list[str]) -> bool:
    return any(part in names for part in directory.split("/"))


def _is_module(root: Resource, graph: Graph) -> bool:
    """Whether there is nothing here that has a state: a called module, or files that declare no more than names."""
    if graph.callers(root):
        return True
    keeps_state = any(True for _ in graph.of("resource", "data", "module"))
    return not keeps_state and root.module is not None and not root.module.terraform_blocks
