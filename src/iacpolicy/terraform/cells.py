"""Cells: a root, a workspace and its var-files; the scope of one `terraform plan`.

Without settings the cells are derived from the repository: files such as `env/production.tfvars`,
`production.tfvars` in a root that asks for its workspace by name, else the names that it asks for.
"""

from collections.abc import Mapping, Sequence

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.files import ParsedFiles, nearest_configuration
from iacpolicy.terraform.workspaces import DEFAULT, distinguished_workspaces

DIRECTORIES = ("env", "envs", "environments", "environment", "tfvars", "vars", "workspaces", "config")
_SUFFIX = lazy_pattern(r"\.tfvars(\.json)?\Z")


class Cell(msgspec.Struct, frozen=True, order=True):
    """One (root, workspace, var-files) triple; paths are relative to the repository."""

    root: str
    workspace: str | None
    var_files: tuple[str, ...] = ()


class RootSettings(msgspec.Struct, frozen=True):
    """The settings of one root: its workspaces, None where they are not set."""

    workspaces: tuple[str, ...] | None = None


class WorkspaceSettings(msgspec.Struct, frozen=True):
    """The settings of workspaces by name, with their var-files, and of roots by directory."""

    workspaces: Mapping[str, tuple[str, ...]] = {}
    roots: Mapping[str, RootSettings] = {}


def find_cells(
    files: ParsedFiles,
    module: Module,
    settings: WorkspaceSettings,
    wanted: Sequence[str] = (),
    extra_var_files: Sequence[str] = (),
) -> list[Cell]:
    """Return the cells of a root, sorted by workspace.

    Each `wanted` workspace gets its cells, even if the repository does not show it. An empty `wanted` means all that it
    shows. `extra_var_files` are appended in every cell.
    """
    root = module.directory
    shown = _shown(files, module, settings)
    names = list(dict.fromkeys(wanted)) or sorted(shown) or [DEFAULT]
    return [Cell(root, name, (*shown.get(name, ()), *extra_var_files)) for name in names]


def _shown(files: ParsedFiles, module: Module, settings: WorkspaceSettings) -> dict[str, tuple[str, ...]]:
    root = module.directory
    by_file = _by_convention(files, module)
    own = settings.roots.get(root)
    if own is not None and own.workspaces is not None:
        return {w: _of_root(settings.workspaces.get(w), files, root) or by_file.get(w, ()) for w in own.workspaces}
    if settings.workspaces:
        return {
            w: _of_root(var_files, files, root) or by_file.get(w, ()) for w, var_files in settings.workspaces.items()
        }
    return by_file


def _of_root(var_files: tuple[str, ...] | None, files: ParsedFiles, root: str) -> tuple[str, ...]:
    """Return the var-files of a workspace for one root; a path in a root belongs to that root only."""
    return tuple(v for v in var_files or () if nearest_configuration(files, v) in (root, None))


def _by_convention(files: ParsedFiles, module: Module) -> dict[str, tuple[str, ...]]:
    root = module.directory
    prefix = f"{root}/" if root else ""
    found: dict[str, tuple[str, ...]] = {}
    for directory in DIRECTORIES:
        shown: dict[str, tuple[str, ...]] = {}
        for path in files.tree.listing(prefix + directory):
            stem = _stem(path)
            if stem is not None:
                shown[stem] = (*shown.get(stem, ()), path)
        found = {**shown, **found}
    if found:
        return found
    beside: dict[str, tuple[str, ...]] = {}
    for path in files.tree.listing(root):
        stem = _stem(path)
        if stem is not None:
            beside[stem] = (*beside.get(stem, ()), path)
    if _asks_for_workspace(module) and beside:
        return beside
    return dict.fromkeys(distinguished_workspaces(files, root), ())


def _stem(path: str) -> str | None:
    """Return `production` for `…/production.tfvars`; None for var-files that Terraform loads by itself, and others."""
    name = path.rpartition("/")[2]
    if not _SUFFIX.search(name) or ".auto.tfvars" in name:
        return None
    stem = _SUFFIX.sub("", name)
    return None if stem in ("terraform", "") or stem.startswith(".") else stem


def _asks_for_workspace(module: Module) -> bool:
    return any("terraform.workspace" in source.text for source in module.files)
