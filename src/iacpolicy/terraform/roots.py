"""Which directories are root modules.

A root is a directory that no other directory calls. Callers under `examples`, `test`, `tests` or `fixtures` do not
count for a module that lies outside of those: a published module is called only by its own examples, and is a root.
"""

from collections.abc import Sequence

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import join, parent
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules

ASIDE = frozenset({"examples", "example", "test", "tests", "fixtures"})


def find_roots(modules: Modules, selected: Sequence[str]) -> list[str]:
    """The roots of the selected directories and files of the tree, sorted.

    A selected directory is a root itself if it holds configuration, and stands for all roots below it; a selected
    file stands for the roots to which it belongs.
    """
    callees = _callees(modules, selected)
    called = {callee for caller, found in callees.items() for callee in found if _counts(caller, callee)}
    roots = [d for d in modules.files.directories if d not in called]
    chosen: set[str] = set()
    for path in selected:
        if path in modules.files.directories:
            chosen.add(path)
        if modules.files.tree.exists(path):
            home = parent(path)
            chosen.update(r for r in roots if home in _reachable(r, callees))
            if not any(home in _reachable(r, callees) for r in roots) and home in modules.files.directories:
                chosen.add(home)
        else:
            chosen.update(r for r in roots if is_within(r, path))
    return sorted(chosen)


def is_within(path: str, directory: str) -> bool:
    """Whether a path is a directory or lies below it."""
    return not directory or path == directory or path.startswith(directory + "/")


def _callees(modules: Modules, selected: Sequence[str]) -> dict[str, set[str]]:
    """The local directories that each directory calls.

    Files outside the selection are parsed only where their text mentions a module at all.
    """
    found: dict[str, set[str]] = {}
    for directory in modules.files.directories:
        if not any(is_within(directory, s) for s in selected) and not _mentions_modules(modules.files, directory):
            continue
        for call in modules.load(directory).calls.values():
            if call.source is not None and call.source.startswith("."):
                callee = join(directory, call.source)
                if callee is not None:
                    found.setdefault(directory, set()).add(callee)
    return found


def _mentions_modules(files: ParsedFiles, directory: str) -> bool:
    for path in files.directories[directory]:
        source = files.tree.read(path)
        if not isinstance(source, Diagnostic) and "module" in source.text and "source" in source.text:
            return True
    return False


def _counts(caller: str, callee: str) -> bool:
    """Whether a call makes its callee no root: not where it only tries out a module that lies elsewhere."""
    if caller == callee:
        return False
    common: list[str] = []
    for a, b in zip(caller.split("/") if caller else [], callee.split("/") if callee else [], strict=False):
        if a != b:
            break
        common.append(a)
    rest = caller.split("/")[len(common) :] if caller else []
    return not ASIDE.intersection(rest)


def _reachable(root: str, callees: dict[str, set[str]]) -> set[str]:
    seen = {root}
    pending = [root]
    while pending:
        for callee in callees.get(pending.pop(), ()):
            if callee not in seen:
                seen.add(callee)
                pending.append(callee)
    return seen
