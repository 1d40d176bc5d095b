"""The settings of a database: where its migrations are, which tool applies them, and where it belongs."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.migrations.supabase_config import DefaultGrants


class MigrationFormat(StrEnum):
    """The tool that applies the migrations; it decides which files count and in what order."""

    SUPABASE = "supabase"
    FLYWAY = "flyway"
    ALEMBIC = "alembic"
    PLAIN = "plain"


class DatabaseSource(msgspec.Struct, frozen=True):
    """One `[databases.NAME]` of the settings: a directory or file, and facts that its contents do not show.

    `root` is the directory of the root to whose cells the database belongs. `project` is the address of a
    `supabase_project` or `supabase_settings`, or a project's reference. `provider` is the `postgresql` provider that
    configures it. `database` is its name on the server. None means that the files decide.
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
