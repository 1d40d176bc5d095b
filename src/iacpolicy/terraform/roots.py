"""Root modules of a repository.

A root is a directory that no other directory calls. Callers under `examples`, `test`, `tests` or `fixtures` do not
count for a module outside of those directories: a published module is called only by its own examples, and is a root.
"""

from collections.abc import Collection, Iterable, Sequence

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import join
from iacpolicy.terraform.components import components
from iacpolicy.terraform.files import ParsedFiles, nearest_configuration
from iacpolicy.terraform.modules import Modules

ASIDE = frozenset({"examples", "example", "test", "tests", "fixtures"})


def find_roots(modules: Modules, selected: Sequence[str]) -> list[str]:
    """Return the roots of the selected directories and files of the tree, sorted.

    A selected directory is a root itself if it holds configuration, and selects all roots below it; a selected
    file selects the roots to which it belongs.
    """
    callees = _callees(modules, selected)
    roots = _uncalled(modules.files.directories, callees)
    chosen: set[str] = set()
    homes: set[str] = set()
    for path in selected:
        if path in modules.files.directories:
            chosen.add(path)
        if modules.files.tree.exists(path):
            home = nearest_configuration(modules.files, path)
            homes.update(() if home is None else (home,))
        else:
            chosen.update(r for r in roots if is_within(r, path))
    if homes:
        chosen.update(r for r in roots if not homes.isdisjoint(_reachable(r, callees)))
    return sorted(chosen)


def _uncalled(directories: Iterable[str], callees: dict[str, set[str]]) -> list[str]:
    """Return the directories that no other calls, and the first directory of each cycle that those do not reach."""
    names = list(directories)
    called = {callee for caller, found in callees.items() for callee in found if _counts(caller, callee)}
    roots = [d for d in names if d not in called]
    reached: set[str] = set()
    for root in roots:
        if root not in reached:
            reached |= _reachable(root, callees, reached)
    left = [d for d in names if d not in reached]
    index = {d: i for i, d in enumerate(left)}
    cycles = components([[index[c] for c in sorted(callees.get(d, ())) if c in index] for d in left])
    for cycle in reversed(cycles):  # callers first
        first = left[min(cycle)]
        if first not in reached:
            roots.append(first)
            reached |= _reachable(first, callees, reached)
    return sorted(roots)


def is_within(path: str, directory: str) -> bool:
    """Report whether a path is a directory or is below it."""
    return not directory or path == directory or path.startswith(directory + "/")


def _callees(modules: Modules, selected: Sequence[str]) -> dict[str, set[str]]:
    """Return the local directories that each directory calls.

    Files outside the selection are parsed only if their text mentions a module.
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
    """Report whether the called directory is no root because of this call; a call from an example does not count."""
    if caller == callee:
        return False
    common: list[str] = []
    for a, b in zip(caller.split("/") if caller else [], callee.split("/") if callee else [], strict=False):
        if a != b:
            break
        common.append(a)
    rest = caller.split("/")[len(common) :] if caller else []
    return not ASIDE.intersection(rest)


def _reachable(root: str, callees: dict[str, set[str]], known: Collection[str] = ()) -> set[str]:
    """Return the directories that a root reaches, itself included; those in `known` are not followed again."""
    seen = {root}
    pending = [root]
    while pending:
        for callee in callees.get(pending.pop(), ()):
            if callee not in seen and callee not in known:
                seen.add(callee)
                pending.append(callee)
    return seen
