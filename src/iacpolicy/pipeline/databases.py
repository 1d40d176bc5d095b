"""Databases made by migrations, as nodes in the cells to which they belong."""

from collections.abc import Iterator, Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.pipeline.database_facts import facts_of
from iacpolicy.settings.model import Settings
from iacpolicy.sql.config import DefaultGrants
from iacpolicy.sql.discover import SchemaModel, load
from iacpolicy.sql.exposure import decisive_place
from iacpolicy.sql.join import joined
from iacpolicy.sql.names import quoted
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.roots import is_within


def add_databases(
    tree: Tree, graphs: list[Graph], roots: Sequence[str], selected: Sequence[str], settings: Settings
) -> tuple[list[Graph], list[Diagnostic], tuple[str, ...]]:
    """The graphs with the databases of the selected migrations, what could not be read, and the migrations' paths.

    A database belongs to every cell of the nearest root at or above its project; where there is none, to those of the
    root that manages a Supabase project; else to a cell of its own. What a cell's resources say of it is joined,
    unless the cell has several databases: then nothing shows which of them is meant.
    """
    models, problems = load(tree)
    kept = [m for m in models if _is_selected(m, roots, selected)]
    read = {path for model in kept for path in model.migrations.files}
    diagnostics = [d for d in problems if d.location is None or _concerns(d, kept, selected)]
    result = list(graphs)
    homes = [_home(model, graphs) for model in kept]
    for index, graph in enumerate(graphs):
        mine = [m for m, home in zip(kept, homes, strict=True) if home is not None and home == graph.cell.root]
        if mine and graph.root is not None:
            result[index] = _extended(graph, mine, settings)
    for model, home in zip(kept, homes, strict=True):
        if home is None:
            cell = Cell(model.migrations.project_directory, None)
            result.append(_extended(Graph(cell, len(result), None, []), [model], settings))
    return result, diagnostics, tuple(sorted(read))


def _extended(graph: Graph, models: Sequence[SchemaModel], settings: Settings) -> Graph:
    nodes = list(graph.nodes)
    for model in models:
        settled = model
        if settings.default_grants == "none":
            settled = msgspec.structs.replace(settled, default_grants=DefaultGrants.NONE)
        if len(models) == 1 and graph.root is not None:
            settled = joined(settled, facts_of(graph))
        nodes.extend(_nodes(settled, graph.index))
    return Graph(graph.cell, graph.index, graph.root, nodes)


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


def _nodes(model: SchemaModel, cell: int) -> Iterator[Node]:
    """The database itself, and everything in it that a policy can be on; each with its model beside it."""
    database = model.database
    directory = model.migrations.directory or "."
    place = file_start(model.migrations.files[0])
    if database.uncertain:
        place = database.uncertain[0].span

    def node(kind: str, name: str, at: Span, item: object) -> Node:
        return Node(kind, kind, name, name, at, cell, payload=(item, model))

    yield node("sql.database", directory, place, database)
    for table in database.tables:
        yield node("sql.table", str(table.name), decisive_place(table, model), table)
    for table in (*database.tables, *database.external):
        for policy in table.policies:
            yield node("sql.policy", f"{table.name} {quoted(policy.name)}", policy.span, policy)
    for view in database.views:
        yield node("sql.view", str(view.name), view.decided_at or view.made_at, view)
    for function in database.functions:
        yield node("sql.function", f"{function.name}({', '.join(function.arguments)})", function.made_at, function)
    for role in database.roles:
        yield node("sql.role", role.name, role.decided_at or role.made_at, role)
