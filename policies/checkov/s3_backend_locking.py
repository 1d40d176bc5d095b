"""CKV_IACPOLICY_1: the S3 backend locks the state.

The S3 backend locks only if `use_lockfile` is true or, deprecated since Terraform 1.11, `dynamodb_table` is set.
Checkov added such a check (CKV_TF_3) in December 2024. It removed the check, and the block type `terraform`, in January
2025. The `terraform` blocks are still nodes of Checkov's graph, so this is a graph check with its own solver. The
context parser gives Checkov the lines of the backend, which it no longer reads for `terraform` blocks.

Source of the rule: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from networkx import DiGraph

from checkov.common.bridgecrew.severities import Severities
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.graph.checks_infra.enums import SolverType
from checkov.common.graph.checks_infra.solvers.base_solver import BaseSolver
from checkov.common.graph.graph_builder import CustomAttributes
from checkov.runner_filter import RunnerFilter
from checkov.terraform.context_parsers.base_parser import BaseContextParser
from checkov.terraform.graph_builder.graph_components.block_types import BlockType

# Arguments of a complete configuration; without one, `-backend-config` supplies the rest and may turn locking on.
REQUIRED = ("bucket", "key")


def scalar(value: Any) -> Any:
    """Return the value of an attribute, which Checkov's parser wraps in a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def backends(terraform_block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the type and the arguments of each backend in a `terraform` block."""
    written = terraform_block.get("backend")
    for block in written if isinstance(written, list) else []:
        for kind, settings in block.items() if isinstance(block, dict) else ():
            if isinstance(settings, dict):
                yield kind, settings


def locks(settings: dict[str, Any]) -> bool | None:
    """Return whether an S3 backend locks the state, None where a partial configuration leaves it open."""
    use_lockfile = scalar(settings.get("use_lockfile"))
    if str(use_lockfile).lower() == "true" or scalar(settings.get("dynamodb_table")):
        return True
    if use_lockfile is None and any(name not in settings for name in REQUIRED):
        return None
    return False


class BackendContext(BaseContextParser):
    """Give Checkov the lines of a backend block and its skip comments."""

    def __init__(self) -> None:
        super().__init__(definition_type=BlockType.TERRAFORM)

    def get_entity_context_path(self, entity_block: dict[str, Any]) -> list[str]:
        kind = next((kind for kind, _ in backends(entity_block)), None)
        return ["backend", kind] if kind else []

    def get_entity_definition_path(self, entity_block: dict[str, Any]) -> list[str]:
        return []

    def enrich_definition_block(self, definition_blocks: list[dict[str, Any]]) -> dict[str, Any]:
        for block in definition_blocks:
            for kind, _ in backends(block):
                start, end = self._lines(block, kind)
                self.context["backend"][kind] = {
                    "start_line": start,
                    "end_line": end,
                    "code_lines": self.file_lines[start - 1 : end],
                    "skipped_checks": [],
                }
        context: dict[str, Any] = self.context
        return context

    def _lines(self, block: dict[str, Any], kind: str) -> tuple[int, int]:
        """Return the first and last line of the backend, or of the `terraform` block where its header is not found."""
        first, last = block.get("__start_line__", 1), block.get("__end_line__", 1)
        for number, text in self.file_lines[first - 1 : last]:
            if text.split("{")[0].replace('"', " ").split() == ["backend", kind]:
                self._filter_file_lines()
                return number, self._compute_definition_end_line(number) or last
        return first, last


class BackendSolver(BaseSolver):
    """Divide the S3 backends of a graph into passed, failed and unknown."""

    def __init__(self) -> None:
        super().__init__(SolverType.ATTRIBUTE)

    # both are abstract in the base class for its `run`, which is replaced below: neither is called
    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def _get_operation(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def run(self, graph_connector: Any) -> tuple[list[Any], list[Any], list[Any]]:
        nodes = graph_connector.nodes(data=True) if isinstance(graph_connector, DiGraph) else graph_connector.nodes()
        passed: list[Any] = []
        failed: list[Any] = []
        unknown: list[Any] = []
        for _, node in nodes:
            # Terraform ignores the backend of a called module.
            if node.get(CustomAttributes.BLOCK_TYPE) != BlockType.TERRAFORM or node.get(
                CustomAttributes.SOURCE_MODULE_OBJECT
            ):
                continue
            for kind, settings in backends(node.get(CustomAttributes.CONFIG) or {}):
                if kind == "s3":
                    answer = locks(settings)
                    found = unknown if answer is None else passed if answer else failed
                    found.append({**node, CustomAttributes.BLOCK_NAME: f"backend.{kind}"})
        return passed, failed, unknown


def make_check() -> BaseGraphCheck:
    """Return the check in the form of Checkov's graph registry."""
    check = BaseGraphCheck()
    check.id = "CKV_IACPOLICY_1"
    check.name = "Ensure that the S3 backend locks the state"
    check.category = "GENERAL_SECURITY"
    check.severity = Severities["HIGH"]
    check.guideline = "https://developer.hashicorp.com/terraform/language/backend/s3#state-locking"
    check.attribute = "backend.s3.use_lockfile"
    check.set_solver(BackendSolver())
    return check


def register() -> None:
    """Register the check once, even if Checkov imports this file several times."""
    registry = get_graph_checks_registry("terraform")
    check = make_check()
    if all(known.id != check.id for known in registry.checks):
        BackendContext()
        RunnerFilter.notify_external_check(check.id)
        registry.checks.append(check)


register()
