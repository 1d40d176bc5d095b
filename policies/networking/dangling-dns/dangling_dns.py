"""A name that points at a host which is nobody's can be taken by whoever asks for that host."""

from collections.abc import Iterator
from dataclasses import dataclass

import re2

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.values.terms import Apply, Constant
from iacpolicy.evaluate.values.value import Unknown, Value, unknown
from iacpolicy.graph.joins import Joins, joins_of
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Attribute, Cause, Graph, Meta, Resource, Severity, Truth, Undecidable, Violation
from iacpolicy.policy.library.hosts import chosen, is_of_resources, normal, text_of
from iacpolicy.policy.library.zones import RECORDS, content_of


@dataclass(frozen=True)
class Platform:
    """A platform that gives its customers hosts: how these look, and which resources have one.

    `name` is the resource's attribute that stands in the host, None where only the provider knows the host.
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
# Where a name is taken already, Render adds a few characters to it: https://render.com/docs/web-services
SUFFIXED = r"^(.+)-[a-z0-9]{4,5}$"

META = Meta(
    id="dangling-dns",
    title="A DNS record points at a host that nobody has",
    severity=Severity.HIGH,
    on=(*RECORDS, "aws_route53_record"),
    why=(
        "When a service goes and its record stays, anyone can ask the platform for the free host and answer in the "
        "shop's name, with a certificate that browsers trust."
    ),
    fix=(
        "Take the record out together with the service, and let `content` refer to the service "
        '(`trimprefix(render_web_service.x.url, "https://")`) so that one cannot stay without the other.'
    ),
    references=(
        "https://developer.mozilla.org/en-US/docs/Web/Security/Subdomain_takeovers",
        "https://render.com/docs/custom-domains",
    ),
)


def check(record: Resource, graph: Graph) -> Iterator[Violation]:
    """Only hosts of platforms that this repository has something on are judged."""
    if record.type == "aws_route53_record":
        for alias in record["alias"]:
            yield from _judged(alias["name"], graph)
    if record["type"] == "CNAME":
        for content in record["records"] if record.type == "aws_route53_record" else (content_of(record),):
            yield from _judged(content, graph)


def _judged(content: Attribute, graph: Graph) -> Iterator[Violation]:
    value = chosen(content)
    if value is None or value.data is None or _is_of_resources(value, joins_of(graph.inner)):
        return
    host = normal(text_of(content))
    used = [(p, h) for p in PLATFORMS if (h := _holders(p, graph)).nodes]
    for platform, holders in used:
        found = re2.search(platform.hosts, host)
        if found is not None:
            if _dangles(content, found[1], platform, holders, graph):
                yield Violation(f"nothing here has the host at {platform.words} that it points at", at=content)
            return
    if used and not content.is_known and content.test(_is_any, f"is a host at {_words(used)} that nothing here has"):
        yield Violation("nothing here may have the host that it points at", at=content)


def _is_of_resources(value: Value, joins: Joins) -> bool:
    """Whether the host is made of attributes of resources alone, whichever instances they are of."""
    found = joins.resolved(value)
    if is_of_resources(found):
        return True
    term = found.data.term if found is not None and isinstance(found.data, Unknown) else None
    if term is not None and joins.is_of_a_set(term):
        return True
    if not isinstance(term, Apply) or term.operator.startswith((".", "[")):
        return False
    parts = [unknown(DYNAMIC, operand) for operand in term.operands if not isinstance(operand, Constant)]
    return all(_is_of_resources(part, joins) for part in parts)


def _words(used: list[tuple[Platform, "_Holders"]]) -> str:
    return " or ".join(platform.words for platform, _ in used)


def _is_any(host: str) -> bool:
    """Whether a host may be one that nothing has: asked only where it is not known."""
    return True  # equivalent: what is not known is never given to it


@dataclass(frozen=True)
class _Holders:
    """What has hosts on a platform, in all cells: by known names, and those whose names are not known, by cell."""

    nodes: tuple[Node, ...]
    names: frozenset[str]
    unnamed: tuple[tuple[int, Node], ...]

    @classmethod
    def of(cls, platform: Platform, graph: Graph) -> "_Holders":
        nodes, names, unnamed = [], set(), []
        for cell in graph.all_cells():
            for type_ in platform.types:
                for node in cell.inner.of(type_):
                    nodes.append(node)
                    name = Resource(node)[platform.name] if platform.name is not None else None
                    if name is not None and name.is_known:
                        names.add(_slug(str(name.value)))
                    elif name is not None and not name.is_null:
                        unnamed.append((cell.inner.index, node))
        return cls(tuple(nodes), frozenset(names), tuple(unnamed))


def _holders(platform: Platform, graph: Graph) -> _Holders:
    return graph.once(("dangling-dns", platform.words), lambda: _Holders.of(platform, graph))


def _dangles(content: Attribute, label: str, platform: Platform, holders: _Holders, graph: Graph) -> bool:
    if platform.name is None:
        text = f"which hosts at {platform.words} belong to what is here is known only after apply"
        raise Undecidable.because(Cause.COMPUTED, text, at=content)
    if not _candidates(label).isdisjoint(holders.names) or _is_held(label, platform, graph):
        return False
    elsewhere = [node for cell, node in holders.unnamed if cell != graph.inner.index]
    if elsewhere:
        raise Undecidable.because(Cause.VARIABLE, f"the name of {elsewhere[0].address} is not known", at=content)
    return bool(content.is_known) or bool(content.test(_is_any, f"is a host at {platform.words} that nothing here has"))


def _is_held(label: str, platform: Platform, graph: Graph) -> bool:
    """Whether something of this cell has the host; where its name hangs on a variable, the world is asked."""
    for holder in graph.of(*platform.types) if platform.name is not None else ():
        name = holder[platform.name or ""]
        if not name.is_known:
            same = Truth(_slug(text_of(name)) in _candidates(label)) | name.is_one_of(sorted(_candidates(label)))
            if same:
                return True
    return False


def _candidates(label: str) -> frozenset[str]:
    suffixed = re2.search(SUFFIXED, label)
    return frozenset({label, suffixed[1]} if suffixed is not None else {label})


def _slug(name: str) -> str:
    return str(re2.sub(r"[^a-z0-9.]+", "-", name.lower())).strip("-")
