"""Databases made by migrations, as nodes in the cells to which they belong."""

from collections.abc import Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import Tree
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.settings.model import Settings
from iacpolicy.sql.config import DefaultGrants
from iacpolicy.sql.discover import SchemaModel, load
from iacpolicy.sql.exposure import decisive_place
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.roots import is_within


def add_databases(
    tree: Tree, graphs: list[Graph], roots: Sequence[str], selected: Sequence[str], settings: Settings
) -> tuple[list[Graph], list[Diagnostic], tuple[str, ...]]:
    """The graphs with the tables of the selected migrations, what could not be read, and the paths of the migrations.

    A database belongs to every cell of the nearest root at or above its project; where there is none, to those of the
    root that manages a Supabase project; else to a cell of its own.
    """
    if not any(p.endswith(".sql") for p in tree.paths()):
        return graphs, [], ()
    models, problems = load(tree)
    kept = [m for m in models if _is_selected(m, roots, selected)]
    read = {path for model in kept for path in model.migrations.files}
    diagnostics = [d for d in problems if d.location is None or _concerns(d, kept, selected)]
    result = list(graphs)
    for model in kept:
        settled = model
        if settings.default_grants == "none":
            settled = msgspec.structs.replace(model, default_grants=DefaultGrants.NONE)
        homes = [g for g in result if g.root is not None and g.cell.root == _home(settled, result)]
        if not homes:
            cell = Cell(settled.migrations.project_directory, None)
            homes = [Graph(cell, len(result), None, [])]
            result.extend(homes)
        for graph in homes:
            extended = Graph(graph.cell, graph.index, graph.root, [*graph.nodes, *_nodes(settled, graph.index)])
            result[result.index(graph)] = extended
    return result, diagnostics, tuple(sorted(read))


def _is_selected(model: SchemaModel, roots: Sequence[str], selected: Sequence[str]) -> bool:
    directory = model.migrations.directory
    if any(is_within(directory, s) or is_within(s, directory) for s in selected):
        return True
    return any(is_within(directory, r) for r in roots if r)


def _concerns(diagnostic: Diagnostic, kept: Sequence[SchemaModel], selected: Sequence[str]) -> bool:
    path = diagnostic.location.path if diagnostic.location is not None else ""
    return any(is_within(path, s) for s in selected) or any(
        is_within(path, m.migrations.project_directory) for m in kept
    )


def _home(model: SchemaModel, graphs: Sequence[Graph]) -> str | None:
    project = model.migrations.project_directory
    above = [g.cell.root for g in graphs if g.root is not None and is_within(project, g.cell.root)]
    if above:
        return max(above, key=len)
    managing = {g.cell.root for g in graphs if g.of("supabase_project") or g.of("supabase_settings")}
    return managing.pop() if len(managing) == 1 else None


def _nodes(model: SchemaModel, cell: int) -> list[Node]:
    nodes: list[Node] = []
    for table in model.database.tables:
        name = str(table.name)
        place = decisive_place(table, model)
        nodes.append(Node("sql.table", "sql.table", name, name, place, cell, payload=(table, model)))
    return nodes
