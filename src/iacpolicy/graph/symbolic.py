"""What `set[each.key]` means where neither side is known: the instance of the set that goes with this one.

Where `count` or `for_each` is not known, one symbolic instance stands for all. Two blocks over the same unknown
collection have instances in pairs, so that `bucket = aws_s3_bucket.this[each.key].id` names the bucket of its pair.
"""

from collections.abc import Iterator, Mapping

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.values import member_access
from iacpolicy.evaluate.values.addresses import Every
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.terms import Apply, Leaf, Term
from iacpolicy.evaluate.values.value import Choice, Unknown, Value
from iacpolicy.graph.graph import Graph

_KEYS = ("each.key", "count.index")
_VALUE = ":each.value("
_SUFFIX = "[*]"
MAX_STEPS = 16


class Pairs:
    """The symbolic instances of a cell by the address of their set."""

    def __init__(self, graph: Graph) -> None:
        self._resources: dict[str, ResourceInstance] = {}
        self._modules: dict[str, ModuleInstance] = {}
        for node in graph.nodes:
            if isinstance(node.payload, ResourceInstance) and node.payload.is_symbolic:
                self._resources[node.address.removesuffix(_SUFFIX)] = node.payload
            module = node.module
            if module is not None and module.site is not None and isinstance(module.site.repetition.key, Every):
                self._modules[module.address.removesuffix(_SUFFIX)] = module

    def is_set(self, address: str) -> bool:
        """Whether resources are made at an address of which nobody knows how many."""
        return address in self._resources

    def resolved(self, value: Value) -> Value:
        """The value itself, or that of the paired instance where it is an attribute or output of one."""
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
        while isinstance(term, Apply) and term.operator.startswith(".") and len(term.operands) == 1:
            names.insert(0, term.operator[1:])
            term = term.operands[0]
        for address, collection, first in _sets(term):
            if first or names:
                return self._instance(address, collection, [*first, *names])
        return None

    def _instance(self, address: str, collection: str | None, names: list[str]) -> Value | None:
        module, resource = self._modules.get(address), self._resources.get(address)
        bindings = None
        if module is not None and module.site is not None and names[0] in module.module.outputs:
            bindings = module.site.context.bindings
        elif resource is not None:
            bindings = resource.body.context.bindings
        if bindings is None:
            return None
        if collection is not None and collection not in (*_collections(bindings), *_over(address)):
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


def _sets(term: Term) -> Iterator[tuple[str, str | None, list[str]]]:
    """The address of the set that a term takes an instance from, the collection whose key is the index, and the rest.

    `each.value` of a set is the instance itself, whatever the collection; what is read of it stands in its key.
    """
    if isinstance(term, Apply) and term.operator == "[]":
        base, index = term.operands
        if isinstance(base, Leaf) and isinstance(index, Leaf) and (collection := _collection(index.key)) is not None:
            yield base.key, collection, []
    elif isinstance(term, Leaf) and _VALUE in term.key:
        address, closing, rest = term.key.partition(_VALUE)[2].rpartition(")")
        if closing and (not rest or rest.startswith(".")):
            yield address, None, rest.split(".")[1:]


def _collection(key: str) -> str | None:
    """`each.key(var.names)` of a symbolic key: the same for all blocks over the same collection."""
    name = key.rpartition(":")[2]
    return name if name.startswith(_KEYS) else None


def _over(address: str) -> tuple[str, str]:
    """The keys of blocks that are made for each instance of a set itself, or as many as it has."""
    return f"each.key({address})", f"count.index(length({address}))"


def _collections(bindings: Mapping[str, Value]) -> set[str]:
    found = set()
    for binding in (bindings.get("each"), bindings.get("count")):
        for value in binding.data.values() if binding is not None and isinstance(binding.data, dict) else ():
            if isinstance(value.data, Unknown) and isinstance(value.data.term, Leaf):
                collection = _collection(value.data.term.key)
                if collection is not None:
                    found.add(collection)
    return found
