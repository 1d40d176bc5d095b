"""The graph of one cell: its nodes by kind and type, and who refers to whom."""

from collections.abc import Callable, Iterator
from functools import cached_property

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.graph.nodes import Node
from iacpolicy.graph.references import edges_of
from iacpolicy.secrets.secret import Secret, SecretSource
from iacpolicy.terraform.cells import Cell


class Graph:
    """Nodes in the order of declaration, and edges found on first use.

    An edge runs from what refers to what is referred to. `secrets` are those written in the cell's files, once
    `find_secrets` has looked for them; `is_allowed` says whether the settings let a source of secrets go anywhere.
    """

    def __init__(self, cell: Cell, index: int, root: ModuleInstance | None, nodes: list[Node]) -> None:
        self.cell = cell
        self.index = index
        self.root = root
        self.nodes = nodes
        self.secrets: tuple[Secret, ...] = ()
        self.is_allowed: Callable[[SecretSource], bool] = lambda source: False
        self._by_type: dict[str, list[Node]] = {}
        self._by_kind: dict[str, list[Node]] = {}
        for node in nodes:
            self._by_type.setdefault(node.type, []).append(node)
            if node.kind != node.type:
                self._by_kind.setdefault(node.kind, []).append(node)

    def of(self, name: str) -> list[Node]:
        """The nodes of a resource type or of a kind; `data.aws_ami` for one type of data source."""
        mode, _, rest = name.partition(".")
        if rest and mode in ("data", "ephemeral"):
            return [n for n in self._by_kind.get(mode, []) if n.type == rest]
        found = self._by_type.get(name, [])
        if name in ("resource", "data", "ephemeral"):
            return self._by_kind.get(name, [])
        return [n for n in found if n.kind in ("resource", name)]

    @cached_property
    def edges(self) -> dict[Node, tuple[Node, ...]]:
        """Each node with the nodes that its block refers to, both sorted as declared."""
        return edges_of(self.nodes)

    @cached_property
    def referring(self) -> dict[Node, tuple[Node, ...]]:
        """Each node with the nodes whose blocks refer to it."""
        found: dict[Node, list[Node]] = {}
        for source, targets in self.edges.items():
            for target in targets:
                found.setdefault(target, []).append(source)
        return {node: tuple(sources) for node, sources in found.items()}

    def reached_from(self, start: Node, *, backwards: bool = False) -> Iterator[Node]:
        """All nodes to which a way of references leads from a node, nearest first; itself left out."""
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
