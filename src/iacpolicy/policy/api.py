"""What the author of a policy sees: `Resource`, `Graph`, `Violation`, `Meta`, `Severity`, `Option`.

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import Cause
from iacpolicy.graph.graph import Graph as CellGraph
from iacpolicy.graph.joins import arms_of, joins_of, key_of
from iacpolicy.graph.networkx_view import to_networkx
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.attributes import joined, world
from iacpolicy.policy.attributes.attribute import Attribute, of_block
from iacpolicy.policy.attributes.compare import to_value
from iacpolicy.policy.attributes.truth import Truth
from iacpolicy.policy.attributes.world import Undecidable
from iacpolicy.policy.callers import callers_of
from iacpolicy.policy.meta import Meta, Option, Severity
from iacpolicy.secrets.secret import NO_SECRETS, CellSecrets, Secret
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.config import Module

__all__ = [
    "Attribute",
    "Cause",
    "Graph",
    "Hint",
    "Meta",
    "Option",
    "Resource",
    "Secret",
    "Severity",
    "Truth",
    "Undecidable",
    "Violation",
]

if TYPE_CHECKING:
    import networkx


Made = TypeVar("Made")


class Resource:
    """A node as a policy sees it: a resource, or whatever else the policy is `on`."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def __repr__(self) -> str:
        return f"Resource({self.address})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resource) and other.node is self.node

    def __hash__(self) -> int:
        return hash(id(self.node))

    @property
    def kind(self) -> str:
        """`resource`, `data`, `variable`, `backend`, `sql.table`, …."""
        return self.node.kind

    @property
    def type(self) -> str:
        """The resource's type, else its kind; of a backend, the kind of backend is the `name`."""
        return self.node.type

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def address(self) -> str:
        return self.node.address

    @property
    def at(self) -> Span:
        """Its header."""
        return self.node.place

    @property
    def exists(self) -> Truth:
        """Whether it is there; the engine has asked already for the resource that a policy is called with."""
        return Truth(self.node.exists if self.node.exists is not None else True)

    @property
    def module(self) -> Module | None:
        """The module it is declared in."""
        return self.node.module.module if self.node.module is not None else None

    @property
    def payload(self) -> Any:
        """The model object of a node that is no Terraform: a table, a dashboard."""
        return self.node.payload

    def __getitem__(self, name: str) -> Attribute:
        """An attribute, or the nested blocks of a type; absent, its place is the header."""
        if self.node.body is None:
            raise TypeError(f"a {self.kind} has no attributes")
        return of_block(self, "", self.node.body, name)

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """The names of the attributes that are written."""
        return self.node.body.attribute_names if self.node.body is not None else ()

    @property
    def block_types(self) -> tuple[str, ...]:
        """The types of the nested blocks that are written."""
        return self.node.body.block_types if self.node.body is not None else ()


class Graph:
    """The cell a policy looks at; where a resource's existence is not known, the world is asked."""

    __slots__ = ("_memo", "_secrets", "cells", "inner")

    def __init__(
        self,
        inner: CellGraph,
        cells: "tuple[CellGraph, ...]" = (),
        secrets: Mapping[int, CellSecrets] | None = None,
        memo: dict[Hashable, Any] | None = None,
    ) -> None:
        self.inner = inner
        self.cells = cells
        self._secrets = {} if secrets is None else secrets
        self._memo: dict[Hashable, Any] = {} if memo is None else memo

    @property
    def cell(self) -> Cell:
        """Root, workspace and var-files."""
        return self.inner.cell

    def all_cells(self) -> "tuple[Graph, ...]":
        """The graphs of every cell of the run, for policies that compare them."""
        return tuple(Graph(cell, self.cells, self._secrets, self._memo) for cell in self.cells)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is made once in a run and shared by all cells, such as an index over them.

        Making it must not ask the world: the next one who reads it may live in another.
        """
        if key not in self._memo:
            self._memo[key] = make()
        made: Made = self._memo[key]
        return made

    def callers(self, resource: Resource) -> tuple[str, ...]:
        """The directories that call the module of a resource by a local path, sorted; examples and tests among them."""
        module = resource.node.module
        return callers_of(module.session.modules, module.module.directory) if module is not None else ()

    def is_first(self, directory: str, module: str) -> bool:
        """Whether a module of a directory, at this address of this root, is the first of the run's that is made of it.

        What is written in a module is the same wherever it is called: judged at the first call, it is said once.
        """

        def find() -> dict[str, tuple[str, str]]:
            found: dict[str, tuple[str, str]] = {}
            for cell in self.cells:
                pending = [cell.root] if cell.root is not None else []
                while pending:
                    called = pending.pop(0)
                    found.setdefault(called.module.directory, (cell.cell.root, called.address))
                    pending.extend(called.children())
            return found

        return self.once("first calls", find).get(directory) == (self.cell.root, module)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that are written in the files of the cell, sorted by place."""
        return self.cell_secrets.secrets

    @property
    def cell_secrets(self) -> CellSecrets:
        """The secrets of the cell, and the sources of secrets that settings allow."""
        return self._secrets.get(self.inner.index, NO_SECRETS)

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of some types or kinds that exist."""
        for type_ in types:
            for node in self.inner.of(type_):
                if _exists(node):
                    yield Resource(node)

    def referrers(self, resource: Resource) -> Iterator[Resource]:
        """What refers to a resource, directly."""
        for node in self.inner.referring.get(resource.node, ()):
            if _exists(node):
                yield Resource(node)

    def references(self, resource: Resource) -> Iterator[Resource]:
        """What a resource refers to, directly."""
        for node in self.inner.edges.get(resource.node, ()):
            if _exists(node):
                yield Resource(node)

    def connected(self, resource: Resource, type_: str) -> Iterator[Resource]:
        """The resources of a type to or from which a way of references leads, through locals, variables and outputs."""
        found: dict[Node, None] = {}
        for backwards in (False, True):
            for node in self.inner.reached_from(resource.node, backwards=backwards):
                if type_ in (node.type, node.kind):
                    found.setdefault(node)
        for node in found:
            if _exists(node):
                yield Resource(node)

    def reached_from(self, resource: Resource, *, backwards: bool = False) -> Iterator[Resource]:
        """All that a way of references leads to from a resource, nearest first; backwards, all that leads to it."""
        for node in self.inner.reached_from(resource.node, backwards=backwards):
            if _exists(node):
                yield Resource(node)

    def networkx(self) -> "networkx.DiGraph":
        """The cell as a graph of networkx, for its algorithms: nodes by address, edges with a `kind`; read it only."""
        found: networkx.DiGraph = self.once(("networkx", self.inner.index), lambda: to_networkx(self.inner))
        return found

    def naming(self, resource: Resource, type_: str, by: str) -> Iterator[Resource]:
        """The resources of a type whose attribute `by` names a resource, by reference or by an equal name.

        `graph.naming(bucket, "aws_s3_bucket_versioning", "bucket")` are those that set the versioning of a bucket,
        whichever module they are in. Where the name hangs on something, the world is asked.
        """
        joins = joins_of(self.inner)
        owned = joins.names(resource.node)
        keys = frozenset(k for v in owned if (k := key_of(v)) is not None)
        for node in joins.by_attribute(type_, by).candidates(keys, loose=True):
            if _exists(node) and Truth(joined.names(joins.value(node, by), owned)):
                yield Resource(node)

    def named(self, attribute: Attribute, *types: str) -> Iterator[Resource]:
        """The resources of some types that the value of an attribute names: the other way round of `naming`.

        A text that nobody has told names none.
        """
        joins = joins_of(self.inner)
        value = joins.resolved(attribute.known_value)
        keys = frozenset(k for arm in arms_of(value) if (k := key_of(arm)) is not None)
        for type_ in types:
            for node in joins.by_identity(type_).candidates(keys):
                if _exists(node) and Truth(joined.names(value, joins.names(node))):
                    yield Resource(node)

    def having(self, type_: str, by: str, value: Attribute | str) -> Iterator[Resource]:
        """The resources of a type whose attribute `by` has a value.

        Where that hangs on a condition, the world is asked; two unknowns are equal where they are the same one.
        """
        joins = joins_of(self.inner)
        wanted = joins.resolved(value.known_value if isinstance(value, Attribute) else to_value(value))
        keys = frozenset(k for arm in arms_of(wanted) if (k := key_of(arm)) is not None)
        for node in joins.by_attribute(type_, by).candidates(keys):
            if _exists(node) and Truth(joined.same(joins.value(node, by), wanted)):
                yield Resource(node)

    def sharing(self, resource: Resource, type_: str, by: str) -> Iterator[Resource]:
        """The other resources of a type whose attribute `by` has the same value, such as the subnets of one VPC."""
        for other in self.having(type_, by, resource[by]):
            if other.node is not resource.node:
                yield other


def _exists(node: Node) -> bool:
    return node.exists is None or world.current().decide(node.exists)


class Violation(msgspec.Struct, frozen=True):
    """A defect that a policy found.

    `message` describes it in one sentence without a full stop. `at` is its place. `cause` distinguishes two defects at
    one place and must not contain a value. `also` names further places of the defect, such as the other side of an
    overlap, each with a word. `secret` is set for a written secret: the finding then has the address, attribute and
    trace of the secret's first sink, and its place is the literal. `fix` is the remediation for this resource, in full
    sentences; without one, the finding shows the general `fix` of the policy's Meta.
    """

    message: str
    at: Attribute | Resource | Span
    cause: str = ""
    also: tuple[tuple[str, Span], ...] = ()
    secret: Secret | None = None
    fix: str | None = None


class Hint(msgspec.Struct, frozen=True):
    """What a policy yields where nothing is wrong yet: a deprecation, a better way; a note that never trips the gate.

    `summary` is short and has no full stop; `detail` is a sentence that ends with the remedy.
    """

    summary: str
    detail: str
    at: Attribute | Resource | Span
