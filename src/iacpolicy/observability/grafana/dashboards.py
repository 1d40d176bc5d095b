"""Dashboards of Grafana: the queries of their panels and annotations.

https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.value import Value, string
from iacpolicy.observability.file_kinds import Known, kind_of
from iacpolicy.observability.marks import marked
from iacpolicy.observability.monitors import (
    Dashboard,
    DataSourceKind,
    Expression,
    MonitorPlace,
    ReplacedVariables,
    Steps,
)

MAX_TARGETS: Final = 20_000
MAX_NESTING: Final = 10

Placed = Callable[[Steps], MonitorPlace]


def is_dashboard(document: Any) -> bool:
    """Report whether a JSON document is a dashboard: it has panels and another key of dashboards only."""
    if not isinstance(document, dict):
        return False
    has_panels = isinstance(document.get("panels"), list) or isinstance(document.get("rows"), list)
    return has_panels and ("schemaVersion" in document or "uid" in document)


def dashboard_of(document: dict[str, Any], placed: Placed, known: Known) -> Dashboard:
    """Return the dashboard of a model; `placed` returns the place of the part at a path of keys and indexes."""
    variables = _variables(document)
    sources = {**known, **_inputs(document), **{v["name"]: v["query"] for v in variables if _is_source(v)}}
    expressions: list[Expression] = []
    for steps, target, panel_source in _targets(document):
        expression = _expression(target, panel_source, placed, steps, sources)
        if expression is not None:
            expressions.append(expression)
        if len(expressions) >= MAX_TARGETS:
            break
    return Dashboard(
        title=_text(document.get("title")),
        uid=_text(document.get("uid")) or None,
        expressions=tuple(expressions),
        variables=tuple(_text(v.get("name")) for v in variables),
    )


def _expression(
    target: dict[str, Any], panel_source: Any, placed: Placed, steps: Steps, known: Known
) -> Expression | None:
    written = target.get("expr")
    own = target.get("datasource")
    kind = kind_of(own if own is not None else panel_source, known)
    if kind is DataSourceKind.OTHER or not isinstance(written, str | Value):
        return None
    return expression_of(written, placed((*steps, "expr")), kind, ReplacedVariables.ALL)


def expression_of(
    written: str | Value, where: MonitorPlace, kind: DataSourceKind, variables: ReplacedVariables
) -> Expression:
    """Return an expression by its text, in which parts may be unknown."""
    value = string(written) if isinstance(written, str) else written
    if value.is_choice:
        return Expression("", where, kind, variables, whole=term_of(value))
    text, parts = marked(value)
    return Expression(text, where, kind, variables, parts)


def _targets(document: dict[str, Any]) -> Iterator[tuple[Steps, dict[str, Any], Any]]:
    """Yield every target with its path and the data source of its panel: annotations, then panels in order."""
    annotations = document.get("annotations")
    listed = annotations.get("list") if isinstance(annotations, dict) else None
    for index, annotation in _objects(listed):
        yield ("annotations", "list", index), annotation, None
        if isinstance(annotation.get("target"), dict):
            yield ("annotations", "list", index, "target"), annotation["target"], annotation.get("datasource")
    pending: list[tuple[Steps, Any]] = [(("rows",), document.get("rows")), (("panels",), document.get("panels"))]
    while pending:
        path, panels = pending.pop()
        nested: list[tuple[Steps, Any]] = []
        for index, panel in _objects(panels):
            steps = (*path, index)
            for number, target in _objects(panel.get("targets")):
                yield (*steps, "targets", number), target, panel.get("datasource")
            if isinstance(panel.get("panels"), list) and len(steps) < 2 * MAX_NESTING:
                nested.append(((*steps, "panels"), panel["panels"]))
        pending.extend(reversed(nested))


def _objects(found: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    if isinstance(found, list):
        yield from ((index, item) for index, item in enumerate(found) if isinstance(item, dict))


def _variables(document: dict[str, Any]) -> list[dict[str, Any]]:
    templating = document.get("templating")
    listed = templating.get("list") if isinstance(templating, dict) else None
    return [variable for _, variable in _objects(listed) if _text(variable.get("name"))]


def _is_source(variable: dict[str, Any]) -> bool:
    return variable.get("type") == "datasource" and isinstance(variable.get("query"), str)


def _inputs(document: dict[str, Any]) -> dict[str, str]:
    """Return the data sources that an exported dashboard requires."""
    return {
        _text(entry.get("name")): _text(entry.get("pluginId"))
        for _, entry in _objects(document.get("__inputs"))
        if entry.get("type") == "datasource"
    }


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""
