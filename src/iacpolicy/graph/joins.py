"""Which resources belong together although none refers to the other: by what an attribute's value names.

`bucket = "images"` names the bucket whose `bucket` is "images", and `bucket = module.store.id` the one whose id that
is, however far the id has travelled. Values are told apart by keys: of a known one its text, of an unknown one its
identity. Attributes of one resource that name it go together (`schemas.identity`).
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import msgspec

from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.values import member_access
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.identities import AttributeStep, BlockAt, FactIdentity
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Apply, Cause, Symbol, Term, declared_address, paired_key, reasons
from iacpolicy.evaluate.values.value import Choice, Unknown, Value
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.graph.symbolic import Pairs
from iacpolicy.schemas.identity import identity

_OF_A_RESOURCE = frozenset({Cause.COMPUTED})
MAX_ARMS = 32

# Arguments that name a resource of another type: where nothing but the equal name joins them, the edge is implied.
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
    """The values that one may be, of which none is a choice; null and absent are left out."""
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
    """Equal for values that are the same; None for what names nothing."""
    data = value.data
    if isinstance(data, Unknown):
        return f"?{paired_key(data.term)}"
    if isinstance(data, str):
        return f"={data}"
    return f"={data}" if isinstance(data, Number) else None


def is_of_a_resource(term: Term) -> bool:
    """Whether an unknown is an attribute that one resource alone has, so that no other equals it by chance."""
    return isinstance(term, Symbol) and bool(term.reasons) and {r.cause for r in term.reasons} <= _OF_A_RESOURCE


def _may_be_any(term: Term) -> bool:
    return not is_of_a_resource(term) and all(r.cause is not Cause.ERROR for r in reasons(term))


class Named(msgspec.Struct, frozen=True):
    """The nodes of some type by the keys of an attribute.

    `loose` are those whose value may be any text: it hangs on a variable or on something outside.
    """

    exact: dict[str, tuple[Node, ...]]
    loose: tuple[Node, ...]

    def candidates(self, keys: frozenset[str], loose: bool = False) -> Iterator[Node]:
        """The nodes whose attribute has one of some keys, or with `loose` may have any, each once."""
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
    """The joins of one cell; each index is made when it is first asked for, in one pass over the nodes of its type."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._by_attribute: dict[tuple[str, str], Named] = {}
        self._own: dict[int, tuple[Value, ...]] = {}
        self._pairs = Pairs(graph)
        self._data = {node.address: node for node in graph.of("data")}

    def by_attribute(self, type_: str, name: str) -> Named:
        """The nodes of a type by what one of their attributes says."""
        found = self._by_attribute.get((type_, name))
        if found is None:
            rows = ((n, (self.value(n, name),)) for n in self._graph.of(type_))
            found = self._by_attribute[type_, name] = _indexed(rows)
        return found

    def by_identity(self, type_: str) -> Named:
        """The nodes of a type by all that names them."""
        found = self._by_attribute.get((type_, ""))
        if found is None:
            found = self._by_attribute[type_, ""] = _indexed((n, self.names(n)) for n in self._graph.of(type_))
        return found

    def value(self, node: Node, name: str) -> Value | None:
        """What a node's attribute says; None where it is absent or cannot be evaluated."""
        return self.resolved(attribute(node, name))

    def resolved(self, value: Value | None) -> Value | None:
        """A value, or that of the paired instance where it is an attribute of one (`graph.symbolic`).

        What a data source was asked for is what it says: `data.aws_s3_bucket.x.id` is the `bucket` written in it.
        """
        return None if value is None else self._asked(self._pairs.resolved(value))

    def _asked(self, value: Value) -> Value:
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
                told = attribute(node, other)
                if told is not None and told.data is not None:
                    return told
        return value

    def is_of_a_set(self, term: Term) -> bool:
        """Whether an unknown is read of some instance of a set of resources, whichever instance that is."""
        while isinstance(term, Apply) and term.is_part:
            term = term.operands[0]
        return self._pairs.is_set(declared_address(term))

    def names(self, node: Node) -> tuple[Value, ...]:
        """The values that each name a resource: its id, its ARN, its name where that is unique."""
        known = self._own.get(id(node))
        if known is None:
            known = self._own[id(node)] = tuple(_names(node))
        return known


_joins: "WeakKeyDictionary[Graph, Joins]" = WeakKeyDictionary()


def joins_of(graph: Graph) -> Joins:
    """The joins of a cell, made once."""
    found = _joins.get(graph)
    if found is None:
        found = _joins[graph] = Joins(graph)
    return found


def attribute(node: Node, name: str) -> Value | None:
    """What a node's attribute says; None where it is absent or cannot be evaluated."""
    if node.body is None:
        return None
    try:
        return node.body.attribute(name)
    except EvaluationError:
        return None


def implied_edges(graph: Graph) -> dict[Node, tuple[Node, ...]]:
    """Edges that no reference makes: from what names a resource by a known text to the resource of that name."""
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


def _indexed(rows: Iterator[tuple[Node, tuple[Value | None, ...]]]) -> Named:
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
    return Named({key: tuple(nodes) for key, nodes in exact.items()}, tuple(loose))


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
