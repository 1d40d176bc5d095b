"""Rules, dashboards and data sources of Grafana that Terraform manages, read from evaluated blocks.

https://registry.terraform.io/providers/grafana/grafana/latest/docs/resources/rule_group
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.values.addresses import key_text
from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.value import Value
from iacpolicy.observability.decode import InvalidJson, decode, document_in
from iacpolicy.observability.file_kinds import Known, kind_of, kind_of_name
from iacpolicy.observability.grafana.dashboards import dashboard_of, expression_of
from iacpolicy.observability.marks import marked
from iacpolicy.observability.monitors import (
    Dashboard,
    DataSourceKind,
    Expression,
    InBlock,
    JsonPath,
    ReplacedVariables,
    Rule,
)

MAX_RULES: Final = 5_000


class GrafanaRule(msgspec.Struct, frozen=True):
    """A `rule` block of a `grafana_rule_group`, with its address."""

    address: str
    block: BlockInstance
    rule: Rule


def source_types(source: ResourceInstance) -> Iterator[tuple[str, str]]:
    """Yield the uid and the name of a `grafana_data_source`, each with its type; a computed uid is a mark."""
    type_ = text_in(source.body, "type")
    if type_ is None:
        return
    for name in ("uid", "name"):
        value = source.reference.data.get(name)
        if isinstance(value, Value) and value.data is not None and not value.is_choice:
            yield marked(value)[0], type_


def rules_in(group: ResourceInstance, known: Known) -> Iterator[GrafanaRule]:
    """Yield the rules of a `grafana_rule_group`, in order."""
    name = text_in(group.body, "name") or group.address
    for index, block in enumerate(group.body.blocks("rule")[:MAX_RULES]):
        records = block.blocks("record")
        own = text_in(block, "name")
        rule = Rule(
            name=own or f"rule {index + 1}",
            group=name,
            is_alert=not records,
            expressions=tuple(_expressions(block, known)),
            records=text_in(records[0], "metric") if records else None,
        )
        yield GrafanaRule(f"{group.address}.rule{key_text(own if own is not None else index)}", block, rule)


def _expressions(rule: BlockInstance, known: Known) -> Iterator[Expression]:
    for index, data in enumerate(rule.blocks("data")):
        uid = data.attribute("datasource_uid")
        kind = kind_of_name(marked(uid)[0] if uid is not None and uid.data is not None else None, known)
        if kind is DataSourceKind.OTHER:
            continue
        where = InBlock(("data", index, "model"))
        try:
            model = document_in(data, "model")
        except InvalidJson:
            continue  # the provider refuses it
        if isinstance(model, Value):
            yield Expression("", where, kind, ReplacedVariables.GLOBAL, whole=term_of(model))
        elif isinstance(model, dict) and isinstance(model.get("expr"), str | Value):
            language = kind if kind is DataSourceKind.PROMETHEUS else kind_of(model.get("datasource"), known)
            if language is not DataSourceKind.OTHER:
                yield expression_of(model["expr"], where, language, ReplacedVariables.GLOBAL)


def dashboard_in(
    resource: ResourceInstance, known: Known
) -> tuple[Dashboard | None, SourceFile | None, Diagnostic | None]:
    """Return the dashboard of a `grafana_dashboard`, and the file that it is read from unchanged, if any."""
    name = "config_json"
    value = resource.body.attribute(name)
    written = resource.body.argument(name)
    if value is None or value.data is None or written is None:
        return None, None, None
    if isinstance(value.data, str):
        source = _file(value)
        try:
            document = decode(value.data)
        except InvalidJson as problem:
            detail = f"{resource.address} was not checked: {problem}. Correct the text."
            return None, source, error("Dashboard is not valid JSON", detail, written.span)
        return _read(document, source, known), source, None
    document = document_in(resource.body, name)
    return _read(document, None, known), None, None


def _read(document: Any, source: SourceFile | None, known: Known) -> Dashboard | None:
    if isinstance(document, Value):
        return Dashboard("", None, (), unread=term_of(document))
    if not isinstance(document, dict):
        return None
    if source is None:
        return dashboard_of(document, lambda _: InBlock(("config_json",)), known)
    return dashboard_of(document, lambda steps: JsonPath(source, steps), known)


def _file(value: Value) -> SourceFile | None:
    """Return the file whose whole text is the string."""
    for origin in value.origins:
        for step in origin.steps():
            if step.source is not None and step.source.text == value.data:
                return step.source
    return None


def text_in(body: BlockInstance, name: str) -> str | None:
    """Return an attribute that is a known string, else None."""
    value = body.attribute(name)
    return value.data if value is not None and isinstance(value.data, str) else None
