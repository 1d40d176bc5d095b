"""Prometheus rule files, plain or in a `PrometheusRule` of Kubernetes.

https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
"""

from collections.abc import Iterator
from typing import Final

from iacpolicy.core.places.yaml_marks import Mapping, Node, Scalar, Sequence
from iacpolicy.core.sources import SourceFile
from iacpolicy.observability.marks import cleaned
from iacpolicy.observability.monitors import Expression, Rule, TextRange

MAX_RULES: Final = 20_000


def rules_of(source: SourceFile, documents: tuple[Node, ...]) -> tuple[Rule, ...]:
    """Return the rules of a file in order; none where it is no rule file."""
    found: list[Rule] = []
    for document in documents:
        for group in _items(_groups(document)):
            if not isinstance(group, Mapping):
                continue
            name = _text(group.get("name"))
            for entry in _items(group.get("rules")):
                rule = _rule(source, name, entry) if isinstance(entry, Mapping) else None
                if rule is not None:
                    found.append(rule)
                if len(found) >= MAX_RULES:
                    return tuple(found)
    return tuple(found)


def _groups(document: Node) -> Node | None:
    if not isinstance(document, Mapping):
        return None
    if _text(document.get("kind")) == "PrometheusRule":
        spec = document.get("spec")
        return spec.get("groups") if isinstance(spec, Mapping) else None
    return document.get("groups")


def _rule(source: SourceFile, group: str, entry: Mapping) -> Rule | None:
    written = entry.pair("expr")
    alert, record = entry.get("alert"), entry.get("record")
    named = alert if alert is not None else record
    if written is None or named is None:
        return None
    key, value = written
    if not isinstance(value, Scalar):
        return None
    labels = entry.pair("labels")
    return Rule(
        name=_text(named),
        group=group,
        is_alert=alert is not None,
        expressions=(Expression(cleaned(value.text), TextRange(source, key.start, value.end)),),
        records=None if alert is not None else _text(record),
        labels=_strings(labels[1]) if labels is not None else {},
        label_places=_places(source, labels) if labels is not None else {},
        place=TextRange(source, entry.start, entry.pairs[0][1].end),
    )


def _places(source: SourceFile, labels: tuple[Scalar, Node]) -> dict[str, TextRange]:
    key, node = labels
    found = {"": TextRange(source, key.start, key.end)}
    if isinstance(node, Mapping):
        found.update((k.text, TextRange(source, k.start, v.end)) for k, v in node.pairs)
    return found


def _strings(node: Node) -> dict[str, str]:
    if not isinstance(node, Mapping):
        return {}
    return {key.text: value.text for key, value in node.pairs if isinstance(value, Scalar)}


def _items(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Sequence):
        yield from node.items


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
