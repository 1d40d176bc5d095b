"""The contents of a database before the first migration: Supabase's schemas and roles."""

from collections.abc import Mapping

import msgspec


class Platform(msgspec.Struct, frozen=True):
    """The platform that the migrations are applied to.

    `api_roles` are the roles of a request from outside. `exposed_schemas` are the schemas of the API by default.
    `system_schemas` belong to the platform, so their tables are not checked. New objects in `default_schemas` are
    granted to `default_grantees`, unless default grants are switched off. `bypassing_roles` bypass row-level security
    by design. `extensions` (by name, with their schema) and `publications` exist from the start.
    """

    owner: str
    schemas: frozenset[str]
    search_path: tuple[str, ...]
    api_roles: tuple[str, ...]
    exposed_schemas: tuple[str, ...]
    system_schemas: frozenset[str]
    default_schemas: tuple[str, ...] = ()
    default_grantees: tuple[str, ...] = ()
    bypassing_roles: tuple[str, ...] = ()
    extensions: Mapping[str, str] = {}
    publications: tuple[str, ...] = ()

    def is_system(self, schema: str) -> bool:
        """Return whether a schema belongs to the platform."""
        return schema in self.system_schemas or schema.startswith(("supabase_", "pg_", "_timescaledb_"))


_SYSTEM = frozenset(
    {
        "auth", "cron", "extensions", "graphql", "graphql_public", "information_schema", "net", "pgbouncer", "pgmq",
        "pgsodium", "pgsodium_masks", "pgtle", "realtime", "storage", "supabase_functions", "supabase_migrations",
        "tiger", "tiger_data", "topology", "vault", "pgroonga", "repack", "_realtime", "_analytics", "_supavisor",
    }
)  # fmt: skip

SUPABASE = Platform(
    owner="postgres",
    schemas=frozenset(
        {"public", "auth", "extensions", "graphql", "graphql_public", "pgbouncer", "realtime", "storage", "vault",
         "supabase_functions", "supabase_migrations"}
    ),
    search_path=("$user", "public", "extensions"),
    api_roles=("anon", "authenticated"),
    exposed_schemas=("public", "graphql_public"),
    system_schemas=_SYSTEM,
    default_schemas=("public",),
    default_grantees=("anon", "authenticated", "service_role"),
    publications=("supabase_realtime",),
    bypassing_roles=("postgres", "service_role", "supabase_admin"),
    extensions={
        "pg_graphql": "graphql",
        "pg_stat_statements": "extensions",
        "pgcrypto": "extensions",
        "plpgsql": "pg_catalog",
        "supabase_vault": "vault",
        "uuid-ossp": "extensions",
    },
)  # fmt: skip
"""A Supabase project. `service_role` is no API role here: it bypasses row-level security by design.

Source: the schemas that Supabase's own database linter (supabase/splinter, `lints/0013_rls_disabled_in_public.sql`)
leaves out, and the `[api] schemas` of a new project's `config.toml`.
"""
