"""The stages up to the graphs: settings, files, cells, databases, monitoring, and the redaction of all output."""

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, Level, error
from iacpolicy.core.redaction import Redactor
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.tree import Tree
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.context.recursion_limit import deep
from iacpolicy.pipeline.context.repository import Repository, Seen
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.run_rules import Base
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.allowed_secrets import allow
from iacpolicy.pipeline.prepare.evaluate_cells import Evaluated, evaluate_cells, file_problems
from iacpolicy.pipeline.prepare.own_fixtures import fixtures_below
from iacpolicy.pipeline.prepare.own_fixtures import told as fixtures_told
from iacpolicy.secrets.find import find_secrets
from iacpolicy.settings.load import load as load_settings
from iacpolicy.settings.settings import Settings
from iacpolicy.terraform.files import is_configuration


class Prepared(msgspec.Struct, frozen=True):
    """What the stages before the policies have made of one tree."""

    request: Request
    settings: Settings
    tree: Tree
    evaluated: Evaluated
    graphs: list[Graph]
    redactor: Redactor
    base: Base | None = None


@deep()
def prepare(
    request: Request, settings: Settings | None = None, tree: Tree | None = None, base: Base | None = None
) -> Prepared:
    """The stages up to the graphs; over the work tree and by its settings unless others are given.

    Schemas that the repository keeps are those of the base where there is one.

    Raises:
        UsageError: the settings cannot be read.
    """
    if settings is None:
        settings = read_settings(Repository(request.root))
    everything = tree or Repository(request.root)
    if tree is None and base is None:
        _check_roots(settings, everything)
    fixtures = fixtures_below(everything, request, settings)
    seen = Seen(everything, settings.exclude, request.paths, fixtures)
    evaluated = evaluate_cells(seen, request, settings, base.tree if base is not None else seen)
    if not request.alone:
        _add_systems(seen, evaluated, request, settings)
    evaluated.diagnostics.extend((*seen.unlisted(), *fixtures_told(fixtures, request.paths)))
    secrets = find_secrets(evaluated.graphs, seen, request.paths, evaluated.diagnostics)
    allow(evaluated.graphs, settings.secrets)
    redactor = Redactor((s.text for s in secrets), (s.place for s in secrets if s.place is not None))
    return Prepared(request, settings, seen, evaluated, evaluated.graphs, redactor, base)


def _add_systems(tree: Tree, evaluated: Evaluated, request: Request, settings: Settings) -> None:
    """Take in what stands beside Terraform: databases, dashboards and alert rules."""
    from iacpolicy.pipeline.prepare.monitoring import add_observability

    graphs, problems, evaluated.sql_paths = _with_databases(tree, evaluated, request, settings)
    graphs, unread, evaluated.monitoring_paths = add_observability(tree, graphs, evaluated.roots, request.paths)
    evaluated.graphs = graphs
    evaluated.diagnostics.extend((*problems, *unread))


def _with_databases(
    tree: Tree, evaluated: Evaluated, request: Request, settings: Settings
) -> tuple[list[Graph], list[Diagnostic], tuple[str, ...]]:
    """The graphs with the databases that migrations make."""
    if not settings.databases and not any(p.endswith(".sql") for p in tree.paths()):
        return evaluated.graphs, [], ()
    from iacpolicy.pipeline.databases.attach import add_databases  # PostgreSQL's grammar is not loaded for nothing

    return add_databases(tree, evaluated.graphs, evaluated.roots, request.paths, settings)


def read_settings(tree: Tree) -> Settings:
    """The settings of a repository.

    Raises:
        UsageError: a setting is wrong; all that are wrong are told.
    """
    settings, problems = load_settings(tree)
    if any(p.severity is Level.ERROR for p in problems):
        raise UsageError("\n".join(told(p) for p in problems))
    return settings


def _check_roots(settings: Settings, tree: Tree) -> None:
    """Refuse settings of a root where there is no directory of Terraform: they would hold for nothing.

    Raises:
        UsageError: there is none.
    """
    if not settings.workspaces.roots:
        return
    directories = {p.rpartition("/")[0] for p in tree.paths() if is_configuration(p)}
    problems = [
        error(
            "Unknown root",
            f'"{name}" of `roots` is no directory with Terraform configuration'
            f"{did_you_mean(name, directories, HintForm.ASIDE)}.",
            settings.places.get(("roots", name)),
        )
        for name in settings.workspaces.roots
        if name not in directories
    ]
    if problems:
        raise UsageError("\n".join(told(p) for p in problems))


def unread(prepared: Prepared) -> tuple[str, ...]:
    """What of the files could not be read, a line each, for commands whose output has no place for diagnostics."""
    found = [*prepared.evaluated.diagnostics, *file_problems(prepared.evaluated)]
    lines = (told(p) for p in found if p.severity is Level.ERROR)
    return tuple(dict.fromkeys(prepared.redactor.text(line) for line in lines))


def told(problem: Diagnostic) -> str:
    """A diagnostic on one line."""
    place = f"{problem.location.path}:{problem.location.line}: " if problem.location is not None else ""
    return f"{place}{problem.summary}. {problem.detail}"
