"""State that all modules of one cell share: files, schemas, workspace, inputs and problems."""

from collections.abc import Callable, Mapping

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.core.tree import Tree
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Value
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.variables import Assignment

MAX_INSTANCES = 1_000
MAX_REFERENCE_DEPTH = 300
MAX_STEPS = 3_000_000


def bounded(compute: Callable[[], Value]) -> Value:
    """Return the computed value.

    Raises:
        EvaluationError: the computation raises it, or is nested more deeply than Python's stack allows.
    """
    try:
        return compute()
    except RecursionError:
        raise EvaluationError(
            "Expressions nested too deeply",
            "The expression and what it refers to are nested too deeply to be evaluated (limit: depth of expressions).",
        ) from None


class Session(msgspec.Struct):
    """The evaluation of one cell; `problems` has each problem that Terraform would report, once per place and text."""

    tree: Tree
    modules: Modules
    catalogue: Catalogue
    cell: Cell
    assignments: Mapping[str, Assignment]
    problems: dict[tuple[str, str, Span | None], Diagnostic] = {}
    depth: int = 0
    module_instances: int = 0
    dynamic_blocks: int = 0
    resource_instances: int = 0
    impure_calls: int = 0
    steps: int = 0

    def spend(self, steps: int) -> None:
        """Count the steps of an evaluation.

        Raises:
            EvaluationError: the cell has taken more than `MAX_STEPS`.
        """
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise EvaluationError(
                "Evaluation takes too long",
                f"The expressions of this root take more than {MAX_STEPS} steps (limit: steps of evaluation).",
            )

    def report(self, problem: EvaluationError, fallback: Span | None = None) -> Diagnostic:
        """Record an error of evaluation at its place, or else at `fallback`, and return its diagnostic."""
        place = fallback
        if problem.place is not None:
            source, start, end = problem.place
            assert isinstance(source, SourceFile)
            place = source.span(start, end)
        return self.add(error(problem.summary, problem.detail, place))

    def add(self, diagnostic: Diagnostic) -> Diagnostic:
        """Record a diagnostic once, and return it."""
        key = (diagnostic.summary, diagnostic.detail, diagnostic.location)
        return self.problems.setdefault(key, diagnostic)
