"""An alert that no branch of the notification policy takes wakes nobody."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.monitoring import related
from iacpolicy.policy.library.routes import Alert, branches, chosen_by_all

META = Meta(
    id="alert-unrouted",
    title="Alert is taken by no branch of the notification policy",
    severity=Severity.MEDIUM,
    on=("alert-rule",),
    why=(
        "A notification policy sorts alerts by their labels. One that lacks the label, or has a text there that no "
        "branch names, ends at the default contact point, together with what nobody need hear of at once."
    ),
    fix=(
        "Give the alert the label by which the branches choose, with a text that one of them takes, or add a branch. "
        "A rule may also name its contact point itself, in `notification_settings`."
    ),
    references=(
        "https://grafana.com/docs/grafana/latest/alerting/fundamentals/notifications/notification-policies/",
        "https://registry.terraform.io/providers/grafana/grafana/latest/docs/resources/notification_policy",
    ),
    options=(
        Option("default_is_enough", False, "Whether the default contact point is read, and so good for every alert."),
    ),
)


def check(rule: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """A policy without branches leads every alert to its contact point, and so does one branch for one text."""
    if not rule.payload.is_alert or options["default_is_enough"] or _has_own_route(rule):
        return
    alert = Alert(rule)
    policies = list(_existing(graph, "grafana_notification_policy"))
    if not policies:
        if rule.node.body is not None and any(_existing(graph, "grafana_contact_point")):
            yield Violation("no notification policy leads the alert to any of the contact points", at=rule)
        return
    failed = [violation for violation in (_unrouted(alert, policy) for policy in policies) if violation is not None]
    if len(failed) == len(policies):
        yield failed[0]


def _unrouted(alert: Alert, policy: Resource) -> Violation | None:
    found = branches(policy)
    if any(branch.takes(alert) for branch in found):
        return None
    choices = chosen_by_all(found)
    refused = [label for label in choices if not any(branch.accepts(alert, label) for branch in found)]
    for label in refused or choices:
        text = alert.label(label)
        if text is None:
            message = f"the alert has no label `{label}`, by which every branch of the notification policy chooses"
        elif choices[label] > 1:
            message = f"no branch of the notification policy takes `{label}` = {text}"
        else:
            continue
        return Violation(message, at=alert.place(label), also=(("the notification policy", policy.at),))
    return None


def _has_own_route(rule: Resource) -> bool:
    return rule.node.body is not None and not rule["notification_settings"].is_absent


def _existing(graph: Graph, type_: str) -> Iterator[Resource]:
    for cell in related(graph):
        for node in cell.of(type_):
            resource = Resource(node)
            if resource.exists:
                yield resource
