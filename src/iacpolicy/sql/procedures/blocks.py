"""Bodies in PL/pgSQL: the steps of one that is being followed, and where its statements stand."""

from typing import NamedTuple

from iacpolicy.core.spans import Span
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

ITERATION = "iteration"
"""The kind of the step that goes on with a loop; what stands above it on the stack is the rest of the iteration."""


class PlpgsqlBody(NamedTuple):
    """A body in PL/pgSQL: the statement that holds it, the body's text, and what a reader should hear of it."""

    at: Statement
    body: str
    what: str


class PlpgsqlStep(NamedTuple):
    """A statement to look at.

    `why` says why it may not run (None: it does), `caught` is whether an exception handler swallows its error, and
    `label` is that of a loop.
    """

    kind: str
    fields: Node
    why: str | None = None
    caught: bool = False
    label: str = ""


def locate(block: PlpgsqlBody, query: str, line: int) -> Span:
    """The place of a statement inside a body; the whole statement's where the body is not written out."""
    at = block.at
    start = at.text.find(block.body) if block.body else -1
    if start < 0:
        return at.span
    for _ in range(line - 1):
        start = at.text.find("\n", start) + 1 or start
    found = at.text.find(query, start)
    if found < 0:
        return at.span
    first, first_column = _position(at, found)
    last, last_column = _position(at, found + len(query))
    return Span(at.span.path, first, first_column, last, last_column)


def _position(at: Statement, offset: int) -> tuple[int, int]:
    lines = at.text.count("\n", 0, offset)
    column = offset - at.text.rfind("\n", 0, offset)
    return at.span.line + lines, column if lines else at.span.column + offset


def query_of(holder: Node | None) -> str:
    """The text of an expression or statement."""
    return str((holder or {}).get("PLpgSQL_expr", {}).get("query", ""))


def steps(body: list[Node] | None, like: PlpgsqlStep, why: str | None = None) -> list[PlpgsqlStep]:
    """The statements of a body, under the same circumstances as the statement that holds it, or as `why` says."""
    return [PlpgsqlStep(*only(node), like.why or why, like.caught) for node in body or () if node]


def only(node: Node) -> tuple[str, Node]:
    """The kind and the fields of a node."""
    ((kind, fields),) = node.items()
    return kind, fields
