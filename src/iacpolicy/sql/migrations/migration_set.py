"""The files that make one database, in the order in which they are applied."""

import msgspec

from iacpolicy.sql.migrations.source_formats import DatabaseSource, MigrationFormat
from iacpolicy.sql.migrations.supabase_config import SupabaseConfig


class MigrationSet(msgspec.Struct, frozen=True):
    """The files that make one database, in the order in which they are applied.

    `directory` holds the migrations; only included files of `files` are elsewhere. `project_directory` is the
    directory above `supabase`. The last `seeds` of the files are not run everywhere, and the `refused` ones possibly
    nowhere. `source` is the entry in the settings. `connected` is the name after psql's `\\connect`, where that is not
    the set's own database.
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
        """Return the name of the database in reports."""
        name = self.directory or "."
        return f"{name} ({self.connected})" if self.connected is not None else name

    @property
    def database_name(self) -> str | None:
        """Return the name of the database on its server; None where it is unknown."""
        if self.connected is not None:
            return self.connected
        if self.source is not None and self.source.database is not None:
            return self.source.database
        return "postgres" if self.source is None or self.source.format is MigrationFormat.SUPABASE else None
