"""The catalogue and the information schema of PostgreSQL, computed from the replayed state row by row."""

from collections.abc import Callable, Iterator

from iacpolicy.sql.expressions.values import UNKNOWN, Oid, Row, Value
from iacpolicy.sql.model.database import Aspect, TableKind
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.procedures import pg_catalog_objects
from iacpolicy.sql.procedures.pg_catalog_rows import (
    PLATFORM,
    PLATFORM_RELATIONS,
    CatalogueRow,
    exists,
    indexes,
    others,
    own,
    switch,
    system,
    views,
)
from iacpolicy.sql.state.replay_state import ReplayState

Source = Callable[[ReplayState], Iterator[CatalogueRow]]

_KINDS = {TableKind.PARTITIONED: "p", TableKind.FOREIGN: "f"}
_COMMANDS = {"select": "r", "insert": "a", "update": "w", "delete": "d", "all": "*"}


def rows(state: ReplayState, schema: str | None, name: str) -> list[CatalogueRow] | None:
    """Return the rows of a catalogue relation; None for a relation that is not computed."""
    source = _SOURCES.get((schema or "pg_catalog", name))
    if source is None:
        return None
    found = list(source(state))
    state.spend(1 + len(found))
    return found


def _pg_tables(state: ReplayState) -> Iterator[CatalogueRow]:
    for table in own(state):
        if table.kind is not TableKind.FOREIGN:
            row: Row = {
                "schemaname": table.name.schema,
                "tablename": table.name.name,
                "tableowner": table.owner,
                "rowsecurity": switch(table, Aspect.RLS, table.rls_enabled),
            }
            yield CatalogueRow(row, exists(table))
    yield from others(state, schemaname=system(state), tablename=PLATFORM_RELATIONS)


def _information_tables(state: ReplayState) -> Iterator[CatalogueRow]:
    for table in own(state):
        kind = "FOREIGN" if table.kind is TableKind.FOREIGN else "BASE TABLE"
        row: Row = {"table_schema": table.name.schema, "table_name": table.name.name, "table_type": kind}
        yield CatalogueRow(row, exists(table))
    for view in views(state):
        if not view.materialized:
            row = {"table_schema": view.name.schema, "table_name": view.name.name, "table_type": "VIEW"}
            yield CatalogueRow(row, exists(view))
    for found in state.foreign_imports:
        place: Row = {"table_schema": found.schema} if found.schema is not None else {}
        yield CatalogueRow({**place, "table_type": "FOREIGN"}, certain=False, others=True)
    yield from others(state, table_schema=system(state), table_name=PLATFORM_RELATIONS)


def _pg_views(state: ReplayState) -> Iterator[CatalogueRow]:
    for view in views(state):
        if not view.materialized:
            schema, name = view.name.schema, view.name.name
            row: Row = {"schemaname": schema, "viewname": name, "viewowner": view.owner}
            yield CatalogueRow({**row, "table_schema": schema, "table_name": name}, exists(view))
    yield from others(state, schemaname=system(state), table_schema=system(state))


def _pg_matviews(state: ReplayState) -> Iterator[CatalogueRow]:
    for view in views(state):
        if view.materialized:
            row: Row = {"schemaname": view.name.schema, "matviewname": view.name.name, "matviewowner": view.owner}
            yield CatalogueRow(row, exists(view))
    yield from others(state, schemaname=system(state))


def _class(name: QualifiedName, kind: str, owner: str, **more: Value) -> Row:
    return {
        "oid": Oid("class", name),
        "relname": name.name,
        "relnamespace": Oid("schema", QualifiedName("", name.schema)),
        "relkind": kind,
        "relowner": Oid("role", QualifiedName("", owner)),
        "relrowsecurity": False,
        "relforcerowsecurity": False,
        "relispartition": False,
        "relpersistence": "p",
        **more,
    }


def _pg_class(state: ReplayState) -> Iterator[CatalogueRow]:
    for table in own(state):
        more: dict[str, Value] = {
            "relrowsecurity": switch(table, Aspect.RLS, table.rls_enabled),
            "relforcerowsecurity": switch(table, Aspect.FORCE, table.rls_forced),
            "relispartition": table.kind is TableKind.PARTITION,
            "relpersistence": UNKNOWN,
        }
        yield CatalogueRow(_class(table.name, _KINDS.get(table.kind, "r"), table.owner, **more), exists(table))
        for name in indexes(table):
            index = QualifiedName(table.name.schema, name)
            yield CatalogueRow(
                _class(index, "I" if table.kind is TableKind.PARTITIONED else "i", table.owner), exists(table)
            )
    for view in views(state):
        yield CatalogueRow(_class(view.name, "m" if view.materialized else "v", view.owner), exists(view))
    for sequence in state.sequences.values():
        yield CatalogueRow(_class(sequence.name, "S", sequence.owner), not sequence.uncertain)
    for found in state.foreign_imports:
        place: Row = (
            {"relnamespace": Oid("schema", QualifiedName("", found.schema))} if found.schema is not None else {}
        )
        yield CatalogueRow({**place, "relkind": "f"}, certain=False, others=True)
    yield from others(state, **_foreign_class())


def _foreign_class() -> dict[str, Value]:
    return {
        "oid": Oid("class", QualifiedName(PLATFORM, PLATFORM)),
        "relnamespace": Oid("schema", QualifiedName("", PLATFORM)),
        "relname": PLATFORM_RELATIONS,
    }


def _pg_indexes(state: ReplayState) -> Iterator[CatalogueRow]:
    for table in own(state):
        for name in indexes(table):
            row: Row = {"schemaname": table.name.schema, "tablename": table.name.name, "indexname": name}
            yield CatalogueRow(row, not table.uncertain)
    yield from others(state, schemaname=system(state))


def _schemas(state: ReplayState) -> Iterator[CatalogueRow]:
    for schema in state.schemas.values():
        oid, owner = Oid("schema", QualifiedName("", schema.name)), Oid("role", QualifiedName("", schema.owner))
        row: Row = {"oid": oid, "nspname": schema.name, "nspowner": owner, "schema_name": schema.name}
        yield CatalogueRow(row, not schema.uncertain)
    platform: Row = {
        "oid": Oid("schema", QualifiedName("", PLATFORM)),
        "nspname": system(state),
        "schema_name": system(state),
    }
    yield CatalogueRow(platform, certain=False, others=True)


def _policies(state: ReplayState) -> Iterator[CatalogueRow]:
    for table in state.tables.values():
        place: dict[str, Value] = {
            "schemaname": table.name.schema,
            "tablename": table.name.name,
            "polrelid": Oid("class", table.name),
        }
        for policy in table.policies:
            row: Row = {
                **place,
                "policyname": policy.name,
                "polname": policy.name,
                "cmd": policy.command.upper(),
                "polcmd": _COMMANDS.get(policy.command, UNKNOWN),
                "permissive": "PERMISSIVE" if policy.permissive else "RESTRICTIVE",
                "polpermissive": policy.permissive,
                "roles": list(policy.roles),
                "qual": UNKNOWN if policy.using is not None else None,
                "with_check": UNKNOWN if policy.check is not None else None,
            }
            yield CatalogueRow(row, not policy.uncertain and exists(table))
        if table.doubts(Aspect.POLICIES):
            yield CatalogueRow(place, certain=False, others=True)
    if state.others_may_exist():
        yield CatalogueRow({}, certain=False, others=True)


def _columns(state: ReplayState) -> Iterator[CatalogueRow]:
    for table in own(state):
        place: dict[str, Value] = {
            "table_schema": table.name.schema,
            "table_name": table.name.name,
            "attrelid": Oid("class", table.name),
            "attisdropped": False,
        }
        for column in table.columns:
            row: Row = {
                **place,
                "column_name": column.name,
                "attname": column.name,
                "attnotnull": column.not_null,
                "is_nullable": "NO" if column.not_null else "YES",
                "column_default": UNKNOWN if column.has_default else None,
            }
            yield CatalogueRow(row, not table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION))
        if table.doubts(Aspect.DEFINITION):
            yield CatalogueRow(place, certain=False, others=True)
    yield from others(state, table_schema=system(state), table_name=PLATFORM_RELATIONS)


_SOURCES: dict[tuple[str, str], Source] = {
    ("pg_catalog", "pg_attribute"): _columns,
    ("pg_catalog", "pg_class"): _pg_class,
    ("pg_catalog", "pg_constraint"): pg_catalog_objects.constraints,
    ("pg_catalog", "pg_event_trigger"): pg_catalog_objects.event_triggers,
    ("pg_catalog", "pg_extension"): pg_catalog_objects.extensions,
    ("pg_catalog", "pg_indexes"): _pg_indexes,
    ("pg_catalog", "pg_matviews"): _pg_matviews,
    ("pg_catalog", "pg_namespace"): _schemas,
    ("pg_catalog", "pg_policies"): _policies,
    ("pg_catalog", "pg_policy"): _policies,
    ("pg_catalog", "pg_proc"): pg_catalog_objects.functions,
    ("pg_catalog", "pg_publication"): pg_catalog_objects.publications,
    ("pg_catalog", "pg_publication_tables"): pg_catalog_objects.publication_tables,
    ("pg_catalog", "pg_roles"): pg_catalog_objects.roles,
    ("pg_catalog", "pg_sequences"): pg_catalog_objects.sequences,
    ("pg_catalog", "pg_tables"): _pg_tables,
    ("pg_catalog", "pg_trigger"): pg_catalog_objects.triggers,
    ("pg_catalog", "pg_user"): pg_catalog_objects.roles,
    ("pg_catalog", "pg_views"): _pg_views,
    ("information_schema", "columns"): _columns,
    ("information_schema", "routines"): pg_catalog_objects.functions,
    ("information_schema", "schemata"): _schemas,
    ("information_schema", "sequences"): pg_catalog_objects.sequences,
    ("information_schema", "table_constraints"): pg_catalog_objects.constraints,
    ("information_schema", "tables"): _information_tables,
    ("information_schema", "triggers"): pg_catalog_objects.triggers,
    ("information_schema", "views"): _pg_views,
}
