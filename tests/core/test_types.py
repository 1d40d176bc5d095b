"""Terraform's types: their JSON form and their texts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    TupleType,
    Type,
    friendly_name,
    from_json,
    object_type,
    to_json,
)

TYPES = st.recursive(
    st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC]),
    lambda inner: st.one_of(
        inner.map(ListType),
        inner.map(SetType),
        inner.map(MapType),
        st.lists(inner, max_size=3).map(lambda types: TupleType(tuple(types))),
        st.dictionaries(st.text("ab", min_size=1, max_size=2), inner, max_size=3).map(object_type),
    ),
    max_leaves=8,
)


@given(TYPES)
def test_json_round_trip(type_: Type) -> None:
    """A type is read back from its JSON form."""
    assert from_json(to_json(type_)) == type_


@pytest.mark.parametrize("spec", ["text", ["list"], ["list", "string", "string"], ["object", []], [], None, 3])
def test_what_is_no_type(spec: Any) -> None:
    """A form that is no type is refused."""
    with pytest.raises(ValueError, match="not a Terraform type"):
        from_json(spec)


def test_texts() -> None:
    """Types are written as in a type constraint, and named as in Terraform's messages."""
    type_ = object_type({"b": ListType(STRING), "a": DYNAMIC}, frozenset({"a"}))
    assert str(type_) == "object({a = optional(any), b = list(string)})"
    assert str(TupleType((BOOL, MapType(NUMBER)))) == "tuple([bool, map(number)])"
    assert friendly_name(SetType(ListType(STRING))) == "set of list of string"
    assert friendly_name(type_) == "object"
    assert friendly_name(TupleType(())) == "tuple"
    assert friendly_name(DYNAMIC) == "dynamic"


def test_object_attributes() -> None:
    """Objects are equal whatever the order of their attributes, which are found by name."""
    type_ = object_type({"b": STRING, "a": NUMBER})
    assert type_ == object_type({"a": NUMBER, "b": STRING})
    assert type_.get("a") is NUMBER
    assert type_.get("c") is None
