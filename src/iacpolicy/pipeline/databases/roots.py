"""The roots to whose cells a database belongs."""

from collections.abc import Sequence

from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.databases.projects import is_environment, projects_of
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.terraform.roots import is_within


def homes_of(model: SchemaModel, graphs: Sequence[Graph]) -> frozenset[str]:
    """Return the directories of the roots that a database belongs to; empty where it belongs to none."""
    source = model.migrations.source
    roots = {g.cell.root for g in graphs if g.root is not None}
    if source is not None and source.root is not None:
        return frozenset(roots & {source.root})
    if source is not None and source.project is not None:
        owning = {g.cell.root for g in graphs if any(p.is_called(source.project) for p in projects_of(g))}
        if owning:
            return frozenset(owning)
    above = [root for root in roots if is_within(model.migrations.project_directory, root)]
    if above:
        return frozenset({max(above, key=len)})
    managing = {g.cell.root for g in graphs if g.of("supabase_project") or g.of("supabase_settings")}
    if len(managing) <= 1:
        return frozenset(managing)
    sharing = {g.cell.root for g in graphs if g.cell.root in managing and _shares(model, g)}
    return frozenset(sharing or (managing if all(map(is_environment, managing)) else ()))


def _shares(model: SchemaModel, graph: Graph) -> bool:
    """Return whether a project of a cell has a reference that `config.toml` names."""
    config = model.migrations.config
    if config is None:
        return False
    references = {config.project, *(remote.project for remote in config.remotes)} - {None}
    return any(project.reference in references for project in projects_of(graph))
