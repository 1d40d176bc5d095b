"""Add the databases that migrations make to the graphs of the cells to which they belong."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, warning
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.pipeline.databases.facts import facts_of
from iacpolicy.pipeline.databases.projects import ProjectMatch, project_matches, projects_of
from iacpolicy.pipeline.databases.roots import homes_of
from iacpolicy.settings.settings import Settings
from iacpolicy.sql.migrations.discover import SchemaModel, load, with_config, with_settings
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.sql.model.database import Aspect, SchemaDoubt
from iacpolicy.sql.model.names import quoted
from iacpolicy.sql.privileges.exposure import decisive_place
from iacpolicy.sql.privileges.join import with_terraform
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.roots import is_within


def add_databases(
    tree: Tree, graphs: list[Graph], roots: Sequence[str], selected: Sequence[str], settings: Settings
) -> tuple[list[Graph], list[Diagnostic], tuple[str, ...]]:
    """Return the graphs with the databases of the selected migrations, the diagnostics, and the migrations' paths.

    A database belongs to every cell of the nearest root at or above its project. Without such a root, it belongs to the
    root that manages a Supabase project. Of several such roots, it belongs to all that are named after environments.
    Otherwise it gets a cell of its own. Settings can name the root. `projects` decides which resources of a cell
    configure the database.
    """
    models, problems = load(tree, settings.databases)
    kept = [m for m in models if _is_selected(m, roots, selected)]
    read = {path for model in kept for path in model.migrations.files}
    named = {source.place for source in settings.databases}
    diagnostics = [d for d in problems if d.location in {None, *named} or _concerns(d, kept, selected)]
    result = list(graphs)
    homes = [homes_of(model, graphs) for model in kept]
    diagnostics.extend(_unattached(kept, homes))
    for index, graph in enumerate(graphs):
        mine = [m for m, home in zip(kept, homes, strict=True) if graph.cell.root in home]
        if mine and graph.root is not None:
            result[index] = _extended(graph, mine, settings)
    without_root: dict[str, list[SchemaModel]] = {}
    for model, home in zip(kept, homes, strict=True):
        if not home:
            without_root.setdefault(model.migrations.project_directory, []).append(model)
    for directory, mine in without_root.items():
        result.append(_extended(Graph(Cell(directory, None), len(result), None, ()), mine, settings))
    return result, diagnostics, tuple(sorted(read))


def _extended(graph: Graph, models: Sequence[SchemaModel], settings: Settings) -> Graph:
    nodes = list(graph.nodes)
    projects = projects_of(graph) if graph.root is not None else []
    for model, belongs in zip(models, project_matches(models, projects), strict=True):
        only_database = len(models) == len(belongs) == 1
        same: list[SchemaModel] = []
        for match in belongs:
            settled = _of_project(_by_settings(model, settings), match)
            if graph.root is not None:
                settled = with_terraform(settled, facts_of(graph, settled, match, only_database=only_database))
            same.append(_by_own_settings(settled))
        for one in _merged(same):
            nodes.extend(_nodes(one, graph.index))
    return Graph(graph.cell, graph.index, graph.root, tuple(nodes))


def _merged(models: Sequence[SchemaModel]) -> list[SchemaModel]:
    """Return the models of one database in several projects; equal models become one."""
    found: list[SchemaModel] = []
    for model in models:
        for index, known in enumerate(found):
            if msgspec.structs.replace(known, projects=()) == msgspec.structs.replace(model, projects=()):
                found[index] = msgspec.structs.replace(known, projects=(*known.projects, *model.projects))
                break
        else:
            found.append(model)
    return found


def _by_settings(model: SchemaModel, settings: Settings) -> SchemaModel:
    source = model.migrations.source
    if settings.default_grants == "none" and (source is None or source.default_grants is None):
        return msgspec.structs.replace(model, default_grants=DefaultGrants.NONE)
    return model


def _by_own_settings(model: SchemaModel) -> SchemaModel:
    """Return the model with the schemas from iacpolicy's settings, which take precedence over those of the project."""
    source = model.migrations.source
    if source is None or source.exposed_schemas is None:
        return model
    return with_settings(model, source)


def _of_project(model: SchemaModel, match: ProjectMatch) -> SchemaModel:
    """Return the model as `config.toml` describes the project that it belongs to, `[remotes.*]` included."""
    project = match.project
    if project is not None and project.node is not None:
        model = msgspec.structs.replace(model, projects=(project.address,))
    config = model.migrations.config
    place = file_start(model.migrations.files[0])
    if match.doubt is not None:
        return msgspec.structs.replace(model, exposed_doubts=(SchemaDoubt(Aspect.EXISTENCE, match.doubt, place),))
    if config is None or not config.remotes or model.migrations.connected is not None:
        return model
    if match.reference is not None:
        return with_config(model, config.shown_by(match.reference))
    reasons: list[SchemaDoubt] = []
    doubted: set[str] = set()
    for remote in config.remotes:
        other = with_config(model, config.shown_by(remote.project))
        differ = set(other.exposed_schemas) ^ set(model.exposed_schemas)
        if other.default_grants is not model.default_grants:
            differ |= {*other.exposed_schemas, *model.exposed_schemas}
        if differ:
            doubted |= differ
            text = f"[remotes.{remote.name}] has other settings, and the project of this database is unknown"
            reasons.append(SchemaDoubt(Aspect.EXISTENCE, text, remote.place))
    if not reasons:
        return model
    return msgspec.structs.replace(model, exposed_doubts=tuple(reasons[:3]), doubted=frozenset(doubted))


def _is_selected(model: SchemaModel, roots: Sequence[str], selected: Sequence[str]) -> bool:
    directory = model.migrations.directory
    source = model.migrations.source
    if source is not None and source.root in roots:
        return True
    if any(is_within(directory, s) or is_within(s, directory) for s in selected):
        return True
    return any(is_within(directory, r) for r in roots if r)


def _concerns(diagnostic: Diagnostic, kept: Sequence[SchemaModel], selected: Sequence[str]) -> bool:
    path = diagnostic.location.path if diagnostic.location is not None else ""
    return any(is_within(path, s) for s in selected) or any(
        is_within(path, m.migrations.project_directory) for m in kept
    )


def _unattached(models: Sequence[SchemaModel], homes: Sequence[Collection[str]]) -> Iterator[Diagnostic]:
    """Yield a warning for each database whose settings name a directory that is not a root."""
    for model, home in zip(models, homes, strict=True):
        source = model.migrations.source
        if source is not None and source.root is not None and not home:
            what = f"`databases.{source.name}.root`: {source.root or '.'} is not a root of this run. Correct it."
            yield warning("Database belongs to no root", what, source.place)


def _nodes(model: SchemaModel, cell: int) -> Iterator[Node]:
    """Yield a node for the database and each object that a policy can check; each payload holds the model too."""
    database = model.database
    directory = model.migrations.label
    place = file_start(model.migrations.files[0])
    doubts = (*database.uncertain, *(found.reason for found in database.foreign_imports))
    if doubts:
        place = doubts[0].span

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
