"""What the database holds once every migration has run; frozen values in PostgreSQL's own words."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
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
    """A column; `type` is as PostgreSQL would print it, without type modifiers, `sequence` the one that it owns.

    One that is not `local` is there only because a parent has it, and goes with that one's.
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


class ConstraintKind(StrEnum):
    """The constraints that matter for keys: who identifies a row, and who points at one."""

    PRIMARY = "primary"
    UNIQUE = "unique"
    FOREIGN = "foreign"


class Constraint(msgspec.Struct, frozen=True, gc=False):
    """A key of a table; `references` and its columns (empty: the primary key) are those of a foreign one."""

    name: str
    kind: ConstraintKind
    columns: tuple[str, ...]
    span: Span
    references: QualifiedName | None = None
    referenced: tuple[str, ...] = ()


class TableIndex(msgspec.Struct, frozen=True, gc=False):
    """An index; a column is empty where it is an expression. `shape` is all of it but its name."""

    name: str
    columns: tuple[str, ...]
    span: Span
    unique: bool = False
    partial: bool = False
    shape: str = ""


class TableKind(StrEnum):
    """How a table came to be; `EXTERNAL` is one that the migrations use and never make (`auth.users`)."""

    TABLE = "table"
    PARTITIONED = "partitioned"
    PARTITION = "partition"
    FOREIGN = "foreign"
    EXTERNAL = "external"


class Table(msgspec.Struct, frozen=True):
    """A table as the last migration leaves it.

    `made_at` begins at the first keyword of the statement that made it (the first use of an external one);
    `decided_at` is the last statement that switched row-level security, `moved_at` the last that changed its schema.
    `made_by` ran the CREATE, in the schema `made_in`: these settle what default privileges it got. `published` are the
    publications that name it, `calls` the functions that its defaults and constraints run. `server` is the server of a
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
        """The columns of the primary key, none where there is no such."""
        return next((c.columns for c in self.constraints if c.kind is ConstraintKind.PRIMARY), ())

    def doubts(self, *aspects: Aspect) -> tuple[SchemaDoubt, ...]:
        """The reasons that concern one of these aspects."""
        return tuple(reason for reason in self.uncertain if reason.aspect in aspects)

    def policy(self, name: str) -> RowPolicy | None:
        """The policy of this name, if the table has it."""
        return next((policy for policy in self.policies if policy.name == name), None)


class View(msgspec.Struct, frozen=True):
    """A view; `reads`, `calls` and `mentions` are the relations, functions and columns that its query names.

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
    """A function or procedure; `arguments` are its input types, `search_path` what it is fixed to, else None.

    `definition` is the text of the whole statement that made it, `body` what stands after AS.
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
    """A role that a migration makes or alters; None where a platform role's attribute was never said."""

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
    """`member` may act as `role`: with its privileges at once (`inherits`), by SET ROLE (`sets`), or hand it on."""

    role: str
    member: str
    span: Span
    inherits: bool = True
    sets: bool = True
    admin: bool = False


class Schema(msgspec.Struct, frozen=True):
    """A schema; `made_at` is None for one that the platform brings."""

    name: str
    owner: str
    made_at: Span | None = None
    grants: tuple[Grant, ...] = ()
    uncertain: tuple[SchemaDoubt, ...] = ()


class DefaultPrivilege(msgspec.Struct, frozen=True, gc=False):
    """What new objects of one kind get, by maker (`owner`) and schema (None: every schema)."""

    owner: str
    schema: str | None
    kind: str
    grants: tuple[Grant, ...]


class Database(msgspec.Struct, frozen=True):
    """The whole schema model; every tuple is sorted by name. `uncertain` concerns what may exist beside it."""

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
        """The table that the migrations make under this name."""
        wanted = QualifiedName(schema, name)
        return next((table for table in self.tables if table.name == wanted), None)

    def acts_as(self, role: str) -> frozenset[str]:
        """The roles whose grants a role has: itself, `public`, and those it inherits from, to any depth."""
        return closure(role, self.memberships)


def closure(role: str, memberships: Iterable[Membership]) -> frozenset[str]:
    """A role, `public`, and every role whose privileges it inherits, to any depth."""
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
