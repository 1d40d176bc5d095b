"""Conditions that always hold for a missing fact, such as the `validation` blocks of a variable.

https://developer.hashicorp.com/terraform/language/values/variables#custom-validation-rules
"""

from collections.abc import Iterable, Iterator

from iacpolicy.core.types import BOOL
from iacpolicy.engine.allowed_values import allowed_values
from iacpolicy.engine.element_conditions import ElementCondition, ElementConditions, conditions_on_all
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.identities import InputVariable, UnknownIndexStep
from iacpolicy.evaluate.values.member_access import NULL
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Apply, Cause, Constant, HasElements, Symbol, Term, apply, symbol, symbols
from iacpolicy.graph.graph import Graph
from iacpolicy.hcl.ast import Expression
from iacpolicy.policy.attributes.truth import either, negation
from iacpolicy.terraform.function_facts import KEEP_EMPTINESS

MAX_MODULES = 1_000
ONE = Constant(Number(1), "1")


class AssertionsOfCell:
    """The assertions of one cell, found once: validations of variables as conditions on the root module's variables."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._root = graph.root
        self._found: dict[str, tuple[Term, ...]] = {}
        self._by_use: dict[str, list[Term]] | None = None
        self._every: ElementConditions | None = None

    def of(self, fact: Term) -> Iterable[Term]:
        """Return the conditions that always hold for a fact, those on elements of collections included."""
        if self._root is None:
            return self._of_fact(fact) if isinstance(fact, Symbol) else ()
        if self._every is None:
            self._every = ElementConditions(_on_elements(self._root))
        elements = self._every.of(fact)
        return (*self._of_fact(fact), *elements) if isinstance(fact, Symbol) else tuple(elements)

    def _of_fact(self, fact: Symbol) -> Iterable[Term]:
        """Return the validations of the variable that a missing fact is a part of.

        Validations in a called module hold for the arguments of the call, and the allowed values in a schema for the
        value of the attribute. An id or ARN from a provider is never null, although Terraform knows that after apply.
        """
        identity = fact.identity
        if identity.attribute in ("arn", "id") and all(r.cause is Cause.COMPUTED for r in fact.reasons):
            return (apply("!=", fact, NULL),)
        if isinstance(identity.fact, HasElements):
            return _of_instances(fact, identity.fact.collection)
        name = _root_variable(fact)
        if self._root is None or name is None:
            return ()
        if name not in self._found:
            if self._by_use is None:
                self._by_use = _by_variable((*_of_calls(self._root), *allowed_values(self._graph)))
            self._found[name] = (*_validations(self._root, name), *self._by_use.get(name, ()))
        return self._found[name]


def _root_variable(one: Symbol) -> str | None:
    """Return the name of the root module's variable that a missing fact is a part of, None for any other fact."""
    match one.identity.fact:
        case InputVariable(module="", name=name):
            return name
    return None


def _of_instances(exists: Symbol, collection: Term) -> Iterable[Term]:
    """Yield that a block has instances exactly if its collection has elements."""
    while isinstance(collection, Apply) and collection.operator in KEEP_EMPTINESS and len(collection.operands) == 1:
        collection = collection.operands[0]
    if not isinstance(collection, Symbol) or _root_variable(collection) is None:
        return
    if any(isinstance(step, UnknownIndexStep) for step in collection.identity.path):
        return
    several = apply(">=", apply("length", symbol(collection.identity, exists.reasons)), ONE)
    yield either(negation(exists), several)
    yield either(exists, negation(several))


def _by_variable(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """Return the conditions by each of the root module's variables that they contain."""
    found: dict[str, list[Term]] = {}
    for term in terms:
        for about in {name for one in symbols(term) if (name := _root_variable(one)) is not None}:
            found.setdefault(about, []).append(term)
    return found


def _called(root: ModuleInstance) -> Iterator[ModuleInstance]:
    """Yield the root module and all modules whose calls certainly exist."""
    pending = [root]
    for _ in range(MAX_MODULES):
        if not pending:
            return
        module = pending.pop()
        # The validations of an instance that may not exist need not hold.
        pending.extend(child for child in module.children() if child.exists is None)
        yield module


def _of_calls(root: ModuleInstance) -> Iterable[Term]:
    """Yield the validations of all modules whose calls certainly exist."""
    for module in _called(root):
        for name in module.module.variables if module is not root else ():
            yield from _validations(module, name)


def _on_elements(root: ModuleInstance) -> Iterator[ElementCondition]:
    """Yield the conditions of all validations on the elements of collections."""
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
