"""DO blocks and functions in PL/pgSQL: certain statements are replayed, possible ones become doubts."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.sql.expressions.evaluation import pattern
from iacpolicy.sql.expressions.values import HOLE, UNKNOWN, Value, is_known
from iacpolicy.sql.procedures import queries, query_loops
from iacpolicy.sql.procedures.blocks import ITERATION, PlpgsqlBody, PlpgsqlStep, locate, only, query_of, steps
from iacpolicy.sql.procedures.plpgsql_variables import PlpgsqlVariables
from iacpolicy.sql.state import effects
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.state.tentative import guarded, tentatively
from iacpolicy.sql.syntax.grammar import Node, SqlRefusedError, read_plpgsql
from iacpolicy.sql.syntax.parse import Statement, parse_text

Execute = Callable[[ReplayState, Statement], None]

_LOOPS = frozenset(
    {"PLpgSQL_stmt_foreach_a", "PLpgSQL_stmt_fori", "PLpgSQL_stmt_fors", "PLpgSQL_stmt_dynfors", "PLpgSQL_stmt_forc",
     "PLpgSQL_stmt_while", "PLpgSQL_stmt_loop"}
)  # fmt: skip


def run(state: ReplayState, block: PlpgsqlBody, execute: Execute, arguments: Mapping[str, Value] | None = None) -> None:
    """Replay a body in order, without recursion; `arguments` are those of a function, by name and as `$1`."""
    try:
        function = read_plpgsql(block.at.text)
    except SqlRefusedError:
        effects.doubt_unread(state, block.body, f"{block.what} could not be read", block.at.span)
        return
    outer = state.variables
    variables = PlpgsqlVariables(state, function.get("datums", []), arguments or {}, block.at.span)
    state.variables = variables.values
    try:
        _BodyRun(state, block, execute, variables).go(PlpgsqlStep(*only(function["action"])))
    finally:
        state.variables = outer


class _BodyRun:
    """One run of a body: a stack of the remaining steps, and the reason why they may not be reached."""

    def __init__(self, state: ReplayState, block: PlpgsqlBody, execute: Execute, variables: PlpgsqlVariables) -> None:
        self.state = state
        self.block = block
        self.execute = execute
        self.variables = variables
        self.pending: list[PlpgsqlStep] = []
        self.left: str | None = None

    def go(self, first: PlpgsqlStep) -> None:
        self.pending = [first]
        while self.pending:
            step = self.pending.pop()
            self.state.spend()
            if self.left is not None and step.why is None:
                step = step._replace(why=self.left)
            self._step(step)

    def _step(self, step: PlpgsqlStep) -> None:
        if step.kind in _LOOPS:
            self._loop(step)
            return
        match step.kind:
            case "PLpgSQL_stmt_block":
                self._push(self._block(step))
            case "PLpgSQL_stmt_if":
                self._push(self._branches(step))
            case "PLpgSQL_stmt_case":
                why = f"{self.block.what} runs it under a condition"
                bodies = [part["PLpgSQL_case_when"].get("stmts") for part in step.fields.get("case_when_list", ())]
                self._push(
                    [each for body in (*bodies, step.fields.get("else_stmts")) for each in steps(body, step, why)]
                )
            case "PLpgSQL_stmt_return":
                self._return(step)
            case "PLpgSQL_stmt_exit":
                self._exit(step)
            case "PLpgSQL_stmt_assign":
                self.variables.assign(step.fields, certain=step.why is None)
            case kind if kind == ITERATION:
                self._iterate(step)
            case _:
                self._effect(step)

    def _push(self, following: list[PlpgsqlStep]) -> None:
        self.pending.extend(reversed(following))

    def _answer(self, condition: Node | None) -> bool | None:
        return queries.answer(query_of(condition), self.variables.scope(), self.block.at.span)

    def _block(self, step: PlpgsqlStep) -> list[PlpgsqlStep]:
        exceptions = step.fields.get("exceptions")
        body = steps(step.fields.get("body"), step)
        if not exceptions:
            return body
        # An error in one of them rolls the others back and continues in the handler.
        why = f"{self.block.what} may have rolled it back in an exception handler" if len(body) > 1 else None
        found = [each._replace(why=each.why or why, caught=True) for each in body]
        for handler in exceptions.get("PLpgSQL_exception_block", {}).get("exc_list", ()):
            reason = f"{self.block.what} runs it in an exception handler"
            found.extend(steps(handler["PLpgSQL_exception"].get("action"), step, reason))
        return found

    def _branches(self, step: PlpgsqlStep) -> list[PlpgsqlStep]:
        """Return the branches of an IF that may be taken; only one where the conditions are known."""
        fields = step.fields
        branches = [(fields.get("cond"), fields.get("then_body"))]
        for part in fields.get("elsif_list", ()):
            branches.append((part["PLpgSQL_if_elsif"].get("cond"), part["PLpgSQL_if_elsif"].get("stmts")))
        branches.append((None, fields.get("else_body")))
        why = step.why
        taken: list[PlpgsqlStep] = []
        for condition, body in branches:
            holds = True if condition is None else self._answer(condition)
            if holds is None:
                why = step.why or f"{self.block.what} runs it under a condition"
            if holds is not False:
                taken.extend(steps(body, step, why))
            if holds:
                break
        return taken

    def _return(self, step: PlpgsqlStep) -> None:
        if step.why is None:
            self.pending.clear()
        else:
            # The steps after a RETURN inside a branch run only where that branch was not taken.
            self.left = f"{self.block.what} may have ended before"

    def _exit(self, step: PlpgsqlStep) -> None:
        """Replay EXIT and CONTINUE, of the innermost loop or of the one with a label."""
        holds = self._answer(step.fields["cond"]) if "cond" in step.fields else True
        if holds is False:
            return
        label = str(step.fields.get("label", ""))
        mark = next(
            (at for at in range(len(self.pending) - 1, -1, -1)
             if self.pending[at].kind == ITERATION and label in {"", self.pending[at].label}),
            None,
        )  # fmt: skip
        if mark is None:
            self.left = f"{self.block.what} may have ended before"
        elif holds and step.why is None:
            del self.pending[mark if step.fields.get("is_exit") else mark + 1 :]
        else:
            why = f"{self.block.what} may have left the loop before"
            rest = self.pending[mark:] if step.fields.get("is_exit") else self.pending[mark + 1 :]
            self.pending[len(self.pending) - len(rest) :] = [each._replace(why=each.why or why) for each in rest]

    def _loop(self, step: PlpgsqlStep) -> None:
        fields = step.fields
        target = fields.get("var")
        if "varno" in fields:
            target = {"PLpgSQL_var": {"refname": self.variables.named(fields["varno"])}}
        if step.kind == "PLpgSQL_stmt_while" and self._answer(fields.get("cond")) is False:
            return
        label = str(fields.get("label", ""))
        rows = query_loops.rows(step, self.variables, self.block.at.span)
        if rows is not None:
            turns: Node = {"rows": rows, "turn": 0, "target": target, "body": fields.get("body")}
            self.pending.append(PlpgsqlStep(ITERATION, turns, step.why, step.caught, label))
            return
        self.variables.forget(fields.get("body"))
        self.variables.bind(target, None)
        self.pending.append(PlpgsqlStep(ITERATION, {"rows": [], "turn": 0}, step.why, step.caught, label))
        self._push(steps(fields.get("body"), step, f"{self.block.what} runs it in a loop"))
        if step.kind == "PLpgSQL_stmt_dynfors":
            self._dynamic(step)

    def _iterate(self, step: PlpgsqlStep) -> None:
        turn = step.fields["turn"]
        if turn >= len(step.fields["rows"]):
            return
        row = step.fields["rows"][turn]
        self.pending.append(step._replace(fields={**step.fields, "turn": turn + 1}))
        self.variables.bind(step.fields["target"], row.row)
        why = None if row.certain else f"{self.block.what} runs it for possible rows of a query of the catalogue"
        self._push(steps(step.fields["body"], step, why))

    def _effect(self, step: PlpgsqlStep) -> None:
        fields = step.fields
        match step.kind:
            case "PLpgSQL_stmt_execsql":
                query = query_of(fields.get("sqlstmt"))
                self._into(step, query if "into" in fields else None)
                self._static(query, step)
            case "PLpgSQL_stmt_perform" | "PLpgSQL_stmt_call":
                query = query_of(fields.get("expr"))
                prefix = "" if query[:6].lower() in {"select", "call"} or query[:4].lower() == "call" else "select "
                self._found(step, prefix + query)
                self._static(prefix + query, step)
            case "PLpgSQL_stmt_dynexecute":
                self._dynamic(step)
                self.variables.bind(fields.get("target"), None)
            case _:
                self.variables.forget([{step.kind: fields}])

    def _found(self, step: PlpgsqlStep, query: str) -> list[queries.QueryRow] | None:
        """Run a query, and set FOUND."""
        rows = queries.select(query, self.variables.scope(), self.block.at.span) if step.why is None else None
        found: Value = UNKNOWN
        if rows is not None:
            found = True if any(row.certain for row in rows) else UNKNOWN if rows else False
        self.variables.values["found"] = found
        return rows

    def _into(self, step: PlpgsqlStep, query: str | None) -> None:
        rows = self._found(step, query) if query is not None else None
        if query is None:
            self.variables.values["found"] = UNKNOWN
            return
        known: Any = None
        if rows is not None and len(rows) == 1 and rows[0].certain:
            known = rows[0].row
        self.variables.bind(step.fields.get("target"), known)

    def _dynamic(self, step: PlpgsqlStep) -> None:
        query = query_of(step.fields.get("query"))
        span = locate(self.block, query, step.fields.get("lineno", 1))
        text = pattern(queries.expression(query, span), self.variables.scope())
        if is_known(text) and HOLE not in text:
            self._run_text(text, span, step)
        else:
            effects.doubt_pattern(self.state, text, f"{self.block.what} runs SQL that is built at run time", span)

    def _static(self, query: str, step: PlpgsqlStep) -> None:
        self._run_text(query, locate(self.block, query, step.fields.get("lineno", 1)), step)

    def _run_text(self, text: str, span: Span, step: PlpgsqlStep) -> None:
        self.state.spend(100)  # Parsing a text costs more than a step.
        try:
            statements = parse_text(text, span)
        except SqlRefusedError:
            effects.doubt_unread(self.state, text, f"{self.block.what} contains SQL that could not be read", span)
            return
        for statement in statements:
            run_it = partial(self.execute, self.state, statement)
            if step.why is not None:
                tentatively(self.state, step.why, span, run_it)
            elif step.caught:
                guarded(self.state, run_it)
            else:
                run_it()
