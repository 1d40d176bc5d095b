"""Rows of roles, functions, triggers, constraints, publications, extensions and sequences."""

from collections.abc import Iterator

from iacpolicy.sql.expressions.values import UNKNOWN, Oid, OneOf, Row, Value
from iacpolicy.sql.model.database import Table, View
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.procedures.pg_catalog_rows import PLATFORM, CatalogueRow, exists, others, own, system
from iacpolicy.sql.state.replay_state import ReplayState


def roles(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield roles, those of the platform included."""
    platform = state.platform
    named = {*platform.api_roles, *platform.default_grantees, *platform.bypassing_roles}
    for name in sorted({*state.roles, *named}):
        role = state.roles.get(name)
        yield CatalogueRow(
            {"oid": Oid("role", QualifiedName("", name)), "rolname": name, "usename": name},
            role is None or not role.uncertain,
        )
    yield CatalogueRow({}, certain=False, others=True)  # other databases of the server may have made roles


def functions(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield functions and procedures."""
    for overloads in state.functions.values():
        for function in overloads:
            schema, name = function.name.schema, function.name.name
            row: Row = {
                "oid": Oid("function", function.name, function.arguments),
                "proname": name,
                "pronamespace": Oid("schema", QualifiedName("", schema)),
                "prosecdef": function.security_definer,
                "prokind": UNKNOWN,
                "proconfig": UNKNOWN if function.search_path is None else [f"search_path={function.search_path}"],
                "routine_schema": schema,
                "routine_name": name,
                "specific_schema": schema,
            }
            yield CatalogueRow(row, not function.uncertain)
    place: Row = {
        "pronamespace": Oid("schema", QualifiedName("", PLATFORM)),
        "routine_schema": system(state),
        "specific_schema": system(state),
    }
    yield from others(state, **place)


def triggers(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield triggers of tables and views."""
    relations: list[Table | View] = [*state.tables.values(), *state.views.values()]
    for relation in relations:
        for trigger in relation.triggers:
            row: Row = {
                "tgname": trigger.name,
                "tgrelid": Oid("class", relation.name),
                "tgisinternal": False,
                "trigger_name": trigger.name,
                "trigger_schema": relation.name.schema,
                "event_object_schema": relation.name.schema,
                "event_object_table": relation.name.name,
            }
            yield CatalogueRow(row, not trigger.uncertain and exists(relation))
    # Foreign keys have internal triggers, whose generated names no migration uses.
    if state.others_may_exist():
        yield CatalogueRow({}, certain=False, others=True)


def constraints(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield keys; checks and other constraints are unknown."""
    kinds = {"primary": ("p", "PRIMARY KEY"), "unique": ("u", "UNIQUE"), "foreign": ("f", "FOREIGN KEY")}
    for table in own(state):
        place: dict[str, Value] = {
            "conrelid": Oid("class", table.name),
            "table_schema": table.name.schema,
            "table_name": table.name.name,
            "constraint_schema": table.name.schema,
        }
        for key in table.constraints:
            letter, word = kinds[key.kind.value]
            names: Row = {"conname": key.name, "constraint_name": key.name, "contype": letter, "constraint_type": word}
            yield CatalogueRow({**place, **names}, not table.uncertain)
        yield CatalogueRow({**place, "contype": OneOf(("c", "n", "x", "t"))}, certain=False, others=True)
    yield CatalogueRow({"table_schema": system(state), "constraint_schema": system(state)}, certain=False, others=True)


def publications(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield publications."""
    for publication in state.publications.values():
        row: Row = {"pubname": publication.name, "puballtables": publication.all_tables}
        yield CatalogueRow(row, not publication.uncertain)


def publication_tables(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield the tables of each publication, named or by schema."""
    for publication in state.publications.values():
        for table in state.tables.values():
            everything = publication.all_tables or table.name.schema in publication.schemas
            if everything or publication.name in table.published:
                name = table.name
                row: Row = {"pubname": publication.name, "schemaname": name.schema, "tablename": name.name}
                yield CatalogueRow(row, exists(table))
        if publication.uncertain:
            yield CatalogueRow({"pubname": publication.name}, certain=False, others=True)


def extensions(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield extensions."""
    for name in {**state.platform.extensions, **state.extensions}:
        yield CatalogueRow({"extname": name}, name in state.extensions)
    yield CatalogueRow({}, certain=False, others=True)


def sequences(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield sequences."""
    for sequence in state.sequences.values():
        schema, name = sequence.name.schema, sequence.name.name
        row: Row = {"schemaname": schema, "sequencename": name, "sequence_schema": schema, "sequence_name": name}
        yield CatalogueRow(row, not sequence.uncertain)
    yield from others(state, schemaname=system(state), sequence_schema=system(state))


def event_triggers(state: ReplayState) -> Iterator[CatalogueRow]:
    """Yield event triggers."""
    for trigger in state.event_triggers.values():
        yield CatalogueRow({"evtname": trigger.name, "evtevent": trigger.event})
    yield CatalogueRow({}, certain=False, others=True)
