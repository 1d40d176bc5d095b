"""The graph of a cell as a `networkx.DiGraph`, for the algorithms of networkx."""

from typing import TYPE_CHECKING, Any

from iacpolicy.graph.edges import edges
from iacpolicy.graph.graph import Graph

if TYPE_CHECKING:
    import networkx


def to_networkx(graph: Graph) -> "networkx.DiGraph":
    """Return the graph with its nodes by address, each with `kind`, `type`, `path` and `line`.

    Edges have a `kind` (see `graph.edges`). Between two nodes there is one edge; a reference has priority.
    """
    import networkx

    result: Any = networkx.DiGraph()
    for node in graph.nodes:
        result.add_node(node.address, kind=node.kind, type=node.type, path=node.place.path, line=node.place.line)
    for kind, source, target in edges(graph):
        if not result.has_edge(source.address, target.address):
            result.add_edge(source.address, target.address, kind=kind)
    found: networkx.DiGraph = result
    return found
