"""The module calls of one root, each path once, whatever its instances."""

from collections.abc import Mapping

import msgspec

from iacpolicy.secrets.flow.literals import LiteralStrings
from iacpolicy.terraform.config import Module, ModuleCall
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.variables import Assignment

MAX_MODULES = 5_000


class ModuleUse(msgspec.Struct, eq=False):
    """A module call by its path, whatever its instances.

    `assigned` has the values of a root's variables; `known` caches the results of the trace by name.
    """

    module: Module
    path: tuple[str, ...] = ()
    caller: "ModuleUse | None" = None
    call: ModuleCall | None = None
    assigned: Mapping[str, tuple[Assignment, ...]] = {}
    children: dict[str, "ModuleUse"] = {}
    known: dict[str, LiteralStrings] = {}

    @property
    def address(self) -> str:
        return ".".join(f"module.{name}" for name in self.path)


def module_uses(modules: Modules, root: str, assigned: Mapping[str, tuple[Assignment, ...]]) -> list[ModuleUse]:
    """Return a root and all modules under it, callers first; recursive calls are left out."""
    first = ModuleUse(modules.load(root), assigned=assigned)
    found = [first]
    at = 0
    while at < len(found) and len(found) < MAX_MODULES:
        use = found[at]
        at += 1
        for call in use.module.calls.values():
            path = (*use.path, call.name)
            directory = modules.resolve(call, use.module.directory, root, path)
            if isinstance(directory, str) and not _encloses(use, directory):
                child = ModuleUse(modules.load(directory), path, use, call)
                use.children[call.name] = child
                found.append(child)
    return found


def _encloses(use: ModuleUse | None, directory: str) -> bool:
    while use is not None:
        if use.module.directory == directory:
            return True
        use = use.caller
    return False
