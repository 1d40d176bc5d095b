"""Servers that accept outdated TLS versions, or no TLS."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation, linear_regex
from iacpolicy.policy.library.uninstalled_modules import check_uninstalled_modules
from iacpolicy.policy.library.zones import SETTING, SETTINGS, has_proxied, settings_of

ZONE, DISTRIBUTION = "cloudflare_zone", "aws_cloudfront_distribution"
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
NAMES = ("min_tls_version", "ssl")
VERSIONS = ("1.0", "1.1", "1.2", "1.3")
# Security policies of load balancers name the oldest version that they accept:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
LISTENER_POLICIES = {
    "1.0": r"^ELBSecurityPolicy-",
    "1.1": r"^ELBSecurityPolicy-(TLS13-1-[123]|TLS-1-[12]|FS-1-[12])",
    "1.2": r"^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)",
    "1.3": r"^ELBSecurityPolicy-TLS13-1-3",
}

# The remediation by setting, with the oldest accepted version.
MIN_TLS = 'Set `min_tls_version` to "{}" for the zone.'
SSL = 'Set `ssl` to "strict".'
LISTENER = "Set `ssl_policy` to one with TLS {} or later, such as `ELBSecurityPolicy-TLS13-{}-2021-06`."
CLOUDFRONT = "Set `minimum_protocol_version` to a policy with TLS {} or later; `TLSv1.2_2021` requires TLS 1.2."

META = Meta(
    id="tls-minimum",
    title="Outdated TLS, or no TLS, is accepted",
    severity=Severity.MEDIUM,
    on=(ZONE, SETTING, SETTINGS, *LISTENERS, DISTRIBUTION),
    why=(
        "TLS 1.0 and 1.1 are withdrawn: attackers can break them, and card payment rules forbid them. Cloudflare and "
        "older load balancer policies accept them by default. With `ssl` off or flexible, traffic from Cloudflare to "
        "the server is not encrypted."
    ),
    fix=(
        f"Cloudflare: {MIN_TLS.format('1.2')} {SSL} Load balancer: {LISTENER.format('1.2', '1-2')} "
        f"CloudFront: {CLOUDFRONT.format('1.2')}"
    ),
    references=(
        "https://www.rfc-editor.org/rfc/rfc8996",
        "https://developers.cloudflare.com/ssl/edge-certificates/additional-options/minimum-tls/",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    ),
    options=(Option("minimum", "1.2", "The oldest accepted TLS version: 1.0, 1.1, 1.2 or 1.3."),),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Report a missing setting at the zone or listener, and too low a version at its value."""
    minimum = str(options["minimum"])
    accepted = VERSIONS[VERSIONS.index(minimum) :] if minimum in VERSIONS else (minimum,)
    match resource.type:
        case "cloudflare_zone_setting":
            for name in NAMES:
                if resource["setting_id"] == name:
                    yield from _setting(name, resource["value"], minimum, accepted)
        case "cloudflare_zone_settings_override":
            for name in NAMES:
                value = resource["settings"][name]
                if not value.is_null:
                    yield from _setting(name, value, minimum, accepted)
        case "cloudflare_zone":
            is_set = any(True for _ in settings_of(resource, graph, "min_tls_version"))
            if "1.0" not in accepted and not is_set and has_proxied(resource, graph):
                check_uninstalled_modules(resource, graph, "its settings")
                yield Violation(
                    "min_tls_version is not set, so the zone accepts TLS 1.0", at=resource, fix=MIN_TLS.format(minimum)
                )
        case "aws_cloudfront_distribution":
            certificate = resource["viewer_certificate"]
            version = certificate["minimum_protocol_version"]
            if not certificate["cloudfront_default_certificate"] == True:
                yield from _distribution(version, minimum, accepted)
        case _:
            if resource["protocol"].is_one_of(("HTTPS", "TLS")):
                yield from _listener(resource["ssl_policy"], minimum)


def _setting(name: str, value: Attribute, minimum: str, accepted: tuple[str, ...]) -> Iterator[Violation]:
    if name == "min_tls_version" and not value.is_one_of(accepted):
        yield Violation(f"min_tls_version accepts TLS below {minimum}", at=value, fix=MIN_TLS.format(minimum))
    elif name == "ssl" and value.is_one_of(("off", "flexible")):
        yield Violation("ssl leaves the connection from Cloudflare to the server unencrypted", at=value, fix=SSL)


def _listener(policy: Attribute, minimum: str) -> Iterator[Violation]:
    fix = LISTENER.format(minimum, minimum.replace(".", "-"))
    if policy.is_null:
        if minimum != "1.0":
            yield Violation("ssl_policy is not set, and the default of AWS accepts TLS 1.0", at=policy, fix=fix)
    elif not policy.test(_matcher(LISTENER_POLICIES[minimum]), f"accepts only TLS {minimum} or later"):
        yield Violation(f"ssl_policy accepts TLS below {minimum}", at=policy, fix=fix)


def _distribution(version: Attribute, minimum: str, accepted: tuple[str, ...]) -> Iterator[Violation]:
    pattern = "|".join(rf"^TLSv{v.replace('1.0', '1')}(_|$)" for v in accepted)
    if not version.test(_matcher(pattern), f"is TLS {minimum} or later"):
        yield Violation(
            f"minimum_protocol_version accepts TLS below {minimum}", at=version, fix=CLOUDFRONT.format(minimum)
        )


def _matcher(pattern: str) -> Callable[[Any], bool]:
    return lambda text: linear_regex(pattern).search(str(text)) is not None
