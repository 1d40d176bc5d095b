"""The files that make one database, in the order in which they are applied."""

import msgspec

from iacpolicy.sql.migrations.source_formats import DatabaseSource, MigrationFormat
from iacpolicy.sql.migrations.supabase_config import SupabaseConfig


class MigrationSet(msgspec.Struct, frozen=True):
    """The files that make one database, in the order they are applied.

    `directory` holds the migrations (of `files` only those that they include lie elsewhere); `project_directory` is
    the one above `supabase`, to which the database belongs. The last `seeds` of the files are not run
    everywhere, and those that are `refused` perhaps nowhere.
    `source` is what settings say of it. `connected` is the database that psql's `\\connect` names, where it is not the
    one that the others make.
    """

    directory: str
    project_directory: str
    files: tuple[str, ...]
    config: SupabaseConfig | None = None
    seeds: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    source: DatabaseSource | None = None
    connected: str | None = None

    @property
    def label(self) -> str:
        """What a report calls the database."""
        name = self.directory or "."
        return f"{name} ({self.connected})" if self.connected is not None else name

    @property
    def database_name(self) -> str | None:
        """The name of the database on its server; None where it is unknown."""
        if self.connected is not None:
            return self.connected
        if self.source is not None and self.source.database is not None:
            return self.source.database
        return "postgres" if self.source is None or self.source.format is MigrationFormat.SUPABASE else None
