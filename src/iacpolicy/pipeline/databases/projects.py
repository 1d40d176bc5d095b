"""The Supabase project and the connection that each database of a cell belongs to.

Settings decide first. Then follow the project's reference in `config.toml`, an equal name, and being the only one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iacpolicy.evaluate.values.identities import BlockAt
from iacpolicy.evaluate.values.terms import symbols
from iacpolicy.evaluate.values.value import first_unsettled, unknown_terms
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.joins import Joins, arms_of, joins_of, key_of
from iacpolicy.graph.nodes import Node
from iacpolicy.sql.migrations.discover import SchemaModel

_ENVIRONMENTS = frozenset(
    {"prod", "production", "live", "staging", "stage", "dev", "development", "preview", "test", "testing", "qa", "uat",
     "sandbox", "demo"}
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """A Supabase project in a cell: its `supabase_project`, its settings resources, and its literal reference."""

    address: str
    node: Node | None
    settings: tuple[Node, ...]
    reference: str | None
    names: frozenset[str]

    def is_called(self, text: str) -> bool:
        """Return whether a setting names this project, by the address of one of its resources or by its reference."""
        return text in {self.address, self.reference, *(node.address for node in self.settings)}


@dataclass(frozen=True)
class ProjectMatch:
    """The project of one database, or its `reference` alone; `doubt` is the reason why the project is unknown."""

    project: Project | None = None
    reference: str | None = None
    doubt: str | None = None


def projects_of(graph: Graph) -> list[Project]:
    """Return the projects of a cell in the order of their addresses."""
    joins = joins_of(graph)
    by_key = {key_of(v): n for n in graph.of("supabase_project") for v in joins.names(n)}
    settings: dict[Node | str, list[Node]] = {n: [] for n in graph.of("supabase_project")}
    for node in graph.of("supabase_settings"):
        arms = list(arms_of(joins.value(node, "project_ref")))
        key = key_of(arms[0]) if len(arms) == 1 else None
        settings.setdefault(by_key.get(key) or key or f"?{node.address}", []).append(node)
    found = []
    for owner, nodes in settings.items():
        if isinstance(owner, Node):
            names = _words(owner.name, _text(joins, owner, "name"))
            found.append(Project(owner.address, owner, tuple(nodes), None, names))
        else:
            reference = owner[1:] if owner.startswith("=") else None
            found.append(Project(nodes[0].address, None, tuple(nodes), reference, _words(*(n.name for n in nodes))))
    return sorted(found, key=lambda p: p.address)


def is_environment(name: str) -> bool:
    """Return whether a name or a part of a path is that of an environment, such as `staging`."""
    return not _ENVIRONMENTS.isdisjoint(re.split(r"[^a-z]+", name.lower()))


def project_matches(models: Sequence[SchemaModel], projects: Sequence[Project]) -> list[tuple[ProjectMatch, ...]]:
    """Return the matches of each database: one project, or several that are environments of the same project."""
    found: dict[int, ProjectMatch] = {}
    left = list(projects)
    for index, model in enumerate(models):
        source = model.migrations.source
        if model.migrations.connected is not None:
            found[index] = ProjectMatch()
        elif source is not None and source.project is not None:
            found[index] = _named(source.project, projects)
            left = [p for p in left if p is not found[index].project]
    for matches in (_by_reference, _by_name):
        for index, model in enumerate(models):
            candidates = [p for p in left if matches(model, p)] if index not in found else []
            if len(candidates) == 1:
                found[index] = ProjectMatch(candidates[0], candidates[0].reference)
                left.remove(candidates[0])
    for is_one in (_has_root_setting, lambda _: True):
        open_ones = [index for index, model in enumerate(models) if index not in found and is_one(model)]
        if len(open_ones) == 1:
            break
    doubt = None
    others: tuple[ProjectMatch, ...] = ()
    if len(open_ones) == 1 and (len(left) == 1 or all(any(map(is_environment, p.names)) for p in left)):
        others = tuple(ProjectMatch(p, p.reference) for p in left)
    elif left:
        named = " or ".join(p.address for p in left[:3])
        doubt = f"whether it is the database of {named} is unknown: write `project` under `[databases]`"
    rest = (ProjectMatch(doubt=doubt),)
    chosen = frozenset(open_ones) if others else frozenset()
    return [(found[i],) if i in found else others if i in chosen else rest for i in range(len(models))]


def configures(provider: str, match: ProjectMatch, model: SchemaModel, graph: Graph, *, only: bool) -> bool | None:
    """Return whether the resources of a `postgresql` provider configure a database; None where nothing shows it.

    `only` is true where the cell has one such provider and one database.
    """
    source = model.migrations.source
    if source is not None and source.provider is not None:
        return provider == source.provider
    project = match.project
    node = next((n for n in graph.of("provider") if n.address == f"provider.{provider}"), None)
    if node is not None and project is not None:
        host = joins_of(graph).value(node, "host")
        if host is not None and isinstance(host.data, str):
            if project.reference is not None and ".supabase." in host.data:
                return project.reference in re.split(r"[./@:]", host.data)
        elif host is not None:
            facts = {s.identity.fact for term in unknown_terms(host) for s in symbols(term)}
            known = {n.address for n in graph.of("supabase_project") if BlockAt(n.address, n.type) in facts}
            if known:
                return project.address in known
    return True if only else None


def provider_of(node: Node) -> str:
    """Return the name of the provider of a resource with its alias, as the module of the resource writes it."""
    config = getattr(node.payload, "config", None)
    argument = config.block.attributes.get("provider") if config is not None else None
    if argument is None:
        return node.type.partition("_")[0]
    written: str = argument.source.text[argument.value.start : argument.value.end]
    return written.strip().strip('"')


def _named(wanted: str, projects: Sequence[Project]) -> ProjectMatch:
    project = next((p for p in projects if p.is_called(wanted)), None)
    if project is not None:
        return ProjectMatch(project, project.reference)
    if "." not in wanted:
        return ProjectMatch(reference=wanted)
    return ProjectMatch(doubt=f"the settings assign it to {wanted}, which does not exist")


def _has_root_setting(model: SchemaModel) -> bool:
    """Return whether settings name the root of the database."""
    source = model.migrations.source
    return source is not None and source.root is not None


def _by_reference(model: SchemaModel, project: Project) -> bool:
    config = model.migrations.config
    if config is None or project.reference is None:
        return False
    return project.reference in {config.project, *(remote.project for remote in config.remotes)}


def _by_name(model: SchemaModel, project: Project) -> bool:
    migrations = model.migrations
    named = [migrations.project_directory.rpartition("/")[2]]
    if migrations.config is not None:
        named.append(migrations.config.project or "")
    if migrations.source is not None:
        named.append(migrations.source.name)
    return bool(_words(*named) & project.names)


def _words(*names: str | None) -> frozenset[str]:
    return frozenset(_settled(names))


def _settled(names: Sequence[str | None]) -> Iterator[str]:
    for name in names:
        if name:
            yield re.sub(r"[^a-z0-9]+", "-", name.lower())


def _text(joins: Joins, node: Node, name: str) -> str | None:
    value = joins.value(node, name)
    known = value is not None and first_unsettled(value) is None
    return value.data if known and value is not None and isinstance(value.data, str) else None
