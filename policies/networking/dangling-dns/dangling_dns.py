"""DNS records that point at a host of a platform which no resource owns."""

from collections.abc import Iterator
from dataclasses import dataclass

from iacpolicy.policy.api import (
    Attribute,
    Cause,
    Graph,
    Meta,
    Resource,
    Severity,
    Truth,
    Undecidable,
    Violation,
    linear_regex,
)
from iacpolicy.policy.library.hosts import is_made_of_resources, is_unset, normalized, text_of
from iacpolicy.policy.library.zones import RECORDS, content_of


@dataclass(frozen=True)
class Platform:
    """A platform that assigns hosts: their pattern, and the resource types that own one.

    `name` is the attribute whose value is part of the host, None where only the provider knows the host.
    """

    words: str
    hosts: str
    types: tuple[str, ...]
    name: str | None


PLATFORMS = (
    Platform("Render", r"^([^.]+)\.onrender\.com$", ("render_web_service", "render_static_site"), "name"),
    Platform("S3", r"^(.+)\.s3[.-](?:[a-z0-9.-]+\.)?amazonaws\.com$", ("aws_s3_bucket",), "bucket"),
    Platform(
        "Elastic Load Balancing",
        r"^(?:dualstack\.)?(?:internal-)?([^.]+)-[0-9a-f]+\.(?:[a-z0-9-]+\.)?elb(?:\.[a-z0-9-]+)?\.amazonaws\.com$",
        ("aws_lb", "aws_alb", "aws_elb"),
        "name",
    ),
    Platform("Cloudflare Pages", r"^(?:[^.]+\.)?([^.]+)\.pages\.dev$", ("cloudflare_pages_project",), "name"),
    Platform("CloudFront", r"^([^.]+)\.cloudfront\.net$", ("aws_cloudfront_distribution",), None),
    Platform("Supabase", r"^([^.]+)\.supabase\.co$", ("supabase_project",), None),
)
# Render appends a few characters to a name that is already taken: https://render.com/docs/web-services
SUFFIXED = r"^(.+)-[a-z0-9]{4,5}$"

# The remediation, with the resource types of the platform.
FIX = "Delete the record. If it is still needed, refer to an attribute of the {} that answers for it."

META = Meta(
    id="dangling-dns",
    title="DNS record points at a host that no resource owns",
    severity=Severity.HIGH,
    on=(*RECORDS, "aws_route53_record"),
    why=(
        "When a service is deleted and its record stays, anyone can claim the free host at the platform. That person "
        "then answers under your name, with a certificate that browsers trust."
    ),
    fix=FIX.format("resource"),
    references=(
        "https://developer.mozilla.org/en-US/docs/Web/Security/Subdomain_takeovers",
        "https://render.com/docs/custom-domains",
    ),
)


def check(record: Resource, graph: Graph) -> Iterator[Violation]:
    """Check only hosts of platforms on which this repository has a resource."""
    if record.type == "aws_route53_record":
        for alias in record["alias"]:
            yield from _judged(alias["name"], graph)
    if record["type"] == "CNAME":
        for content in record["records"] if record.type == "aws_route53_record" else (content_of(record),):
            yield from _judged(content, graph)


def _judged(content: Attribute, graph: Graph) -> Iterator[Violation]:
    if is_unset(content) or is_made_of_resources(content, graph):
        return
    host = normalized(text_of(content))
    used = [(p, h) for p in PLATFORMS if (h := _owners(p, graph)).is_any]
    for platform, owners in used:
        found = linear_regex(platform.hosts).search(host)
        if found is not None:
            if _dangles(content, found[1], platform, owners, graph):
                yield Violation(
                    f"no resource in this repository owns the {platform.words} host that the record points at",
                    at=content,
                    fix=FIX.format(" or ".join(f"`{type_}`" for type_ in platform.types)),
                )
            return
    if (
        used
        and not content.is_known
        and content.test(_is_any, f"is a host at {_platform_names(used)} that no resource owns")
    ):
        yield Violation(
            "no resource in this repository may own the host that the record points at",
            at=content,
            fix=FIX.format("resource"),
        )


def _platform_names(used: list[tuple[Platform, "_Owners"]]) -> str:
    return " or ".join(platform.words for platform, _ in used)


def _is_any(host: str) -> bool:
    """Return True for every host; it is asked for unknown hosts only."""
    return True  # equivalent: it is called for unknown values only


@dataclass(frozen=True)
class _Owners:
    """Resources with hosts on a platform in all cells: their known names, and the nodes with unknown names by cell."""

    is_any: bool
    names: frozenset[str]
    unnamed: tuple[tuple[int, Resource], ...]

    @classmethod
    def of(cls, platform: Platform, graph: Graph) -> "_Owners":
        is_any, names, unnamed = False, set(), []
        for cell in graph.all_cells():
            for owner in cell.declared(*platform.types):
                is_any = True
                name = owner[platform.name] if platform.name is not None else None
                if name is not None and name.is_known:
                    names.add(_slug(str(name.value)))
                elif name is not None and not name.is_null:
                    unnamed.append((cell.index, owner))
        return cls(is_any, frozenset(names), tuple(unnamed))


def _owners(platform: Platform, graph: Graph) -> _Owners:
    return graph.once(("dangling-dns", platform.words), lambda: _Owners.of(platform, graph))


def _dangles(content: Attribute, label: str, platform: Platform, owners: _Owners, graph: Graph) -> bool:
    if platform.name is None:
        text = f"the {platform.words} hosts of the resources in this repository are known only after apply"
        raise Undecidable.because(Cause.COMPUTED, text, at=content)
    if not _candidates(label).isdisjoint(owners.names) or _is_owned(label, platform, graph):
        return False
    elsewhere = [owner for cell, owner in owners.unnamed if cell != graph.index]
    if elsewhere:
        raise Undecidable.because(Cause.VARIABLE, f"the name of {elsewhere[0].address} is unknown", at=content)
    return bool(content.is_known) or bool(content.test(_is_any, f"is a host at {platform.words} that no resource owns"))


def _is_owned(label: str, platform: Platform, graph: Graph) -> bool:
    """Return whether a resource of this cell owns the host; a name from a variable is compared in the current world."""
    for owner in graph.of(*platform.types) if platform.name is not None else ():
        name = owner[platform.name or ""]
        if not name.is_known:
            same = Truth(_slug(text_of(name)) in _candidates(label)) | name.is_one_of(sorted(_candidates(label)))
            if same:
                return True
    return False


def _candidates(label: str) -> frozenset[str]:
    suffixed = linear_regex(SUFFIXED).search(label)
    return frozenset({label, suffixed[1]} if suffixed is not None else {label})


def _slug(name: str) -> str:
    return str(linear_regex(r"[^a-z0-9.]+").sub("-", name.lower())).strip("-")
