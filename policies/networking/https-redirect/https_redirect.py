"""Web hosts that answer plain HTTP instead of redirecting to HTTPS."""

from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.hosts import zones_of
from iacpolicy.policy.library.redirects import redirects_of
from iacpolicy.policy.library.uninstalled_modules import check_uninstalled_modules
from iacpolicy.policy.library.web_request import WebRequest
from iacpolicy.policy.library.zones import (
    SETTING,
    SETTINGS,
    apex_of,
    has_proxied,
    proxied_hosts,
    records_of,
    settings_of,
)

ZONE, DISTRIBUTION = "cloudflare_zone", "aws_cloudfront_distribution"
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
NAME = "always_use_https"
SAMPLES = ("/", "/any/path")

# The remediation by resource.
CLOUDFLARE = (
    'Set `always_use_https` to "on" for the zone, or redirect `not ssl` to `https://` in a ruleset for all names.'
)
LISTENER = 'Set the `default_action` of the listener to a redirect with `protocol = "HTTPS"`.'
CLOUDFRONT = 'Set `viewer_protocol_policy = "redirect-to-https"`.'

META = Meta(
    id="https-redirect",
    title="Plain HTTP is not redirected to HTTPS",
    severity=Severity.MEDIUM,
    on=(ZONE, SETTING, SETTINGS, *LISTENERS, DISTRIBUTION),
    why=(
        "Over plain HTTP, anyone on the network can read the pages, steal the session and change what the customer "
        "sees. With a redirect of every request to HTTPS, no page and no form travels unencrypted."
    ),
    fix=f"Cloudflare: {CLOUDFLARE} Load balancer: {LISTENER} CloudFront: {CLOUDFRONT}",
    references=(
        "https://developers.cloudflare.com/ssl/edge-certificates/additional-options/always-use-https/",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """Report a missing setting at the zone, and a wrong one at its value."""
    match resource.type:
        case "cloudflare_zone":
            if not any(True for _ in settings_of(resource, graph, NAME)) and _answers_http(resource, graph):
                check_uninstalled_modules(resource, graph, "its settings")
                yield Violation(
                    f"the zone does not redirect HTTP to HTTPS: {NAME} is not set, and no rule covers all names",
                    at=resource,
                    fix=CLOUDFLARE,
                )
        case "cloudflare_zone_setting":
            if resource["setting_id"] == NAME:
                yield from _setting(resource, resource["value"], graph)
        case "cloudflare_zone_settings_override":
            if not resource["settings"][NAME].is_null:
                yield from _setting(resource, resource["settings"][NAME], graph)
        case "aws_cloudfront_distribution":
            for behaviour in (*resource["default_cache_behavior"], *resource["ordered_cache_behavior"]):
                policy = behaviour["viewer_protocol_policy"]
                if policy == "allow-all":
                    yield Violation(
                        "viewer_protocol_policy is allow-all, so plain HTTP is answered", at=policy, fix=CLOUDFRONT
                    )
        case _:
            if _takes_http(resource) and not _is_internal(resource, graph):
                yield from _actions(resource["default_action"])


def _setting(setting: Resource, value: Attribute, graph: Graph) -> Iterator[Violation]:
    if not value == "on":
        zone = next(iter(zones_of(setting, graph)), None)
        if zone is None or _answers_http(zone, graph):
            yield Violation(f"{NAME} is not on, so plain HTTP is answered", at=value, fix=CLOUDFLARE)


def _takes_http(listener: Resource) -> bool:
    """Return whether a listener accepts HTTP, the default; one without a port belongs to a gateway load balancer."""
    protocol = listener["protocol"]
    return not listener["port"].is_null if protocol.is_null else bool(protocol == "HTTP")


def _answers_http(zone: Resource, graph: Graph) -> bool:
    """Return whether an HTTP request to a name of the zone gets any answer but a redirect to HTTPS."""
    if not has_proxied(zone, graph):
        return False
    redirects = redirects_of(graph)
    redirects.settings.clear()
    apex = apex_of(zone)
    for host in proxied_hosts(records_of(zone, graph), apex) or [apex]:
        for path in SAMPLES:
            answer = redirects.answer(WebRequest("http", host.replace("*", "any"), path))
            if answer is None or answer[1].scheme != "https":
                return True
    return False


def _is_internal(listener: Resource, graph: Graph) -> bool:
    return any(lb["internal"] == True for lb in graph.named(listener["load_balancer_arn"], "aws_lb", "aws_alb"))


def _actions(actions: Attribute) -> Iterator[Violation]:
    for action in actions:
        if action["type"] == "redirect":
            protocol = action["redirect"]["protocol"]
            if not protocol == "HTTPS":
                yield Violation("protocol of the redirect is not HTTPS", at=protocol, fix=LISTENER)
        elif not action["type"] == "fixed-response":
            yield Violation(
                "the listener answers plain HTTP instead of redirecting it", at=action["type"], fix=LISTENER
            )
