"""Routing of alerts by the labels in a Grafana notification policy.

https://grafana.com/docs/grafana/latest/alerting/fundamentals/notifications/notification-policies/
"""

from collections.abc import Iterator

from iacpolicy.core.spans import Span
from iacpolicy.observability.monitors import Rule
from iacpolicy.observability.promql.label_patterns import is_match
from iacpolicy.observability.promql.parse import Query, parse
from iacpolicy.policy.api import Attribute, Resource, Truth

ALWAYS_SET = ("alertname", "grafana_folder", "__alert_rule_uid__", "__alert_rule_namespace_uid__")


class Alert:
    """An alert rule with the labels that it sets and those that its series may have."""

    def __init__(self, node: Resource) -> None:
        self.node = node
        self.rule: Rule = node.payload
        self._labels_of_results = frozenset(_labels_of_results(self.rule))

    def label(self, name: str) -> "Attribute | str | None":
        """Return a label that the rule sets, None if it does not set it."""
        if self.rule.labels is not None:
            return self.rule.labels.get(name)
        label = self.node["labels"][name]
        return None if label.is_null else label

    def may_have(self, name: str) -> bool:
        """Report that a label may have any text: the rule sets it by a template, or its series may have it."""
        label = self.label(name)
        if label is None:
            return name in ALWAYS_SET or name in self._labels_of_results
        return "{{" in str(label)

    def place(self, name: str) -> Attribute | Resource | Span:
        """Return the place of a label, else that of all labels, else that of the rule."""
        places = self.rule.label_places
        if places:
            return (places.get(name) or places[""]).span
        return self.node if self.node.node.body is None else self.node["labels"][name]


class Branch:
    """A nested policy one level below the root, which sends its alerts to a contact point or to its own branches."""

    def __init__(self, block: Attribute) -> None:
        self.matchers = tuple(block["matcher"])

    def takes(self, alert: Alert) -> bool:
        """Report that every matcher accepts the alert; without matchers it takes all alerts."""
        return all(_accepts(matcher, alert) for matcher in self.matchers)

    def accepts(self, alert: Alert, label: str) -> bool:
        """Report that the matchers of one label accept the alert."""
        return all(_accepts(matcher, alert) for matcher in self.matchers if matcher["label"].value == label)

    def chosen(self) -> Iterator[tuple[str, int]]:
        """Yield the labels that it matches on, each with the number of texts that it names."""
        for matcher in self.matchers:
            if matcher["match"].value in ("=", "=~"):
                named = str(matcher["value"].value).count("|") + 1 if matcher["match"].value == "=~" else 1
                yield str(matcher["label"].value), named


def branches(policy: Resource) -> tuple[Branch, ...]:
    """Return the branches of a notification policy, in order."""
    return tuple(Branch(block) for block in policy["policy"])


def labels_of_all_branches(found: tuple[Branch, ...]) -> dict[str, int]:
    """Return the labels that every branch matches on, each with the number of texts that all of them name."""
    counted: dict[str, int] = {}
    each: list[set[str]] = []
    for branch in found:
        chosen = dict(branch.chosen())
        each.append(set(chosen))
        for label, named in chosen.items():
            counted[label] = counted.get(label, 0) + named
    common = set.intersection(*each) if each else set()
    return {label: counted[label] for label in sorted(common)}


def _labels_of_results(rule: Rule) -> Iterator[str]:
    """Yield the labels that the expressions group or select by; their results may have them."""
    for expression in rule.expressions:
        parsed = parse(expression.text, expression.variables)
        if isinstance(parsed, Query):
            yield from parsed.labels
            for selector in parsed.selectors:
                yield from (m.label for alternative in selector.alternatives for m in alternative)


def _accepts(matcher: Attribute, alert: Alert) -> bool:
    name = str(matcher["label"].value)
    if alert.may_have(name):
        return True
    label, operator, wanted = alert.label(name), matcher["match"].value, matcher["value"]
    if operator in ("=~", "!~"):
        met = _matches(label, str(wanted.value))
    elif isinstance(label, Attribute):
        met = label == wanted
    else:
        met = wanted == (label or "")
    return bool(met) if operator in ("=", "=~") else not met


def _matches(label: "Attribute | str | None", pattern: str) -> Truth:
    if isinstance(label, Attribute):
        return label.test(_Pattern(pattern), f'matches "{pattern}"')
    return Truth(is_match(pattern, label or ""))


class _Pattern:
    """A test by a pattern, which is part of its name, so two patterns give two conditions."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.__qualname__ = f"matches({pattern})"

    def __call__(self, text: object) -> bool:
        return isinstance(text, str) and is_match(self.pattern, text)
