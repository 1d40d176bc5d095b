"""From files to the graphs of all cells: roots, workspaces, evaluation."""

from collections.abc import Iterator

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.tree import Tree
from iacpolicy.evaluate.modules.contracts import check_contracts
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.build import build_graph
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.context.imported_schemas import catalogue_of, damaged
from iacpolicy.pipeline.context.request import Request
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.settings.settings import Settings
from iacpolicy.terraform.cells import Cell, find_cells
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.roots import find_roots
from iacpolicy.terraform.variables import assignments, undeclared


class Evaluated(msgspec.Struct):
    """The graphs of the run, what is wrong with the files behind them, and the modules that were loaded."""

    files: ParsedFiles
    modules: Modules
    roots: list[str]
    graphs: list[Graph] = []
    diagnostics: list[Diagnostic] = []
    sql_paths: tuple[str, ...] = ()
    monitoring_paths: tuple[str, ...] = ()

    def directories(self) -> set[str]:
        """The directories of all modules of the run."""
        directories = set(self.roots)
        for graph in self.graphs:
            pending = [graph.root] if graph.root is not None else []
            while pending:
                module = pending.pop()
                directories.add(module.module.directory)
                pending.extend(module.children())
        return directories

    def used_paths(self) -> list[str]:
        """The files of Terraform that the run is about, var-files included, sorted."""
        used = {f.path for d in self.directories() for f in self.modules.load(d).files}
        for graph in self.graphs:
            if graph.root is not None:
                session = graph.root.session
                used.update(a.argument.source.path for a in session.assignments.values() if a.argument is not None)
        return sorted(used)

    def looked_at(self) -> set[str]:
        """The files that the run is about: Terraform, migrations, rules and dashboards."""
        return {*self.used_paths(), *self.sql_paths, *self.monitoring_paths}


def evaluate_cells(tree: Tree, request: Request, settings: Settings, schemas: Tree) -> Evaluated:
    """The graph of every cell of every selected root, by the schemas that a tree keeps."""
    files = ParsedFiles(tree, request.parser)
    modules = Modules(files)
    alone = [p for p in request.paths if p in files.directories] if request.alone else None
    roots = find_roots(modules, request.paths) if alone is None else alone
    result = Evaluated(files, modules, roots)
    catalogue, problems = catalogue_of(schemas)
    result.diagnostics.extend(problems)
    for cell in _cells(result, request, settings):
        graph = _graph(result, cell, request, catalogue)
        result.graphs.append(graph)
    result.diagnostics.extend(_unheard(result, request))
    return result


def _unheard(result: Evaluated, request: Request) -> Iterator[Diagnostic]:
    """An error for each `--var` that no root of the run declares."""
    declared = {name for root in result.roots for name in result.modules.load(root).variables}
    for name in sorted(request.variables):
        if name not in declared and result.roots:
            yield error(
                "Value for undeclared variable",
                f'A variable named "{name}" was given with --var, but no root module of this run declares it.'
                f"{did_you_mean(name, declared, HintForm.ASIDE)}",
            )


def _cells(result: Evaluated, request: Request, settings: Settings) -> Iterator[Cell]:
    for root in result.roots:
        module = result.modules.load(root)
        yield from find_cells(result.files, module, settings.workspaces, request.workspaces, request.var_files)


def _graph(result: Evaluated, cell: Cell, request: Request, catalogue: Catalogue) -> Graph:
    given, problems = assignments(result.files, cell.root, cell.var_files, request.environment, request.variables)
    result.diagnostics.extend(problems)
    session = Session(result.files.tree, result.modules, catalogue, cell, given)
    module = result.modules.load(cell.root)
    root = ModuleInstance(module, session)
    for problem in undeclared(module, {n: a for n, a in given.items() if a.argument is not None}):
        session.add(problem)
    return build_graph(cell, len(result.graphs), root)


def evaluation_problems(result: Evaluated) -> list[Diagnostic]:
    """What evaluation has met so far; asked for after the policies have read what they read."""
    found: dict[Diagnostic, None] = {}
    for graph in result.graphs:
        if graph.root is not None:
            check_contracts(graph.root)
            found.update(dict.fromkeys(graph.root.session.problems.values()))
            found.update(dict.fromkeys(damaged(graph.root.session.catalogue)))
    return list(found)


def file_problems(result: Evaluated) -> list[Diagnostic]:
    """What is wrong with the files of every module that belongs to a selected root."""
    found: dict[Diagnostic, None] = {}
    for directory in sorted(result.directories()):
        found.update(dict.fromkeys(result.modules.problems(directory)))
    return list(found)
