"""Which directories of the repository call which: a module's state is its caller's."""

from weakref import WeakKeyDictionary

from iacpolicy.core.tree import join
from iacpolicy.terraform.modules import Modules

_found: "WeakKeyDictionary[Modules, dict[str, tuple[str, ...]]]" = WeakKeyDictionary()


def callers_of(modules: Modules, directory: str) -> tuple[str, ...]:
    """The directories that call a directory by a local path, sorted; examples and tests among them."""
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
