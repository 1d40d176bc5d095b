"""The tokens of a file with their positions in the syntax: the blocks, attributes and keys around each."""

from collections.abc import Iterator

import msgspec

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import child_at
from iacpolicy.secrets.flow.syntax_queries import key_of
from iacpolicy.secrets.text.embedded import is_real_text
from iacpolicy.secrets.text.tokens import TextRange, tokens

_SHORT = {"variable": "var", "locals": "local"}


class SyntaxPosition(msgspec.Struct, frozen=True, gc=False):
    """The position of an offset: the names of the blocks, attributes and keys around it, and its literal."""

    names: tuple[str, ...]
    literal: ast.Template | None
    attribute: ast.Node | None

    @property
    def kind(self) -> str:
        return _SHORT.get(self.names[0], self.names[0]) if self.names else ""

    def split(self, is_assignments: bool) -> tuple[str, str]:
        """Return the address of the declaration, and the path inside it."""
        names = self.names
        if is_assignments:
            return f"var.{names[0]}" if names else "", ".".join(names[1:])
        size = {"resource": 3, "data": 3, "ephemeral": 3, "locals": 2}.get(names[0], 2) if names else 0
        if names and names[0] == "terraform":
            return (f"backend.{names[2]}", ".".join(names[3:])) if names[1:2] == ("backend",) else (".".join(names), "")
        head = names[:size] if names and names[0] != "resource" else names[1:size]
        address = ".".join((_SHORT.get(head[0], head[0]), *head[1:])) if head else ""
        return address, ".".join(names[size:])


def token_positions(source: SourceFile, file: ast.File) -> Iterator[tuple[TextRange, SyntaxPosition]]:
    """Yield each token in a file with its position; outside of a literal, as in a comment, that has no literal."""
    for start, end in tokens(source.text):
        if is_real_text(source.text[start:end]):
            yield (start, end), position_at(source, file, start)


def position_at(source: SourceFile, file: ast.File, offset: int) -> SyntaxPosition:
    """Return the names and the literal around an offset."""
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
    return SyntaxPosition(tuple(names), literal, attribute)
