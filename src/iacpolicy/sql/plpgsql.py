"""DO blocks and functions in PL/pgSQL: what they run for certain is replayed, what they may run becomes doubt."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from iacpolicy.core.spans import Span
from iacpolicy.sql import effects, guards
from iacpolicy.sql.effects import HOLE
from iacpolicy.sql.grammar import Node, RefusedError, read_plpgsql
from iacpolicy.sql.nodes import walk
from iacpolicy.sql.parse import Statement, parse_text
from iacpolicy.sql.patterns import Bindings, array, expression, pattern
from iacpolicy.sql.state import State
from iacpolicy.sql.tentative import guarded, tentatively

Execute = Callable[[State, Statement], None]


class _Step(NamedTuple):
    """A statement to look at.

    `why` says why it may not run (None: it does), `bindings` are the variables whose value is known, and `caught` is
    whether an exception handler swallows its error.
    """

    kind: str
    fields: Node
    why: str | None
    bindings: Bindings
    caught: bool = False


class Block(NamedTuple):
    """A body in PL/pgSQL: the statement that holds it, the body's text, and what a reader should hear of it."""

    at: Statement
    body: str
    what: str


def run(state: State, block: Block, execute: Execute) -> None:
    """Go through a body in order, without recursion."""
    try:
        function = read_plpgsql(block.at.text)
    except RefusedError:
        effects.apply_unread(state, block.body, f"{block.what} could not be read", block.at.span)
        return
    datums = function.get("datums", [])
    pending = [_Step(*_only(function["action"]), None, {})]
    left: str | None = None
    while pending:
        step = pending.pop()
        state.spend()
        if step.kind == "PLpgSQL_stmt_return" or (step.kind == "PLpgSQL_stmt_exit" and "label" in step.fields):
            # What follows a RETURN inside a branch runs only where that branch was not taken.
            left = f"{block.what} may have ended before"
            continue
        why = step.why or left
        pending.extend(reversed(_children(state, step._replace(why=why), datums, block)))
        _effect(state, step._replace(why=why), block, execute)


def _children(state: State, step: _Step, datums: list[Node], block: Block) -> list[_Step]:
    fields = step.fields
    match step.kind:
        case "PLpgSQL_stmt_block":
            return _block(step, block)
        case "PLpgSQL_stmt_if":
            return _branches(state, step, block)
        case "PLpgSQL_stmt_case":
            why = f"{block.what} runs it under a condition"
            bodies = [part["PLpgSQL_case_when"].get("stmts") for part in fields.get("case_when_list", ())]
            bodies.append(fields.get("else_stmts"))
        case "PLpgSQL_stmt_foreach_a":
            values = array(_resolved(fields.get("expr"), datums, block.at.span))
            variable = _variable(fields.get("varno"), datums)
            leaves = any(kind == "PLpgSQL_stmt_exit" for kind, _ in walk(fields.get("body")))
            if values is not None and variable is not None and not leaves:
                return [
                    _Step(kind, inner, step.why, {**step.bindings, variable: value}, step.caught)
                    for value in values
                    for kind, inner in _statements(fields.get("body"))
                ]
            why, bodies = f"{block.what} runs it in a loop", [fields.get("body")]
        case _:
            why, bodies = f"{block.what} runs it in a loop", [fields.get("body")]
    why = step.why or why
    return [step._replace(kind=kind, fields=inner, why=why) for body in bodies for kind, inner in _statements(body)]


def _branches(state: State, step: _Step, block: Block) -> list[_Step]:
    """The branches of an IF that may be taken; the one that is, where the conditions ask for what is known."""
    fields = step.fields
    branches = [(fields.get("cond"), fields.get("then_body"))]
    for part in fields.get("elsif_list", ()):
        branches.append((part["PLpgSQL_if_elsif"].get("cond"), part["PLpgSQL_if_elsif"].get("stmts")))
    branches.append((None, fields.get("else_body")))
    why = step.why
    taken: list[_Step] = []
    for condition, body in branches:
        holds = True if condition is None else guards.answer(state, _query(condition), block.at.span)
        if holds is None:
            why = step.why or f"{block.what} runs it under a condition"
        if holds is not False:
            taken.extend(step._replace(kind=kind, fields=inner, why=why) for kind, inner in _statements(body))
        if holds:
            break
    return taken


def _block(step: _Step, block: Block) -> list[_Step]:
    body = _statements(step.fields.get("body"))
    exceptions = step.fields.get("exceptions")
    why = step.why
    if exceptions and len(body) > 1:
        # An error in one of them takes the others back and goes on in the handler.
        why = why or f"{block.what} may have taken it back in an exception handler"
    caught = step.caught or bool(exceptions)
    steps = [step._replace(kind=kind, fields=inner, why=why, caught=caught) for kind, inner in body]
    for handler in (exceptions or {}).get("PLpgSQL_exception_block", {}).get("exc_list", ()):
        reason = step.why or f"{block.what} runs it in an exception handler"
        actions = _statements(handler["PLpgSQL_exception"].get("action"))
        steps.extend(step._replace(kind=kind, fields=inner, why=reason) for kind, inner in actions)
    return steps


def _effect(state: State, step: _Step, block: Block, execute: Execute) -> None:
    fields = step.fields
    match step.kind:
        case "PLpgSQL_stmt_execsql":
            _static(state, _query(fields.get("sqlstmt")), step, block, execute)
        case "PLpgSQL_stmt_perform" | "PLpgSQL_stmt_call":
            query = _query(fields.get("expr"))
            prefix = "" if query[:6].lower() in {"select", "call"} or query[:4].lower() == "call" else "select "
            _static(state, prefix + query, step, block, execute)
        case "PLpgSQL_stmt_dynexecute" | "PLpgSQL_stmt_dynfors":
            query = _query(fields.get("query"))
            span = locate(block, query, fields.get("lineno", 1))
            text = pattern(expression(query, span), step.bindings)
            if HOLE in text:
                effects.apply(state, text, f"{block.what} runs SQL that is put together at run time", span)
            else:
                _run_text(state, text, span, step, block, execute)


def _static(state: State, query: str, step: _Step, block: Block, execute: Execute) -> None:
    first = query.lstrip()[:7].lower()
    if first.startswith(("insert", "update", "delete", "merge")):
        return
    _run_text(state, query, locate(block, query, step.fields.get("lineno", 1)), step, block, execute)


def _run_text(state: State, text: str, span: Span, step: _Step, block: Block, execute: Execute) -> None:
    try:
        statements = parse_text(text, span)
    except RefusedError:
        effects.apply_unread(state, text, f"{block.what} holds SQL that could not be read", span)
        return
    for statement in statements:
        run_it = partial(execute, state, statement)
        if step.why is not None:
            tentatively(state, step.why, span, run_it)
        elif step.caught:
            guarded(state, run_it)
        else:
            run_it()


def locate(block: Block, query: str, line: int) -> Span:
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


def _resolved(holder: Node | None, datums: list[Node], span: Span) -> Node | None:
    """The expression of a loop; a bare variable stands for the value it was declared with."""
    query = _query(holder)
    for datum in datums:
        variable: dict[str, Any] = datum.get("PLpgSQL_var", {})
        if variable.get("refname") == query.strip().lower() and "default_val" in variable:
            query = _query(variable["default_val"])
            break
    return expression(query, span)


def _variable(number: int | None, datums: list[Node]) -> str | None:
    if number is None or not 0 <= number < len(datums):
        return None
    name = datums[number].get("PLpgSQL_var", {}).get("refname")
    return str(name) if name else None


def _query(holder: Node | None) -> str:
    return str((holder or {}).get("PLpgSQL_expr", {}).get("query", ""))


def _statements(body: list[Node] | None) -> list[tuple[str, Node]]:
    return [_only(node) for node in body or () if node]


def _only(node: Node) -> tuple[str, Node]:
    ((kind, fields),) = node.items()
    return kind, fields
