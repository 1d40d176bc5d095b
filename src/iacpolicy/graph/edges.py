"""The edges of a cell by their kind.

`reference`: an expression of the first node refers to the second. `module`: the second is declared in the first.
`name`: an attribute of the first is the name of the second, as a known text. `watches`: an expression of the first, a
rule or a dashboard, selects the second, a service, by its name.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from iacpolicy.graph.graph import Graph
from iacpolicy.graph.joins import attribute, implied_edges
from iacpolicy.graph.nodes import Node
from iacpolicy.observability.monitors import Dashboard, Rule
from iacpolicy.observability.promql.parse import Query, parse
from iacpolicy.observability.promql.selectors import candidates

SERVICES: Final = {
    "render_web_service": "name",
    "render_private_service": "name",
    "render_background_worker": "name",
    "render_cron_job": "name",
    "aws_ecs_service": "name",
    "aws_apprunner_service": "service_name",
}
"""The argument with the name of a service, by the type of the service."""

Edge = tuple[str, Node, Node]


def edges(graph: Graph) -> Iterator[Edge]:
    """Yield every edge with its kind, ordered by kind and then by node."""
    for kind, found in (
        ("reference", graph.edges),
        ("module", module_edges(graph)),
        ("name", implied_edges(graph)),
        ("watches", watching_edges(graph)),
    ):
        for source, targets in found.items():
            for target in targets:
                yield kind, source, target


def module_edges(graph: Graph) -> dict[Node, tuple[Node, ...]]:
    """Return the edges from each module to its declarations, except those that the call refers to."""
    by_address = {node.address: node for node in graph.of("module")}
    found: dict[Node, list[Node]] = {}
    for node in graph.nodes:
        holder = by_address.get(node.module.address) if node.module is not None else None
        if holder is not None and holder is not node:
            found.setdefault(holder, []).append(node)
    referred = {module: set(graph.edges.get(module, ())) for module in found}
    return {module: tuple(n for n in inside if n not in referred[module]) for module, inside in found.items()}


def watching_edges(graph: Graph) -> dict[Node, tuple[Node, ...]]:
    """Return the edges from each rule and dashboard to the services that its label matchers name."""
    services = _services(graph)
    names = frozenset(services)
    found: dict[Node, tuple[Node, ...]] = {}
    for node in (*graph.of("alert-rule"), *graph.of("dashboard")) if names else ():
        if not isinstance(node.payload, Rule | Dashboard):
            continue
        named: set[str] = set()
        for expression in node.payload.expressions:
            query = parse(expression.text, expression.variables) if expression.whole is None else None
            if isinstance(query, Query):
                named |= candidates(query, names)
        targets = tuple(dict.fromkeys(service for name in sorted(named) for service in services[name]))
        referred = set(graph.edges.get(node, ()))
        if targets := tuple(t for t in targets if t not in referred):
            found[node] = targets
    return found


def _services(graph: Graph) -> Mapping[str, list[Node]]:
    """Return the services with known names by name."""
    found: dict[str, list[Node]] = {}
    for type_, argument in SERVICES.items():
        for node in graph.of(type_):
            value = attribute(node, argument)
            if value is not None and isinstance(value.data, str):
                found.setdefault(value.data, []).append(node)
    return found
