"""What all modules of one cell share: the files, the facts about providers, the workspace, the inputs, the problems."""

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
    """What is computed.

    Raises:
        EvaluationError: also where it is nested deeper than Python can follow.
    """
    try:
        return compute()
    except RecursionError:
        raise EvaluationError(
            "Expressions nested too deeply",
            "The expression and what it refers to are nested too deeply to be evaluated (limit: depth of expressions).",
        ) from None


class Session(msgspec.Struct):
    """One cell's evaluation; `problems` collects what Terraform would refuse, each place and text once."""

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
        """Count work done.

        Raises:
            EvaluationError: all of the evaluation has taken more than `MAX_STEPS`.
        """
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise EvaluationError(
                "Evaluation takes too long",
                f"The expressions of this root take more than {MAX_STEPS} steps (limit: steps of evaluation).",
            )

    def report(self, problem: EvaluationError, fallback: Span | None = None) -> Diagnostic:
        """Record what Terraform would refuse."""
        place = fallback
        if problem.place is not None:
            source, start, end = problem.place
            assert isinstance(source, SourceFile)
            place = source.span(start, end)
        return self.add(error(problem.summary, problem.detail, place))

    def add(self, diagnostic: Diagnostic) -> Diagnostic:
        """Record a diagnostic, once."""
        key = (diagnostic.summary, diagnostic.detail, diagnostic.location)
        return self.problems.setdefault(key, diagnostic)
