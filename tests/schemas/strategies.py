"""Schemas of any shape, for properties."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType, TupleType, Type, object_type
from iacpolicy.schemas.schema import NESTINGS, AttributeSchema, BlockSchema, NestedAttributes, Schema

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
_leaves: st.SearchStrategy[Type] = st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC])


def _larger(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.one_of(
        st.builds(ListType, inner),
        st.builds(SetType, inner),
        st.builds(MapType, inner),
        st.lists(inner, max_size=3).map(lambda types: TupleType(tuple(types))),
        st.dictionaries(names, inner, max_size=3).map(object_type),
    )


types = st.recursive(_leaves, _larger, max_leaves=6)
_json = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=10), st.lists(st.integers(0, 9)))
_flags: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {flag: st.booleans() for flag in ("required", "optional", "computed", "sensitive", "write_only", "force_new")}
)


@st.composite
def _plain(draw: st.DrawFn) -> AttributeSchema:
    default = draw(st.one_of(st.just(msgspec.UNSET), _json))
    one_of = tuple(draw(st.lists(st.text(max_size=5), max_size=3)))
    return AttributeSchema(draw(types), default=default, one_of=one_of, **draw(_flags))


def _nested(inner: st.SearchStrategy[AttributeSchema]) -> st.SearchStrategy[AttributeSchema]:
    @st.composite
    def build(draw: st.DrawFn) -> AttributeSchema:
        members = NestedAttributes(draw(st.sampled_from(NESTINGS)), draw(st.dictionaries(names, inner, max_size=3)))
        return AttributeSchema(members.type, nested=members, **draw(_flags))

    return build()


attributes = st.recursive(_plain(), _nested, max_leaves=5)


def _blocks(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    block = st.builds(BlockSchema, st.sampled_from(NESTINGS), inner, st.integers(0, 3), st.integers(0, 3))
    return st.builds(
        Schema,
        st.dictionaries(names, attributes, max_size=3),
        st.dictionaries(names, block, max_size=2),
        st.integers(0, 9),
    )


schemas = st.recursive(st.builds(Schema, st.dictionaries(names, attributes, max_size=4)), _blocks, max_leaves=4)
