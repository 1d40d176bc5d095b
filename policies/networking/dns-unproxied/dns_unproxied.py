"""DNS records of web hosts that bypass Cloudflare's proxy."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation, linear_regex
from iacpolicy.policy.library.cidr import network
from iacpolicy.policy.library.hosts import normalized, record_name, text_of, zones_of
from iacpolicy.policy.library.zones import PROXIABLE, RECORDS, apex_of, content_of

POINTING = ("MX", "NS", "SRV")
PRIVATE = tuple(
    n
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1")
    if (n := network(text)) is not None
)

# Hosts of CDNs, and of platforms for static sites.
CDNS = (
    r"\.(cloudfront\.net|fastly\.net|edgekey\.net|edgesuite\.net|akamaiedge\.net|azurefd\.net|azureedge\.net|"
    r"vercel-dns(-\d+)?\.com|vercel\.app|netlify\.app|github\.io)$"
)

META = Meta(
    id="dns-unproxied",
    title="Public name is not proxied",
    severity=Severity.MEDIUM,
    on=RECORDS,
    why=(
        "Cloudflare protects only records with `proxied = true`. Any other record shows the server's address, and "
        "requests to it pass no firewall and no rate limit. Attackers who know the address can flood it directly."
    ),
    fix="Set `proxied = true`, or add the name to the option `direct_names` where it must be reached directly.",
    references=(
        "https://developers.cloudflare.com/dns/proxy-status/",
        "https://registry.terraform.io/providers/cloudflare/cloudflare/latest/docs/resources/dns_record",
    ),
    options=(
        Option("direct_names", [], "Full names or first labels of names that must be reached without the proxy."),
    ),
)


def check(record: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Report at `proxied`, or at the record where it is not set."""
    if record["proxied"] == True or _validates_certificate(record["name"]):
        return
    if not record["type"].is_one_of(PROXIABLE):
        return
    names = {normalized(text_of(record["name"])), *(record_name(record, apex_of(z)) for z in zones_of(record, graph))}
    if (
        _is_direct(names, options["direct_names"])
        or _is_private(content_of(record))
        or _is_at_cdn(content_of(record))
        or _serves_others(names, graph)
    ):
        return
    yield Violation("proxied is not true, so requests bypass Cloudflare", at=record["proxied"])


def _is_direct(names: set[str], direct: list[str]) -> bool:
    """Return whether a name is for machines (`_acme-challenge`, `x._domainkey`) or listed in `direct_names`."""
    return any(
        name in direct or name.partition(".")[0] in direct or any(p.startswith("_") for p in name.split("."))
        for name in names
    )


def _validates_certificate(name: Attribute) -> bool:
    """Return whether AWS computes the name to validate a certificate."""
    return name.reads("domain_validation_options")


def _is_private(content: Attribute) -> bool:
    if not content.is_known:
        return False
    address = network(content.value)
    return address is not None and any(n.version == address.version and address.subnet_of(n) for n in PRIVATE)  # type: ignore[arg-type]


def _is_at_cdn(content: Attribute) -> bool:
    """Return whether the record points at a CDN or a platform for static sites."""
    is_known_cdn = linear_regex(CDNS).search(normalized(text_of(content))) is not None
    return is_known_cdn or "aws_cloudfront_distribution" in content.source_types


def _serves_others(names: set[str], graph: Graph) -> bool:
    """Return whether an MX, NS or SRV record points at one of the names, which must then be reached directly."""
    return any(
        normalized(text_of(other["data"]["target"] if type_ == "SRV" else content_of(other))) in names
        for type_ in POINTING
        for record in RECORDS
        for other in graph.having(record, "type", type_)
    )
