"""The compact form keeps everything, and survives any bytes."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.schemas.strategies import schemas, types

from iacpolicy.core.types import BOOL, STRING
from iacpolicy.schemas.schema import AttributeSchema, FunctionSchema, Parameter, Schema, Source
from iacpolicy.schemas.wire import (
    ProviderRecord,
    SchemaError,
    decode_function,
    decode_schema,
    encode_function,
    encode_schema,
    read_file,
    write_file,
)


@given(schemas)
def test_a_schema_comes_back_as_it_went(schema: Schema) -> None:
    """Encoding loses nothing."""
    assert decode_schema(encode_schema(schema)) == schema


@given(types, types)
def test_a_function_comes_back_as_it_went(one: object, other: object) -> None:
    """Parameters, the variadic one and the result keep their types."""
    function = FunctionSchema((Parameter("a", one), Parameter("b", BOOL, True)), other, Parameter("rest", STRING))  # type: ignore[arg-type]
    assert decode_function(encode_function(function)) == function


def test_an_optional_string_is_one_number() -> None:
    """The most common attribute takes the bytes of its name and two more."""
    schema = Schema({"a": AttributeSchema(STRING, optional=True)})
    larger = Schema({"a": AttributeSchema(STRING, optional=True), "b": AttributeSchema(STRING, optional=True)})
    assert len(encode_schema(larger)) - len(encode_schema(schema)) <= 3


def _pack(value: object) -> bytes:
    try:
        return msgspec.msgpack.encode(value)
    except OverflowError:
        return b""


_junk = st.recursive(st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.one_of(st.binary(max_size=200), _junk.map(_pack)))
def test_damaged_bytes_are_refused_as_such(data: bytes) -> None:
    """Any bytes give a schema or a `SchemaError`, and no other error."""
    for read in (read_file, decode_schema, decode_function):
        with contextlib.suppress(SchemaError):
            read(data)


@given(schemas, st.data())
def test_a_flipped_byte_is_noticed_or_harmless(schema: Schema, data: st.DataObject) -> None:
    """A wrong byte gives a `SchemaError`, or a schema that is still usable."""
    encoded = bytearray(encode_schema(schema))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SchemaError):
        damaged = decode_schema(bytes(encoded))
        assert all(isinstance(name, str) for name, _ in damaged.type.attributes)
        assert damaged.at(("no", "such", "thing")) is None or damaged.type.get("no") is not None


@pytest.mark.parametrize("levels", [100, 800, 100_000])
def test_deep_nesting_is_refused(levels: int) -> None:
    """A schema nested beyond any provider's need does not exhaust the stack."""
    data = msgspec.msgpack.encode([0, False, {"a": [1, 1]}, {}])
    inner = msgspec.msgpack.encode(1)
    deep = b"".join(b"\x92\x01" for _ in range(levels))  # a list of a list of …
    assert data.count(b"\x92\x01" + inner) == 1
    with pytest.raises(SchemaError):
        decode_schema(data.replace(b"\x92\x01" + inner, b"\x92\x01" + deep + inner))


def test_another_format_is_refused_by_its_number() -> None:
    """A file of a later release says so, rather than being misread."""
    record = ProviderRecord(Source("a/b", "1", "test"), None, {}, {}, {}, {})
    data = write_file([record])
    assert read_file(data) == [record]
    with pytest.raises(SchemaError, match="format 99"):
        read_file(data.replace(b"\x92\x01", b"\x92\x63", 1))
