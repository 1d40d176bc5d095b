"""The expressions of a cell's rules and dashboards, indexed by the services that they may select."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from weakref import WeakKeyDictionary

from iacpolicy.evaluate.values.identities import PolicyQuestion
from iacpolicy.evaluate.values.terms import Cause, Reason, Term, apply, fact_symbol, large_term
from iacpolicy.graph.graph import Graph as CellGraph
from iacpolicy.graph.nodes import Node
from iacpolicy.observability.marks import has_unknown
from iacpolicy.observability.monitors import Dashboard, Expression, Rule
from iacpolicy.observability.promql.parse import Query, Unparsed, parse
from iacpolicy.observability.promql.selectors import ServiceNames, candidates, is_wide


@dataclass(frozen=True, slots=True)
class MonitoringQuery:
    """A parsed expression of one node; `unread` is the reason of an expression that could not be parsed."""

    query: Query | None
    exists: Term | None
    parts: Mapping[str, Term]
    unread: Term | None = None


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Expressions by the service that they name; `rest` select all services or are partly unknown."""

    by_name: Mapping[str, Sequence[MonitoringQuery]]
    rest: Sequence[MonitoringQuery]


class MonitoringIndex:
    """The expressions of a cell by kind of node, and the expressions of its recorded series."""

    def __init__(self, cell: CellGraph) -> None:
        recorded: dict[str, list[Query]] = {}
        self._of: dict[str, list[MonitoringQuery]] = {"alert-rule": [], "dashboard": []}
        self._sorted: dict[tuple[str, frozenset[str]], _Sorted] = {}
        for node in cell.of("alert-rule"):
            rule: Rule = node.payload
            for expression in rule.expressions:
                entry = _entry_of(node, expression)
                if rule.is_alert:
                    self._of["alert-rule"].append(entry)
                elif rule.records and entry.query is not None:
                    recorded.setdefault(rule.records, []).append(entry.query)
        for node in cell.of("dashboard"):
            dashboard: Dashboard = node.payload
            if dashboard.unread is not None:
                self._of["dashboard"].append(MonitoringQuery(None, node.exists, {}, dashboard.unread))
            self._of["dashboard"].extend(_entry_of(node, expression) for expression in dashboard.expressions)
        self.recorded = {name: tuple(queries) for name, queries in recorded.items()}

    def about(self, names: ServiceNames, kind: str) -> Iterator[MonitoringQuery]:
        """Yield the expressions that may select a service, without a search through all of them."""
        if has_unknown(names.name):
            yield from self._of[kind]
            return
        key = (kind, names.labels)
        if key not in self._sorted:
            self._sorted[key] = self._sort(names, kind)
        found = self._sorted[key]
        yield from chain(found.by_name.get(names.name, ()), found.rest)

    def _sort(self, names: ServiceNames, kind: str) -> _Sorted:
        by_name: dict[str, list[MonitoringQuery]] = {}
        rest: list[MonitoringQuery] = []
        seen: set[Query] = set()
        for entry in self._of[kind]:
            if entry.query is None or entry.parts or is_wide(entry.query, names.labels, self.recorded):
                rest.append(entry)
                continue
            if entry.exists is None:
                if entry.query in seen:
                    continue
                seen.add(entry.query)
            for name in candidates(entry.query, names.others):
                by_name.setdefault(name, []).append(entry)
        return _Sorted(by_name, rest)


_indexes: "WeakKeyDictionary[CellGraph, MonitoringIndex]" = WeakKeyDictionary()
_services: "WeakKeyDictionary[CellGraph, frozenset[str]]" = WeakKeyDictionary()


def index_of(cell: CellGraph) -> MonitoringIndex:
    """Return the index of a cell, which is created once."""
    found = _indexes.get(cell)
    if found is None:
        found = _indexes[cell] = MonitoringIndex(cell)
    return found


def services_of(cells: Sequence[CellGraph], types: Mapping[str, str]) -> frozenset[str]:
    """Return the known names of all services of the run; `types` has the naming argument for each type."""
    found = _services.get(cells[0])
    if found is None:
        found = _services[cells[0]] = frozenset(_names(cells, types))
    return found


def _names(cells: Sequence[CellGraph], types: Mapping[str, str]) -> Iterator[str]:
    for cell in cells:
        for type_, argument in types.items():
            for node in cell.of(type_):
                value = node.body.attribute(argument) if node.body is not None else None
                if value is not None and isinstance(value.data, str):
                    yield value.data


def _entry_of(node: Node, expression: Expression) -> MonitoringQuery:
    if expression.whole is not None:
        return MonitoringQuery(None, node.exists, {}, expression.whole)
    parsed = parse(expression.text, expression.variables)
    if isinstance(parsed, Query):
        return MonitoringQuery(parsed, node.exists, expression.parts)
    text = f"the expression of {node.address}"
    if expression.parts:
        combined = apply("promql", *expression.parts.values())
        return MonitoringQuery(None, node.exists, {}, large_term("promql", combined, text))
    if isinstance(parsed, Unparsed):
        question = PolicyQuestion("promql", (node.address, expression.text[:100]), text)
        reason = Reason(Cause.LIMIT, f"{text} was not parsed: {parsed.reason}", node.place)
        return MonitoringQuery(None, node.exists, {}, fact_symbol(question, reason))
    return MonitoringQuery(None, node.exists, {})
