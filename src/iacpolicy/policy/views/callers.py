"""Finds the directories of the repository that call a module."""

from weakref import WeakKeyDictionary

from iacpolicy.core.tree import join
from iacpolicy.terraform.modules import Modules

_found: "WeakKeyDictionary[Modules, dict[str, tuple[str, ...]]]" = WeakKeyDictionary()


def callers_of(modules: Modules, directory: str) -> tuple[str, ...]:
    """Return the directories that call a directory by a local path, sorted, with examples and tests."""
    callers = _found.get(modules)
    if callers is None:
        callers = _found[modules] = _callers(modules)
    return callers.get(directory, ())


def _callers(modules: Modules) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for caller in modules.files.directories:
        for call in modules.load(caller).calls.values():
            callee = join(caller, call.source) if call.source is not None and call.source.startswith(".") else None
            if callee is not None and callee != caller and caller not in found.setdefault(callee, []):
                found[callee].append(caller)
    return {callee: tuple(callers) for callee, callers in found.items()}
