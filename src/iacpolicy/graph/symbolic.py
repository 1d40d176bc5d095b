"""The resolution of `set[each.key]` where the set and the key are unknown.

Where `count` or `for_each` is unknown, one symbolic instance represents all instances. Two blocks over the same unknown
collection have paired instances, so `bucket = aws_s3_bucket.this[each.key].id` names the paired bucket.
"""

from collections.abc import Mapping

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.values import member_access
from iacpolicy.evaluate.values.addresses import EveryInstance, without_symbolic_key
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.identities import AttributeStep, FactIdentity
from iacpolicy.evaluate.values.term_queries import declared_address
from iacpolicy.evaluate.values.terms import Apply, Symbol, SymbolicName, Term, paired_key
from iacpolicy.evaluate.values.value import Choice, Unknown, Value
from iacpolicy.graph.graph import Graph

_KEYS = ("each.key", "count.index")
MAX_STEPS = 16


class SymbolicPairs:
    """The symbolic instances of a cell by the address of their set."""

    def __init__(self, graph: Graph) -> None:
        self._resources: dict[str, ResourceInstance] = {}
        self._modules: dict[str, ModuleInstance] = {}
        for node in graph.nodes:
            if isinstance(node.payload, ResourceInstance) and node.payload.is_symbolic:
                self._resources[without_symbolic_key(node.address)] = node.payload
            module = node.module
            if module is not None and module.site is not None and isinstance(module.site.repetition.key, EveryInstance):
                self._modules[without_symbolic_key(module.address)] = module

    def is_set(self, address: str) -> bool:
        """Return whether an address has an unknown number of resources."""
        return address in self._resources

    def resolved(self, value: Value) -> Value:
        """Return a value, or that of the paired instance where it is an attribute or output of one."""
        data = value.data
        if not self._resources and not self._modules:
            return value
        if isinstance(data, Choice):
            then, otherwise = self.resolved(data.then), self.resolved(data.otherwise)
            return Value(value.type, Choice(data.condition, then, otherwise), value.marks, value.origins)
        for _ in range(MAX_STEPS):
            found = self._step(value.data.term) if isinstance(value.data, Unknown) else None
            if found is None:
                return value
            value = found
        return value

    def _step(self, term: Term) -> Value | None:
        names: list[str] = []
        while isinstance(term, Apply) and isinstance(term.step, AttributeStep):
            names.insert(0, term.step.name)
            term = term.operands[0]
        taken = _taken(term)
        if taken is None:
            return None
        address, index, first = taken
        return self._instance(address, index, [*first, *names]) if first or names else None

    def _instance(self, address: str, index: SymbolicName | None, names: list[str]) -> Value | None:
        module, resource = self._modules.get(address), self._resources.get(address)
        bindings = None
        if module is not None and module.site is not None and names[0] in module.module.outputs:
            bindings = module.site.context.bindings
        elif resource is not None:
            bindings = resource.body.context.bindings
        if bindings is None:
            return None
        if index is not None and not _is_over(index, address) and _pairing(index) not in _pairings(bindings):
            return None
        try:
            if module is not None:
                value, names = module.output(names[0]), names[1:]
            else:
                assert resource is not None
                value = resource.reference
            for name in names:
                value = member_access.attribute(value, name)
        except EvaluationError:
            return None
        return value


def _taken(term: Term) -> tuple[str, SymbolicName | None, list[str]] | None:
    """Return the address of the set that a term takes an instance from, the index, and the attributes read of it.

    `each.value` over a set is the instance itself: then the index is None, and the attributes are in its path.
    """
    match term:
        case Apply(operator="[]", operands=(Symbol(key=address), index)):
            name = _index(index)
            return None if name is None else (address, name, [])
        case Symbol(identity=FactIdentity(fact=SymbolicName(name="each.value", collection=collection), path=path)):
            names = [step.name for step in path if isinstance(step, AttributeStep)]
            return (declared_address(collection), None, names) if len(names) == len(path) else None
    return None


def _index(term: Term) -> SymbolicName | None:
    """Return `each.key` or `count.index` where a term is one of them."""
    if isinstance(term, Symbol) and not term.identity.path:
        fact = term.identity.fact
        if isinstance(fact, SymbolicName) and fact.name in _KEYS:
            return fact
    return None


def _is_over(index: SymbolicName, address: str) -> bool:
    """Report whether the block of an index is made for each instance of a set, or as many times as it has instances."""
    collection = index.collection
    if index.name == "count.index" and isinstance(collection, Apply) and collection.operator == "length":
        return declared_address(collection.operands[0]) == address
    return index.name == "each.key" and declared_address(collection) == address


def _pairing(index: SymbolicName) -> tuple[str, str]:
    """Return a key that is equal for the indexes of all blocks over one collection."""
    return index.name, paired_key(index.collection)


def _pairings(bindings: Mapping[str, Value]) -> set[tuple[str, str]]:
    found = set()
    for binding in (bindings.get("each"), bindings.get("count")):
        for value in binding.data.values() if binding is not None and isinstance(binding.data, dict) else ():
            index = _index(value.data.term) if isinstance(value.data, Unknown) else None
            if index is not None:
                found.add(_pairing(index))
    return found
