"""Terraform's files of a directory, and their syntax trees, parsed once.

https://developer.hashicorp.com/terraform/language/files; OpenTofu reads `x.tofu` in place of `x.tf`.
"""

from functools import cached_property

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, parent
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import Parser, parse

CONFIGURATION = (".tf", ".tf.json", ".tofu", ".tofu.json")
OPENTOFU = (".tofu", ".tofu.json")


class ParsedFiles:
    """The files of a tree with their syntax trees; `problems` has the errors of reading and parsing, by path."""

    def __init__(self, tree: Tree, parser: Parser = Parser.TREE_SITTER) -> None:
        self.tree = tree
        self.parser = parser
        self.problems: dict[str, tuple[Diagnostic, ...]] = {}
        self._parsed: dict[str, tuple[SourceFile, ast.File] | None] = {}

    @cached_property
    def directories(self) -> dict[str, tuple[str, ...]]:
        """The directories that hold configuration, sorted, each with its file names sorted."""
        found: dict[str, list[str]] = {}
        for path in self.tree.paths():
            if is_configuration(path):
                found.setdefault(parent(path), []).append(path)
        return {d: tuple(sorted(found[d])) for d in sorted(found)}

    @property
    def read_paths(self) -> tuple[str, ...]:
        """The files that were read so far, sorted."""
        return tuple(sorted(path for path, parsed in self._parsed.items() if parsed is not None))

    def configuration(self, directory: str) -> tuple[list[str], list[str]]:
        """Return the paths of a directory's primary files and override files, in the order of Terraform."""
        primary: list[str] = []
        override: list[str] = []
        paths = self.directories.get(directory)
        if paths is None:
            paths = tuple(p for p in self.tree.listing(directory) if is_configuration(p))
        for path in shadowed(paths):
            (override if is_override_file(path) else primary).append(path)
        return primary, override

    def parsed(self, path: str) -> tuple[SourceFile, ast.File] | None:
        """Return a file's text and tree; None where it cannot be read, which `problems` then explains."""
        if path not in self._parsed:
            source = self.tree.read(path)
            if isinstance(source, Diagnostic):
                self.problems[path] = (source,)
                self._parsed[path] = None
            else:
                result = parse(source, self.parser)
                if result.diagnostics:
                    self.problems[path] = tuple(result.diagnostics)
                self._parsed[path] = (source, result.file)
        return self._parsed[path]


def nearest_configuration(files: ParsedFiles, path: str) -> str | None:
    """Return the nearest directory with configuration at or above a file's directory, or None."""
    directory = parent(path)
    while directory not in files.directories:
        if not directory:
            return None
        directory = parent(directory)
    return directory


def is_configuration(path: str) -> bool:
    """Report whether Terraform or OpenTofu reads a file; hidden files are not read."""
    return path.endswith(CONFIGURATION) and not path.rpartition("/")[2].startswith(".")


def is_of_opentofu(path: str) -> bool:
    """Report whether only OpenTofu reads a file."""
    return path.endswith(OPENTOFU)


def is_override_file(path: str) -> bool:
    """Report whether a file is an override file."""
    name = path.rpartition("/")[2]
    suffix = next((s for s in CONFIGURATION if name.endswith(s)), "")
    stem = name.removesuffix(suffix)
    return stem == "override" or stem.endswith("_override")


def shadowed(paths: tuple[str, ...]) -> list[str]:
    """Return the paths without each `x.tf` that has an `x.tofu` beside it."""
    present = set(paths)
    kept = []
    for path in paths:
        twin = ""
        if path.endswith(".tf"):
            twin = path[:-3] + ".tofu"
        elif path.endswith(".tf.json"):
            twin = path[:-8] + ".tofu.json"
        if twin not in present:
            kept.append(path)
    return kept
