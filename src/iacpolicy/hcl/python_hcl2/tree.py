"""python-hcl2's tree for the converters: without comments, with offsets in the file."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol, TypeAlias

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.hcl.shared.conversion import MAX_DEPTH


class LarkTreeLike(Protocol):
    """A Tree of lark."""

    data: Any
    children: list[Any]


class LarkToken(Protocol):
    """A Token of lark: a string with a type and offsets."""

    type: str
    start_pos: int
    end_pos: int
    value: str


class TooDeepError(Exception):
    """The tree is nested deeper than the bound."""


class Hcl2ParseError(Exception):
    """python-hcl2 refuses the text, at a line and a column."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.line = max(line, 1)
        self.column = max(column, 1)

    def diagnostic(self, source: SourceFile) -> Diagnostic:
        """Return the diagnostic for the user."""
        return error(
            "Syntax error",
            "python-hcl2 refuses this text, and the file was not read. "
            "The parser tree-sitter (--parser tree-sitter) may give more detail.",
            Span(source.path, self.line, self.column, self.line, self.column + 1),
        )


def lark_tree(text: str) -> LarkTreeLike:
    """Return the raw tree that python-hcl2's grammar gives.

    Raises: ModuleNotFoundError where the package is missing; RefusedError.
    """
    hcl2 = import_module("hcl2")
    failures = import_module("lark.exceptions")
    try:
        tree: LarkTreeLike = hcl2.parses_to_tree(text)
    except failures.UnexpectedInput as problem:
        raise Hcl2ParseError(_number(problem, "line"), _number(problem, "column")) from None
    except (failures.LarkError, RecursionError) as problem:
        raise Hcl2ParseError(1, 1) from problem
    return tree


def _number(problem: Any, name: str) -> int:
    value = getattr(problem, name, 1)
    return value if isinstance(value, int) else 1


def check_depth(root: LarkTreeLike) -> None:
    """Traverse a raw tree without recursion.

    Raises: TooDeepError, where the converters would recurse too deep.
    """
    # An expression takes two to three levels of this tree.
    bound = 2 * MAX_DEPTH
    pending: list[tuple[Any, int]] = [(root, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > bound:
            raise TooDeepError
        for child in getattr(node, "children", ()):
            pending.append((child, depth + 1))


class LarkTree:
    """A rule of the grammar with its parts."""

    __slots__ = ("parts", "rule", "shift")

    def __init__(self, tree: LarkTreeLike, shift: int) -> None:
        self.rule = str(tree.data)
        self.shift = shift
        self.parts: list[Part] = [
            LarkTree(child, shift) if hasattr(child, "children") else ParsedToken(child, shift)
            for child in tree.children
            if child is not None and str(getattr(child, "data", "")) != "new_line_or_comment"
        ]

    @property
    def start(self) -> int:
        """Return the start of the first token."""
        part: Part = self
        while isinstance(part, LarkTree):
            part = next(inner for inner in part.parts if not inner.is_empty)
        return part.start

    @property
    def end(self) -> int:
        """Return the end of the last token."""
        part: Part = self
        while isinstance(part, LarkTree):
            part = next(inner for inner in reversed(part.parts) if not inner.is_empty)
        return part.end

    @property
    def is_empty(self) -> bool:
        """Report whether it has no token."""
        return all(part.is_empty for part in self.parts)

    def trees(self, *rules: str) -> Iterator["LarkTree"]:
        """Yield the direct parts that are rules, of the given names if any."""
        for part in self.parts:
            if isinstance(part, LarkTree) and (not rules or part.rule in rules):
                yield part

    def has(self, type: str) -> bool:
        """Report whether a token of the type is a direct part."""
        return any(isinstance(part, ParsedToken) and part.type == type for part in self.parts)


class ParsedToken:
    """A token, without the white space, line ends and comments that the lexer adds before an operator."""

    __slots__ = ("end", "is_empty", "start", "text", "type")

    def __init__(self, token: LarkToken, shift: int) -> None:
        written = str(token)
        self.type = token.type
        self.end = token.end_pos + shift
        self.text = written
        if token.type in ("EQ", "COLON"):
            self.text = written.lstrip()
        elif token.type.startswith("HEREDOC"):
            self.text = written.rstrip()
            self.end -= len(written) - len(self.text)
        self.start = self.end - len(self.text)
        self.is_empty = not self.text


Part: TypeAlias = LarkTree | ParsedToken
