"""The workspaces that a configuration distinguishes: the names it compares `terraform.workspace` with.

https://developer.hashicorp.com/terraform/language/state/workspaces#current-workspace-interpolation
"""

import posixpath
from collections.abc import Iterator

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import template_text
from iacpolicy.hcl.visit import walk
from iacpolicy.terraform.files import ParsedFiles

DEFAULT = "default"


def distinguished_workspaces(files: ParsedFiles, root: str) -> set[str]:
    """Return the workspaces that a root and its local modules distinguish by name; empty without such names.

    `default` is among them, because the other branch of a comparison applies to every workspace without a name here. It
    is not if a map has an element for each workspace, because then there is no other branch.
    """
    named: set[str] = set()
    listed: set[str] = set()
    seen = {root}
    pending = [root]
    while pending:
        directory = pending.pop()
        module = _Directory(files, directory)
        found, keys = module.names()
        named |= found
        listed |= keys
        for called in module.called():
            if called not in seen:
                seen.add(called)
                pending.append(called)
    return named | listed if listed or not named else named | {DEFAULT}


class _Directory:
    """The syntax of the files of one directory; locals are looked up by name and not evaluated."""

    def __init__(self, files: ParsedFiles, directory: str) -> None:
        self.directory = directory
        primary, override = files.configuration(directory)
        self.files = [parsed for path in (*primary, *override) if (parsed := files.parsed(path)) is not None]
        self.locals = {
            a.name: (source, _bare(a.value)) for source, b in self._blocks("locals") for a in b.body.attributes
        }

    def _blocks(self, kind: str) -> Iterator[tuple[SourceFile, ast.Block]]:
        for source, file in self.files:
            yield from ((source, block) for block in file.body.blocks if block.type == kind)

    def called(self) -> Iterator[str]:
        """Yield the directories of the local modules that this directory calls."""
        for source, block in self._blocks("module"):
            for attribute in block.body.attributes:
                text = _text(attribute.value, source) if attribute.name == "source" else None
                if text is not None and text.startswith(("./", "../")):
                    path = posixpath.normpath(posixpath.join(self.directory, text))
                    if path != ".." and not path.startswith("../"):
                        yield "" if path == "." else path

    def names(self) -> tuple[set[str], set[str]]:
        """Return the names that the workspace is compared with, and the keys of maps that have an element for each."""
        compared: set[str] = set()
        listed: set[str] = set()
        if not any("terraform.workspace" in source.text for source, _ in self.files):
            return compared, listed
        for source, file in self.files:
            for node in walk(file.body):
                if isinstance(node, ast.Binary) and node.operator in ("==", "!="):
                    for one, other in ((node.left, node.right), (node.right, node.left)):
                        if self._is_workspace(one):
                            compared |= _texts([other], source)
                elif isinstance(node, ast.Index) and self._is_workspace(node.key):
                    listed |= self._keys(source, node.target)
                elif isinstance(node, ast.Call) and len(node.arguments) > 1 and self._is_workspace(node.arguments[1]):
                    first = _bare(node.arguments[0])
                    if node.name == "lookup":
                        compared |= self._keys(source, first)
                    elif node.name == "contains" and isinstance(first, ast.TupleCons):
                        compared |= _texts(first.items, source)
        return compared, listed

    def _is_workspace(self, node: ast.Node) -> bool:
        node = _bare(node)
        if not isinstance(node, ast.GetAttr) or not isinstance(node.target, ast.Name):
            return False
        if node.target.name == "local" and node.name in self.locals:
            node = self.locals[node.name][1]
        return (
            isinstance(node, ast.GetAttr)
            and isinstance(node.target, ast.Name)
            and (node.target.name, node.name) == ("terraform", "workspace")
        )

    def _keys(self, source: SourceFile, node: ast.Node) -> set[str]:
        """Return the keys of a map that is written out, here or as a local."""
        node = _bare(node)
        if isinstance(node, ast.GetAttr) and isinstance(node.target, ast.Name) and node.target.name == "local":
            source, node = self.locals.get(node.name, (source, node))
        if not isinstance(node, ast.ObjectCons):
            return set()
        return _texts([item.key for item in node.items], source)


def _bare(node: ast.Node) -> ast.Node:
    while isinstance(node, ast.Parens | ast.TemplateWrap):
        node = node.value
    return node


def _texts(nodes: "list[ast.Expression] | tuple[ast.Expression, ...]", source: SourceFile) -> set[str]:
    return {text for node in nodes if (text := _text(node, source))}


def _text(node: ast.Node, source: SourceFile) -> str | None:
    node = _bare(node)
    if isinstance(node, ast.KeyName):
        return node.name
    return template_text(node, source.text) if isinstance(node, ast.Template) else None
