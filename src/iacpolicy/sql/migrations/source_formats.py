"""What settings say of a database: where its migrations are, how they are named, and to what it belongs."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.migrations.supabase_config import DefaultGrants


class MigrationFormat(StrEnum):
    """Who applies the migrations, which decides what files count and in what order."""

    SUPABASE = "supabase"
    FLYWAY = "flyway"
    ALEMBIC = "alembic"
    PLAIN = "plain"


class DatabaseSource(msgspec.Struct, frozen=True):
    """One `[databases.NAME]`: a directory or file of the repository, and what its contents do not say themselves.

    `root` is the directory of the root to whose cells it belongs; `project` the address of a `supabase_project` or
    `supabase_settings`, or a project's reference; `provider` the `postgresql` provider whose resources are about it;
    `database` its name on the server. What is None follows from the files.
    """

    name: str
    path: str
    format: MigrationFormat = MigrationFormat.PLAIN
    files: tuple[str, ...] = ()
    root: str | None = None
    project: str | None = None
    provider: str | None = None
    database: str | None = None
    default_grants: DefaultGrants | None = None
    exposed_schemas: tuple[str, ...] | None = None
    place: Span | None = None
