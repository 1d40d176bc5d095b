"""What always holds of a missing fact: the `validation` blocks of a variable, and that what names a resource is there.

https://developer.hashicorp.com/terraform/language/values/variables#custom-validation-rules
"""

from collections.abc import Iterable, Iterator

from iacpolicy.core.types import BOOL
from iacpolicy.engine.allowed import allowed
from iacpolicy.engine.every_element import Every, EveryElement, conditions_on_all
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.member_access import NULL
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Cause, Constant, Leaf, Term, apply, leaves
from iacpolicy.graph.graph import Graph
from iacpolicy.hcl.ast import Expression
from iacpolicy.policy.attributes.truth import either, negation

MAX_MODULES = 1_000
ONE = Constant(Number(1), "1")
_EXISTS = "exists("
_AS_MANY = ("toset(", "tolist(", "tomap(", "keys(", "values(")


class AssertionsOfCell:
    """The validations of a cell's variables as conditions over the root's, found once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._root = graph.root
        self._found: dict[str, tuple[Term, ...]] = {}
        self._by_use: dict[str, list[Term]] | None = None
        self._every: EveryElement | None = None

    def of(self, fact: Term) -> Iterable[Term]:
        """What always holds of a fact: of a missing one, and of what a validation asks of each element."""
        if self._root is None:
            return self._of_leaf(fact) if isinstance(fact, Leaf) else ()
        if self._every is None:
            self._every = EveryElement(_on_elements(self._root))
        elements = self._every.of(fact)
        return (*self._of_leaf(fact), *elements) if isinstance(fact, Leaf) else tuple(elements)

    def _of_leaf(self, leaf: Leaf) -> Iterable[Term]:
        """The validations of the variable that a missing fact's key begins with.

        Those of a called module's variables hold of what the call gives them, and a schema's allowed values of what an
        attribute is given. An id or ARN that a provider makes is
        never null, although Terraform cannot know that before it is made.
        """
        if leaf.key.endswith((".arn", ".id")) and all(r.cause is Cause.COMPUTED for r in leaf.reasons):
            return (apply("!=", leaf, NULL),)
        if leaf.key.startswith(_EXISTS):
            return _of_instances(leaf)
        if self._root is None or not leaf.key.startswith("var."):
            return ()
        name = _name(leaf)
        if name not in self._found:
            if self._by_use is None:
                self._by_use = _by_variable((*_of_calls(self._root), *allowed(self._graph)))
            self._found[name] = (*_validations(self._root, name), *self._by_use.get(name, ()))
        return self._found[name]


def _name(leaf: Leaf) -> str:
    """The root's variable that a fact is a part of."""
    return leaf.key.removeprefix("var.").split(".", 1)[0].split("[", 1)[0]


def _of_instances(exists: Leaf) -> Iterable[Term]:
    """There are instances of a `for_each` where its collection has elements, and only there."""
    collection = exists.key.removeprefix(_EXISTS).removesuffix(")")
    while (wrapper := next((w for w in _AS_MANY if collection.startswith(w)), None)) is not None:
        collection = collection.removeprefix(wrapper).removesuffix(")")
    if "(" in collection or not collection.startswith("var."):
        return
    several = apply(">=", apply("length", Leaf(collection, collection, exists.reasons)), ONE)
    yield either(negation(exists), several)
    yield either(exists, negation(several))


def _by_variable(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """Conditions by each of the root's variables that they speak of."""
    found: dict[str, list[Term]] = {}
    for term in terms:
        for about in {_name(leaf) for leaf in leaves(term) if leaf.key.startswith("var.")}:
            found.setdefault(about, []).append(term)
    return found


def _called(root: ModuleInstance) -> Iterator[ModuleInstance]:
    """The root, and all modules that are called for certain."""
    pending = [root]
    for _ in range(MAX_MODULES):
        if not pending:
            return
        module = pending.pop()
        # What one of several instances asks, or one that may not be there, need not hold.
        pending.extend(child for child in module.children() if child.exists is None)
        yield module


def _of_calls(root: ModuleInstance) -> Iterable[Term]:
    """The validations of all modules that are called for certain."""
    for module in _called(root):
        for name in module.module.variables if module is not root else ():
            yield from _validations(module, name)


def _on_elements(root: ModuleInstance) -> Iterator[Every]:
    """What all validations ask of each element of a collection."""
    for module in _called(root):
        for name in module.module.variables:
            for condition, context in _conditions(module, name):
                yield from conditions_on_all(condition, context)


def _conditions(module: ModuleInstance, name: str) -> Iterator[tuple[Expression, Context]]:
    variable = module.module.variables.get(name)
    for block in variable.validations if variable is not None else ():
        argument = block.attributes.get("condition")
        if argument is not None:
            yield argument.value, module.context(argument.source)


def _validations(module: ModuleInstance, name: str) -> Iterable[Term]:
    for condition, context in _conditions(module, name):
        try:
            value = convert(evaluate(condition, context), BOOL)
        except EvaluationError:
            continue
        term = term_of(value)
        if not isinstance(term, Constant):
            yield term
