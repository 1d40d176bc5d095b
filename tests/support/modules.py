"""Root modules of a few files in memory, evaluated."""

from collections.abc import Mapping

from iacpolicy.core.tree import MemoryTree
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.variables import assignments


def root_of(
    files: Mapping[str, str],
    variables: Mapping[str, str] | None = None,
    var_files: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> ModuleInstance:
    """Return the root module of some files in workspace `default`, with inputs from `-var`, var-files and TF_VAR_."""
    parsed = ParsedFiles(MemoryTree(files))
    modules = Modules(parsed)
    cell = Cell("", "default", var_files)
    given, _ = assignments(parsed, "", var_files, environment or {}, variables or {})
    module = modules.load("")
    return ModuleInstance(module, Session(parsed.tree, modules, Catalogue(), cell, given))
