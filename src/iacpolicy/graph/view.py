"""The part of a graph that is drawn: resources, and edges that pass through the omitted nodes."""

from dataclasses import dataclass

from iacpolicy.graph import edges as kinds
from iacpolicy.graph.edges import Edge
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.terraform.cells import Cell

DRAWN = frozenset({"resource", "data", "ephemeral", "sql.table", "dashboard", "alert-rule"})


@dataclass(frozen=True, slots=True)
class GraphView:
    """The shown nodes of one cell, the references between them, and the other edges with their kinds."""

    cell: Cell
    index: int
    nodes: tuple[Node, ...]
    edges: tuple[tuple[Node, Node], ...]
    others: tuple[Edge, ...] = ()

    def id(self, node: Node) -> str:
        """Return an id that is unique over all cells."""
        return f"{self.index}:{node.address}"


def view(graph: Graph, everything: bool = False) -> GraphView:
    """Return the whole graph, or its resources with an edge for each path through variables, locals and outputs."""
    found = list(kinds.edges(graph))
    others = tuple(edge for edge in found if edge[0] != "reference")
    if everything:
        edges = tuple((s, t) for kind, s, t in found if kind == "reference")
        return GraphView(graph.cell, graph.index, tuple(graph.nodes), edges, others)
    nodes = tuple(n for n in graph.nodes if n.kind in DRAWN)
    edges = tuple(_short_edges(graph, nodes))
    referred, shown = set(edges), set(nodes)
    kept = tuple(e for e in others if e[1:] not in referred and e[1] in shown and e[2] in shown)
    return GraphView(graph.cell, graph.index, nodes, edges, kept)


def _short_edges(graph: Graph, nodes: tuple[Node, ...]) -> list[tuple[Node, Node]]:
    found: list[tuple[Node, Node]] = []
    for node in nodes:
        seen = {node}
        pending = [node]
        while pending:
            for target in graph.edges.get(pending.pop(), ()):
                if target in seen:
                    continue
                seen.add(target)
                if target.kind in DRAWN:
                    found.append((node, target))
                else:
                    pending.append(target)
    return found
