"""Objects of a database other than tables, views, functions and roles: sequences, triggers, publications and others."""

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.model.reasons import Grant, SchemaDoubt


class Sequence(msgspec.Struct, frozen=True):
    """A sequence; `owned_by` is the table and column that own it, as for a serial or identity column."""

    name: QualifiedName
    made_at: Span
    owner: str
    owned_by: tuple[QualifiedName, str] | None = None
    grants: tuple[Grant, ...] = ()
    made_by: str = ""
    made_in: str = ""
    uncertain: tuple[SchemaDoubt, ...] = ()


class Trigger(msgspec.Struct, frozen=True, gc=False):
    """A trigger of a table or view, and the function it runs; `enabled` is false after DISABLE TRIGGER."""

    name: str
    function: QualifiedName
    made_at: Span
    enabled: bool = True
    uncertain: tuple[SchemaDoubt, ...] = ()


class RewriteRule(msgspec.Struct, frozen=True, gc=False):
    """A rule of a table or view; `nothing` is true without action and condition, which disables a command."""

    name: str
    command: str
    made_at: Span
    instead: bool
    nothing: bool
    enabled: bool = True


class Publication(msgspec.Struct, frozen=True):
    """A publication, which sends changes of tables to subscribers such as Supabase's realtime.

    `made_at` is None for one of the platform.
    """

    name: str
    owner: str
    made_at: Span | None = None
    all_tables: bool = False
    schemas: tuple[str, ...] = ()
    tables: tuple[QualifiedName, ...] = ()
    uncertain: tuple[SchemaDoubt, ...] = ()


class Extension(msgspec.Struct, frozen=True, gc=False):
    """An extension and its schema, None where the statement does not decide it."""

    name: str
    schema: str | None
    made_at: Span


class EventTrigger(msgspec.Struct, frozen=True, gc=False):
    """An event trigger: its function runs on every DDL command, and may enable row-level security."""

    name: str
    event: str
    function: QualifiedName
    made_at: Span
    enabled: bool = True
    tags: tuple[str, ...] = ()


class Bucket(msgspec.Struct, frozen=True, gc=False):
    """A bucket of Supabase's storage that a migration makes by a row of `storage.buckets`."""

    name: str
    public: bool
    made_at: Span


class ForeignImport(msgspec.Struct, frozen=True, gc=False):
    """An IMPORT FOREIGN SCHEMA that may make foreign tables whose names only the foreign server knows.

    `schema` is the local schema of the tables, None where it is unknown. `reason` says why the tables are unknown.
    """

    schema: str | None
    server: str
    reason: SchemaDoubt


class ApiSchemasSetting(msgspec.Struct, frozen=True, gc=False):
    """A stored value of PostgREST's setting `pgrst.db_schemas`, the list of schemas that the API shows.

    `database` is the name after IN DATABASE, empty for every database. `schemas` is None where the value is unknown.
    `uncertain` is the reason why PostgREST may not read this value, None where it does.
    """

    database: str
    schemas: tuple[str, ...] | None
    set_at: Span
    uncertain: SchemaDoubt | None = None
