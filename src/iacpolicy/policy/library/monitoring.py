"""Services, and the expressions of alert rules and dashboards that select them."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from iacpolicy.core.spans import Span
from iacpolicy.core.types import STRING
from iacpolicy.evaluate.values.choices import assume
from iacpolicy.evaluate.values.identities import PolicyQuestion
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.terms import Term, apply, fact_symbol, large_term, reasons
from iacpolicy.evaluate.values.value import Choice, Value, string, unknown
from iacpolicy.graph.edges import SERVICES
from iacpolicy.graph.graph import Graph as CellGraph
from iacpolicy.observability.marks import MARK, has_unknown, marked
from iacpolicy.observability.monitors import Expression, InBlock
from iacpolicy.observability.promql.parse import Matcher
from iacpolicy.observability.promql.selectors import ServiceNames, open_matchers, selects
from iacpolicy.policy.api import Attribute, Graph, Option, Resource, Truth
from iacpolicy.policy.attributes import compare, world
from iacpolicy.policy.attributes.truth import FALSE_TERM, both, either
from iacpolicy.policy.library.monitoring_index import MonitoringQuery, index_of, services_of

__all__ = ["OPTIONS", "SERVICES", "is_covered", "is_monitored", "must_be_monitored", "place_of", "related_cells"]

CRON: Final = ("render_cron_job",)

CLOUDWATCH: Final = {"alert-rule": "aws_cloudwatch_metric_alarm", "dashboard": "aws_cloudwatch_dashboard"}

LABELS: Final = [
    "service",
    "service_name",
    "service.name",
    "job",
    "app",
    "application",
    "name",
    "component",
    "container",
    "workload",
    "deployment",
]

OPTIONS: Final = (
    Option("cron", False, "Whether cron jobs count as services."),
    Option("required", False, "Whether a repository without any monitoring is a finding too."),
    Option("labels", LABELS, "Labels that identify a service; a matcher on one that names no service covers all."),
)

_SIGNS: Final = ("alert-rule", "dashboard", "grafana_notification_policy")


def place_of(expression: Expression, node: Resource) -> Attribute | Span:
    """Return the place of an expression: a range of its file, else the attribute of its block."""
    where = expression.where
    if not isinstance(where, InBlock):
        return where.span
    at: Any = node
    for step in where.steps:
        at = at[step]
    found: Attribute = at
    return found


def is_monitored(graph: Graph) -> bool:
    """Report that a cell has any monitoring; otherwise another repository contains it."""
    cells = graph.cells or (graph.inner,)
    return any(cell.of(sign) for cell in cells for sign in _SIGNS)


def must_be_monitored(service: Resource, graph: Graph, options: Mapping[str, Any]) -> bool:
    """Report that a service needs an alert and a dashboard."""
    if service.type in CRON and not options["cron"]:
        return False
    return bool(options["required"]) or is_monitored(graph)


def is_covered(service: Resource, graph: Graph, kind: str, options: Mapping[str, Any]) -> bool:
    """Report that a node of a kind selects the service by its name; asks the world if that is unknown."""
    value = _in_world(service[SERVICES[service.type]].known_value)
    if value is None or value.data is None:
        return True
    name, parts = marked(value)
    services = services_of(graph.cells or (graph.inner,), SERVICES)
    names = ServiceNames(name, services, frozenset(options["labels"]))
    if _is_in_cloudwatch(service, graph, kind):
        return True
    open_: Term = FALSE_TERM
    for cell in related_cells(graph):
        index = index_of(cell.inner)
        for entry in index.about(names, kind):
            if entry.query is not None and selects(entry.query, names, index.recorded):
                if entry.exists is None:
                    return True
                open_ = either(open_, entry.exists)
            else:
                open_ = either(open_, _selection_term(entry, names, service, {**parts, **entry.parts}))
    return bool(Truth(open_))


def _is_in_cloudwatch(service: Resource, graph: Graph, kind: str) -> bool:
    """Report that CloudWatch refers to a service of AWS, or has its name in the dimensions of an alarm."""
    type_ = CLOUDWATCH[kind]
    if not service.type.startswith("aws_"):
        return False
    if any(referrer.type == type_ for referrer in graph.referrers(service)):
        return True
    name = service[SERVICES[service.type]]
    return any(text == name for found in graph.of(type_) for text in found["dimensions"])


def related_cells(graph: Graph) -> Iterator[Graph]:
    """Yield the cell, and of each other root the cell of the same workspace, else all cells of that root."""
    yield graph
    by_root: dict[str, list[CellGraph]] = {}
    for cell in graph.cells:
        if cell.cell.root != graph.cell.root:
            by_root.setdefault(cell.cell.root, []).append(cell)
    for cells in by_root.values():
        same = [c for c in cells if c.cell.workspace == graph.cell.workspace]
        yield from (graph.of_cell(cell) for cell in same or cells)


def _selection_term(entry: MonitoringQuery, names: ServiceNames, service: Resource, parts: Mapping[str, Term]) -> Term:
    """Return the condition that an expression selects the service, false if it cannot."""
    found: Term = FALSE_TERM
    if entry.unread is not None:
        found = _opaque(entry.unread, f'selects "{_readable(names.name, parts)}"', names.name)
    elif entry.query is not None:
        for matcher in open_matchers(entry.query, names):
            found = either(found, _condition(matcher, names, service, parts))
    exists = entry.exists
    return found if exists is None else both(exists, found)


def _condition(matcher: Matcher, names: ServiceNames, service: Resource, parts: Mapping[str, Term]) -> Term:
    """Return the condition that a matcher names a service if a part of either name is unknown."""
    if matcher.operator == "=":
        if not _may_be_equal(names.name, matcher.value):
            return FALSE_TERM
        left, right = _value(names.name, parts), _value(matcher.value, parts)
        return compare.compare(left, "==", right)
    unknown_terms = [parts[m[0]] for m in MARK.finditer(names.name + matcher.value) if m[0] in parts]
    words = f'matches "{_readable(matcher.value, parts)}"'
    whole = apply("template", *unknown_terms)
    return _opaque(large_term("template", whole, _readable(names.name, parts)), words, matcher.value)


def _may_be_equal(left: str, right: str) -> bool:
    """Report that two texts may be equal according to their known prefixes and suffixes."""
    ends = [(MARK.split(text)[0], MARK.split(text)[-1]) for text in (left, right)]
    (start, end), (other_start, other_end) = ends
    begins = start.startswith(other_start) or other_start.startswith(start)
    return begins and (end.endswith(other_end) or other_end.endswith(end))


def _value(text: str, parts: Mapping[str, Term]) -> Value:
    """Return the value of a text with marks for its unknown parts."""
    if not has_unknown(text):
        return string(text)
    pieces: list[Term] = []
    at = 0
    for found in MARK.finditer(text):
        if found[0] in parts:
            if found.start() > at:
                pieces.append(constant(string(text[at : found.start()])))
            pieces.append(parts[found[0]])
            at = found.end()
    if at < len(text):
        pieces.append(constant(string(text[at:])))
    return unknown(STRING, pieces[0] if len(pieces) == 1 else apply("template", *pieces))


def _opaque(term: Term, words: str, about: str) -> Term:
    """A condition of the policy's own on what is not known."""
    mark = hashlib.sha256(f"{words}\0{about}".encode()).hexdigest()[:16]
    return fact_symbol(PolicyQuestion("selects", (term.key, mark), f"{term.text} {words}"), *reasons(term))


def _readable(text: str, parts: Mapping[str, Term]) -> str:
    return MARK.sub(lambda m: f"${{{parts[m[0]].text}}}" if m[0] in parts else "$…", text)


def _in_world(value: Value | None) -> Value | None:
    """Return the arm of a value in the current world."""
    while value is not None and isinstance(value.data, Choice):
        condition = value.data.condition
        value = assume(value, condition.key, world.current().decide(condition))
    return value
