"""What is drawn of a graph: the resources, and the edges that run between them through what is left out."""

from dataclasses import dataclass

from iacpolicy.graph.graph import Graph
from iacpolicy.graph.joins import implied_edges
from iacpolicy.graph.nodes import Node
from iacpolicy.terraform.cells import Cell

DRAWN = frozenset({"resource", "data", "ephemeral", "sql.table", "dashboard", "alert-rule"})


@dataclass(frozen=True, slots=True)
class View:
    """The nodes and edges of one cell that are shown; `implied` edges are made by an equal name, not by a reference."""

    cell: Cell
    index: int
    nodes: tuple[Node, ...]
    edges: tuple[tuple[Node, Node], ...]
    implied: tuple[tuple[Node, Node], ...] = ()

    def id(self, node: Node) -> str:
        """An identity over all cells."""
        return f"{self.index}:{node.address}"


def view(graph: Graph, everything: bool = False) -> View:
    """The whole graph, or only its resources with the ways through variables, locals and outputs made short."""
    implied = tuple((s, t) for s, targets in implied_edges(graph).items() for t in targets)
    if everything:
        edges = tuple((s, t) for s, targets in graph.edges.items() for t in targets)
        return View(graph.cell, graph.index, tuple(graph.nodes), edges, implied)
    nodes = tuple(n for n in graph.nodes if n.kind in DRAWN)
    edges = tuple(_short_edges(graph, nodes))
    referred = set(edges)
    return View(graph.cell, graph.index, nodes, edges, tuple(e for e in implied if e not in referred))


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
