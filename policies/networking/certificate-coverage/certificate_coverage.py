"""Public names for which no certificate is valid."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.hosts import (
    covers,
    is_below,
    is_unknown,
    is_unset,
    normalized,
    record_name,
    text_of,
    zones_of,
)
from iacpolicy.policy.library.zones import RECORDS, apex_of, proxied_hosts

Belonging: TypeAlias = Callable[[str], Iterator[Resource]]

ZONE, PACK, DISTRIBUTION = "cloudflare_zone", "cloudflare_certificate_pack", "aws_cloudfront_distribution"
UNIVERSAL, TOTAL = "cloudflare_universal_ssl_setting", "cloudflare_total_tls"
OWN = ("cloudflare_custom_ssl", "cloudflare_keyless_certificate")
SERVICES = ("render_web_service", "render_static_site")

# The remediation by resource.
PACK_HOSTS = "Add the missing name, or a wildcard for its first label, to `hosts`."
NO_PACK = "Add a `cloudflare_certificate_pack` with the name in `hosts`, or enable `cloudflare_total_tls` for the zone."
ACM = "Add the alias to `subject_alternative_names` of the `aws_acm_certificate`."

META = Meta(
    id="certificate-coverage",
    title="No certificate covers a public name",
    severity=Severity.HIGH,
    on=(ZONE, PACK, DISTRIBUTION),
    why=(
        "Cloudflare's own certificate covers a zone's domain and one label below it; an ordered certificate covers "
        "its `hosts`. Every other name fails the TLS handshake, and browsers tell your customers that the site is "
        "not safe."
    ),
    fix=f"Zone: {NO_PACK} Certificate pack: {PACK_HOSTS} CloudFront: {ACM}",
    references=(
        "https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/",
        "https://developers.cloudflare.com/ssl/edge-certificates/advanced-certificate-manager/",
        "https://render.com/docs/custom-domains",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """Report an uncovered name at `hosts` of the last ordered certificate, or at the name where none is ordered."""
    if resource.type == DISTRIBUTION:
        yield from _distribution(resource, graph)
        return
    zone = resource if resource.type == ZONE else next(iter(zones_of(resource, graph)), None)
    belonging = _of_zone(zone, graph) if zone is not None else _beside(resource, graph)
    packs = sorted(belonging(PACK), key=lambda p: (p.at.path, p.at.line, p.address))
    if resource.type == ZONE and packs:
        return  # reported at the last of its certificates
    if resource.type == ZONE or packs[-1] == resource:
        apex = apex_of(zone) if zone is not None else _shortest(packs)
        yield from _uncovered(apex, belonging, packs, graph)


def _of_zone(zone: Resource, graph: Graph) -> Belonging:
    return lambda type_: graph.naming(zone, type_, "zone_id")


def _beside(pack: Resource, graph: Graph) -> Belonging:
    return lambda type_: graph.having(type_, "zone_id", pack["zone_id"])


def _shortest(packs: list[Resource]) -> str:
    """Return the apex of a zone that is not in this configuration: the shortest name in its certificates."""
    return min((p.removeprefix("*.") for pack in packs for p in _patterns(pack["hosts"], "")), key=len, default="")


def _uncovered(apex: str, belonging: Belonging, packs: list[Resource], graph: Graph) -> Iterator[Violation]:
    names = _names(apex, belonging, graph)
    is_total = any(total["enabled"] == True for total in belonging(TOTAL))
    if not names or is_total or any(True for type_ in OWN for _ in belonging(type_)):
        return
    covered = [pattern for pack in packs for pattern in _patterns(pack["hosts"], apex)]
    if _is_universal(belonging, not packs):
        covered += [apex, f"*.{apex}"]
    missing = {name: at for name, at in names.items() if not _is_covered(name, covered)}
    if missing and any(_may_cover_more(pack["hosts"], missing, [apex, *names]) for pack in packs):
        return
    if packs and missing:
        names_missing = " and ".join(str(at) for at in missing.values())
        also = tuple((f"{at}", at.at) for at in missing.values())
        yield Violation(
            f"hosts of the certificate does not contain {names_missing}",
            at=packs[-1]["hosts"],
            also=also,
            fix=PACK_HOSTS,
        )
        return
    for at in missing.values():
        yield Violation(
            f"no certificate covers {at}: Cloudflare's own ends one label below the zone", at=at, fix=NO_PACK
        )


def _names(apex: str, belonging: Belonging, graph: Graph) -> dict[str, Attribute]:
    """Return the names that need a certificate of Cloudflare: proxied records, and service domains without a record."""
    records = [record for type_ in RECORDS for record in belonging(type_)]
    found = {host: record["name"] for host, record in proxied_hosts(records, apex).items()}
    recorded = {record_name(record, apex) for record in records}
    for service in graph.of(*SERVICES):
        domains = service["custom_domains"]
        for domain in domains if not domains.is_null else ():
            name = normalized(text_of(domain["name"]))
            if is_below(name, apex) and name not in recorded:
                found.setdefault(name, domain["name"])
    return found


def _distribution(distribution: Resource, graph: Graph) -> Iterator[Violation]:
    aliases, arn = distribution["aliases"], distribution["viewer_certificate"]["acm_certificate_arn"]
    for certificate in graph.named(arn, "aws_acm_certificate") if not arn.is_null else ():
        covered = [text_of(certificate["domain_name"]), *(text_of(n) for n in certificate["subject_alternative_names"])]
        for alias in aliases if not aliases.is_null else ():
            if not _is_covered(normalized(text_of(alias)), covered):
                also = (("the certificate", certificate.at),)
                yield Violation(f"{certificate.address} does not cover the alias {alias}", at=alias, also=also, fix=ACM)


def _patterns(hosts: Attribute, apex: str) -> list[str]:
    """Return the names of a certificate pack; without `hosts`, Cloudflare uses the apex and one label below it."""
    if is_unset(hosts):
        return [apex, f"*.{apex}"]
    return [] if apex and is_unknown(hosts) else [normalized(text_of(host)) for host in hosts]


def _may_cover_more(hosts: Attribute, missing: dict[str, Attribute], known: list[str]) -> bool:
    """Return whether an unknown host may be a missing name; a host below a known name is not one."""
    if is_unset(hosts):
        return False
    if is_unknown(hosts):
        return bool(hosts.test(_is_any, f"holds {' and '.join(str(at) for at in missing.values())}"))
    return any(
        host.test(_is_any, "is a missing name")
        for host in hosts
        if not host.is_known and not _is_covered(normalized(text_of(host)).removeprefix("*."), known)
    )


def _is_any(host: str) -> bool:
    """Return True for every host; it is asked for unknown hosts only."""
    return True  # equivalent: it is called for unknown values only


def _is_universal(belonging: Belonging, default: bool) -> bool:
    """Return whether Cloudflare's own certificate is enabled; beside ordered ones only where the setting says so."""
    for setting in belonging(UNIVERSAL):
        return bool(setting["enabled"] == True)
    return default


def _is_covered(name: str, covered: list[str]) -> bool:
    return any(covers(normalized(pattern), name) for pattern in covered)
