"""Add dashboards and alert rules, from files and from resources, as nodes to the graphs of their cells."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from posixpath import basename

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import Tree, parent
from iacpolicy.evaluate.modules.expansion import conjunction
from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.observability.discover import MonitoringFiles, discover
from iacpolicy.observability.file_kinds import Known
from iacpolicy.observability.grafana.resources import GrafanaRule, dashboard_in, rules_in, source_types
from iacpolicy.observability.monitors import Dashboard, Rule
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.roots import is_within

_RESOURCES = ("grafana_dashboard", "grafana_rule_group", "grafana_folder", "grafana_notification_policy")


def add_observability(
    tree: Tree, graphs: Sequence[Graph], roots: Sequence[str], selected: Sequence[str]
) -> tuple[tuple[Graph, ...], tuple[Diagnostic, ...], tuple[str, ...]]:
    """Return the graphs with dashboards and rules, the problems, and the paths of the files.

    A file belongs to every cell of the nearest root at or above it. Without such a root, it belongs to the cells of the
    only root that manages Grafana, else to its own cell. A resource that reads a file gives one node, at the location
    of the file.
    """
    known = _known(graphs)
    found = discover(tree, lambda path: _is_selected(path, roots, selected), known)
    grafana = _GrafanaNodes(found, known)
    made = {graph.index: list(grafana.nodes(graph)) for graph in graphs}
    result = list(graphs)
    for path in sorted({*found.rules, *found.dashboards} - grafana.dashboards):
        if path in found.rules and not grafana.unused_rules(path):
            continue
        homes = [g for g in result if g.root is not None and g.cell.root == _home(path, graphs)]
        homes = homes or [g for g in result if g.root is None and g.cell.root == parent(path)]
        if not homes:
            homes = [Graph(Cell(parent(path), None), len(result), None, ())]
            result.extend(homes)
        for graph in homes:
            made.setdefault(graph.index, []).extend(_of_file(path, found, grafana, graph.index))
    if any(made.values()) and find_spec("promql_parser") is None:
        grafana.diagnostics.append(_no_parser(next(node for nodes in made.values() for node in nodes)))
    extended = tuple(_extended(graph, made.get(graph.index, [])) for graph in result)
    paths = {*found.rules, *found.dashboards, *grafana.dashboards}
    return extended, (*found.diagnostics, *grafana.diagnostics), tuple(sorted(paths))


def _extended(graph: Graph, nodes: list[Node]) -> Graph:
    return Graph(graph.cell, graph.index, graph.root, (*graph.nodes, *nodes)) if nodes else graph


def _no_parser(first: Node) -> Diagnostic:
    return error(
        "PromQL is not checked",
        "The package promql-parser is not installed, so PromQL in rules and dashboards was not parsed. Install it.",
        first.place,
    )


def _known(graphs: Sequence[Graph]) -> Known:
    """Return the types of the data sources that the cells declare, by name."""
    return {
        name: type_
        for graph in graphs
        for node in graph.of("grafana_data_source")
        if isinstance(node.payload, ResourceInstance)
        for name, type_ in source_types(node.payload)
    }


def _is_selected(path: str, roots: Sequence[str], selected: Sequence[str]) -> bool:
    return any(is_within(path, s) for s in selected) or any(is_within(path, r) for r in roots if r)


def _home(path: str, graphs: Sequence[Graph]) -> str | None:
    above = [g.cell.root for g in graphs if g.root is not None and is_within(path, g.cell.root)]
    if above:
        return max(above, key=len)
    managing = {g.cell.root for g in graphs if any(g.of(type_) for type_ in _RESOURCES)}
    return managing.pop() if len(managing) == 1 else None


def _of_file(path: str, found: MonitoringFiles, grafana: "_GrafanaNodes", cell: int) -> Iterator[Node]:
    dashboard = found.dashboards.get(path)
    if dashboard is not None:
        name = dashboard.uid or basename(path).removesuffix(".json")
        yield Node("dashboard", "dashboard", name, f"dashboard.{name}", file_start(path), cell, payload=dashboard)
    for rule in grafana.unused_rules(path):
        place = rule.place.span if rule.place is not None else file_start(path)
        address = f"alert-rule.{rule.group}.{rule.name}"
        yield Node("alert-rule", "alert-rule", rule.name, address, place, cell, payload=rule)


class _GrafanaNodes(msgspec.Struct):
    """The nodes of Grafana resources, and the record of the files and rules that they use."""

    found: MonitoringFiles
    known: Known
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list)
    dashboards: set[str] = msgspec.field(default_factory=set)
    _rules: dict[tuple[str, str], list[Rule]] = msgspec.field(default_factory=dict)
    _taken: set[int] = msgspec.field(default_factory=set)

    def __post_init__(self) -> None:
        for rules in self.found.rules.values():
            for rule in rules:
                self._rules.setdefault((rule.name, rule.expressions[0].text), []).append(rule)

    def unused_rules(self, path: str) -> list[Rule]:
        """Return the rules of a file that no resource uses."""
        return [rule for rule in self.found.rules.get(path, ()) if id(rule) not in self._taken]

    def nodes(self, graph: Graph) -> Iterator[Node]:
        """Yield the nodes of the Grafana resources of a cell."""
        for node in graph.of("grafana_dashboard"):
            if isinstance(node.payload, ResourceInstance):
                yield from self._dashboard(node, node.payload)
        for node in graph.of("grafana_rule_group"):
            if isinstance(node.payload, ResourceInstance):
                for rule in rules_in(node.payload, self.known):
                    yield self._rule(node, rule)

    def _dashboard(self, node: Node, resource: ResourceInstance) -> Iterator[Node]:
        dashboard, source, problem = dashboard_in(resource, self.known)
        place: Span = node.place
        if source is not None:
            self.dashboards.add(source.path)
            place = file_start(source.path)
        if problem is not None:
            self.diagnostics.append(problem)
        elif dashboard is not None:
            yield self._of_resource(node, "dashboard", dashboard, place)

    def _of_resource(self, node: Node, kind: str, payload: Dashboard, place: Span) -> Node:
        address = f"{node.address}.{kind}"
        return Node(
            kind,
            kind,
            payload.uid or node.name,
            address,
            place,
            node.cell,
            node.module,
            node.body,
            node.exists,
            payload,
        )

    def _rule(self, node: Node, made: GrafanaRule) -> Node:
        rule = made.rule
        place = made.block.header
        for expression in rule.expressions:
            for written in self._rules.get((rule.name, expression.text), ()):
                self._taken.add(id(written))
                rule = msgspec.structs.replace(
                    written, labels=None, records=rule.records, is_alert=rule.is_alert, group=rule.group
                )
                place = written.place.span if written.place is not None else place
        exists = conjunction(node.exists, made.block.exists)
        return Node(
            "alert-rule",
            "alert-rule",
            rule.name,
            made.address,
            place,
            node.cell,
            node.module,
            made.block,
            exists,
            rule,
        )
