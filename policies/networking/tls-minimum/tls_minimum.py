"""Old versions of TLS are broken; whoever still accepts them can be talked down to them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import re2

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.elsewhere import ask_modules
from iacpolicy.policy.library.zones import SETTING, SETTINGS, has_proxied, settings_of

ZONE, DISTRIBUTION = "cloudflare_zone", "aws_cloudfront_distribution"
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
NAMES = ("min_tls_version", "ssl")
VERSIONS = ("1.0", "1.1", "1.2", "1.3")
# Policies of load balancers name the least version that they take:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
LISTENER_POLICIES = {
    "1.0": r"^ELBSecurityPolicy-",
    "1.1": r"^ELBSecurityPolicy-(TLS13-1-[123]|TLS-1-[12]|FS-1-[12])",
    "1.2": r"^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)",
    "1.3": r"^ELBSecurityPolicy-TLS13-1-3",
}

META = Meta(
    id="tls-minimum",
    title="TLS of too old a version is accepted, or none",
    severity=Severity.MEDIUM,
    on=(ZONE, SETTING, SETTINGS, *LISTENERS, DISTRIBUTION),
    why=(
        "TLS 1.0 and 1.1 have been withdrawn: who listens on the way can break them, and the rules for card payments "
        "forbid them. Cloudflare and old load balancer policies take them unless told otherwise, and with `ssl` off or "
        "flexible the way from Cloudflare to the server has no TLS at all."
    ),
    fix=(
        'Set `min_tls_version` to "1.2" or "1.3" and `ssl` to "strict" for each zone, and give each HTTPS listener a '
        "policy such as `ELBSecurityPolicy-TLS13-1-2-2021-06`."
    ),
    references=(
        "https://www.rfc-editor.org/rfc/rfc8996",
        "https://developers.cloudflare.com/ssl/edge-certificates/additional-options/minimum-tls/",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    ),
    options=(Option("minimum", "1.2", "The least version of TLS: 1.0, 1.1, 1.2 or 1.3."),),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """What is missing is said at the zone or listener, what is written and too low at its value."""
    least = str(options["minimum"])
    enough = VERSIONS[VERSIONS.index(least) :] if least in VERSIONS else (least,)
    match resource.type:
        case "cloudflare_zone_setting":
            for name in NAMES:
                if resource["setting_id"] == name:
                    yield from _setting(name, resource["value"], least, enough)
        case "cloudflare_zone_settings_override":
            for name in NAMES:
                value = resource["settings"][name]
                if not value.is_null:
                    yield from _setting(name, value, least, enough)
        case "cloudflare_zone":
            is_set = any(True for _ in settings_of(resource, graph, "min_tls_version"))
            if "1.0" not in enough and not is_set and has_proxied(resource, graph):
                ask_modules(resource, graph, "its settings")
                yield Violation("the zone takes TLS 1.0: it has no setting min_tls_version", at=resource)
        case "aws_cloudfront_distribution":
            certificate = resource["viewer_certificate"]
            version = certificate["minimum_protocol_version"]
            if not certificate["cloudfront_default_certificate"] == True:
                yield from _distribution(version, least, enough)
        case _:
            if resource["protocol"].is_one_of(("HTTPS", "TLS")):
                yield from _listener(resource["ssl_policy"], least)


def _setting(name: str, value: Attribute, least: str, enough: tuple[str, ...]) -> Iterator[Violation]:
    if name == "min_tls_version" and not value.is_one_of(enough):
        yield Violation(f"TLS below {least} is accepted", at=value)
    elif name == "ssl" and value.is_one_of(("off", "flexible")):
        yield Violation("there is no TLS between Cloudflare and the server", at=value)


def _listener(policy: Attribute, least: str) -> Iterator[Violation]:
    if policy.is_null:
        if least != "1.0":
            yield Violation("no ssl_policy is set, and the one that AWS takes accepts TLS 1.0", at=policy)
    elif not policy.test(_matcher(LISTENER_POLICIES[least]), f"takes TLS {least} or later only"):
        yield Violation(f"the policy accepts TLS below {least}", at=policy)


def _distribution(version: Attribute, least: str, enough: tuple[str, ...]) -> Iterator[Violation]:
    pattern = "|".join(rf"^TLSv{v.replace('1.0', '1')}(_|$)" for v in enough)
    if not version.test(_matcher(pattern), f"is TLS {least} or later"):
        yield Violation(f"TLS below {least} is accepted", at=version)


def _matcher(pattern: str) -> Callable[[Any], bool]:
    return lambda text: re2.search(pattern, str(text)) is not None
