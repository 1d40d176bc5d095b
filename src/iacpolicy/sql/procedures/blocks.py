"""Bodies in PL/pgSQL: the steps to replay, and the places of their statements."""

from typing import NamedTuple

from iacpolicy.core.spans import Span
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

ITERATION = "iteration"
"""The kind of the step that continues a loop; the steps above it on the stack are the rest of the iteration."""


class PlpgsqlBody(NamedTuple):
    """A body in PL/pgSQL: the statement that holds it, its text, and its description for messages."""

    at: Statement
    body: str
    what: str


class PlpgsqlStep(NamedTuple):
    """A statement of a body that is still to be replayed.

    `why` is the reason why it may not run (None: it does). `caught` is whether an exception handler catches its error.
    `label` is that of a loop.
    """

    kind: str
    fields: Node
    why: str | None = None
    caught: bool = False
    label: str = ""


def locate(block: PlpgsqlBody, query: str, line: int) -> Span:
    """Return the place of a statement inside a body; of one that is not literal, the place of the whole statement."""
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
    """Return the text of an expression or statement."""
    return str((holder or {}).get("PLpgSQL_expr", {}).get("query", ""))


def steps(body: list[Node] | None, like: PlpgsqlStep, why: str | None = None) -> list[PlpgsqlStep]:
    """Return the statements of a body, with the reason of the statement that holds it, else with `why`."""
    return [PlpgsqlStep(*only(node), like.why or why, like.caught) for node in body or () if node]


def only(node: Node) -> tuple[str, Node]:
    """Return the kind and the fields of a node."""
    ((kind, fields),) = node.items()
    return kind, fields
