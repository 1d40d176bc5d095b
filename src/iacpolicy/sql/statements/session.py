"""Statements that change the session: search path, role, schemas, transactions."""

from typing import Any

from iacpolicy.sql.model.database import Schema
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements.drop import discard_temporary
from iacpolicy.sql.statements.roles import set_in_session, set_role
from iacpolicy.sql.statements.tables import UNTIL_COMMIT
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement


def set_variable(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply SET and RESET of the search path and the role; other settings change no schema."""
    name = node.get("name", "")
    if node["kind"] == "VAR_RESET_ALL":
        set_search_path(state, state.platform.search_path, local=False)
    elif name == "search_path":
        given = node["kind"] == "VAR_SET_VALUE"
        path = tuple(parse_nodes.constants(node.get("args"))) if given else state.platform.search_path
        set_search_path(state, path, local=bool(node.get("is_local")))
    elif name in {"role", "session_authorization"}:
        set_role(state, node)


def set_search_path(state: ReplayState, path: tuple[str, ...], *, local: bool) -> None:
    """Set the search path; a local one ends with the transaction."""
    set_in_session(state, "search_path", path, local=local)


def create_schema(state: ReplayState, node: Node, at: Statement) -> list[Statement]:
    """Apply CREATE SCHEMA, and return the statements inside it with the schema added to their names."""
    owner = parse_nodes.role(node["authrole"], state.role) if "authrole" in node else state.role
    name = str(node.get("schemaname") or owner)
    if name not in state.schemas:
        state.set(state.schemas, name, Schema(name, owner, at.span))
    inside = []
    for element in node.get("schemaElts", ()):
        ((kind, fields),) = element.items()
        for key in ("relation", "view"):
            relation = fields.get(key)
            if relation is not None:
                relation.setdefault("schemaname", name)
        for item in fields.get("objects", ()):
            item.get("RangeVar", {}).setdefault("schemaname", name)
        inside.append(Statement(kind, fields, at.text, at.span))
    return inside


def discard(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply DISCARD ALL and DISCARD TEMP."""
    if node["target"] in {"DISCARD_ALL", "DISCARD_TEMP"}:
        discard_temporary(state)
    if node["target"] == "DISCARD_ALL":
        set_search_path(state, state.platform.search_path, local=False)
        set_in_session(state, "role", state.platform.owner, local=False)


def transaction(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply BEGIN, COMMIT, ROLLBACK and savepoints; each is recorded as a length of the journal."""
    marks: list[tuple[str | None, int]] = state.session.get("marks", [])
    match node["kind"]:
        case "TRANS_STMT_BEGIN" | "TRANS_STMT_START":
            if not marks:
                # A file is sent as one batch: BEGIN includes everything since the last transaction ended.
                state.session["marks"] = [(None, 0)]
        case "TRANS_STMT_SAVEPOINT":
            if marks:
                marks.append((str(node["savepoint_name"]), len(state.journal)))
        case "TRANS_STMT_ROLLBACK_TO":
            while marks and marks[-1][0] is not None:
                if marks[-1][0] == node.get("savepoint_name"):
                    state.undo(marks[-1][1])
                    break
                marks.pop()
        case "TRANS_STMT_ROLLBACK":
            state.undo(0)
            _end(state)
        case "TRANS_STMT_COMMIT":
            _end(state)


def _end(state: ReplayState) -> None:
    state.journal.clear()
    state.session["marks"] = []
    for name in ("search_path", "role"):
        before: Any = state.session.pop(f"{name}_before", None)
        if before is not None:
            state.session[name] = before
    for temporary in state.session.pop(UNTIL_COMMIT, ()):
        state.tables.pop(temporary, None)


def begin_file(state: ReplayState) -> None:
    """Start a file as the Supabase CLI does: with a new transaction and RESET ALL."""
    _end(state)
    set_search_path(state, state.platform.search_path, local=False)
