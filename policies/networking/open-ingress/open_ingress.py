"""Security groups that open other ports than the public ones to the internet."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Truth, Violation
from iacpolicy.policy.library.cidr import network

GROUPS = ("aws_security_group", "aws_default_security_group")
RULE, INGRESS_RULE = "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"
RANGES = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
PREFIX_LISTS = ("prefix_list_ids", "prefix_list_id")
WITH_PORTS = ("tcp", "udp", "TCP", "UDP", "6", "17")
WHOLE_INTERNET = ("0.0.0.0/0", "::/0")
PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")  # all routed addresses: https://www.rfc-editor.org/rfc/rfc4291

# The remediation by the argument that names the networks.
CIDR = "Replace the range by the networks that need the port, or by a security group."
PREFIX_LIST = "Remove the range for the whole internet from the prefix list, or name another list."

META = Meta(
    id="open-ingress",
    title="Port is open to the whole internet",
    severity=Severity.CRITICAL,
    on=(*GROUPS, RULE, INGRESS_RULE),
    why=(
        "Attackers find a database, SSH or admin page on the internet within minutes. They try stolen passwords and "
        "the newest exploits on it. The security group protects every service behind it, even one that is badly "
        "configured."
    ),
    fix=f"{CIDR} Add ports that are meant for the public to the option `public_ports`.",
    references=(
        "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_ingress_rule",
    ),
    options=(Option("public_ports", [80, 443], "Ports that may be open to the whole internet."),),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Report at the address range that covers the whole internet."""
    ports = options["public_ports"]
    if resource.type in GROUPS:
        for rule in resource["ingress"]:
            yield from _rule(rule, graph, ports)
    elif resource.type == INGRESS_RULE or resource["type"] == "ingress":
        yield from _rule(resource, graph, ports)


def _rule(rule: Attribute | Resource, graph: Graph, ports: list[int]) -> Iterator[Violation]:
    beyond = ~_opens_only(rule, ports)
    for name in RANGES:
        ranges = rule[name]
        if beyond & _is_whole_internet(ranges):
            yield Violation(f"{_port_text(rule)} open to the whole internet", at=ranges, fix=CIDR)
    for name in PREFIX_LISTS:
        listed = rule[name] if name.endswith("s") else (rule[name],)
        for prefix_list in (p for one in listed for p in graph.named(one, "aws_ec2_managed_prefix_list")):
            if beyond & _any_is_whole_internet(entry["cidr"] for entry in _entries(prefix_list, graph)):
                yield Violation(
                    f"{_port_text(rule)} open to the whole internet through {prefix_list.address}",
                    at=rule[name],
                    fix=PREFIX_LIST,
                )


def _entries(prefix_list: Resource, graph: Graph) -> Iterator[Attribute | Resource]:
    yield from prefix_list["entry"]
    yield from graph.naming(prefix_list, "aws_ec2_managed_prefix_list_entry", "prefix_list_id")


def _opens_only(rule: Attribute | Resource, ports: list[int]) -> Truth:
    """Return whether a rule opens only the given ports."""
    protocol = rule["protocol"] if not _is_new(rule) else rule["ip_protocol"]
    first, last = rule["from_port"], rule["to_port"]
    if first.is_known & last.is_known:
        low, high = first.value, last.value
        allowed = low is not None and high is not None and set(range(int(low), min(int(high), 65535) + 1)) <= set(ports)
        return protocol.is_one_of(WITH_PORTS) & (allowed and low <= high)
    return protocol.is_one_of(WITH_PORTS) & first.is_one_of(ports) & (last == first)


def _is_new(rule: Attribute | Resource) -> bool:
    return isinstance(rule, Resource) and rule.type == INGRESS_RULE


def _is_whole_internet(ranges: Attribute) -> Truth:
    """Return whether a range, or a list of ranges together, covers the whole internet."""
    if ranges.is_null:
        return Truth(False)
    if ranges.is_known:
        return Truth(_covers_internet(ranges.value))
    if ranges.is_listed:
        return _any_is_whole_internet(ranges)
    if ranges.path.endswith("blocks"):
        return ranges.contains(WHOLE_INTERNET[0]) | ranges.contains(WHOLE_INTERNET[1])
    return ranges.is_one_of(WHOLE_INTERNET)


def _any_is_whole_internet(ranges: Iterable[Attribute]) -> Truth:
    result = Truth(False)
    for one in ranges:
        result |= Truth(_covers_internet(one.value)) if one.is_known else one.is_one_of(WHOLE_INTERNET)
    return result


def _covers_internet(value: Any) -> bool:
    found = [n for text in (value if isinstance(value, list) else [value]) if (n := network(text)) is not None]
    v4 = ipaddress.collapse_addresses(n for n in found if isinstance(n, ipaddress.IPv4Network))
    v6 = ipaddress.collapse_addresses(n for n in found if isinstance(n, ipaddress.IPv6Network))
    return any(n.prefixlen == 0 for n in v4) or any(PUBLIC_IPV6.subnet_of(n) for n in v6)


def _port_text(rule: Attribute | Resource) -> str:
    first, last = rule["from_port"], rule["to_port"]
    protocol = rule["ip_protocol" if _is_new(rule) else "protocol"]  # equivalent: wording
    if not protocol.is_one_of(WITH_PORTS):  # equivalent: wording
        return "every port is" if str(protocol) in ("-1", "all") else f"protocol {protocol} is"  # equivalent: wording
    return f"port {first} is" if str(first) == str(last) else f"ports {first} to {last} are"  # equivalent: wording
