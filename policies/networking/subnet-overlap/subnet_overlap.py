"""Subnets of one VPC with overlapping address ranges."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.cidr import Ranges, overlapping, ranges_of

META = Meta(
    id="subnet-overlap",
    title="Subnets of one VPC overlap",
    severity=Severity.HIGH,
    on=("aws_subnet",),
    why=(
        "AWS rejects a subnet whose range overlaps another one in the VPC, so the apply stops half-way after a clean "
        "plan. Moving the range later recreates every machine in the subnet."
    ),
    fix=(
        "Derive the range of every subnet from that of the VPC with `cidrsubnet(var.cidr, 4, n)`, and give each "
        "subnet its own number `n`."
    ),
    references=(
        "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
        "https://developer.hashicorp.com/terraform/language/functions/cidrsubnet",
    ),
)
RANGES = ("cidr_block", "ipv6_cidr_block")
# Limit of compared pairs for one subnet whose overlap depends on an input.
MAX_UNSURE_PAIRS = 16  # equivalent: with many unsure pairs, one more or fewer makes no difference


def check(subnet: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield at most one violation for each range, at the later subnet."""
    for name in RANGES:
        mine = subnet[name]
        earlier = [other for other in _candidates(subnet, graph, name) if _comes_before(other, subnet, name)]
        others = [other for other in earlier if _overlaps(other, subnet, graph, name)]
        if others:
            names = " and ".join(dict.fromkeys(o.address for o in others))
            places = tuple((f"the range of {o.address}", o[name].at) for o in others)
            yield Violation(f"the range {mine} overlaps the range of {names}", at=mine, cause=names, also=places)


def _overlaps(other: Resource, subnet: Resource, graph: Graph, name: str) -> bool:
    is_same_network = graph.same(other, subnet, "vpc_id")
    return bool(is_same_network & overlapping(other, subnet, name, graph) & other.exists)


def _candidates(subnet: Resource, graph: Graph, name: str) -> list[Resource]:
    """Return the subnets that may overlap in the same network, without comparing all pairs."""
    index = graph.once_in_cell(f"subnet-overlap {name}", lambda: _indexed(graph, name))
    ranges = ranges_of(subnet, name, graph)
    found: dict[Resource, None] = {}
    for key in sorted(graph.keys(subnet, "vpc_id")):
        for range_ in ranges:
            siblings = index.get(key, Ranges())
            found.update(dict.fromkeys(siblings.overlapping(range_)))
            found.update(dict.fromkeys(siblings.elsewhere(range_, MAX_UNSURE_PAIRS)))
    found.pop(subnet, None)
    return list(found)


def _indexed(graph: Graph, name: str) -> dict[str, Ranges[Resource]]:
    index: dict[str, Ranges[Resource]] = {}
    for subnet in graph.declared("aws_subnet"):
        ranges = ranges_of(subnet, name, graph)
        for key in graph.keys(subnet, "vpc_id"):
            for range_ in ranges:
                index.setdefault(key, Ranges()).add(range_, subnet)
    return index


def _comes_before(other: Resource, subnet: Resource, name: str) -> bool:
    theirs, mine = other[name].at, subnet[name].at
    left, right = (theirs.path, theirs.line, theirs.column), (mine.path, mine.line, mine.column)
    return left < right or (left == right and other.address < subnet.address)  # equivalent: two at one place
