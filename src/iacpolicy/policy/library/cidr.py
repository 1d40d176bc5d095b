"""Overlaps of address ranges that are known or relative to an unknown range.

`cidrsubnet(var.cidr, 4, 1)` and `cidrsubnet(var.cidr, 4, 2)` do not overlap for any `var.cidr`. So a range is a prefix
under a base. The base is the address space for a known range, and the unknown range for a part of one.
"""

import ipaddress
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.identities import IndexStep, PolicyQuestion
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Apply, Cause, Constant, Term, fact_symbol, reasons
from iacpolicy.evaluate.values.value import Choice, Unknown, Value
from iacpolicy.graph.joins import arms_of, joins_of
from iacpolicy.policy.api import Graph, Resource, Truth
from iacpolicy.policy.attributes.truth import FALSE_TERM, TRUE_TERM, conditional

Item = TypeVar("Item")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MAX_BITS = 128


def network(text: object) -> Network | None:
    """Return the range or address in a text, None if the text is neither."""
    try:
        return ipaddress.ip_network(str(text), strict=False)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Range:
    """A prefix of `length` bits under a base."""

    base: str
    prefix: int
    length: int

    def overlaps(self, other: "Range") -> bool:
        """Report that one contains the other; both have the same base."""
        shared = min(self.length, other.length)
        return self.prefix >> (self.length - shared) == other.prefix >> (other.length - shared)


def range_of(value: Value) -> Range | None:
    """Return the range of a value, None if it is not a range or depends on a condition."""
    if isinstance(value.data, str):
        found = network(value.data)
        if found is None:
            return None
        return Range(
            f"IPv{found.version}",
            int(found.network_address) >> (found.max_prefixlen - found.prefixlen),
            found.prefixlen,
        )
    return _relative(value.data.term) if isinstance(value.data, Unknown) else None


def _relative(term: Term) -> Range:
    """Return the range of a term, relative to the unknown range from which `cidrsubnet` or `cidrsubnets` takes it."""
    prefix, length = 0, 0
    while isinstance(term, Apply):
        cut = _cut(term)
        if cut is None or length + cut[2] > MAX_BITS:
            break
        term, number, bits = cut
        prefix |= number << length
        length += bits
    return Range(f"?{term.key}", prefix, length)


def _cut(term: Apply) -> tuple[Term, int, int] | None:
    """Return the range that a call divides, the number of the part, and the additional bits of its prefix."""
    if term.operator == "cidrsubnet" and len(term.operands) == 3:
        bits, number = (_whole(o) for o in term.operands[1:])
        return None if bits is None or number is None or number >> bits else (term.operands[0], number, bits)
    inner = term.operands[0] if term.operands else None
    if not isinstance(inner, Apply) or inner.operator != "cidrsubnets":
        return None
    index = _position(term)
    sizes = [_whole(o) for o in inner.operands[1:]]
    if index is None or index >= len(sizes):
        return None
    end, most = 0, max((s for s in sizes if s is not None), default=0)
    for position, size in enumerate(sizes):
        if size is None or size > MAX_BITS:
            return None
        width = 1 << (most - size)
        start = -(-end // width) * width
        if position == index:
            return inner.operands[0], start >> (most - size), size
        end = start + width
    return None


def _whole(term: Term) -> int | None:
    value = term.value if isinstance(term, Constant) else None
    return int(value) if isinstance(value, Number) and value.is_integer and value.mantissa >= 0 else None


def _position(term: Apply) -> int | None:
    """Return the index of an element that a term takes, None where it takes none or the index is no whole number."""
    if term.operator == "[]":
        return _whole(term.operands[1])
    index = term.step.index if isinstance(term.step, IndexStep) else None
    return int(index) if isinstance(index, Number) and index.is_integer and index.mantissa >= 0 else None


def ranges_of(resource: Resource, name: str, graph: Graph) -> list[Range]:
    """Return the ranges that an attribute may have, one for each arm of a condition."""
    value = joins_of(graph.inner).value(resource.node, name)
    return [found for arm in arms_of(value) if (found := range_of(arm)) is not None]


def overlapping(one: Resource, other: Resource, name: str, graph: Graph) -> Truth:
    """Return the condition that the ranges of two resources in an attribute overlap."""
    joins = joins_of(graph.inner)
    return Truth(overlap(joins.value(one.node, name), joins.value(other.node, name)))


def overlap(left: Value | None, right: Value | None) -> Term:
    """Return the condition that two ranges overlap; false if one is absent or not a range."""
    if left is None or right is None or left.data is None or right.data is None:
        return FALSE_TERM
    if isinstance(left.data, Choice):
        chosen = left.data
        return conditional(chosen.condition, overlap(chosen.then, right), overlap(chosen.otherwise, right))
    if isinstance(right.data, Choice):
        return overlap(right, left)
    a, b = range_of(left), range_of(right)
    if a is None or b is None:
        return FALSE_TERM
    if a.base == b.base:
        return TRUE_TERM if a.overlaps(b) else FALSE_TERM
    why = tuple(dict.fromkeys(r for v in (left, right) if isinstance(v.data, Unknown) for r in reasons(v.data.term)))
    if not why or any(r.cause is Cause.ERROR for r in why):
        return FALSE_TERM
    one, other = sorted((term_of(left), term_of(right)), key=lambda t: t.key)
    return fact_symbol(PolicyQuestion("overlap", (one.key, other.key), f"{one.text} overlaps {other.text}"), *why)


@dataclass(slots=True)
class Ranges(Generic[Item]):
    """An index of items by their ranges, which finds overlapping items without comparing all pairs."""

    _by_range: dict[Range, list[Item]] = field(default_factory=dict)
    _sorted: dict[str, list[tuple[int, int, Range]]] | None = None

    def add(self, range_: Range, item: Item) -> None:
        self._by_range.setdefault(range_, []).append(item)
        self._sorted = None

    def overlapping(self, range_: Range) -> Iterator[Item]:
        """Yield the items whose range contains the given one, then those that it contains."""
        for length in range(range_.length + 1):
            holder = Range(range_.base, range_.prefix >> (range_.length - length), length)
            yield from self._by_range.get(holder, ())
        ordered = self._ordered().get(range_.base, [])
        first = _first(range_)
        end = first + (1 << (MAX_BITS - range_.length))
        for start, length, inner in ordered[bisect_left(ordered, (first, range_.length + 1)) :]:
            if start >= end:
                break
            if length > range_.length:
                yield from self._by_range[inner]

    def elsewhere(self, range_: Range, most: int) -> Iterator[Item]:
        """Yield at most `most` items with another base, whose overlap with the range is unknown."""
        count = 0
        for other, items in self._by_range.items():
            if other.base != range_.base and "?" in (other.base[0], range_.base[0]):
                for item in items:
                    count += 1
                    if count > most:
                        return
                    yield item

    def _ordered(self) -> dict[str, list[tuple[int, int, Range]]]:
        if self._sorted is None:
            found: dict[str, list[tuple[int, int, Range]]] = {}
            for range_ in self._by_range:
                found.setdefault(range_.base, []).append((_first(range_), range_.length, range_))
            for entries in found.values():
                entries.sort(key=lambda e: e[:2])
            self._sorted = found
        return self._sorted


def _first(range_: Range) -> int:
    return range_.prefix << (MAX_BITS - range_.length)
