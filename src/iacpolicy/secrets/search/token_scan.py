"""Secrets that a file shows by their look alone, and the attribute in which each stands."""

from collections.abc import Iterator

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import child_at
from iacpolicy.secrets.flow.syntax_queries import key_of
from iacpolicy.secrets.text.embedded import is_told
from iacpolicy.secrets.text.tokens import Stretch, tokens

_SHORT = {"variable": "var", "locals": "local"}


class Spot(msgspec.Struct, frozen=True, gc=False):
    """Where in a file an offset lies: the names of blocks, attributes and keys around it, and its literal."""

    names: tuple[str, ...]
    literal: ast.Template | None
    attribute: ast.Node | None

    @property
    def kind(self) -> str:
        return _SHORT.get(self.names[0], self.names[0]) if self.names else ""

    def split(self, is_assignments: bool) -> tuple[str, str]:
        """The address and the path in it."""
        names = self.names
        if is_assignments:
            return f"var.{names[0]}" if names else "", ".".join(names[1:])
        size = {"resource": 3, "data": 3, "ephemeral": 3, "locals": 2}.get(names[0], 2) if names else 0
        if names and names[0] == "terraform":
            return (f"backend.{names[2]}", ".".join(names[3:])) if names[1:2] == ("backend",) else (".".join(names), "")
        head = names[:size] if names and names[0] != "resource" else names[1:size]
        address = ".".join((_SHORT.get(head[0], head[0]), *head[1:])) if head else ""
        return address, ".".join(names[size:])


def tokens_of(source: SourceFile, file: ast.File) -> Iterator[tuple[Stretch, Spot]]:
    """Each token in a file's text with the place it has; outside of any literal (in a comment) without one."""
    for start, end in tokens(source.text):
        if is_told(source.text[start:end]):
            yield (start, end), spot(source, file, start)


def spot(source: SourceFile, file: ast.File, offset: int) -> Spot:
    """The names and the literal around an offset."""
    names: list[str] = []
    literal: ast.Template | None = None
    attribute: ast.Node | None = None
    node: ast.Node | None = file.body
    while node is not None:
        match node:
            case ast.Block():
                names += (node.type, *node.labels)
            case ast.Attribute():
                names.append(node.name)
                attribute = node
            case ast.ObjectItem():
                key = key_of(node.key, source)
                if key is not None:
                    names.append(key)
                attribute = node
            case ast.Template():
                literal = node
        node = child_at(node, offset)
    return Spot(tuple(names), literal, attribute)
