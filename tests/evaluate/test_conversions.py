"""Conversions: round trips and idempotence."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType, Type
from iacpolicy.evaluate.values import numbers
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.convert import convert, unify
from iacpolicy.evaluate.values.errors import ConversionError
from iacpolicy.evaluate.values.value import Value, content_key

decimals = st.tuples(st.integers(-(10**40), 10**40), st.integers(-30, 30)).map(lambda p: f"{p[0]}e{p[1]}")
scalars = st.one_of(
    decimals.map(lambda t: Value(NUMBER, numbers.parse(t))),
    st.booleans().map(values.boolean),
    st.text(max_size=5).map(values.string),
)
whole = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(values.tuple_of),
        st.dictionaries(st.text("abc", max_size=2), inner, max_size=3).map(values.object_of),
    ),
    max_leaves=8,
)
primitives = st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC])
types: st.SearchStrategy[Type] = st.recursive(
    primitives, lambda inner: st.one_of(inner.map(ListType), inner.map(SetType), inner.map(MapType)), max_leaves=3
)


@given(decimals)
def test_numbers_survive_as_text(text: str) -> None:
    """A number that is converted to a string and back is the same, and exact within 512 bits."""
    value = Value(NUMBER, numbers.parse(text))
    back = convert(convert(value, STRING), NUMBER)
    assert content_key(back) == content_key(value)
    exact = Fraction(text)
    near = Fraction(str(value.data))
    assert abs(near - exact) <= abs(exact) / 2**500


@given(st.booleans())
def test_bools_survive_as_text(flag: bool) -> None:
    """A bool that is converted to a string and back is the same."""
    assert convert(convert(values.boolean(flag), STRING), BOOL).data is flag


@given(whole, types)
def test_converting_twice_changes_nothing(value: Value, target: Type) -> None:
    """A converted value has the requested type, and a second conversion does not change it."""
    try:
        once = convert(value, target)
    except ConversionError:
        return
    twice = convert(once, target)
    assert content_key(twice) == content_key(once)
    assert twice.type == once.type


@given(st.lists(whole, min_size=1, max_size=3))
def test_what_unifies_converts(parts: list[Value]) -> None:
    """Values can be converted to the common type of their types, in any order."""
    shared = unify([p.type for p in parts])
    assert shared == unify([p.type for p in reversed(parts)])
    if shared is None:
        return
    for part in parts:
        convert(part, shared)
