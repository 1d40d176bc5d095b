"""Graphs as text: DOT, Mermaid, JSON and GraphML."""

import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.graph.view import GraphView, view


def to_dot(graphs: Sequence[Graph], everything: bool) -> str:
    """Return Graphviz DOT with a cluster for each cell."""
    lines = ["digraph infrastructure {", "  rankdir=LR;", '  node [shape=box, fontname="Helvetica"];']
    for cell, part in _views(graphs, everything):
        lines.append(f"  subgraph cluster_{part.index} {{")
        lines.append(f"    label={_quoted(cell)};")
        for node in part.nodes:
            lines.append(f"    {_quoted(part.id(node))} [label={_quoted(node.address)}];")
        for source, target in part.edges:
            lines.append(f"    {_quoted(part.id(source))} -> {_quoted(part.id(target))};")
        for kind, source, target in part.others:
            ends = f"{_quoted(part.id(source))} -> {_quoted(part.id(target))}"
            lines.append(f"    {ends} [style=dashed, label={_quoted(kind)}];")
        lines.append("  }")
    return "\n".join([*lines, "}"])


def to_mermaid(graphs: Sequence[Graph], everything: bool) -> str:
    """Return a Mermaid flow chart with a subgraph for each cell."""
    lines = ["flowchart LR"]
    for cell, part in _views(graphs, everything):
        names = {node: f"n{part.index}_{i}" for i, node in enumerate(part.nodes)}
        lines.append(f'  subgraph c{part.index}["{_entities(cell)}"]')
        lines.extend(f'    {names[n]}["{_entities(n.address)}"]' for n in part.nodes)
        lines.append("  end")
        lines.extend(f"  {names[s]} --> {names[t]}" for s, t in part.edges)
        lines.extend(f"  {names[s]} -. {kind} .-> {names[t]}" for kind, s, t in part.others)
    return "\n".join(lines)


def to_json(graphs: Sequence[Graph], everything: bool) -> str:
    """Return a JSON document with the nodes and edges of each cell."""
    cells = []
    for _, part in _views(graphs, everything):
        cell = part.cell
        cells.append(
            {
                "root": cell.root or ".",
                "workspace": cell.workspace,
                "nodes": [_json_node(n) for n in part.nodes],
                "edges": [
                    {"from": s.address, "to": t.address, "kind": kind}
                    for kind, s, t in (*(("reference", *edge) for edge in part.edges), *part.others)
                ],
            }
        )
    return json.dumps({"cells": cells}, indent=2, ensure_ascii=False)


def to_graphml(graphs: Sequence[Graph], everything: bool) -> str:
    """Return GraphML with one graph over all cells."""
    networkx: Any = import_module("networkx")
    whole = networkx.DiGraph()
    for cell, part in _views(graphs, everything):
        for node in part.nodes:
            whole.add_node(part.id(node), address=node.address, kind=node.kind, type=node.type, cell=cell)
        whole.add_edges_from((part.id(s), part.id(t), {"kind": "reference"}) for s, t in part.edges)
        whole.add_edges_from((part.id(s), part.id(t), {"kind": kind}) for kind, s, t in part.others)
    return "\n".join(networkx.generate_graphml(whole))


FORMATS: Mapping[str, Callable[[Sequence[Graph], bool], str]] = {
    "dot": to_dot,
    "mermaid": to_mermaid,
    "json": to_json,
    "graphml": to_graphml,
}


def _views(graphs: Sequence[Graph], everything: bool) -> list[tuple[str, GraphView]]:
    return [(_title(g), view(g, everything)) for g in graphs]


def _title(graph: Graph) -> str:
    workspace = f" ({graph.cell.workspace})" if graph.cell.workspace else ""
    return f"{graph.cell.root or '.'}{workspace}"


def _json_node(node: Node) -> dict[str, object]:
    return {
        "address": node.address,
        "kind": node.kind,
        "type": node.type,
        "path": node.place.path,
        "line": node.place.line,
        "exists": "always" if node.exists is None else node.exists.text,
    }


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _entities(text: str) -> str:
    for char, entity in (("&", "&amp;"), ('"', "&quot;"), ("<", "&lt;"), (">", "&gt;"), ("\n", " ")):
        text = text.replace(char, entity)
    return text
