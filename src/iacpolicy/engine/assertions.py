"""What always holds of a missing fact: the `validation` blocks of a variable, and that what names a resource is there.

https://developer.hashicorp.com/terraform/language/values/variables#custom-validation-rules
"""

from collections.abc import Iterable

from iacpolicy.core.types import BOOL
from iacpolicy.evaluate.access import NULL
from iacpolicy.evaluate.choices import term_of
from iacpolicy.evaluate.convert import convert
from iacpolicy.evaluate.errors import EvaluationError
from iacpolicy.evaluate.expressions import evaluate
from iacpolicy.evaluate.module import ModuleInstance
from iacpolicy.evaluate.terms import Cause, Constant, Leaf, Term, apply
from iacpolicy.graph.graph import Graph


class AssertionsOfCell:
    """The validations of a cell's root variables as conditions, found once each."""

    def __init__(self, graph: Graph) -> None:
        self._root = graph.root
        self._found: dict[str, tuple[Term, ...]] = {}

    def of(self, leaf: Leaf) -> Iterable[Term]:
        """What always holds of a fact: the validations of the variable that its key begins with.

        An id or ARN that a provider makes is never null, although Terraform cannot know that before it is made.
        """
        if leaf.key.endswith((".arn", ".id")) and all(r.cause is Cause.COMPUTED for r in leaf.reasons):
            return (apply("!=", leaf, NULL),)
        if self._root is None or not leaf.key.startswith("var."):
            return ()
        name = leaf.key.removeprefix("var.").split(".", 1)[0].split("[", 1)[0]
        if name not in self._found:
            self._found[name] = tuple(_validations(self._root, name))
        return self._found[name]


def _validations(root: ModuleInstance, name: str) -> Iterable[Term]:
    variable = root.module.variables.get(name)
    for block in variable.validations if variable is not None else ():
        argument = block.attributes.get("condition")
        if argument is None:
            continue
        try:
            value = convert(evaluate(argument.value, root.context(argument.source)), BOOL)
        except EvaluationError:
            continue
        term = term_of(value)
        if not isinstance(term, Constant):
            yield term
