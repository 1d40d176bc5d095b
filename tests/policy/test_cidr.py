"""Overlaps of known ranges and of parts of unknown ranges, compared with the module ipaddress."""

import ipaddress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iacpolicy.core.types import STRING
from iacpolicy.evaluate.values.identities import IndexStep, InputVariable
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.terms import Cause, Reason, Symbol, Term, apply, fact_symbol, part
from iacpolicy.evaluate.values.value import Value, number, string, unknown
from iacpolicy.policy.attributes.truth import Truth
from iacpolicy.policy.library.cidr import Range, Ranges, overlap, range_of

BASE = fact_symbol(InputVariable("", "cidr"), Reason(Cause.VARIABLE, "`var.cidr` has no value"))
SAMPLE = ipaddress.IPv4Network("10.0.0.0/8")

# Without checks of the time, so that a busy machine does not fail a test.
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
networks = st.builds(
    lambda address, length: ipaddress.IPv4Network((address, length), strict=False),
    st.integers(0, 2**12 - 1).map(lambda n: n << 20),
    st.integers(0, 14),
)
cuts = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 15)), max_size=4)


def _cut(steps: list[tuple[int, int]]) -> tuple[Term, ipaddress.IPv4Network]:
    """Return repeated calls of `cidrsubnet` for an unknown range, and the same for a known one."""
    term: Term = BASE
    network = SAMPLE
    for bits, chosen in steps:
        part = chosen % (1 << bits)
        term = apply("cidrsubnet", term, constant(number(bits)), constant(number(part)))
        network = list(network.subnets(bits))[part]
    return term, network


@SLOW
@given(networks, networks)
def test_known_ranges(left: ipaddress.IPv4Network, right: ipaddress.IPv4Network) -> None:
    """Two known ranges overlap exactly if the module ipaddress says so."""
    truth = Truth(overlap(string(str(left)), string(str(right))))
    assert truth.is_decided
    assert bool(truth) is left.overlaps(right)


@SLOW
@given(cuts, cuts)
def test_parts_of_an_unknown_range(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    """Parts of one unknown range overlap exactly if the same parts of a known range do."""
    (left, left_network), (right, right_network) = _cut(one), _cut(other)
    truth = Truth(overlap(unknown(STRING, left), unknown(STRING, right)))
    assert truth.is_decided
    assert bool(truth) is left_network.overlaps(right_network)


@SLOW
@given(st.lists(networks, max_size=20), networks)
def test_index(shelved: list[ipaddress.IPv4Network], wanted: ipaddress.IPv4Network) -> None:
    """The index finds exactly the ranges that overlap."""
    index: Ranges[ipaddress.IPv4Network] = Ranges()
    for network in shelved:
        index.add(_range(string(str(network))), network)
    found = list(index.overlapping(_range(string(str(wanted)))))
    assert sorted(map(str, found)) == sorted(str(n) for n in shelved if n.overlaps(wanted))


def _range(value: Value) -> Range:
    found = range_of(value)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("left", "right"),
    [("10.0.0.0/8", "::/0"), ("10.0.0.0/8", "no range"), ("10.0.0.0/8", "")],
)
def test_no_overlap(left: str, right: str) -> None:
    """Ranges of two address families do not overlap, and neither do texts that are not ranges."""
    assert not Truth(overlap(string(left), string(right)))


def test_absent() -> None:
    """An absent range does not overlap any other."""
    assert not Truth(overlap(None, string("10.0.0.0/8")))


def test_unknown_and_known() -> None:
    """The overlap of an unknown and a known range is a condition with the text and reasons of both."""
    term = overlap(unknown(STRING, BASE), string("10.0.0.0/8"))
    assert not Truth(term).is_decided
    assert term.text == '"10.0.0.0/8" overlaps var.cidr'
    assert isinstance(term, Symbol)
    assert term.reasons == BASE.reasons


def test_lists_of_parts() -> None:
    """`cidrsubnets` aligns each part to its size, as Terraform does."""
    sizes = (4, 4, 8, 4)
    whole = apply("cidrsubnets", BASE, *(constant(number(n)) for n in sizes))
    parts = [unknown(STRING, apply("[]", whole, constant(number(i)))) for i in range(len(sizes))]
    ranges = [_range(each) for each in parts]
    assert [(r.prefix, r.length) for r in ranges] == [(0, 4), (1, 4), (32, 8), (3, 4)]
    assert range_of(unknown(STRING, part(whole, IndexStep(Number(1), "1")))) == ranges[1]
