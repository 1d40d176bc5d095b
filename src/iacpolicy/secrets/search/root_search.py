"""The search over one root: its sinks are traced back to literals, and its files are searched for tokens."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.graph.graph import Graph
from iacpolicy.hcl import ast
from iacpolicy.secrets.flow.bindings import dynamic_bindings, each_bindings
from iacpolicy.secrets.flow.file_functions import Bindings
from iacpolicy.secrets.flow.literal_flow import LiteralFlow
from iacpolicy.secrets.flow.literal_places import literal_ranges_of
from iacpolicy.secrets.flow.literals import LiteralString
from iacpolicy.secrets.flow.module_uses import ModuleUse, module_uses
from iacpolicy.secrets.flow.read_files import ReadFile
from iacpolicy.secrets.search.collect import SecretCollector, SinkSecret
from iacpolicy.secrets.search.syntax_positions import SyntaxPosition, token_positions
from iacpolicy.secrets.secret import UNSHOWN, Secret
from iacpolicy.secrets.sinks.ranges import secret_ranges
from iacpolicy.secrets.sinks.sinks import HintIndex, Sink, SinkFinder
from iacpolicy.secrets.text.classify import is_placeholder
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.secrets.text.limits import text_problems
from iacpolicy.secrets.text.tokens import TextRange
from iacpolicy.terraform.backend_files import backend_files, completed
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.variables import Assignment, automatic_files, read_assignments

SecretRanges = list[tuple[LiteralString, tuple[TextRange, ...]]]


class SharedSearch(msgspec.Struct):
    """The results that all roots share: the sinks of modules, secrets at sinks without references, read files."""

    hints: HintIndex = msgspec.field(default_factory=HintIndex)
    sinks: dict[str, list[Sink]] = {}
    judged: dict[Sink, SecretRanges] = {}
    read: dict[str, ReadFile] = {}
    tokens: dict[str, list[tuple[TextRange, SyntaxPosition]]] = {}


class RootSearch:
    """The search over one root and all its cells."""

    def __init__(self, cells: Sequence[Graph], shared: SharedSearch) -> None:
        root = cells[0].root
        assert root is not None
        self.cells = cells
        self.shared = shared
        self.session = root.session
        self.files = self.session.modules.files
        self.directory = cells[0].cell.root
        self.flow = LiteralFlow(self.directory, self.session.tree, shared.read)
        self.sinks = SinkFinder(self.session.catalogue, shared.hints)
        self.assigned, self.var_files = self._assignments()
        self.uses = module_uses(self.session.modules, self.directory, self.assigned)

    def search(self) -> Iterator[Secret | Diagnostic]:
        """Yield the secrets, the texts made from them, and a diagnostic for each text that was searched in part."""
        collector = SecretCollector(
            tuple(sorted(g.index for g in self.cells)), self.var_files, self.files, [u.module for u in self.uses]
        )
        for item in self._candidates():
            if isinstance(item, Diagnostic):
                yield item
            else:
                collector.add(item)
        for source, file, is_assignments in self._files():
            if source.path not in self.shared.tokens:
                self.shared.tokens[source.path] = list(token_positions(source, file))
            for text_range, position in self.shared.tokens[source.path]:
                collector.add_token(source, text_range, position, is_assignments)
        yield from collector.secrets()
        yield from self._external_values()
        yield from (read.problem for read in self.shared.read.values() if read.problem is not None)

    def _assignments(self) -> tuple[dict[str, tuple[Assignment, ...]], dict[str, tuple[int, ...]]]:
        """Return the assignments in the var-files of all cells, and the cells of each file."""
        assigned: dict[str, list[Assignment]] = {}
        var_files: dict[str, list[int]] = {}
        automatic = automatic_files(self.files, self.directory)
        for graph in self.cells:
            for path in dict.fromkeys((*automatic, *graph.cell.var_files)):
                if self.session.tree.exists(path):
                    var_files.setdefault(path, []).append(graph.index)
        for path in var_files:
            for assignment in read_assignments(self.files, path)[0]:
                assigned.setdefault(assignment.name, []).append(assignment)
        return {n: tuple(a) for n, a in assigned.items()}, {p: tuple(c) for p, c in var_files.items()}

    def _files(self) -> Iterator[tuple[SourceFile, ast.File, bool]]:
        """Yield the files of the root's modules, its var-files and backend files, each once."""
        seen: set[str] = set()
        for use in self.uses:
            for source in use.module.files:
                parsed = self.files.parsed(source.path)
                if source.path not in seen and parsed is not None:
                    seen.add(source.path)
                    yield (*parsed, False)
        for path in (*self.var_files, *self._backend_files()):
            parsed = self.files.parsed(path)
            if parsed is not None:
                yield (*parsed, path in self.var_files)

    def _candidates(self) -> Iterator[SinkSecret | Diagnostic]:
        plain: set[Sink] = set()
        order = 0
        for use in self.uses:
            for sink in self._sinks_of(use.module):
                order += 1
                if not sink.refers:
                    if sink in plain:
                        continue
                    plain.add(sink)
                yield from self._followed(sink, use, order)
        root = self.uses[0]
        for sink in self._backend_sinks(root.module):
            order += 1
            yield from self._followed(sink, root, order)
        for name, assignments in self.assigned.items():
            declared = root.module.variables.get(name)
            for assignment in assignments:
                if assignment.argument is not None:
                    for sink in self.sinks.of_assignment(assignment.argument, bool(declared and declared.sensitive)):
                        order += 1
                        yield from self._followed(sink, root, order)

    def _backend_sinks(self, module: Module) -> Iterator[Sink]:
        """Yield the sinks of the files that complete the root's backend."""
        if module.backend is None:
            return
        type_, block = module.backend.type, module.backend.block
        for path in self._backend_files():
            whole = completed(self.files, block, path)
            if whole is not None:
                yield from self.sinks.of_backend(type_, whole)

    def _backend_files(self) -> tuple[str, ...]:
        backend = self.uses[0].module.backend
        if backend is None:
            return ()
        found = backend_files(self.files, self.directory, backend.type)
        return (*found.own, *found.shared)

    def _sinks_of(self, module: Module) -> list[Sink]:
        if module.directory not in self.shared.sinks:
            self.shared.sinks[module.directory] = self.sinks.of_module(module)
        return self.shared.sinks[module.directory]

    def _followed(self, sink: Sink, use: ModuleUse, order: int) -> Iterator[SinkSecret | Diagnostic]:
        judged = self.shared.judged.get(sink) if not sink.refers else None
        if judged is None:
            strings = self.flow.literals(sink.node, use, sink.source, self._bound(sink, use))
            every = [(string, tuple(secret_ranges(sink, string))) for string in strings]
            for string, found in every:
                source = next((p.source for p in string.pieces if p.source is not None), None)
                if source is not None:
                    yield from text_problems(string.text, source, bool(found))
            judged = [(string, found) for string, found in every if found]
            if not sink.refers:
                self.shared.judged[sink] = judged
        for string, found in judged:
            for text_range in found:
                parts = literal_ranges_of(string, text_range)
                if parts:
                    yield SinkSecret(sink, use.address, string, text_range, parts, order)

    def _bound(self, sink: Sink, use: ModuleUse) -> Bindings:
        if not sink.refers or sink.block is None:
            return {}
        bound = each_bindings(self.flow, use, sink.block)
        for block in sink.around:
            bound = dynamic_bindings(self.flow, use, block, bound)
        return bound

    def _external_values(self) -> Iterator[Secret]:
        """Yield the values of secret variables from the environment and the command line, for the redaction."""
        declared = self.uses[0].module.variables
        for graph in self.cells:
            assignments: Mapping[str, Assignment] = graph.root.session.assignments if graph.root is not None else {}
            for name, assignment in assignments.items():
                variable = declared.get(name)
                is_secret = trust_of(name) > 0 or (variable is not None and variable.sensitive)
                if assignment.argument is None and is_secret and not is_placeholder(assignment.text):
                    yield Secret(assignment.text, None, UNSHOWN)
