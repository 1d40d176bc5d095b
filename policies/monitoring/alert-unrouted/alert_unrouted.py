"""Alerts that no branch of the notification policy matches."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.monitoring import related_cells
from iacpolicy.policy.library.notification_policies import Alert, branches, labels_of_all_branches

# The remediation by kind of alert.
LABEL = "Give the alert the label `{}` with a value that a branch of the notification policy matches, or add a branch."
GRAFANA = "Add a `grafana_notification_policy` with a branch for the alert, or set `notification_settings` in the rule."

META = Meta(
    id="alert-unrouted",
    title="No branch of the notification policy matches the alert",
    severity=Severity.MEDIUM,
    on=("alert-rule",),
    why=(
        "The notification policy routes alerts by their labels. An alert that no branch matches goes to the default "
        "contact point, among less urgent messages. An outage can then stay unnoticed."
    ),
    fix=(
        "Give the alert the label that the branches match, with a value that one of them accepts. Or add a branch, or "
        "name a contact point in `notification_settings` of a Grafana rule."
    ),
    references=(
        "https://grafana.com/docs/grafana/latest/alerting/fundamentals/notifications/notification-policies/",
        "https://registry.terraform.io/providers/grafana/grafana/latest/docs/resources/notification_policy",
    ),
    options=(
        Option(
            "default_is_enough",
            False,
            "Whether the default contact point is enough for every alert.",
        ),
    ),
)


def check(rule: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Report an alert that no policy routes; a policy without branches, or with one for one value, routes all."""
    if not rule.payload.is_alert or options["default_is_enough"] or _has_own_route(rule):
        return
    alert = Alert(rule)
    policies = list(_existing(graph, "grafana_notification_policy"))
    if not policies:
        if rule.has_block and any(_existing(graph, "grafana_contact_point")):
            yield Violation("no grafana_notification_policy routes the alert to a contact point", at=rule, fix=GRAFANA)
        return
    failed = [violation for violation in (_unrouted(alert, policy) for policy in policies) if violation is not None]
    if len(failed) == len(policies):
        yield failed[0]


def _unrouted(alert: Alert, policy: Resource) -> Violation | None:
    found = branches(policy)
    if any(branch.takes(alert) for branch in found):
        return None
    choices = labels_of_all_branches(found)
    refused = [label for label in choices if not any(branch.accepts(alert, label) for branch in found)]
    for label in refused or choices:
        text = alert.label(label)
        if text is None:
            message = f"the alert has no label `{label}`, which every branch of the notification policy matches"
        elif choices[label] > 1:
            message = f"no branch of the notification policy matches `{label}` = {text}"
        else:
            continue
        return Violation(
            message, at=alert.place(label), also=(("the notification policy", policy.at),), fix=LABEL.format(label)
        )
    return None


def _has_own_route(rule: Resource) -> bool:
    return rule.has_block and not rule["notification_settings"].is_absent


def _existing(graph: Graph, type_: str) -> Iterator[Resource]:
    for cell in related_cells(graph):
        yield from cell.of(type_)
