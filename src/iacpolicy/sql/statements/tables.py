"""CREATE TABLE in all its forms: with a list of columns, LIKE, INHERITS, PARTITION OF, AS, SELECT INTO, foreign."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.database import Aspect, Column, Constraint, SchemaDoubt, Table, TableIndex, TableKind
from iacpolicy.sql.model.names import TEMPORARY, QualifiedName
from iacpolicy.sql.state.replay_state import STORED_PATH, ReplayState
from iacpolicy.sql.statements import keys as keys_of
from iacpolicy.sql.statements import sequences
from iacpolicy.sql.statements.operators import evaluated, joined
from iacpolicy.sql.statements.privileges import initial
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

MAX_COLUMNS = 1600
"""PostgreSQL's limit."""

_BY_EVENT = (
    ("row level security", Aspect.RLS, "enable row-level security on"),
    ("force row level security", Aspect.FORCE, "force row-level security on"),
    ("policy", Aspect.POLICIES, "make policies for"),
    ("grant ", Aspect.GRANTS, "grant privileges on"),
    ("revoke ", Aspect.REVOKES, "revoke privileges on"),
)
"""Words in the function of an event trigger, with the aspect and effect that they have on a new table."""

UNTIL_COMMIT = "until_commit"
"""The entry of the session with the temporary tables that end with the transaction."""


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE TABLE."""
    relation: Node = node["relation"]
    parents = tuple(state.find(parent["RangeVar"]) for parent in node.get("inhRelations", ()))
    if "partbound" in node:
        kind = TableKind.PARTITION
    elif "partspec" in node:
        kind = TableKind.PARTITIONED
    else:
        kind = TableKind.TABLE
    columns: dict[str, Column] = {}
    for parent in parents:
        known = state.tables.get(parent)
        copies = (copied_column(column) for column in (known.columns if known else ()))
        # A partition shares the identity of its parent; a child table has none.
        kept = copies if kind is TableKind.PARTITION else (msgspec.structs.replace(c, identity=False) for c in copies)
        columns.update((column.name, msgspec.structs.replace(column, local=False)) for column in kept)
    keys: list[str] = []
    for element in node.get("tableElts", ()):
        _element(state, element, columns, keys, at.span)
    for key in keys:
        if key in columns:
            columns[key] = msgspec.structs.replace(columns[key], not_null=True)
    elements = node.get("tableElts", ())
    name = state.target(relation)
    typed: tuple[SchemaDoubt, ...] = ()
    if "ofTypename" in node:
        typed = (SchemaDoubt(Aspect.DEFINITION, "its columns are those of a type", at.span),)
    copied_keys, indexes = keys_of.copied(state, name, elements, at.span)
    constraints = (*keys_of.of_columns(state, name, elements, at.span), *copied_keys)
    make(
        state,
        relation,
        kind,
        tuple(columns.values()),
        at.span,
        parents,
        bool(node.get("if_not_exists")),
        constraints,
        indexes,
        node.get("oncommit") == "ONCOMMIT_DROP",
    )
    made = state.tables.get(name)
    if made is None or made.made_at != at.span:
        return
    if typed:
        made = state.put(made, uncertain=(*made.uncertain, *typed))
    calls = evaluated(state, (), elements)
    for source in (
        *parents,
        *(state.find(e["TableLikeClause"]["relation"]) for e in elements if "TableLikeClause" in e),
    ):
        calls = joined(calls, state.tables[source].calls if source in state.tables else ())
    if calls:
        made = state.put(made, calls=calls)
    _own_sequences(state, made, elements, at.span)


def _own_sequences(state: ReplayState, table: Table, elements: Iterable[Node], span: Span) -> None:
    """Make the sequences of serial and identity columns, and those that LIKE … INCLUDING IDENTITY copies."""
    owned: dict[str, QualifiedName] = {}
    for element in elements:
        ((kind, fields),) = element.items()
        if kind == "ColumnDef":
            name = sequences.for_column(state, table, fields, span)
            if name is not None:
                owned[str(fields.get("colname", ""))] = name
        elif kind == "TableLikeClause" and int(fields.get("options", 0)) & sequences.LIKE_IDENTITY:
            source = state.tables.get(state.find(fields["relation"]))
            for known in source.columns if source else ():
                if known.identity:
                    owned[known.name] = sequences.for_identity(state, table, known.name, {}, span)
    if owned:
        columns = (msgspec.structs.replace(c, sequence=owned.get(c.name)) for c in table.columns)
        state.put(table, columns=tuple(columns))


def create_foreign(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE FOREIGN TABLE."""
    base: Node = node["base"]
    columns: dict[str, Column] = {}
    for element in base.get("tableElts", ()):
        _element(state, element, columns, [], at.span)
    make(
        state,
        base["relation"],
        TableKind.FOREIGN,
        tuple(columns.values()),
        at.span,
        (),
        bool(base.get("if_not_exists")),
        server=str(node.get("servername", "")),
    )


def create_from_query(state: ReplayState, into: Node, query: Node, at: Statement, *, if_not_exists: bool) -> None:
    """Apply CREATE TABLE … AS and SELECT … INTO; row-level security and grants are not copied."""
    names = parse_nodes.strings(into.get("colNames")) or _names(state, query.get("SelectStmt", {}))
    columns = tuple(Column(name, "", span=at.span) for name in (names or ())[:MAX_COLUMNS])
    dropped = into.get("onCommit") == "ONCOMMIT_DROP"
    make(state, into["rel"], TableKind.TABLE, columns, at.span, (), if_not_exists, until_commit=dropped)
    made = state.tables.get(state.target(into["rel"]))
    if names is None and made is not None and made.made_at == at.span:
        reason = SchemaDoubt(Aspect.DEFINITION, "its columns are those of a query", at.span)
        state.put(made, uncertain=(*made.uncertain, reason))


def _names(state: ReplayState, query: Node) -> list[str] | None:
    """Return the column names of a query; None where `*` means unknown columns."""
    if not query:
        return None  # EXECUTE runs a query that was prepared elsewhere.
    names: list[str] = []
    for target in query.get("targetList", ()):
        fields = target.get("ResTarget", {})
        value: Node = fields.get("val", {})
        while "TypeCast" in value:
            value = value["TypeCast"].get("arg", {})
        reference = value.get("ColumnRef", {}).get("fields", ())
        if "name" in fields:
            names.append(str(fields["name"]))
        elif any("A_Star" in part for part in reference):
            sources = query.get("fromClause", ())
            table = state.tables.get(state.find(sources[0]["RangeVar"])) if _one_table(sources) else None
            if table is None or not table.columns:
                return None
            names.extend(column.name for column in table.columns)
        elif reference:
            names.extend(parse_nodes.strings(reference)[-1:])
        else:
            names.extend(parse_nodes.strings(value.get("FuncCall", {}).get("funcname"))[-1:] or ["?column?"])
    return names


def _one_table(sources: list[Node]) -> bool:
    return len(sources) == 1 and "RangeVar" in sources[0]


def make(
    state: ReplayState,
    relation: Node,
    kind: TableKind,
    columns: tuple[Column, ...],
    span: Span,
    parents: tuple[QualifiedName, ...],
    if_not_exists: bool,
    constraints: tuple[Constraint, ...] = (),
    indexes: tuple[TableIndex, ...] = (),
    until_commit: bool = False,
    server: str = "",
) -> None:
    """Add a new table to the state, with its default privileges and the doubts about event triggers."""
    name = state.target(relation)
    known = state.tables.get(name)
    uncertain: tuple[SchemaDoubt, ...] = ()
    if known is not None and known.kind is not TableKind.EXTERNAL:
        unsure = known.doubts(Aspect.EXISTENCE)
        if if_not_exists and not unsure:
            return
        if if_not_exists:
            # Either the old table still exists, or this one replaces it.
            doubtful = tuple(SchemaDoubt(Aspect.RLS, reason.text, reason.span) for reason in unsure)
            state.put(known, uncertain=known.uncertain + (doubtful if known.rls_enabled else ()))
            return
        if state.guarded and not unsure:
            return
        if not unsure:
            state.warn(
                "Table is made twice",
                f"{name} exists already (line {known.made_at.line} of {known.made_at.path}); PostgreSQL refuses this "
                "statement. Drop the table first, or write IF NOT EXISTS.",
                span,
            )
    if name.schema != TEMPORARY:
        uncertain = (*_event_triggers(state), *_stored_path(state, relation, name, span))
    table = Table(
        name=name,
        kind=kind,
        made_at=span,
        owner=state.role,
        made_by=state.role,
        made_in=name.schema,
        columns=columns[:MAX_COLUMNS],
        grants=initial(state, name.schema, state.role, "table"),
        parents=parents,
        constraints=constraints,
        indexes=indexes,
        server=server,
        uncertain=uncertain,
    )
    state.set(state.tables, name, table)
    if until_commit:
        state.set(state.session, UNTIL_COMMIT, (*state.session.get(UNTIL_COMMIT, ()), name))


def column(definition: Node, span: Span) -> tuple[Column, bool]:
    """Return a column, and whether it is the primary key by itself."""
    kinds = {constraint["Constraint"]["contype"] for constraint in definition.get("constraints", ())}
    primary = "CONSTR_PRIMARY" in kinds
    written = parse_nodes.type_text(definition.get("typeName", {}))
    serial = sequences.SERIAL.get(written)
    made = Column(
        name=str(definition.get("colname", "")),
        type=serial or written,
        not_null=primary or serial is not None or bool(kinds & {"CONSTR_NOTNULL", "CONSTR_IDENTITY"}),
        has_default=serial is not None or bool(kinds & {"CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED"}),
        identity="CONSTR_IDENTITY" in kinds,
        span=span,
    )
    return made, primary


def copied_column(known: Column) -> Column:
    """Return a column as LIKE and INHERITS copy it, without its sequence."""
    return (
        known if known.sequence is None and known.local else msgspec.structs.replace(known, sequence=None, local=True)
    )


def _element(state: ReplayState, element: Node, columns: dict[str, Column], keys: list[str], span: Span) -> None:
    ((kind, fields),) = element.items()
    if kind == "ColumnDef" and len(columns) < MAX_COLUMNS:
        made, _ = column(fields, span)
        columns[made.name] = made
    elif kind == "TableLikeClause":
        source = state.tables.get(state.find(fields["relation"]))
        copies = (copied_column(column) for column in (source.columns if source else ()))
        if not int(fields.get("options", 0)) & sequences.LIKE_IDENTITY:
            copies = (msgspec.structs.replace(copy, identity=False) for copy in copies)
        columns.update((column.name, column) for column in copies)
    elif kind == "Constraint" and fields.get("contype") == "CONSTR_PRIMARY":
        keys.extend(parse_nodes.strings(fields.get("keys")))


def _event_triggers(state: ReplayState) -> tuple[SchemaDoubt, ...]:
    """Return the doubts about changes by event triggers to every new table."""
    reasons = []
    for trigger in state.event_triggers.values():
        if not trigger.enabled or trigger.event not in {"ddl_command_end", "table_rewrite"}:
            continue
        bodies = [function.body for function in state.functions.get(trigger.function, ())]
        squeezed = " ".join(" ".join(bodies).lower().split())
        for words, aspect, effect in _BY_EVENT:
            if words in squeezed or (not bodies and not state.platform.is_system(trigger.function.schema)):
                text = f"the event trigger {trigger.name} may {effect} new tables"
                reasons.append(SchemaDoubt(aspect, text, trigger.made_at))
    return tuple(reasons)


def _stored_path(state: ReplayState, relation: Node, name: QualifiedName, span: Span) -> tuple[SchemaDoubt, ...]:
    """Return the doubt that a stored search path makes a later session resolve a name to another schema."""
    stored: tuple[tuple[str, ...], SchemaDoubt] | None = state.session.get(STORED_PATH)
    if stored is None or relation.get("schemaname") or state.session["search_path"] != state.platform.search_path:
        return ()
    path, reason = stored
    if reason.span.path == span.path:
        return ()
    first = next((schema for schema in path if schema in state.schemas), None)
    return () if first == name.schema else (reason,)
