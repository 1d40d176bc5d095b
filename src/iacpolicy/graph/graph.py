"""The graph of one cell: its nodes by kind and type, and the references between them."""

from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.graph.nodes import Node
from iacpolicy.graph.references import edges_of
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.language import RESOURCES


class Graph(msgspec.Struct, frozen=True, eq=False, dict=True, weakref=True):
    """The nodes of one cell in the order of declaration, and the edges between them, computed on first use.

    An edge runs from the node that refers to the node that is referred to. `root` is None where a cell has no
    Terraform, such as a directory of migrations.
    """

    cell: Cell
    index: int
    root: ModuleInstance | None
    nodes: tuple[Node, ...]

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Node, ...]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.type, []).append(node)
        return {type_: tuple(nodes) for type_, nodes in found.items()}

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Node, ...]]:
        """The nodes whose type is not their kind, by kind."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.kind != node.type:
                found.setdefault(node.kind, []).append(node)
        return {kind: tuple(nodes) for kind, nodes in found.items()}

    def of(self, name: str) -> tuple[Node, ...]:
        """Return the nodes of a resource type or a kind; `data.aws_ami` is one type of data source."""
        mode, _, rest = name.partition(".")
        if rest and mode in ("data", "ephemeral"):
            return tuple(n for n in self._by_kind.get(mode, ()) if n.type == rest)
        if name in RESOURCES:
            return self._by_kind.get(name, ())
        return tuple(n for n in self._by_type.get(name, ()) if n.kind in ("resource", name))

    @cached_property
    def edges(self) -> Mapping[Node, tuple[Node, ...]]:
        """Each node with the nodes that its block refers to, both in the order of declaration."""
        return edges_of(self.nodes)

    @cached_property
    def referring(self) -> Mapping[Node, tuple[Node, ...]]:
        """Each node with the nodes whose blocks refer to it."""
        found: dict[Node, list[Node]] = {}
        for source, targets in self.edges.items():
            for target in targets:
                found.setdefault(target, []).append(source)
        return {node: tuple(sources) for node, sources in found.items()}

    def reached_from(self, start: Node, *, backwards: bool = False) -> Iterator[Node]:
        """Yield all nodes that a path of references connects with `start`, nearest first, without `start` itself."""
        edges = self.referring if backwards else self.edges
        seen = {start}
        pending = [start]
        while pending:
            following: list[Node] = []
            for node in pending:
                for target in edges.get(node, ()):
                    if target not in seen:
                        seen.add(target)
                        following.append(target)
                        yield target
            pending = following
