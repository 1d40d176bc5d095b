"""The files that complete a partial backend: `*.tfbackend`, for `terraform init -backend-config`.

https://developer.hashicorp.com/terraform/language/backend#partial-configuration. Terraform gets the file
by an option on the command line. Here, the directory and the name of a file give its root, workspace and backend type.
"""

import posixpath
from weakref import WeakKeyDictionary

import msgspec

from iacpolicy.core.tree import parent
from iacpolicy.hcl import ast
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.files import ParsedFiles

SUFFIXES = (".tfbackend", ".tfbackend.json")
TYPES = frozenset(
    {
        "artifactory",
        "azurerm",
        "consul",
        "cos",
        "etcd",
        "etcdv3",
        "gcs",
        "http",
        "kubernetes",
        "local",
        "manta",
        "oci",
        "oss",
        "pg",
        "remote",
        "s3",
        "swift",
    }
)
MAX_FILES = 20
MAX_ASIDE = 2


class BackendFiles(msgspec.Struct, frozen=True):
    """Return the paths of the files that may complete a backend, sorted.

    Those at or below its root belong to it, unless another directory with configuration is nearer. Files without
    configuration above them are `shared` by the roots beside them: `backends/production.s3.tfbackend` beside `shop/`
    and `media/`.
    """

    own: tuple[str, ...]
    shared: tuple[str, ...]


def backend_files(files: ParsedFiles, root: str, type_: str, workspace: str | None = None) -> BackendFiles:
    """Return the files for the backend of a root.

    Files named after the workspace (`production.s3.tfbackend`) take precedence. A file named after another type of
    backend is never used. Without a workspace, the files of all workspaces are returned.
    """
    listing = _listing(files)
    own = [path for path, owner in listing.items() if owner == root]
    shared = _nearest([path for path, owner in listing.items() if owner is None], root)
    names = (root.rpartition("/")[2], workspace) if workspace is not None else ()
    return BackendFiles(_matching(own, type_, (workspace,)), _matching(shared, type_, names))


def completed(files: ParsedFiles, block: ConfigBlock, path: str) -> ConfigBlock | None:
    """Return a backend's block with the arguments of a file in place of its own; None where the file cannot be read."""
    parsed = files.parsed(path)
    if parsed is None:
        return None
    source, file = parsed
    node = ast.Block(start=0, end=len(source.text), type=block.type, labels=block.labels, body=file.body, header_end=0)
    return ConfigBlock(block.source, block.node, (*block.overrides, ConfigBlock(source, node)))


def _nearest(paths: list[str], root: str) -> list[str]:
    """Return the paths that share the longest directory path with a root."""
    parts = root.split("/")
    found: dict[int, list[str]] = {}
    for path in paths:
        directories = parent(path).split("/") if parent(path) else []
        common = len(posixpath.commonprefix([parts, directories]))
        if len(directories) - common <= MAX_ASIDE:
            found.setdefault(common, []).append(path)
    return found[max(found)] if found else []


def _matching(paths: list[str], type_: str, words: tuple[str | None, ...]) -> tuple[str, ...]:
    fitting = [p for p in paths if _type_in_name(p) in (None, type_)]
    for word in words:
        named = [p for p in fitting if word and word in _words(p)]
        fitting = named or fitting
    return tuple(fitting[:MAX_FILES])


def _type_in_name(path: str) -> str | None:
    return next((word for word in _words(path)[1:-1] if word in TYPES), None)


def _words(path: str) -> list[str]:
    """Return the parts of a file's name between dots, and its directory's name: `env/production/s3.tfbackend`."""
    name = path.rpartition("/")[2]
    for suffix in reversed(SUFFIXES):
        name = name.removesuffix(suffix)
    return [*name.split("."), parent(path).rpartition("/")[2]]


_listings: "WeakKeyDictionary[ParsedFiles, dict[str, str | None]]" = WeakKeyDictionary()


def _listing(files: ParsedFiles) -> dict[str, str | None]:
    """Return all such files of a repository, each with the nearest directory above it that holds configuration."""
    found = _listings.get(files)
    if found is None:
        paths = [p for p in files.tree.paths() if p.endswith(SUFFIXES)]
        found = _listings[files] = {p: _owner(p, files) for p in paths}
    return found


def _owner(path: str, files: ParsedFiles) -> str | None:
    directory = parent(path)
    while directory and directory not in files.directories:
        directory = parent(directory)
    return directory if directory in files.directories else None
