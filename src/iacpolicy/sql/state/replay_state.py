"""The database while migrations run: dictionaries of frozen values, and a journal of every change.

The journal undoes a transaction that is rolled back. It also shows the changes by a statement that may not run.
"""

from collections.abc import Callable, Iterator, MutableMapping, Sized
from typing import Any

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, warning
from iacpolicy.core.spans import Span
from iacpolicy.sql.model.database import (
    ApiSchemasSetting,
    Aspect,
    Bucket,
    Database,
    DefaultPrivilege,
    EventTrigger,
    Extension,
    ForeignImport,
    Function,
    Membership,
    Publication,
    Role,
    Schema,
    SchemaDoubt,
    Sequence,
    Table,
    TableKind,
    View,
)
from iacpolicy.sql.model.names import TEMPORARY, QualifiedName
from iacpolicy.sql.model.platform import Platform
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node

MAX_WORK = 4_000_000
"""The bound on steps of bulk statements (`ALL TABLES`, dynamic SQL, calls); a migration with more counts as hostile."""

MAX_DIAGNOSTICS = 200

DefaultKey = tuple[str, str | None, str]

ApiSchemasKey = tuple[str, str, Span | None]
"""Role, database (empty for every database), and the statement where PostgREST may not read the value."""


STORED_PATH = "stored_search_path"
"""The entry of the session with the search path that a stored setting gives to later sessions, and the reason."""


class TooMuchWorkError(Exception):
    """The migrations need more work than a scan may do."""


class ReplayState:
    """Everything that a statement can read and change.

    `guarded` counts the conditions and exception handlers around the running statement. Inside of one, a statement that
    makes an existing object counts as not run.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.schemas: dict[str, Schema] = {name: Schema(name, platform.owner) for name in platform.schemas}
        self.tables: dict[QualifiedName, Table] = {}
        self.views: dict[QualifiedName, View] = {}
        self.functions: dict[QualifiedName, tuple[Function, ...]] = {}
        self.roles: dict[str, Role] = {}
        self.memberships: dict[tuple[str, str], Membership] = {}
        self.sequences: dict[QualifiedName, Sequence] = {}
        self.publications: dict[str, Publication] = {
            name: Publication(name, platform.owner) for name in platform.publications
        }
        self.extensions: dict[str, Extension] = {}
        self.event_triggers: dict[str, EventTrigger] = {}
        self.defaults: dict[DefaultKey, DefaultPrivilege] = {}
        self.buckets: dict[str, Bucket] = {}
        self.foreign_imports: dict[ForeignImport, ForeignImport] = {}
        self.api_schemas: dict[ApiSchemasKey, ApiSchemasSetting] = {}
        self.reasons: dict[SchemaDoubt, bool] = {}
        self.operators: dict[str, tuple[QualifiedName, ...]] = {}
        self.casts: dict[str, tuple[QualifiedName, ...]] = {}
        self.prepared: dict[str, Node] = {}
        self.made_in_python: dict[tuple[str, str], Span] = {}
        self.session: dict[str, Any] = {"role": platform.owner, "search_path": platform.search_path}
        self.diagnostics: list[Diagnostic] = []
        self.journal: list[tuple[MutableMapping[Any, Any], Any, Any]] = []
        self.work = 0
        self.calls: list[QualifiedName] = []
        self.guarded = 0
        self.variables: MutableMapping[str, Any] = {}

    # Changing

    def set(self, mapping: MutableMapping[Any, Any], key: Any, value: Any) -> None:
        """Set an entry (None removes it), and record its previous value."""
        before = mapping.get(key)
        self.journal.append((mapping, key, before))
        if value is None:
            mapping.pop(key, None)
        else:
            mapping[key] = value

    def undo(self, mark: int) -> None:
        """Undo every change since the journal had this length."""
        while len(self.journal) > mark:
            mapping, key, before = self.journal.pop()
            if before is None:
                mapping.pop(key, None)
            else:
                mapping[key] = before

    def spend_scan(self, *mappings: Sized) -> None:
        """Count a scan over every entry of these; it is cheap compared with a change of each."""
        self.spend(1 + sum(map(len, mappings)) // 20)

    def spend(self, steps: int = 1) -> None:
        """Count work that a single statement multiplies.

        Raises:
            TooMuchWorkError: the bound is passed.
        """
        self.work += steps
        if self.work > MAX_WORK:
            raise TooMuchWorkError

    def put(self, table: Table, **changes: Any) -> Table:
        """Store a table with these fields changed."""
        changed = msgspec.structs.replace(table, **changes) if changes else table
        if changed.name != table.name:
            self.set(self.tables, table.name, None)
        self.set(self.tables, changed.name, changed)
        return changed

    def put_relation(self, relation: Table | View, **changes: Any) -> None:
        """Store a table or a view with these fields changed."""
        if isinstance(relation, Table):
            self.put(relation, **changes)
        else:
            self.set(self.views, relation.name, msgspec.structs.replace(relation, **changes))

    def relation_of_part(self, item: Node) -> tuple[Table | View | None, str]:
        """Return the table or view in a name with a further part (`schema.table.rule`), and that part."""
        parts = parse_nodes.strings(parse_nodes.items(item))
        if len(parts) < 2:
            return None, ""
        name = self.find({"relname": parts[-2]} | ({"schemaname": parts[-3]} if len(parts) > 2 else {}))
        return self.views.get(name) or self.tables.get(name), parts[-1]

    def put_function(self, function: Function, instead_of: Function | None = None) -> None:
        """Store a function beside its overloads; a renamed one is removed under its old name."""
        if instead_of is not None and instead_of.name != function.name:
            self.drop_function(instead_of)
        others = (known for known in self.functions.get(function.name, ()) if known.arguments != function.arguments)
        self.set(self.functions, function.name, (*others, function))

    def drop_function(self, function: Function) -> None:
        """Remove one overload."""
        others = tuple(known for known in self.functions.get(function.name, ()) if known is not function)
        self.set(self.functions, function.name, others or None)

    def doubt(self, aspect: Aspect, text: str, span: Span) -> None:
        """Record that objects besides the known ones may exist."""
        self.set(self.reasons, SchemaDoubt(aspect, text, span), True)

    def warn(self, summary: str, detail: str, span: Span) -> None:
        """Add a warning about a statement that PostgreSQL would refuse, up to a bound."""
        if len(self.diagnostics) < MAX_DIAGNOSTICS and not self.guarded:
            self.diagnostics.append(warning(summary, detail, span))

    # Looking

    @property
    def role(self) -> str:
        return str(self.session["role"])

    def search_path(self) -> Iterator[str]:
        """Yield the schemas of the search path that exist, in order."""
        for name in self.session["search_path"]:
            schema = self.role if name == "$user" else name
            if schema in self.schemas:
                yield schema

    def target(self, relation: Node) -> QualifiedName:
        """Return the name under which a CREATE makes a relation."""
        if relation.get("relpersistence") == "t":
            return QualifiedName(TEMPORARY, relation["relname"])
        schema = relation.get("schemaname") or next(self.search_path(), "public")
        return QualifiedName(schema, relation["relname"])

    def find(self, relation: Node) -> QualifiedName:
        """Return the relation that a RangeVar means: the first in the search path, else where it would be made."""
        if "schemaname" in relation:
            return QualifiedName(relation["schemaname"], relation["relname"])
        return self.resolve(relation["relname"], self.relation_exists)

    def resolve(self, identifier: str, known: Callable[[QualifiedName], bool]) -> QualifiedName:
        """Return the first name in the search path that is known; temporary objects come first."""
        temporary = QualifiedName(TEMPORARY, identifier)
        if known(temporary):
            return temporary
        first = None
        for schema in self.search_path():
            name = QualifiedName(schema, identifier)
            if known(name):
                return name
            first = first or name
        return first or QualifiedName("public", identifier)

    def table(self, relation: Node, span: Span) -> Table | None:
        """Return the table that a statement uses, an external one if it is unknown; None where the name is a view's."""
        name = self.find(relation)
        return None if name in self.views else self.table_named(name, span)

    def table_named(self, name: QualifiedName, span: Span) -> Table:
        """Return the table of this name; one that no migration makes is added as external."""
        known = self.tables.get(name)
        if known is None:
            known = Table(name, TableKind.EXTERNAL, span, self.platform.owner)
            self.set(self.tables, name, known)
        return known

    def relation_exists(self, name: QualifiedName) -> bool:
        """Return whether a table, view or sequence has this name; indexes do not count."""
        return name in self.tables or name in self.views or name in self.sequences

    def others_may_exist(self) -> bool:
        """Return whether objects besides the known ones may exist."""
        return any(reason.aspect is Aspect.EXISTENCE for reason in self.reasons)

    def _published(self) -> tuple[Publication, ...]:
        named: dict[str, list[QualifiedName]] = {}
        for name in sorted(self.tables):
            for publication in self.tables[name].published:
                named.setdefault(publication, []).append(name)
        return tuple(
            msgspec.structs.replace(self.publications[name], tables=tuple(named.get(name, ())))
            for name in sorted(self.publications)
        )

    def freeze(self) -> Database:
        """Return the current state as a frozen model."""
        tables = [self.tables[name] for name in sorted(self.tables) if name.schema != TEMPORARY]
        return Database(
            schemas=tuple(self.schemas[name] for name in sorted(self.schemas)),
            tables=tuple(table for table in tables if table.kind is not TableKind.EXTERNAL),
            external=tuple(table for table in tables if table.kind is TableKind.EXTERNAL),
            views=tuple(self.views[name] for name in sorted(self.views) if name.schema != TEMPORARY),
            functions=tuple(
                function
                for name in sorted(self.functions)
                if name.schema != TEMPORARY
                for function in sorted(self.functions[name], key=lambda function: function.arguments)
            ),
            roles=tuple(self.roles[name] for name in sorted(self.roles)),
            memberships=tuple(self.memberships[key] for key in sorted(self.memberships)),
            sequences=tuple(self.sequences[name] for name in sorted(self.sequences) if name.schema != TEMPORARY),
            publications=self._published(),
            extensions=tuple(self.extensions[name] for name in sorted(self.extensions)),
            event_triggers=tuple(self.event_triggers[name] for name in sorted(self.event_triggers)),
            default_privileges=tuple(
                self.defaults[key] for key in sorted(self.defaults, key=lambda key: (key[0], key[1] or "", key[2]))
            ),
            buckets=tuple(self.buckets[name] for name in sorted(self.buckets)),
            foreign_imports=tuple(self.foreign_imports),
            api_schemas=tuple(self.api_schemas.values()),
            uncertain=tuple(self.reasons),
        )
