"""The view of a cell's graph that a policy's check receives."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.graph.graph import Graph as CellGraph
from iacpolicy.graph.joins import arms_of, joins_of, key_of
from iacpolicy.graph.networkx_view import to_networkx
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.attributes import joined, world
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.attributes.compare import to_value
from iacpolicy.policy.attributes.truth import Truth
from iacpolicy.policy.views.callers import callers_of
from iacpolicy.policy.views.resource import Resource
from iacpolicy.secrets.secret import NO_SECRETS, CellSecrets, Secret
from iacpolicy.terraform.cells import Cell

if TYPE_CHECKING:
    import networkx


Made = TypeVar("Made")


class Graph:
    """The graph of one cell: a root module in one workspace with its var-files.

    Methods that yield resources leave out those that do not exist; where a condition decides the existence, they ask
    the current world. `inner` and `cells` are for the package alone; a policy uses the other members.
    """

    __slots__ = ("_memo", "_secrets", "cells", "inner")

    def __init__(
        self,
        inner: CellGraph,
        cells: tuple[CellGraph, ...] = (),
        secrets: Mapping[int, CellSecrets] | None = None,
        memo: dict[Hashable, Any] | None = None,
    ) -> None:
        self.inner = inner
        self.cells = cells
        self._secrets = {} if secrets is None else secrets
        self._memo: dict[Hashable, Any] = {} if memo is None else memo

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and other.inner is self.inner

    def __hash__(self) -> int:
        return hash(id(self.inner))

    @property
    def cell(self) -> Cell:
        """The cell: its `root`, `workspace` and `var_files`."""
        return self.inner.cell

    @property
    def index(self) -> int:
        """The position of the cell among those of the run, from 0."""
        return self.inner.index

    @property
    def has_root(self) -> bool:
        """False for a cell without Terraform, such as a directory of dashboards."""
        return self.inner.root is not None

    def all_cells(self) -> "tuple[Graph, ...]":
        """Return the graphs of all cells of the run, for policies that compare them."""
        return tuple(self.of_cell(cell) for cell in self.cells)

    def of_cell(self, cell: CellGraph) -> "Graph":
        """Return the view of another cell of the run; it shares the results of `once`."""
        return Graph(cell, self.cells, self._secrets, self._memo)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the result of `make`, which runs once in a scan; all cells and policies share the result of a key.

        `make` must not ask the world, because other worlds read its result.
        """
        if key not in self._memo:
            self._memo[key] = make()
        made: Made = self._memo[key]
        return made

    def once_in_cell(self, key: str, make: Callable[[], Made]) -> Made:
        """Return the result of `make`, which runs once for this cell; like `once`, it must not ask the world."""
        return self.once((key, self.inner.index), make)

    def callers(self, resource: Resource) -> tuple[str, ...]:
        """Return the directories that call the module of a resource by a local path, sorted.

        Directories of examples and tests are among them.
        """
        module = resource.node.module
        return callers_of(module.session.modules, module.module.directory) if module is not None else ()

    def is_first(self, resource: Resource) -> bool:
        """Report that no earlier instance in the run was made of the directory that declares the resource.

        A directory that is called several times has the same text each time. A policy that judges the text yields its
        violations for the first instance only.
        """
        module = resource.node.module
        return module is not None and self.is_first_instance(module)

    def is_first_instance(self, module: ModuleInstance) -> bool:
        """Report that a module instance is the first in the run that was made of its directory."""

        def find() -> dict[str, tuple[str, str]]:
            found: dict[str, tuple[str, str]] = {}
            for cell in self.cells:
                pending = [cell.root] if cell.root is not None else []
                while pending:
                    called = pending.pop(0)
                    found.setdefault(called.module.directory, (cell.cell.root, called.address))
                    pending.extend(called.children())
            return found

        first = self.once("first instances", find).get(module.module.directory)
        return first == (self.cell.root, module.address)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that are written in the files of the cell, sorted by place."""
        return self.cell_secrets.secrets

    @property
    def cell_secrets(self) -> CellSecrets:
        """The secrets of the cell, and the sources of secrets that settings allow; for the library."""
        return self._secrets.get(self.inner.index, NO_SECRETS)

    def of(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types or kinds that exist."""
        for type_ in types:
            for node in self.inner.of(type_):
                if _exists(node):
                    yield Resource(node)

    def declared(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types or kinds, also those that may not exist; this does not ask the world."""
        return (Resource(node) for type_ in types for node in self.inner.of(type_))

    def referrers(self, resource: Resource) -> Iterator[Resource]:
        """Yield the resources that refer to a resource directly."""
        for node in self.inner.referring.get(resource.node, ()):
            if _exists(node):
                yield Resource(node)

    def references(self, resource: Resource) -> Iterator[Resource]:
        """Yield the resources that a resource refers to directly."""
        for node in self.inner.edges.get(resource.node, ()):
            if _exists(node):
                yield Resource(node)

    def connected(self, resource: Resource, type_: str) -> Iterator[Resource]:
        """Yield the resources of a type that references connect with a resource, in either direction.

        A path of references may lead through locals, variables, outputs and other resources.
        """
        found: dict[Node, None] = {}
        for backwards in (False, True):
            for node in self.inner.reached_from(resource.node, backwards=backwards):
                if type_ in (node.type, node.kind):
                    found.setdefault(node)
        for node in found:
            if _exists(node):
                yield Resource(node)

    def reached_from(self, resource: Resource, *, backwards: bool = False) -> Iterator[Resource]:
        """Yield all nodes that a resource refers to, directly or not, nearest first.

        With `backwards`, yield all nodes that refer to it.
        """
        for node in self.inner.reached_from(resource.node, backwards=backwards):
            if _exists(node):
                yield Resource(node)

    def networkx(self) -> "networkx.DiGraph":
        """Return the cell as a read-only graph of networkx: nodes by address, edges with a `kind`."""
        found: networkx.DiGraph = self.once(("networkx", self.inner.index), lambda: to_networkx(self.inner))
        return found

    def naming(self, resource: Resource, type_: str, by: str) -> Iterator[Resource]:
        """Yield the resources of a type whose attribute `by` names a resource, by reference or by an equal name.

        `graph.naming(bucket, "aws_s3_bucket_versioning", "bucket")` yields the versioning of a bucket, in whichever
        module it is. Where the name depends on a condition, this asks the world.
        """
        joins = joins_of(self.inner)
        owned = joins.names(resource.node)
        keys = frozenset(k for v in owned if (k := key_of(v)) is not None)
        for node in joins.by_attribute(type_, by).candidates(keys, loose=True):
            if _exists(node) and Truth(joined.names(joins.value(node, by), owned)):
                yield Resource(node)

    def named(self, attribute: Attribute, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types that the value of an attribute names; the reverse of `naming`.

        An unknown text names no resource.
        """
        joins = joins_of(self.inner)
        value = joins.resolved(attribute.known_value)
        keys = frozenset(k for arm in arms_of(value) if (k := key_of(arm)) is not None)
        for type_ in types:
            for node in joins.by_identity(type_).candidates(keys):
                if _exists(node) and Truth(joined.names(value, joins.names(node))):
                    yield Resource(node)

    def having(self, type_: str, by: str, value: Attribute | str) -> Iterator[Resource]:
        """Yield the resources of a type whose attribute `by` has a value.

        Where that depends on a condition, this asks the world. Two unknown values are equal if they are the same one.
        """
        joins = joins_of(self.inner)
        wanted = joins.resolved(value.known_value if isinstance(value, Attribute) else to_value(value))
        keys = frozenset(k for arm in arms_of(wanted) if (k := key_of(arm)) is not None)
        for node in joins.by_attribute(type_, by).candidates(keys):
            if _exists(node) and Truth(joined.same(joins.value(node, by), wanted)):
                yield Resource(node)

    def sharing(self, resource: Resource, type_: str, by: str) -> Iterator[Resource]:
        """Yield the other resources of a type with the same value of attribute `by`, such as the subnets of a VPC."""
        for other in self.having(type_, by, resource[by]):
            if other.node is not resource.node:
                yield other

    def same(self, one: Resource, other: Resource, name: str) -> Truth:
        """Return the condition that an attribute of two resources has the same value.

        Two unknown values are the same if they have the same origin, such as the id of one resource.
        """
        joins = joins_of(self.inner)
        return Truth(joined.same(joins.value(one.node, name), joins.value(other.node, name)))

    def keys(self, resource: Resource, name: str) -> frozenset[str]:
        """Return a key for each value that an attribute may have; equal keys mean equal values, known or unknown.

        A policy can index many resources by these keys, where comparing each with each would be slow.
        """
        value = joins_of(self.inner).value(resource.node, name)
        return frozenset(key for arm in arms_of(value) if (key := key_of(arm)) is not None)


def _exists(node: Node) -> bool:
    return node.exists is None or world.current().decide(node.exists)
