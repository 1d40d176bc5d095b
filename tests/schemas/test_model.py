"""Types and paths of a schema."""

import pytest

from iacpolicy.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    Type,
    object_type,
)
from iacpolicy.schemas.schema import AttributeSchema, BlockSchema, NestedAttributes, Nesting, Schema


def _nested(nesting: Nesting, **members: AttributeSchema) -> AttributeSchema:
    nested = NestedAttributes(nesting, members)
    return AttributeSchema(nested.type, optional=True, nested=nested)


_VALUE = AttributeSchema(STRING, optional=True, sensitive=True)
_SCHEMA = Schema(
    {
        "name": AttributeSchema(STRING, required=True),
        "env_vars": _nested("map", value=_VALUE, generate=AttributeSchema(BOOL, optional=True)),
        "computed": AttributeSchema(ListType(object_type({"arn": STRING, "tags": MapType(NUMBER)})), computed=True),
        "free": AttributeSchema(DYNAMIC, optional=True),
    },
    {
        "rule": BlockSchema("list", Schema({"port": AttributeSchema(NUMBER, required=True)}), min=1),
        "filter": BlockSchema("single", Schema({}, {"and": BlockSchema("set", Schema({"x": _VALUE}))})),
    },
)


def test_the_type_of_a_schema_is_the_object_of_all_its_parts() -> None:
    """Attributes and blocks are members; blocks are collected by their nesting mode."""
    assert _SCHEMA.type == object_type(
        {
            "name": STRING,
            "env_vars": MapType(object_type({"value": STRING, "generate": BOOL})),
            "computed": ListType(object_type({"arn": STRING, "tags": MapType(NUMBER)})),
            "free": DYNAMIC,
            "rule": ListType(object_type({"port": NUMBER})),
            "filter": object_type({"and": SetType(object_type({"x": STRING}))}),
        }
    )


@pytest.mark.parametrize(("nesting", "type_"), [("list", DYNAMIC), ("map", DYNAMIC)])
def test_blocks_with_a_member_of_any_type_have_no_type_yet(nesting: Nesting, type_: Type) -> None:
    """Each instance may have another type, so that a list or map of them is a tuple or object later."""
    body = Schema({"x": AttributeSchema(ListType(DYNAMIC), optional=True)})
    assert BlockSchema(nesting, body).type == type_
    assert isinstance(BlockSchema("single", body).type, ObjectType)


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        (("name",), STRING),
        (("env_vars", "value"), STRING),
        (("rule", "port"), NUMBER),
        (("filter", "and", "x"), STRING),
        (("computed", "arn"), STRING),
        (("computed", "tags", "owner"), NUMBER),
        (("free", "anything", "at", "all"), DYNAMIC),
    ],
)
def test_a_path_leads_through_nested_attributes_blocks_and_types(path: tuple[str, ...], type_: Type) -> None:
    """A path of names finds a nested attribute."""
    found = _SCHEMA.at(path)
    assert isinstance(found, AttributeSchema)
    assert found.type == type_


def test_a_path_to_a_block_gives_the_block() -> None:
    """A path can name a block."""
    assert _SCHEMA.at(("filter", "and")) is _SCHEMA.blocks["filter"].schema.blocks["and"]


@pytest.mark.parametrize("path", [(), ("nome",), ("name", "x"), ("rule", "x"), ("env_vars", "x"), ("computed", "x")])
def test_a_path_that_leads_nowhere_gives_none(path: tuple[str, ...]) -> None:
    """A path that the schema lacks gives None."""
    assert _SCHEMA.at(path) is None


def test_flags_of_a_whole_hold_inside_it() -> None:
    """Inside an attribute that has only a type, the flags are those of the attribute."""
    inner = _SCHEMA.at(("computed", "arn"))
    assert isinstance(inner, AttributeSchema)
    assert inner.computed
    assert not inner.settable


def test_a_configuration_may_leave_out_optional_members() -> None:
    """The type for conversion knows which members may be absent; the implied type does not."""
    attribute = _nested("list", a=AttributeSchema(STRING, required=True), b=AttributeSchema(STRING, optional=True))
    assert attribute.type == ListType(object_type({"a": STRING, "b": STRING}))
    assert attribute.config_type == ListType(object_type({"a": STRING, "b": STRING}, frozenset({"b"})))
