"""What stands in a database before the first migration: Supabase's schemas and roles, or plain PostgreSQL's."""

from collections.abc import Mapping

import msgspec


class Platform(msgspec.Struct, frozen=True):
    """The ground the migrations are applied to.

    `api_roles` are the roles a stranger's request can have; `exposed_schemas` what the API shows unless settings say
    otherwise; `system_schemas` belong to the platform, whose tables are not the repository's to protect. New objects in
    `default_schemas` are granted to `default_grantees`, as long as the setting of default grants says so;
    `bypassing_roles` pass row-level security by design; `extensions` are there already, by schema, and so are
    `publications`.
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
        """Whether a schema belongs to the platform."""
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
