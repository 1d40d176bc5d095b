"""Turn files into the graphs of all cells: find roots and workspaces, and evaluate each cell."""

from collections.abc import Iterator, Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.tree import Tree
from iacpolicy.evaluate.modules.contracts import contract_problems
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.build import build_graph
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.context.imported_schemas import catalogue_of, damaged
from iacpolicy.pipeline.context.request import Request
from iacpolicy.settings.settings import Settings
from iacpolicy.terraform.cells import find_cells
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.roots import find_roots
from iacpolicy.terraform.variables import assignments, undeclared


class Evaluated(msgspec.Struct, frozen=True):
    """The graphs of a run, the modules behind them, and the problems of the files that were read for them.

    `sql_paths` and `monitoring_paths` are the files that later stages read for databases, dashboards and rules.
    """

    files: ParsedFiles
    modules: Modules
    roots: tuple[str, ...]
    graphs: tuple[Graph, ...]
    diagnostics: tuple[Diagnostic, ...]
    sql_paths: tuple[str, ...] = ()
    monitoring_paths: tuple[str, ...] = ()

    def directories(self) -> set[str]:
        """Return the directories of all modules of the run."""
        directories = set(self.roots)
        for graph in self.graphs:
            pending = [graph.root] if graph.root is not None else []
            while pending:
                module = pending.pop()
                directories.add(module.module.directory)
                pending.extend(module.children())
        return directories

    def used_paths(self) -> list[str]:
        """Return the Terraform files and var-files of the run, sorted."""
        used = {f.path for d in self.directories() for f in self.modules.load(d).files}
        for graph in self.graphs:
            if graph.root is not None:
                session = graph.root.session
                used.update(a.argument.source.path for a in session.assignments.values() if a.argument is not None)
        return sorted(used)

    def scanned_paths(self) -> set[str]:
        """Return all files of the run: Terraform, migrations, rules and dashboards."""
        return {*self.used_paths(), *self.sql_paths, *self.monitoring_paths}


def evaluate_cells(tree: Tree, request: Request, settings: Settings, schemas: Tree) -> Evaluated:
    """Return the graph of every cell of every selected root; `schemas` is the tree with the imported schemas."""
    files = ParsedFiles(tree, request.parser)
    modules = Modules(files)
    if request.roots_only:
        roots = [path for path in request.paths if path in files.directories]
    else:
        roots = find_roots(modules, request.paths)
    catalogue, unreadable = catalogue_of(schemas)
    graphs: list[Graph] = []
    problems = [*unreadable]
    for root in roots:
        for cell in find_cells(files, modules.load(root), settings.workspaces, request.workspaces, request.var_files):
            given, wrong = assignments(files, root, cell.var_files, request.environment, request.variables)
            instance = _root_instance(Session(tree, modules, catalogue, cell, given), modules.load(root))
            graphs.append(build_graph(cell, len(graphs), instance))
            problems += wrong
    problems += _undeclared_options(modules, roots, request)
    return Evaluated(files, modules, tuple(roots), tuple(graphs), tuple(problems))


def _root_instance(session: Session, module: Module) -> ModuleInstance:
    """Return the root module of a cell; its session has an error for each var-file line without a variable."""
    given = {name: assigned for name, assigned in session.assignments.items() if assigned.argument is not None}
    for problem in undeclared(module, given):
        session.add(problem)
    return ModuleInstance(module, session)


def _undeclared_options(modules: Modules, roots: Sequence[str], request: Request) -> Iterator[Diagnostic]:
    """Yield an error for each `--var` that no root module of the run declares."""
    declared = {name for root in roots for name in modules.load(root).variables}
    for name in sorted(request.variables):
        if name not in declared and roots:
            yield error(
                "Value for undeclared variable",
                f'A variable named "{name}" was given with --var, but no root module of this run declares it.'
                f"{did_you_mean(name, declared, HintForm.ASIDE)}",
            )


def evaluation_problems(result: Evaluated) -> tuple[Diagnostic, ...]:
    """Return the problems that evaluation has met so far; values are evaluated when a policy reads them."""
    found: dict[Diagnostic, None] = {}
    for graph in result.graphs:
        if graph.root is not None:
            found.update(dict.fromkeys(contract_problems(graph.root)))
            found.update(dict.fromkeys(graph.root.session.problems.values()))
            found.update(dict.fromkeys(damaged(graph.root.session.catalogue)))
    return tuple(found)


def file_problems(result: Evaluated) -> tuple[Diagnostic, ...]:
    """Return the problems of the files of every module that a selected root calls, and of the root itself."""
    found: dict[Diagnostic, None] = {}
    for directory in sorted(result.directories()):
        found.update(dict.fromkeys(result.modules.problems(directory)))
    return tuple(found)
