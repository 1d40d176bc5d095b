"""The replay of migrations, statement by statement, into a model of the database that they make."""

import re
from collections.abc import Callable, Iterable

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.spans import file_start
from iacpolicy.sql.model.database import Aspect, Database
from iacpolicy.sql.model.platform import SUPABASE, Platform
from iacpolicy.sql.procedures import function_calls, indirect
from iacpolicy.sql.state import effects
from iacpolicy.sql.state.replay_state import ReplayState, TooMuchWorkError
from iacpolicy.sql.statements import (
    alter,
    buckets,
    drop,
    foreign,
    functions,
    grants,
    keys,
    operators,
    owned,
    policies,
    publications,
    renames,
    roles,
    rules,
    sequences,
    session,
    settings,
    tables,
    triggers,
    views,
)
from iacpolicy.sql.statements.harmless import HARMLESS
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import CALLS, LateFile, ParsedFile, Statement, UnreadStatement, makes_buckets

Handler = Callable[[ReplayState, Node, Statement], None]


def replay(
    files: Iterable[ParsedFile | LateFile], platform: Platform = SUPABASE
) -> tuple[Database, tuple[Diagnostic, ...]]:
    """Return the database after these files, in this order, and the diagnostics about their statements.

    A migration is assumed to succeed: a statement that PostgreSQL would refuse leaves a warning and the most likely
    state.
    """
    state = ReplayState(platform)
    for file in files:
        session.begin_file(state)
        keeps_journal = file.rolls_back
        try:
            for item in file.items:
                step(state, item)
                if not keeps_journal:
                    state.journal.clear()
        except TooMuchWorkError:
            state.diagnostics.append(
                error(
                    "Migrations are too large to replay",
                    f"The statements up to {file.path} need more work than a scan may do; the rest was left out.",
                    file_start(file.path),
                )
            )
            state.work = 0
            effects.doubt_everything(
                state, f"the migrations from {file.path} on were not replayed", file_start(file.path)
            )
            break
    return state.freeze(), tuple(state.diagnostics)


def step(state: ReplayState, item: Statement | UnreadStatement) -> None:
    """Apply one statement, or doubt the effects of an unread one."""
    if isinstance(item, UnreadStatement):
        if item.makes is not None:
            state.set(state.made_in_python, item.makes, item.span)
        effects.doubt_unread(state, item.text, f"a statement could not be read ({item.why})", item.span)
    else:
        execute(state, item)


def execute(state: ReplayState, statement: Statement) -> None:
    """Apply one statement.

    A statement that is neither handled nor known to be harmless leaves every table in doubt.
    """
    handler = HANDLERS.get(statement.kind)
    if handler is not None:
        handler(state, statement.node, statement)
    elif statement.kind not in HARMLESS:
        effects.doubt_everything(state, f"the effect of {command_of(statement.kind)} is unknown", statement.span)


def command_of(kind: str) -> str:
    """Return the words of a statement: `CREATE CAST` for `CreateCastStmt`."""
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*", kind.removesuffix("Stmt"))).upper()


def _create_table_as(state: ReplayState, node: Node, at: Statement) -> None:
    if "ExecuteStmt" in node["query"]:
        prepared = node["query"]["ExecuteStmt"]
        if "skipData" not in node["into"]:
            _execute_prepared(state, prepared, at)
        node = node | {"query": state.prepared.get(str(prepared["name"]), {})}
    if "skipData" not in node["into"]:
        indirect.doubt_expressions(state, node, at, execute)
    if node.get("objtype") == "OBJECT_MATVIEW":
        views.create_materialized(state, node, at)
    else:
        tables.create_from_query(
            state, node["into"], node.get("query", {}), at, if_not_exists=bool(node.get("if_not_exists"))
        )


def _alter_table(state: ReplayState, node: Node, at: Statement) -> None:
    alter.alter_table(state, node, at)
    indirect.doubt_alter(state, node, at, execute)


def _create_schema(state: ReplayState, node: Node, at: Statement) -> None:
    for inner in session.create_schema(state, node, at):
        execute(state, inner)


def _insert(state: ReplayState, node: Node, at: Statement) -> None:
    if makes_buckets(node):
        buckets.insert(state, node, at)
    _rows(state, node, at)


def _rows(state: ReplayState, node: Node, at: Statement) -> None:
    indirect.doubt_triggers(state, node, at, execute)
    indirect.doubt_expressions(state, node, at, execute)


def _copy(state: ReplayState, node: Node, at: Statement) -> None:
    if node.get("is_program"):
        effects.doubt_everything(
            state, "COPY … PROGRAM runs a program on the server, which may change anything", at.span
        )
    _rows(state, node, at)


def _truncate(state: ReplayState, node: Node, at: Statement) -> None:
    for item in node.get("relations", ()):
        indirect.doubt_triggers(state, {"relation": item["RangeVar"]}, at, execute)


def _refresh(state: ReplayState, node: Node, at: Statement) -> None:
    view = state.views.get(state.find(node["relation"]))
    if view is not None:
        calls = [parse_nodes.call_of((schema, name) if schema else (name,)) for schema, name in view.calls]
        indirect.doubt_expressions(state, {CALLS: calls}, at, execute)
        reads = [{"RangeVar": {"schemaname": name.schema, "relname": name.name}} for name in view.reads]
        indirect.doubt_expressions(state, {"reads": reads}, at, execute)


def _security_label(state: ReplayState, node: Node, at: Statement) -> None:
    """Doubt the views that pgsodium makes of a label on a column; other providers keep a label beside the object."""
    if node.get("provider", "pgsodium") == "pgsodium" and node.get("objtype") == "OBJECT_COLUMN":
        text = "SECURITY LABEL on a column makes pgsodium create a view of the decrypted column"
        state.doubt(Aspect.EXISTENCE, text, at.span)


def _drop(state: ReplayState, node: Node, at: Statement) -> None:
    if node["removeType"] in _WITH_FOREIGN_TABLES:
        foreign.drop(state, node, at)
    drop.drop(state, node, at)


def _rename(state: ReplayState, node: Node, at: Statement) -> None:
    if node["renameType"] == "OBJECT_ROLE":
        owned.rename_role(state, str(node["subname"]), str(node["newname"]))
    elif node["renameType"] == "OBJECT_FOREIGN_SERVER":
        foreign.rename_server(state, parse_nodes.text(node["object"]), str(node["newname"]))
    else:
        renames.rename(state, node, at)


def _prepare(state: ReplayState, node: Node, at: Statement) -> None:
    """Keep the query for EXECUTE; a rollback does not remove it."""
    state.prepared[str(node["name"])] = node["query"]


def _execute_prepared(state: ReplayState, node: Node, at: Statement) -> None:
    """Replay the query that PREPARE named."""
    query = state.prepared.get(str(node["name"]))
    if query is None:
        effects.doubt_everything(state, f"the query that EXECUTE {node['name']} runs is unknown", at.span)
    else:
        _run_inside(state, query, at)
    _rows(state, node, at)


def _explain(state: ReplayState, node: Node, at: Statement) -> None:
    """Replay the statement of EXPLAIN ANALYZE; without ANALYZE, it is only planned."""
    options = parse_nodes.options(node.get("options"))
    if "analyze" in options and parse_nodes.truth(options["analyze"]):
        _run_inside(state, node["query"], at)


def _run_inside(state: ReplayState, query: Node, at: Statement) -> None:
    """Replay a statement that is part of another."""
    ((kind, fields),) = query.items()
    state.spend()
    execute(state, Statement(kind, fields, at.text, at.span))


def _do(state: ReplayState, node: Node, at: Statement) -> None:
    function_calls.do(state, node, at, execute)


def _select(state: ReplayState, node: Node, at: Statement) -> None:
    function_calls.select(state, node, at, execute)
    indirect.doubt_expressions(state, _nested(node), at, execute)


def _nested(query: Node) -> Node:
    """Return a query without the calls that are replayed for certain: those of its target list and of FROM."""
    kept = {key: value for key, value in query.items() if key not in {"targetList", "fromClause"}}
    targets = [target.get("ResTarget", {}).get("val", {}) for target in query.get("targetList", ())]
    inside = [value["FuncCall"].get("args") if "FuncCall" in value else value for value in targets]
    sources = [_arguments(source) if "RangeFunction" in source else source for source in query.get("fromClause", ())]
    return kept | {"targetList": inside, "fromClause": sources}


def _arguments(source: Node) -> list[Node]:
    """Return the arguments of the functions in FROM."""
    functions = source["RangeFunction"].get("functions", ())
    return [each.get("FuncCall", {"args": each}).get("args") for item in functions for each in parse_nodes.items(item)]


def _call(state: ReplayState, node: Node, at: Statement) -> None:
    indirect.doubt_expressions(state, {"args": node["funccall"].get("args")}, at, execute)
    function_calls.call(state, node["funccall"], at, execute)


_WITH_FOREIGN_TABLES = frozenset({"OBJECT_FOREIGN_SERVER", "OBJECT_FDW", "OBJECT_EXTENSION"})

HANDLERS: dict[str, Handler] = {
    "AlterDatabaseSetStmt": settings.alter_database,
    "AlterDefaultPrivilegesStmt": grants.default_privileges,
    "AlterEventTrigStmt": triggers.alter_event_trigger,
    "AlterFunctionStmt": functions.alter,
    "AlterObjectSchemaStmt": renames.set_schema,
    "AlterOwnerStmt": renames.set_owner,
    "AlterPolicyStmt": policies.alter,
    "AlterPublicationStmt": publications.alter,
    "AlterRoleSetStmt": settings.alter_role,
    "AlterRoleStmt": roles.alter,
    "AlterSeqStmt": sequences.alter,
    "AlterSystemStmt": settings.alter_system,
    "AlterTableStmt": _alter_table,
    "CallStmt": _call,
    "CopyStmt": _copy,
    "CreateCastStmt": operators.create_cast,
    "CreateEventTrigStmt": triggers.create_event_trigger,
    "CreateExtensionStmt": functions.create_extension,
    "CreateForeignTableStmt": tables.create_foreign,
    "CreateFunctionStmt": functions.create,
    "CreatePolicyStmt": policies.create,
    "CreatePublicationStmt": publications.create,
    "CreateRoleStmt": roles.create,
    "CreateSchemaStmt": _create_schema,
    "CreateSeqStmt": sequences.create,
    "CreateStmt": tables.create,
    "CreateTableAsStmt": _create_table_as,
    "CreateTrigStmt": triggers.create,
    "DeclareCursorStmt": _rows,
    "DefineStmt": operators.define,
    "DeleteStmt": _rows,
    "DiscardStmt": session.discard,
    "DoStmt": _do,
    "DropOwnedStmt": owned.drop_owned,
    "DropRoleStmt": roles.drop,
    "DropStmt": _drop,
    "ExecuteStmt": _execute_prepared,
    "ExplainStmt": _explain,
    "GrantRoleStmt": roles.grant,
    "GrantStmt": grants.grant,
    "ImportForeignSchemaStmt": foreign.import_schema,
    "IndexStmt": keys.create_index,
    "InsertStmt": _insert,
    "MergeStmt": _rows,
    "PrepareStmt": _prepare,
    "ReassignOwnedStmt": owned.reassign_owned,
    "RefreshMatViewStmt": _refresh,
    "RenameStmt": _rename,
    "RuleStmt": rules.create,
    "SecLabelStmt": _security_label,
    "SelectStmt": _select,
    "TransactionStmt": session.transaction,
    "TruncateStmt": _truncate,
    "UpdateStmt": _rows,
    "VariableSetStmt": session.set_variable,
    "ViewStmt": views.create,
}
"""The statements that can change the model, by the name of their node."""
