"""Calls of functions: replayed where a migration defines the function, doubted where it may run DDL."""

from functools import lru_cache, partial
from importlib import resources

from iacpolicy.sql.model.database import Aspect, Function
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.procedures import queries, queues
from iacpolicy.sql.procedures.blocks import PlpgsqlBody
from iacpolicy.sql.procedures.parameters import bound, chosen
from iacpolicy.sql.procedures.plpgsql import Execute, run
from iacpolicy.sql.procedures.scope import CatalogueScope
from iacpolicy.sql.state import effects
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.state.tentative import tentatively
from iacpolicy.sql.statements.session import set_search_path
from iacpolicy.sql.statements.tables import create_from_query
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node, SqlRefusedError
from iacpolicy.sql.syntax.parse import Statement, parse_text, starts_like_ddl

MAX_DEPTH = 8

_MAKES_TABLES = frozenset(
    {
        ("pgmq", "create"),
        ("pgmq", "create_unlogged"),
        ("pgmq", "create_partitioned"),
        ("pgmq", "create_non_partitioned"),
        ("pgmq", "drop_queue"),
        ("partman", "create_parent"),
    }
)
_EXTENSIONS = frozenset(
    {
        "addgeometrycolumn", "armor", "citext", "cosine_distance", "create_hypertable", "crypt", "dearmor",
        "decrypt", "decrypt_iv", "digest", "dmetaphone", "earth_box", "earth_distance", "encrypt", "encrypt_iv",
        "gen_random_bytes", "gen_salt", "hmac", "hstore", "hstore_to_json", "hstore_to_jsonb", "http_get",
        "http_post", "inner_product", "l2_distance", "l2_norm", "levenshtein", "ll_to_earth", "metaphone", "nlevel",
        "pgp_pub_decrypt", "pgp_pub_encrypt", "pgp_sym_decrypt", "pgp_sym_encrypt", "set_limit", "show_limit",
        "show_trgm", "similarity", "soundex", "strict_word_similarity", "subpath", "text2ltree", "unaccent",
        "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3", "uuid_generate_v4", "uuid_generate_v5",
        "uuid_nil", "uuid_ns_dns", "uuid_ns_oid", "uuid_ns_url", "uuid_ns_x500", "vector_dims", "word_similarity",
    }
)  # fmt: skip
"""Functions of extensions, in any schema, that change no table's security."""


def do(state: ReplayState, node: Node, at: Statement, execute: Execute) -> None:
    """Replay DO: a block of code that runs once."""
    options = parse_nodes.options(node.get("args"))
    body = parse_nodes.text(options.get("as"))
    if (parse_nodes.text(options.get("language")) or "plpgsql").lower() != "plpgsql":
        effects.doubt_everything(state, "a DO block in an unsupported language", at.span)
        return
    run(state, PlpgsqlBody(at, body, "the DO block"), execute)


def select(state: ReplayState, node: Node, at: Statement, execute: Execute) -> None:
    """Replay SELECT: INTO makes a table, and the functions that it calls may do anything."""
    if "intoClause" in node:
        create_from_query(state, node["intoClause"], {"SelectStmt": node}, at, if_not_exists=False)
    calls = [
        value["FuncCall"]
        for target in node.get("targetList", ())
        if "FuncCall" in (value := target.get("ResTarget", {}).get("val", {}))
    ]
    if calls:
        _per_row(state, node, calls, at, execute)
    for source in node.get("fromClause", ()):
        for item in source.get("RangeFunction", {}).get("functions", ()):
            for function in parse_nodes.items(item):
                if "FuncCall" in function:
                    call(state, function["FuncCall"], at, execute)


def _per_row(state: ReplayState, node: Node, calls: list[Node], at: Statement, execute: Execute) -> None:
    """Replay the calls in the target list, for each row of FROM."""
    scope = CatalogueScope(state, state.variables)
    found = queries.combinations(node, scope)
    for function in calls:
        if found is None:
            why = "a query calls it for unknown rows"
            tentatively(state, why, at.span, partial(call, state, function, at, execute))
            continue
        for inner, certain in found:
            if certain:
                call(state, function, at, execute, inner)
            else:
                why = "a query of the catalogue may call it"
                tentatively(state, why, at.span, partial(call, state, function, at, execute, inner))


def call(state: ReplayState, node: Node, at: Statement, execute: Execute, scope: CatalogueScope | None = None) -> None:
    """Replay one call of a function or procedure."""
    scope = scope or CatalogueScope(state, state.variables)
    parts = parse_nodes.strings(node.get("funcname"))
    arguments = node.get("args", [])
    if not parts:
        return
    if parts[-1] == "set_config":
        _set_config(state, arguments)
        return
    schema = parts[-2] if len(parts) > 1 else None
    name = QualifiedName(schema, parts[-1]) if schema else state.resolve(parts[-1], state.functions.__contains__)
    known = state.functions.get(name, ())
    fitting = chosen(known, arguments)
    for function in fitting:
        go = partial(follow, state, function, at, execute, arguments, scope)
        if len(fitting) == 1:
            go()
        else:
            tentatively(
                state, f"the overload of {name}() that is called depends on the types of its arguments", at.span, go
            )
    if known:
        return
    queue = queues.statements(parts[-1], arguments, scope, at.span) if schema == queues.SCHEMA else None
    if queue is not None:
        for statement in queue:
            state.spend()
            execute(state, statement)
        return
    doubt_unknown(state, node, at)


def doubt_unknown(state: ReplayState, node: Node, at: Statement) -> None:
    """Doubt the objects that a function may change that no migration defines; PostgreSQL's own change none."""
    parts = parse_nodes.strings(node.get("funcname"))
    schema = parts[-2] if len(parts) > 1 else None
    shown = ".".join(parts)
    if (schema, parts[-1]) in _MAKES_TABLES or parts[-1] == "create_parent":
        state.doubt(Aspect.EXISTENCE, f"{shown}() makes or drops tables", at.span)
        return
    statements = [text for text in parse_nodes.constants(node.get("args")) if starts_like_ddl.match(text)]
    for text in statements:
        effects.doubt_pattern(state, text, f"{shown}() may run the SQL in its arguments", at.span)
    if not statements and not _is_harmless(state, schema, parts[-1].lower()):
        effects.doubt_everything(
            state, f"{shown}() is not defined by these migrations and may change anything", at.span
        )


def _is_harmless(state: ReplayState, schema: str | None, name: str) -> bool:
    """Return whether a function that no migration makes is PostgreSQL's, the platform's, or a known extension's."""
    if name in _EXTENSIONS or name.startswith(("st_", "postgis_", "pg_stat_")):
        return True  # in any schema: extensions are often in `public`
    if schema is None:
        return name in _builtins()
    return schema == "pg_catalog" or state.platform.is_system(schema)


@lru_cache(maxsize=1)
def _builtins() -> frozenset[str]:
    """Return the functions of pg_catalog, as PostgreSQL lists them."""
    return frozenset(resources.files("iacpolicy.sql.procedures").joinpath("builtins.txt").read_text("ascii").split())


def follow(
    state: ReplayState,
    function: Function,
    at: Statement,
    execute: Execute,
    arguments: list[Node],
    scope: CatalogueScope,
) -> None:
    """Replay the body of a function that a migration defines, with its owner's role where it is SECURITY DEFINER."""
    what = f"{function.name}()"
    if function.name in state.calls or len(state.calls) >= MAX_DEPTH:
        return
    values = bound(function, arguments, scope)
    state.calls.append(function.name)
    path, role, variables = state.session["search_path"], state.role, state.variables
    try:
        if function.security_definer:
            state.set(state.session, "role", function.owner)
        if function.search_path is not None:
            set_search_path(state, tuple(part.strip(' "') for part in function.search_path.split(",")), local=False)
        if function.language == "plpgsql":
            definition = Statement("CreateFunctionStmt", {}, function.definition, function.made_at)
            run(state, PlpgsqlBody(definition, function.body, what), execute, values)
        elif function.language == "sql":
            state.variables = values
            _run_sql(state, function, at, execute)
        elif function.language not in {"c", "internal"}:
            effects.doubt_everything(state, f"{what} is written in {function.language} and was not read", at.span)
    finally:
        state.calls.pop()
        state.variables = variables
        if function.security_definer:
            state.set(state.session, "role", role)
        if function.search_path is not None:
            set_search_path(state, path, local=False)


def _run_sql(state: ReplayState, function: Function, at: Statement, execute: Execute) -> None:
    try:
        statements = parse_text(function.body, function.made_at)
    except SqlRefusedError:
        effects.doubt_unread(state, function.body, f"{function.name}() could not be read", at.span)
        return
    for statement in statements:
        state.spend()
        execute(state, statement)


def _set_config(state: ReplayState, arguments: list[Node]) -> None:
    if len(arguments) == 3 and parse_nodes.text(arguments[0]) == "search_path" and "A_Const" in arguments[1]:
        path = tuple(part.strip(' "') for part in parse_nodes.text(arguments[1]).split(",") if part.strip())
        constant = arguments[2].get("A_Const", {}).get("boolval", {})
        set_search_path(state, path, local=bool(constant.get("boolval")))
