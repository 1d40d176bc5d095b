"""Subnets of one VPC with overlapping address ranges."""

from collections.abc import Iterator

from iacpolicy.graph.joins import arms_of, joins_of, key_of
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Truth, Violation
from iacpolicy.policy.attributes.joined import same
from iacpolicy.policy.library.cidr import Ranges, overlap, range_of

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
MOST_UNSURE = 16  # equivalent: with many unsure pairs, one more or fewer makes no difference


def check(subnet: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield at most one violation for each range, at the later subnet."""
    for name in RANGES:
        mine = subnet[name]
        earlier = [Resource(n) for n in _candidates(subnet, graph, name) if _comes_before(Resource(n), subnet, name)]
        others = [other for other in earlier if _overlaps(other, subnet, graph, name)]
        if others:
            names = " and ".join(dict.fromkeys(o.address for o in others))
            places = tuple((f"the range of {o.address}", o[name].at) for o in others)
            yield Violation(f"the range {mine} overlaps the range of {names}", at=mine, cause=names, also=places)


def _overlaps(other: Resource, subnet: Resource, graph: Graph, name: str) -> bool:
    joins = joins_of(graph.inner)
    same_network = Truth(same(joins.value(other.node, "vpc_id"), joins.value(subnet.node, "vpc_id")))
    overlapping = Truth(overlap(joins.value(other.node, name), joins.value(subnet.node, name)))
    return bool(same_network & overlapping & other.exists)


def _candidates(subnet: Resource, graph: Graph, name: str) -> list[Node]:
    """Return the subnets that may overlap in the same network, without comparing all pairs."""
    index = graph.once(("subnet-overlap", graph.inner, name), lambda: _indexed(graph, name))
    joins = joins_of(graph.inner)
    ranges = [r for arm in arms_of(joins.value(subnet.node, name)) if (r := range_of(arm)) is not None]
    networks = {key for arm in arms_of(joins.value(subnet.node, "vpc_id")) if (key := key_of(arm)) is not None}
    found: dict[Node, None] = {}
    for key in sorted(networks):
        for range_ in ranges:
            siblings = index.get(key, Ranges())
            found.update(dict.fromkeys(siblings.overlapping(range_)))
            found.update(dict.fromkeys(siblings.elsewhere(range_, MOST_UNSURE)))
    found.pop(subnet.node, None)
    return list(found)


def _indexed(graph: Graph, name: str) -> dict[str, Ranges[Node]]:
    joins = joins_of(graph.inner)
    index: dict[str, Ranges[Node]] = {}
    for node in graph.inner.of("aws_subnet"):
        ranges = [r for arm in arms_of(joins.value(node, name)) if (r := range_of(arm)) is not None]
        for arm in arms_of(joins.value(node, "vpc_id")):
            key = key_of(arm)
            for range_ in ranges if key is not None else ():
                index.setdefault(str(key), Ranges()).add(range_, node)
    return index


def _comes_before(other: Resource, subnet: Resource, name: str) -> bool:
    theirs, mine = other[name].at, subnet[name].at
    left, right = (theirs.path, theirs.line, theirs.column), (mine.path, mine.line, mine.column)
    return left < right or (left == right and other.address < subnet.address)  # equivalent: two at one place
