"""Stored settings of roles, databases and the server: the schemas that the API shows, and the search path.

PostgREST reads `pgrst.db_schemas` from the settings of the role that it logs in as: the rows of `pg_db_role_setting`
with that role. A value for one database takes precedence over a value for every database. Both take precedence over
PostgREST's own configuration, such as `config.toml` or Supabase's dashboard. Settings of a database, of the server and
of `ALTER ROLE ALL` have no effect, because their rows name no role.

Sources: https://docs.postgrest.org/en/latest/references/configuration.html (In-Database Configuration),
`queryDbSettings` in PostgREST's `src/PostgREST/Config/Database.hs`, and Supabase's troubleshooting page on PGRST106.
"""

from iacpolicy.sql.model.database import ApiSchemasSetting, Aspect, SchemaDoubt
from iacpolicy.sql.state.replay_state import STORED_PATH, ReplayState
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

API_ROLE = "authenticator"
"""The role that PostgREST logs in as on Supabase, and in PostgREST's own documentation."""

SCHEMAS = "pgrst.db_schemas"
PRE_CONFIG = "pgrst.db_pre_config"

_RESETS = frozenset({"VAR_RESET", "VAR_SET_DEFAULT"})


def alter_role(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER ROLE … SET and RESET, for one role or all, with or without IN DATABASE."""
    setting = node["setstmt"]
    if "role" not in node:
        _store_search_path(state, setting, at)
        return
    role = parse_nodes.role(node["role"], state.role)
    if role == state.platform.owner:
        _store_search_path(state, setting, at)
    why = None if role == API_ROLE else f"PostgREST reads the settings of its own role, which may not be {role}"
    _store_api_schemas(state, role, str(node.get("database", "")), setting, at, why)


def alter_database(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER DATABASE … SET and RESET."""
    _store_search_path(state, node["setstmt"], at)


def alter_system(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER SYSTEM SET and RESET."""
    _store_search_path(state, node["setstmt"], at)


def _store_search_path(state: ReplayState, setting: Node, at: Statement) -> None:
    name, kind = str(setting.get("name", "")).lower(), setting["kind"]
    if name == "search_path" or kind == "VAR_RESET_ALL":
        text = "a stored setting gives later sessions another search path, so it may be in another schema"
        path = tuple(parse_nodes.constants(setting.get("args"))) if kind == "VAR_SET_VALUE" else None
        state.set(state.session, STORED_PATH, (path, SchemaDoubt(Aspect.EXISTENCE, text, at.span)) if path else None)


def _store_api_schemas(
    state: ReplayState, role: str, database: str, setting: Node, at: Statement, why: str | None
) -> None:
    name, kind = str(setting.get("name", "")).lower(), setting["kind"]
    if name == PRE_CONFIG and kind not in _RESETS:
        function = ", ".join(parse_nodes.constants(setting.get("args"))) or "a function"
        called = SchemaDoubt(Aspect.EXISTENCE, f"{function}() may set the schemas of the API ({PRE_CONFIG})", at.span)
        state.set(state.api_schemas, (role, database, at.span), ApiSchemasSetting(database, None, at.span, called))
    if name != SCHEMAS and kind != "VAR_RESET_ALL":
        return
    for key in [key for key in state.api_schemas if key[:2] == (role, database)]:
        state.set(state.api_schemas, key, None)
    if kind in _RESETS or kind == "VAR_RESET_ALL":
        return
    schemas = _schemas(setting) if kind == "VAR_SET_VALUE" else None
    if schemas is None:
        why = why or f"the value of {SCHEMAS} is unknown"
    reason = None if why is None else SchemaDoubt(Aspect.EXISTENCE, why, at.span)
    key = (role, database, None if reason is None else at.span)
    state.set(state.api_schemas, key, ApiSchemasSetting(database, schemas, at.span, reason))


def _schemas(setting: Node) -> tuple[str, ...] | None:
    """Return the names in a comma-separated list, without spaces and quotes around them; None without names."""
    written = ",".join(parse_nodes.constants(setting.get("args")))
    names = (part.strip().strip('"') for part in written.split(","))
    return tuple(dict.fromkeys(name for name in names if name)) or None
