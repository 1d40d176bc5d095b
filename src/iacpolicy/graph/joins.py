"""Joins between resources by values: an attribute of one resource names another one.

`bucket = "images"` names the bucket whose `bucket` is "images", and `bucket = module.store.id` the bucket with that id.
Values are compared by keys: the text of a known value, the identity of an unknown value. `schemas.identity` has the
attributes that name a resource.
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import msgspec

from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.values import member_access
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.identities import AttributeStep, BlockAt, FactIdentity
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.term_queries import declared_address
from iacpolicy.evaluate.values.terms import Apply, Cause, Symbol, Term, paired_key, reasons
from iacpolicy.evaluate.values.value import Choice, Unknown, Value
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.graph.symbolic import SymbolicPairs
from iacpolicy.schemas.identity import identity

_OF_A_RESOURCE = frozenset({Cause.COMPUTED})
MAX_ARMS = 32

# Arguments that name a resource of another type; an equal name is an implied edge.
NAMES: dict[str, tuple[str, ...]] = {
    "bucket": ("aws_s3_bucket",),
    "target_bucket": ("aws_s3_bucket",),
    "zone_id": ("cloudflare_zone",),
    "vpc_id": ("aws_vpc",),
    "subnet_id": ("aws_subnet",),
    "security_group_id": ("aws_security_group",),
    "cluster": ("aws_ecs_cluster",),
    "role": ("aws_iam_role", "postgresql_role"),
    "folder": ("grafana_folder",),
    "folder_uid": ("grafana_folder",),
    "contact_point": ("grafana_contact_point",),
    "table_name": ("aws_dynamodb_table",),
    "project_ref": ("supabase_project",),
    "mount": ("vault_mount",),
    "env_group_id": ("render_env_group",),
    "load_balancer_arn": ("aws_lb",),
}


def arms_of(value: Value | None) -> Iterator[Value]:
    """Yield the possible values of a value without choices; null and absent are left out."""
    pending = [value] if value is not None else []
    seen = 0
    while pending and seen < MAX_ARMS:
        current = pending.pop()
        if isinstance(current.data, Choice):
            pending.extend((current.data.otherwise, current.data.then))
        elif current.data is not None:
            seen += 1
            yield current


def key_of(value: Value) -> str | None:
    """Return a key that is equal for equal values; None for a value that cannot be a name."""
    data = value.data
    if isinstance(data, Unknown):
        return f"?{paired_key(data.term)}"
    if isinstance(data, str):
        return f"={data}"
    return f"={data}" if isinstance(data, Number) else None


def is_of_a_resource(term: Term) -> bool:
    """Return whether an unknown value is computed by one resource, so that no other value equals it by chance."""
    return isinstance(term, Symbol) and bool(term.reasons) and {r.cause for r in term.reasons} <= _OF_A_RESOURCE


def _may_be_any(term: Term) -> bool:
    return not is_of_a_resource(term) and all(r.cause is not Cause.ERROR for r in reasons(term))


class NodesByKey(msgspec.Struct, frozen=True):
    """The nodes of a type by the keys of an attribute.

    `loose` are the nodes whose value can be any text, because it depends on a variable or on data outside.
    """

    exact: dict[str, tuple[Node, ...]]
    loose: tuple[Node, ...]

    def candidates(self, keys: frozenset[str], loose: bool = False) -> Iterator[Node]:
        """Yield each node whose attribute has one of the keys once; with `loose`, also those that can have any."""
        seen: set[int] = set()
        for key in sorted(keys):
            for node in self.exact.get(key, ()):
                if id(node) not in seen:
                    seen.add(id(node))
                    yield node
        for node in self.loose if loose else ():
            if id(node) not in seen:
                yield node


class Joins:
    """The joins of one cell; each index is built on first use, in one pass over the nodes of its type."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._by_attribute: dict[tuple[str, str], NodesByKey] = {}
        self._own: dict[int, tuple[Value, ...]] = {}
        self._pairs = SymbolicPairs(graph)
        self._data = {node.address: node for node in graph.of("data")}

    def by_attribute(self, type_: str, name: str) -> NodesByKey:
        """Return the nodes of a type by the value of an attribute."""
        found = self._by_attribute.get((type_, name))
        if found is None:
            rows = ((n, (self.value(n, name),)) for n in self._graph.of(type_))
            found = self._by_attribute[type_, name] = _indexed(rows)
        return found

    def by_identity(self, type_: str) -> NodesByKey:
        """Return the nodes of a type by all attributes that name them."""
        found = self._by_attribute.get((type_, ""))
        if found is None:
            found = self._by_attribute[type_, ""] = _indexed((n, self.names(n)) for n in self._graph.of(type_))
        return found

    def value(self, node: Node, name: str) -> Value | None:
        """Return the value of a node's attribute; None where it is absent or cannot be evaluated."""
        return self.resolved(attribute(node, name))

    def resolved(self, value: Value | None) -> Value | None:
        """Return a value, or that of the paired instance where it is an attribute of one (`graph.symbolic`).

        An attribute of a data source is its argument of the same identity: `data.aws_s3_bucket.x.id` is its `bucket`.
        """
        return None if value is None else self._argument_of_data(self._pairs.resolved(value))

    def _argument_of_data(self, value: Value) -> Value:
        match value.data:
            case Unknown(
                term=Symbol(identity=FactIdentity(fact=BlockAt(address=address), path=(AttributeStep(name),)))
            ):
                pass
            case _:
                return value
        node = self._data.get(address)
        if node is None or not isinstance(node.payload, ResourceInstance):
            return value
        for same in identity(node.type, node.payload.schema).same:
            for other in sorted(same - {name}) if name in same else ():
                written = attribute(node, other)
                if written is not None and written.data is not None:
                    return written
        return value

    def is_of_a_set(self, term: Term) -> bool:
        """Return whether an unknown value is read from an unknown instance of a set of resources."""
        while isinstance(term, Apply) and term.is_part:
            term = term.operands[0]
        return self._pairs.is_set(declared_address(term))

    def names(self, node: Node) -> tuple[Value, ...]:
        """Return the values that name a resource: its id, its ARN, and its name where that is unique."""
        known = self._own.get(id(node))
        if known is None:
            known = self._own[id(node)] = tuple(_names(node))
        return known


_joins: "WeakKeyDictionary[Graph, Joins]" = WeakKeyDictionary()


def joins_of(graph: Graph) -> Joins:
    """Return the joins of a cell, built once."""
    found = _joins.get(graph)
    if found is None:
        found = _joins[graph] = Joins(graph)
    return found


def attribute(node: Node, name: str) -> Value | None:
    """Return the value of a node's attribute; None where it is absent or cannot be evaluated."""
    if node.body is None:
        return None
    try:
        return node.body.attribute(name)
    except EvaluationError:
        return None


def implied_edges(graph: Graph) -> dict[Node, tuple[Node, ...]]:
    """Return the edges without a reference: from each node to the resources that it names by a known text."""
    joins = joins_of(graph)
    found: dict[Node, tuple[Node, ...]] = {}
    for node in graph.nodes:
        targets: dict[Node, None] = {}
        for name in node.body.attribute_names if node.kind == "resource" and node.body is not None else ():
            for type_ in NAMES.get(name, ()):
                for value in arms_of(joins.value(node, name)):
                    key = key_of(value)
                    if key is not None and key.startswith("="):
                        targets.update(dict.fromkeys(joins.by_identity(type_).exact.get(key, ())))
        referred = set(graph.edges.get(node, ()))
        targets = {t: None for t in targets if t is not node and t not in referred}
        if targets:
            found[node] = tuple(targets)
    return found


def _indexed(rows: Iterator[tuple[Node, tuple[Value | None, ...]]]) -> NodesByKey:
    exact: dict[str, dict[Node, None]] = {}
    loose: dict[Node, None] = {}
    for node, values in rows:
        for value in values:
            for arm in arms_of(value):
                key = key_of(arm)
                if key is not None:
                    exact.setdefault(key, {})[node] = None
                if isinstance(arm.data, Unknown) and _may_be_any(arm.data.term):
                    loose[node] = None
    return NodesByKey({key: tuple(nodes) for key, nodes in exact.items()}, tuple(loose))


def _names(node: Node) -> Iterator[Value]:
    instance = node.payload
    if not isinstance(instance, ResourceInstance):
        return
    for name in sorted(identity(node.type, instance.schema).keys | {"id"}):
        try:
            value = member_access.attribute(instance.reference, name)
        except EvaluationError:
            continue
        yield from arms_of(value)
