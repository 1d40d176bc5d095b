"""Static checks of the modules of a root, from their text alone.

Every directory is checked once, before its callers; texts name the first call that leads to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.terraform.blocks import Argument
from iacpolicy.terraform.checks import bodies, calls, functions, idle_conditions, order, providers
from iacpolicy.terraform.checks.cycles import cycles
from iacpolicy.terraform.checks.dependencies import Dependencies, ModuleNeeds
from iacpolicy.terraform.checks.names import DeclaredNames
from iacpolicy.terraform.config import Module, ModuleCall
from iacpolicy.terraform.modules import InvalidCall, Modules
from iacpolicy.terraform.references import FunctionCall, ReferenceKind, is_resource
from iacpolicy.terraform.scoping import Area, ReferenceSite, declarations, module_sites

MAX_MODULE_DEPTH = 32


class LanguageRules(msgspec.Struct, frozen=True):
    """Rules of the language from the layer above.

    `function_problem` returns None for a function that exists in the file, else the message. `type_problem` does the
    same for the `type` argument of a variable.
    """

    function_problem: Callable[[str, str], str | None]
    type_problem: Callable[[Argument], Diagnostic | None]


class CalledModule(msgspec.Struct, frozen=True):
    """A called module; `complete` is set if all its files could be read."""

    module: Module
    needs: ModuleNeeds
    complete: bool


class CheckedRoot(msgspec.Struct, frozen=True):
    """The problems of a root's module tree, by place; those of modules that are not installed are apart.

    `directories` are those of the tree, the root first. The caller collects the problems of their files.
    """

    problems: tuple[Diagnostic, ...]
    not_installed: tuple[Diagnostic, ...]
    directories: tuple[str, ...]


def check_root(modules: Modules, root: str, language: LanguageRules) -> CheckedRoot:
    """Return the problems of a root and the modules below it."""
    return next(check_roots(modules, [root], language))


def check_roots(modules: Modules, roots: Iterable[str], language: LanguageRules) -> Iterator[CheckedRoot]:
    """Yield the problems of each root; a directory without problems is not checked again for the next root."""
    sound: dict[str, tuple[dict[str, CalledModule], CalledModule]] = {}
    for root in roots:
        walk = _Walk(modules, root, language, sound)
        walk.run()
        yield CheckedRoot(_sorted(walk.problems), _sorted(walk.not_installed), tuple(walk.directories))


def check_module(
    module: Module, children: Mapping[str, CalledModule], path: tuple[str, ...], complete: bool, language: LanguageRules
) -> tuple[list[Diagnostic], ModuleNeeds]:
    """Return the problems of one module, and the variables that its outputs depend on.

    `children` are the called modules that could be loaded. If `complete` is false, a file could not be read, so
    undeclared names are not reported.
    """
    names = DeclaredNames(module, path)
    declared_providers = module.required_providers
    problems: list[Diagnostic] = []
    uses: list[ReferenceSite] = []
    for owner, site in module_sites(module):
        for found in site.references_and_calls():
            if isinstance(found, FunctionCall):
                wrong = functions.function_problem(site, found, declared_providers, language.function_problem)
            else:
                use = ReferenceSite(owner, site, found)
                uses.append(use)
                wrong = names.problem(use, complete) or _missing_output(use, module, children) or _self_reference(use)
            if wrong is not None:
                problems.append(wrong)
    for _, block in declarations(module):
        problems.extend(order.order_arguments(block))
    problems.extend(
        chain(
            bodies.fixed_bodies(module),
            bodies.variables(module, language.type_problem),
            idle_conditions.idle_conditions(module),
            providers.undeclared_providers(module) if complete else (),
        )
    )
    for call in module.calls.values():
        child = children.get(call.name)
        problems.extend(calls.blocks(call))
        if child is not None and child.complete:
            problems.extend(calls.arguments(call, child.module))
    graph = Dependencies(module, {name: c.needs for name, c in children.items()}, uses)
    needs = graph.needs()
    problems.extend(cycles(graph, path))
    return problems, needs


def _missing_output(use: ReferenceSite, module: Module, children: Mapping[str, CalledModule]) -> Diagnostic | None:
    reference = use.reference
    if reference.kind is not ReferenceKind.MODULE or reference.may_fail:
        return None
    child = children.get(reference.names[0])
    if child is None or not child.complete:
        return None
    return calls.missing_output(reference, use.site, module.calls[reference.names[0]], child.module)


def _self_reference(use: ReferenceSite) -> Diagnostic | None:
    reference = use.reference
    if use.site.area is not Area.BODY or not is_resource(reference.kind) or reference.address != use.owner:
        return None
    return error(
        "Self-referential block",
        f"The configuration for {use.owner} may not refer to itself.",
        use.site.source.span(reference.start, reference.end),
    )


class _Walk:
    """The traversal of a tree of modules, called modules first, without recursion."""

    def __init__(
        self,
        modules: Modules,
        root: str,
        language: LanguageRules,
        sound: dict[str, tuple[dict[str, "CalledModule"], "CalledModule"]],
    ) -> None:
        self.sound = sound
        self.modules = modules
        self.root = root
        self.language = language
        self.problems: list[Diagnostic] = []
        self.not_installed: list[Diagnostic] = []
        self.directories: list[str] = []
        self._done: dict[str, CalledModule] = {}

    def run(self) -> None:
        open_: dict[str, None] = {}
        stack = [self._enter(self.root, (), open_)]
        while stack:
            frame = stack[-1]
            call = next(frame.calls, None)
            if call is None:
                stack.pop()
                del open_[frame.module.directory]
                self._leave(frame)
                continue
            directory = self._directory(call, frame)
            if directory is None:
                continue
            if directory in open_ or len(frame.path) >= MAX_MODULE_DEPTH:
                self.problems.append(
                    error(
                        "Module calls itself" if directory in open_ else "Modules nested too deeply",
                        f'module "{call.name}" calls "{directory}" again; this call is not evaluated (limit: nesting '
                        "of modules).",
                        call.block.header,
                    )
                )
                continue
            frame.children[call.name] = directory
            if directory not in self._done:
                stack.append(self._enter(directory, (*frame.path, call.name), open_))

    def _enter(self, directory: str, path: tuple[str, ...], open_: dict[str, None]) -> "_Frame":
        open_[directory] = None
        self.directories.append(directory)
        module = self.modules.load(directory)
        return _Frame(module, path, iter(module.calls.values()), {})

    def _leave(self, frame: "_Frame") -> None:
        directory = frame.module.directory
        children = {name: self._done[called] for name, called in frame.children.items()}
        known_children, known = self.sound.get(directory, ({}, None))
        if known is not None and _are_the_same(children, known_children):
            self._done[directory] = known
            return
        complete = self.modules.is_complete(directory)
        problems, needs = check_module(frame.module, children, frame.path, complete, self.language)
        self.problems.extend(problems)
        self._done[directory] = CalledModule(frame.module, needs, complete)
        if not problems:
            self.sound[directory] = (children, self._done[directory])

    def _directory(self, call: ModuleCall, frame: "_Frame") -> str | None:
        path = (*frame.path, call.name)
        found = self.modules.resolve(call, frame.module.directory, self.root, path)
        if isinstance(found, str):
            return found
        source = call.block.attributes.get("source")
        place = source.span if source is not None else call.block.header
        if isinstance(found, InvalidCall):
            self.problems.append(error(found.summary, found.detail, place))
        else:
            self.not_installed.append(error("Module not installed", f"The {found.text}. {found.remedy}", place))
        return None


class _Frame(msgspec.Struct, frozen=True):
    module: Module
    path: tuple[str, ...]
    calls: Iterator[ModuleCall]
    children: dict[str, str]


def _are_the_same(one: Mapping[str, CalledModule], other: Mapping[str, CalledModule]) -> bool:
    return one.keys() == other.keys() and all(other[name] is called for name, called in one.items())


def _sorted(problems: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return each problem once, sorted by place."""
    found = {(p.location, p.summary, p.detail): p for p in problems if p.location is not None}
    return tuple(found[key] for key in sorted(found))


__all__ = ["CalledModule", "CheckedRoot", "LanguageRules", "check_module", "check_root", "check_roots"]
