"""The compact form of schemas in a data file: small, and each type decodable by itself.

A file is msgpack: providers, each with its types as separate byte strings, so that a reader decodes only the
type it looks up. Inside a type all fields are positional; an attribute that is an optional string is one integer.
"""

from typing import Any

import msgspec

from iacpolicy.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    object_type,
)
from iacpolicy.schemas.schema import (
    NESTINGS,
    AttributeSchema,
    BlockSchema,
    FunctionSchema,
    NestedAttributes,
    Parameter,
    Schema,
    Source,
)

FORMAT = 1
_MAX_DEPTH = 60
_PRIMITIVES: tuple[Primitive, ...] = (STRING, NUMBER, BOOL, DYNAMIC)
_LIST, _SET, _MAP, _TUPLE, _OBJECT = range(1, 6)
_FLAGS = ("required", "optional", "computed", "sensitive", "write_only", "deprecated", "force_new")
_HAS_NESTED, _HAS_DEFAULT, _HAS_ONE_OF = 1 << 7, 1 << 8, 1 << 9
_FLAG_SETS: dict[int, dict[str, Any]] = {}
_BROKEN = (msgspec.DecodeError, RecursionError, TypeError, ValueError, KeyError, IndexError, AttributeError)


class SchemaError(ValueError):
    """Schema data of a wrong form; the text is the reason, written for the user."""


class ProviderRecord(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One provider in a file, its types still encoded."""

    source: Source
    config: bytes | None
    resources: dict[str, bytes]
    data_sources: dict[str, bytes]
    ephemerals: dict[str, bytes]
    functions: dict[str, bytes]


class FileRecord(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A whole data file."""

    format: int
    providers: list[ProviderRecord]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode
_decode_file = msgspec.msgpack.Decoder(FileRecord).decode


def read_file(data: bytes) -> list[ProviderRecord]:
    """Return the providers in a data file.

    Raises:
        SchemaError: the bytes are not such a file, or have another format version.
    """
    try:
        file = _decode_file(data)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise SchemaError(f"not a file of compiled schemas: {problem}") from None
    if file.format != FORMAT:
        raise SchemaError(f"compiled schemas of format {file.format}, but this release reads {FORMAT}")
    return file.providers


def write_file(providers: list[ProviderRecord]) -> bytes:
    """Return the data file with these providers."""
    return _encode(FileRecord(FORMAT, providers))


def encode_schema(schema: Schema) -> bytes:
    """Return one type's schema."""
    return _encode(_schema_out(schema))


def decode_schema(data: bytes) -> Schema:
    """Return the schema that `encode_schema` wrote.

    Raises:
        SchemaError: the bytes are not such a schema, or are nested deeper than the schema of any provider.
    """
    try:
        return _schema_in(_decode(data), 0)
    except _BROKEN as problem:
        raise SchemaError(f"not a compiled schema: {problem}") from None


def encode_function(function: FunctionSchema) -> bytes:
    """Return one function's signature."""
    variadic = None if function.variadic is None else _parameter_out(function.variadic)
    return _encode([[_parameter_out(p) for p in function.parameters], _type_out(function.returns), variadic])


def decode_function(data: bytes) -> FunctionSchema:
    """Return the signature that `encode_function` wrote.

    Raises:
        SchemaError: the bytes are not such a signature.
    """
    try:
        parameters, returns, variadic = _decode(data)
        return FunctionSchema(
            tuple(map(_parameter_in, parameters)),
            _type_in(returns, 0),
            None if variadic is None else _parameter_in(variadic),
        )
    except _BROKEN as problem:
        raise SchemaError(f"not a compiled function: {problem}") from None


def _schema_out(schema: Schema) -> list[Any]:
    blocks = {
        name: [NESTINGS.index(b.nesting), b.min, b.max, _schema_out(b.schema)] for name, b in schema.blocks.items()
    }
    return [schema.version, schema.deprecated, {k: _attribute_out(a) for k, a in schema.attributes.items()}, blocks]


def _schema_in(raw: Any, depth: int) -> Schema:
    if depth > _MAX_DEPTH:
        raise SchemaError(f"more than {_MAX_DEPTH} levels of blocks")
    version, deprecated, attributes, blocks = raw
    return Schema(
        {_name(k): _attribute_in(a, depth) for k, a in attributes.items()},
        {
            _name(k): BlockSchema(NESTINGS[nesting], _schema_in(body, depth + 1), int(low), int(high))
            for k, (nesting, low, high, body) in blocks.items()
        },
        int(version),
        bool(deprecated),
    )


def _attribute_out(attribute: AttributeSchema) -> Any:
    flags = sum(1 << i for i, flag in enumerate(_FLAGS) if getattr(attribute, flag))
    extra: list[Any] = []
    if attribute.default is not msgspec.UNSET:
        flags |= _HAS_DEFAULT
        extra.append(attribute.default)
    if attribute.one_of:
        flags |= _HAS_ONE_OF
        extra.append(attribute.one_of)
    if attribute.nested is None:
        if attribute.type == STRING and not extra:
            return flags
        return [flags, _type_out(attribute.type), *extra]
    members = {k: _attribute_out(a) for k, a in attribute.nested.attributes.items()}
    return [flags | _HAS_NESTED, [NESTINGS.index(attribute.nested.nesting), members], *extra]


def _attribute_in(raw: Any, depth: int) -> AttributeSchema:
    if depth > _MAX_DEPTH:
        raise SchemaError(f"more than {_MAX_DEPTH} levels of nested attributes")
    if isinstance(raw, int):
        return AttributeSchema(STRING, **_flags_in(raw))
    flags, shape, *extra = raw
    nested = None
    if flags & _HAS_NESTED:
        nesting, members = shape
        nested = NestedAttributes(
            NESTINGS[nesting], {_name(k): _attribute_in(a, depth + 1) for k, a in members.items()}
        )
        type_ = nested.type
    else:
        type_ = _type_in(shape, depth)
    default = _json(extra.pop(0), depth) if flags & _HAS_DEFAULT else msgspec.UNSET
    one_of = tuple(map(_name, extra.pop(0))) if flags & _HAS_ONE_OF else ()
    return AttributeSchema(type_, default=default, one_of=one_of, nested=nested, **_flags_in(flags))


def _name(raw: Any) -> str:
    if not isinstance(raw, str):
        raise SchemaError(f"{raw!r} is not a name")
    return raw


def _json(raw: Any, depth: int) -> Any:
    """Return a default that is JSON and not nested too deeply; msgpack also has other values."""
    if depth > _MAX_DEPTH:
        raise SchemaError(f"more than {_MAX_DEPTH} levels in a default")
    match raw:
        case None | str() | bool() | int() | float():
            return raw
        case list():
            return [_json(element, depth + 1) for element in raw]
        case dict():
            return {_name(key): _json(element, depth + 1) for key, element in raw.items()}
        case _:
            raise SchemaError(f"{type(raw).__name__} in a default")


def _flags_in(flags: int) -> dict[str, Any]:
    found = _FLAG_SETS.get(flags)
    if found is None:
        found = _FLAG_SETS[flags & 0x3FF] = {flag: True for i, flag in enumerate(_FLAGS) if flags >> i & 1}
    return found


def _type_out(type_: Type) -> Any:
    match type_:
        case Primitive():
            return _PRIMITIVES.index(type_)
        case ListType(element):
            return [_LIST, _type_out(element)]
        case SetType(element):
            return [_SET, _type_out(element)]
        case MapType(element):
            return [_MAP, _type_out(element)]
        case TupleType(elements):
            return [_TUPLE, [_type_out(e) for e in elements]]
        case ObjectType(attributes, optional):
            return [_OBJECT, {k: _type_out(t) for k, t in attributes}, sorted(optional)]


def _type_in(raw: Any, depth: int) -> Type:
    if isinstance(raw, int):
        return _PRIMITIVES[raw]
    if depth > _MAX_DEPTH:
        raise SchemaError(f"more than {_MAX_DEPTH} levels of types")
    kind, inner, *optional = raw
    if kind == _TUPLE:
        return TupleType(tuple(_type_in(e, depth + 1) for e in inner))
    if kind == _OBJECT:
        members = {_name(k): _type_in(t, depth + 1) for k, t in inner.items()}
        return object_type(members, frozenset(optional[0]) if optional else frozenset())
    element = _type_in(inner, depth + 1)
    return ListType(element) if kind == _LIST else SetType(element) if kind == _SET else MapType(element)


def _parameter_out(parameter: Parameter) -> list[Any]:
    return [parameter.name, _type_out(parameter.type), parameter.nullable]


def _parameter_in(raw: Any) -> Parameter:
    name, type_, nullable = raw
    return Parameter(_name(name), _type_in(type_, 0), bool(nullable))
