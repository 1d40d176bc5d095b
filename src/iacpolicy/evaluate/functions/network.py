"""Networks: https://developer.hashicorp.com/terraform/language/functions/cidrsubnet."""

import re
from ipaddress import IPv4Address, IPv6Address

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.types import BOOL, NUMBER, STRING, ListType
from iacpolicy.evaluate.functions.common import bounded_elements, text, whole
from iacpolicy.evaluate.functions.frame import Function, Parameter
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.value import Value

_IPV4 = lazy_pattern(r"(\d+)\.(\d+)\.(\d+)\.(\d+)\Z", re.ASCII)
MAX_NEW_BITS = 32


class _Network(msgspec.Struct, frozen=True, gc=False):
    """A network: first address as a number, prefix length in bits, and 32 or 128 address bits."""

    first: int
    length: int
    bits: int

    @property
    def text(self) -> str:
        return f"{_address(self.first, self.bits)}/{self.length}"


def _address(number: int, bits: int) -> str:
    return str(IPv4Address(number) if bits == 32 else IPv6Address(number))


def _parse(prefix: Value) -> _Network:
    content: str = prefix.data
    address, slash, length_text = content.partition("/")
    invalid = FunctionError(f"invalid CIDR expression: invalid CIDR address: {content}", 0)
    if not slash or not length_text.isascii() or not length_text.isdigit() or len(length_text) > 9:
        raise invalid
    number, bits = _number(address, invalid)
    length = int(length_text)
    if length > bits:
        raise invalid
    host_bits = bits - length
    return _Network(number >> host_bits << host_bits, length, bits)


def _number(address: str, invalid: FunctionError) -> tuple[int, int]:
    match = _IPV4.match(address)
    try:
        if match is not None:  # an octet with leading zeros is decimal, as in old versions of Go
            return int(IPv4Address(".".join(str(int(part[:20])) for part in match.groups()))), 32
        if "%" not in address:
            return int(IPv6Address(address)), 128
    except ValueError:
        pass
    raise invalid


def _cidrhost(prefix: Value, hostnum: Value) -> Value:
    network = _parse(prefix)
    if not hostnum.data.is_integer or hostnum.data.exponent > 200:
        raise FunctionError("a whole number is required", 1)
    number = int(hostnum.data)
    size = 1 << (network.bits - network.length)
    if not -size <= number < size:
        raise FunctionError(f"prefix of {network.length} does not accommodate a host numbered {number}")
    return text(_address(network.first + number % size, network.bits))


def _cidrnetmask(prefix: Value) -> Value:
    network = _parse(prefix)
    if network.bits != 32:
        raise FunctionError(f"IPv6 addresses cannot have a netmask: {prefix.data}")
    return text(_address((0xFFFFFFFF << (32 - network.length)) & 0xFFFFFFFF, 32))


def _cidrsubnet(prefix: Value, newbits: Value, netnum: Value) -> Value:
    network = _parse(prefix)
    added = whole(newbits, 1)
    if not netnum.data.is_integer or netnum.data.exponent > 200:
        raise FunctionError("a whole number is required", 2)
    number = int(netnum.data)
    length = network.length + added
    if not 0 <= length <= network.bits:
        raise FunctionError(f"insufficient address space to extend prefix of {network.length} by {added}")
    # as in Terraform, only extensions of 0 to 63 bits are checked, and a negative number gives the absolute value
    first = abs(network.first | (number << (network.bits - length)))
    if (0 <= added < 64 and abs(number) >= 1 << added) or first >= 1 << network.bits:
        raise FunctionError(f"prefix extension of {added} does not accommodate a subnet numbered {number}")
    return text(_Network(first, length, network.bits).text)


def _cidrsubnets(prefix: Value, *newbits: Value) -> Value:
    network = _parse(prefix)
    bounded_elements(len(newbits))
    made: list[Value] = []
    end = network.first + (1 << (network.bits - network.length))
    following = network.first
    for index, bits in enumerate(newbits):
        added = whole(bits, 1 + index)
        if added < 1:
            raise FunctionError("must extend prefix by at least one bit", 1 + index)
        if added > MAX_NEW_BITS:
            raise FunctionError(f"may not extend prefix by more than {MAX_NEW_BITS} bits", 1 + index)
        length = network.length + added
        if length > network.bits:
            raise FunctionError(f"would extend prefix to {length} bits, which is too long for an address", 1 + index)
        size = 1 << (network.bits - length)
        first = -(-following // size) * size
        if first + size > end:
            raise FunctionError(
                f"not enough remaining address space for a subnet with a prefix of {length} bits", 1 + index
            )
        made.append(text(_Network(first, length, network.bits).text))
        following = first + size
    return value.list_of(STRING, made)


def _cidrcontains(containing: Value, contained: Value) -> Value:
    network = _in_its_family(_parse(containing))
    inner = _in_its_family(_address_or_network(contained))
    if network.bits != inner.bits:
        raise FunctionError(f"one of {containing.data} and {contained.data} is of IPv4, the other of IPv6")
    rest = network.bits - network.length
    return value.boolean(inner.length >= network.length and inner.first >> rest == network.first >> rest)


def _address_or_network(given: Value) -> _Network:
    invalid = FunctionError(f"invalid IP address or prefix: {given.data}", 1)
    if "/" not in given.data:
        number, bits = _number(given.data, invalid)
        return _Network(number, bits, bits)
    try:
        return _parse(given)
    except FunctionError:
        raise invalid from None


def _in_its_family(network: _Network) -> _Network:
    """Return a network of IPv4 that is written as IPv6 (`::ffff:10.0.0.0/104`) as IPv4, any other unchanged."""
    if network.bits == 128 and network.length >= 96 and network.first >> 32 == 0xFFFF:
        return _Network(network.first & 0xFFFFFFFF, network.length - 96, 32)
    return network


_PREFIX = Parameter("prefix", STRING)

FUNCTIONS = (
    Function(
        "cidrcontains",
        (Parameter("containing_prefix", STRING), Parameter("contained_ip_or_prefix", STRING)),
        BOOL,
        _cidrcontains,
    ),
    Function("cidrhost", (_PREFIX, Parameter("hostnum", NUMBER)), STRING, _cidrhost),
    Function("cidrnetmask", (_PREFIX,), STRING, _cidrnetmask),
    Function("cidrsubnet", (_PREFIX, Parameter("newbits", NUMBER), Parameter("netnum", NUMBER)), STRING, _cidrsubnet),
    Function("cidrsubnets", (_PREFIX,), ListType(STRING), _cidrsubnets, variadic=Parameter("newbits", NUMBER)),
)
