"""The stages up to the graphs: settings, files, cells, databases, monitoring, and the redaction of all output."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic, Level, error
from iacpolicy.core.redaction import Redactor
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.tree import Tree
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.context.recursion_limit import deep_recursion
from iacpolicy.pipeline.context.repository import Repository, SelectedTree
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.run_rules import RulesRevision
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.allowed_secrets import secrets_by_cell
from iacpolicy.pipeline.prepare.evaluate_cells import Evaluated, evaluate_cells, file_problems
from iacpolicy.pipeline.prepare.own_fixtures import fixtures_below, fixtures_note
from iacpolicy.secrets.find import find_secrets
from iacpolicy.secrets.secret import CellSecrets
from iacpolicy.settings.load import load as load_settings
from iacpolicy.settings.settings import Settings
from iacpolicy.terraform.files import is_configuration


class Prepared(msgspec.Struct, frozen=True):
    """The result of the stages before the policies, for one tree.

    `secrets` are those of each cell by its index. `diagnostics` are the problems of all files that were read, not yet
    redacted and in no defined order.
    """

    request: Request
    settings: Settings
    tree: Tree
    evaluated: Evaluated
    secrets: Mapping[int, CellSecrets]
    redactor: Redactor
    diagnostics: tuple[Diagnostic, ...]
    base: RulesRevision | None = None

    @property
    def graphs(self) -> tuple[Graph, ...]:
        """The graph of each cell."""
        return self.evaluated.graphs


@deep_recursion()
def prepare(
    request: Request, settings: Settings | None = None, tree: Tree | None = None, base: RulesRevision | None = None
) -> Prepared:
    """Run the stages up to the graphs; `settings` and `tree` default to those of the work tree.

    With a base, the imported schemas are those of the base.

    Raises:
        UsageError: the settings cannot be read.
    """
    if settings is None:
        settings = read_settings(Repository(request.root))
    everything = tree or Repository(request.root)
    if tree is None and base is None:
        _check_roots(settings, everything)
    fixtures = fixtures_below(everything, request, settings)
    selected = SelectedTree(everything, settings.exclude, request.paths, fixtures)
    evaluated = evaluate_cells(selected, request, settings, base.tree if base is not None else selected)
    if not request.roots_only:
        evaluated = _with_monitoring(selected, _with_databases(selected, evaluated, request, settings), request)
    found = find_secrets(evaluated.graphs, selected, request.paths)
    hidden = (*found.secrets, *found.hidden)
    redactor = Redactor((s.text for s in hidden), (s.place for s in hidden if s.place is not None))
    diagnostics = (
        *file_problems(evaluated),
        *evaluated.diagnostics,
        *selected.unlisted(),
        *fixtures_note(fixtures, request.paths),
        *found.diagnostics,
    )
    secrets = secrets_by_cell(found, evaluated.graphs, settings.secrets)
    return Prepared(request, settings, selected, evaluated, secrets, redactor, diagnostics, base)


def _with_databases(tree: Tree, evaluated: Evaluated, request: Request, settings: Settings) -> Evaluated:
    """Add the databases that migrations make to the graphs."""
    if not settings.databases and not any(p.endswith(".sql") for p in tree.paths()):
        return evaluated
    from iacpolicy.pipeline.databases.attach import add_databases  # imports PostgreSQL's grammar, which is slow

    graphs, problems, paths = add_databases(tree, [*evaluated.graphs], evaluated.roots, request.paths, settings)
    return replace(
        evaluated, graphs=tuple(graphs), diagnostics=(*evaluated.diagnostics, *problems), sql_paths=tuple(paths)
    )


def _with_monitoring(tree: Tree, evaluated: Evaluated, request: Request) -> Evaluated:
    """Add dashboards and alert rules to the graphs."""
    from iacpolicy.pipeline.prepare.monitoring import add_observability

    graphs, problems, paths = add_observability(tree, evaluated.graphs, evaluated.roots, request.paths)
    return replace(evaluated, graphs=graphs, diagnostics=(*evaluated.diagnostics, *problems), monitoring_paths=paths)


def read_settings(tree: Tree) -> Settings:
    """Return the settings of a repository.

    Raises:
        UsageError: a setting is wrong; the text has all errors.
    """
    settings, problems = load_settings(tree)
    if any(p.severity is Level.ERROR for p in problems):
        raise UsageError("\n".join(one_line(p) for p in problems))
    return settings


def _check_roots(settings: Settings, tree: Tree) -> None:
    """Check that each root in the settings is a directory with Terraform configuration.

    Raises:
        UsageError: a root is not such a directory.
    """
    if not settings.workspaces.roots:
        return
    directories = {p.rpartition("/")[0] for p in tree.paths() if is_configuration(p)}
    problems = [
        error(
            "Unknown root",
            f'"{name}" of `roots` is not a directory with Terraform configuration'
            f"{did_you_mean(name, directories, HintForm.ASIDE)}.",
            settings.places.get(("roots", name)),
        )
        for name in settings.workspaces.roots
        if name not in directories
    ]
    if problems:
        raise UsageError("\n".join(one_line(p) for p in problems))


def read_errors(prepared: Prepared) -> tuple[str, ...]:
    """Return a line for each error in reading the files, for commands whose output has no room for diagnostics."""
    lines = (one_line(p) for p in prepared.diagnostics if p.severity is Level.ERROR)
    return tuple(dict.fromkeys(prepared.redactor.text(line) for line in lines))


def one_line(problem: Diagnostic) -> str:
    """Return a diagnostic on one line."""
    place = f"{problem.location.path}:{problem.location.line}: " if problem.location is not None else ""
    return f"{place}{problem.summary}. {problem.detail}"
