"""The state of a database after all migrations, as frozen values in PostgreSQL's own terms."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.keys import Constraint, ConstraintKind, TableIndex
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.model.objects import (
    ApiSchemasSetting,
    Bucket,
    EventTrigger,
    Extension,
    ForeignImport,
    Publication,
    RewriteRule,
    Sequence,
    Trigger,
)
from iacpolicy.sql.model.reasons import PUBLIC, Aspect, Grant, SchemaDoubt

__all__ = [
    "PUBLIC",
    "ApiSchemasSetting",
    "Aspect",
    "Bucket",
    "Column",
    "Constraint",
    "ConstraintKind",
    "Database",
    "DefaultPrivilege",
    "EventTrigger",
    "Extension",
    "ForeignImport",
    "Function",
    "Grant",
    "Membership",
    "Publication",
    "RewriteRule",
    "Role",
    "RowPolicy",
    "Schema",
    "SchemaDoubt",
    "Sequence",
    "Table",
    "TableIndex",
    "TableKind",
    "Trigger",
    "View",
    "closure",
]


class Column(msgspec.Struct, frozen=True, gc=False):
    """A column; `type` is as PostgreSQL prints it without modifiers, `sequence` the one that the column owns.

    A column that is not `local` exists only because a parent has it, and is dropped with the parent's.
    """

    name: str
    type: str
    not_null: bool = False
    has_default: bool = False
    span: Span | None = None
    identity: bool = False
    sequence: QualifiedName | None = None
    local: bool = True


class RowPolicy(msgspec.Struct, frozen=True, gc=False):
    """A row-level security policy; `using` and `check` are the text as written, None where absent."""

    name: str
    table: QualifiedName
    command: str
    permissive: bool
    roles: tuple[str, ...]
    using: str | None
    check: str | None
    span: Span
    uncertain: tuple[SchemaDoubt, ...] = ()


class TableKind(StrEnum):
    """The kind of a table; `EXTERNAL` is one that the migrations use and never make (`auth.users`)."""

    TABLE = "table"
    PARTITIONED = "partitioned"
    PARTITION = "partition"
    FOREIGN = "foreign"
    EXTERNAL = "external"


class Table(msgspec.Struct, frozen=True):
    """A table after the last migration.

    `made_at` begins at the first keyword of the statement that made it, or that first used an external one.
    `decided_at` is the last statement that switched row-level security, `moved_at` the last one that changed its
    schema. `made_by` ran the CREATE in the schema `made_in`; both decide its default privileges. `published` are the
    publications that name it. `calls` are the functions in its defaults and constraints. `server` is the server of a
    foreign table.
    """

    name: QualifiedName
    kind: TableKind
    made_at: Span
    owner: str
    columns: tuple[Column, ...] = ()
    rls_enabled: bool = False
    rls_forced: bool = False
    decided_at: Span | None = None
    moved_at: Span | None = None
    policies: tuple[RowPolicy, ...] = ()
    grants: tuple[Grant, ...] = ()
    parents: tuple[QualifiedName, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[TableIndex, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rules: tuple[RewriteRule, ...] = ()
    published: tuple[str, ...] = ()
    calls: tuple[QualifiedName, ...] = ()
    made_by: str = ""
    made_in: str = ""
    server: str = ""
    uncertain: tuple[SchemaDoubt, ...] = ()

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Return the columns of the primary key, none where there is no such key."""
        return next((c.columns for c in self.constraints if c.kind is ConstraintKind.PRIMARY), ())

    def doubts(self, *aspects: Aspect) -> tuple[SchemaDoubt, ...]:
        """Return the doubts about one of these aspects."""
        return tuple(reason for reason in self.uncertain if reason.aspect in aspects)

    def policy(self, name: str) -> RowPolicy | None:
        """Return the policy of this name, None where the table has none."""
        return next((policy for policy in self.policies if policy.name == name), None)


class View(msgspec.Struct, frozen=True):
    """A view; `reads`, `calls` and `mentions` are the relations, functions and columns in its query.

    A materialized one has no `security_invoker`.
    """

    name: QualifiedName
    materialized: bool
    made_at: Span
    owner: str
    security_invoker: bool = False
    security_barrier: bool = False
    reads: tuple[QualifiedName, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    mentions: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    rules: tuple[RewriteRule, ...] = ()
    decided_at: Span | None = None
    made_by: str = ""
    made_in: str = ""
    uncertain: tuple[SchemaDoubt, ...] = ()


class Function(msgspec.Struct, frozen=True):
    """A function or procedure; `arguments` are its input types, `search_path` its fixed path, else None.

    `definition` is the text of the whole statement that made it, `body` the text after AS.
    """

    name: QualifiedName
    arguments: tuple[str, ...]
    language: str
    security_definer: bool
    search_path: str | None
    body: str
    definition: str
    made_at: Span
    owner: str
    returns: str = ""
    grants: tuple[Grant, ...] = ()
    made_by: str = ""
    made_in: str = ""
    uncertain: tuple[SchemaDoubt, ...] = ()


class Role(msgspec.Struct, frozen=True):
    """A role that a migration makes or alters; an attribute of a platform role is None until a statement sets it."""

    name: str
    made_at: Span
    login: bool | None = None
    superuser: bool | None = None
    bypassrls: bool | None = None
    createrole: bool | None = None
    createdb: bool | None = None
    replication: bool | None = None
    inherit: bool | None = None
    created: bool = True
    decided_at: Span | None = None
    uncertain: tuple[SchemaDoubt, ...] = ()


class Membership(msgspec.Struct, frozen=True, gc=False):
    """`member` may use the privileges of `role` at once (`inherits`), by SET ROLE (`sets`), or grant it (`admin`)."""

    role: str
    member: str
    span: Span
    inherits: bool = True
    sets: bool = True
    admin: bool = False


class Schema(msgspec.Struct, frozen=True):
    """A schema; `made_at` is None for one of the platform."""

    name: str
    owner: str
    made_at: Span | None = None
    grants: tuple[Grant, ...] = ()
    uncertain: tuple[SchemaDoubt, ...] = ()


class DefaultPrivilege(msgspec.Struct, frozen=True, gc=False):
    """The privileges on new objects of one kind, by their creator (`owner`) and schema (None: every schema)."""

    owner: str
    schema: str | None
    kind: str
    grants: tuple[Grant, ...]


class Database(msgspec.Struct, frozen=True):
    """The whole schema model; tuples are sorted by name. `uncertain` concerns objects that may exist besides these."""

    schemas: tuple[Schema, ...] = ()
    tables: tuple[Table, ...] = ()
    external: tuple[Table, ...] = ()
    views: tuple[View, ...] = ()
    functions: tuple[Function, ...] = ()
    roles: tuple[Role, ...] = ()
    memberships: tuple[Membership, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    publications: tuple[Publication, ...] = ()
    extensions: tuple[Extension, ...] = ()
    event_triggers: tuple[EventTrigger, ...] = ()
    default_privileges: tuple[DefaultPrivilege, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    foreign_imports: tuple[ForeignImport, ...] = ()
    api_schemas: tuple[ApiSchemasSetting, ...] = ()
    uncertain: tuple[SchemaDoubt, ...] = ()

    def table(self, schema: str, name: str) -> Table | None:
        """Return the table that the migrations make under this name, None where there is none."""
        wanted = QualifiedName(schema, name)
        return next((table for table in self.tables if table.name == wanted), None)

    def acts_as(self, role: str) -> frozenset[str]:
        """Return the roles whose grants a role has: itself, `public`, and those it inherits from, to any depth."""
        return closure(role, self.memberships)


def closure(role: str, memberships: Iterable[Membership]) -> frozenset[str]:
    """Return a role, `public`, and every role whose privileges it inherits, to any depth."""
    roles_of: dict[str, list[str]] = {}
    for membership in memberships:
        if membership.inherits:
            roles_of.setdefault(membership.member, []).append(membership.role)
    reached = {role, PUBLIC}
    pending = [role]
    while pending:
        for other in roles_of.get(pending.pop(), ()):
            if other not in reached:
                reached.add(other)
                pending.append(other)
    return frozenset(reached)
