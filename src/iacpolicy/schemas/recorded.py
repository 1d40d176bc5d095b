"""The recorded form of a provider's schema: Terraform's own JSON shortened to names, types, nesting and true flags.

The shipped facts are compiled from it; `to_recorded` returns it again, for tools that read JSON.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from iacpolicy.core.types import Primitive, Type, from_json, to_json
from iacpolicy.schemas.schema import (
    NESTINGS,
    AttributeSchema,
    BlockSchema,
    FunctionSchema,
    NestedAttributes,
    Nesting,
    Parameter,
    Schema,
    Source,
)
from iacpolicy.schemas.wire import (
    ProviderRecord,
    SchemaError,
    decode_function,
    decode_schema,
    encode_function,
    encode_schema,
)

FLAGS = ("required", "optional", "computed", "sensitive", "write_only", "deprecated", "force_new")


def from_recorded(document: Mapping[str, Any]) -> ProviderRecord:
    """Return one provider from its recorded form.

    Raises:
        SchemaError: the document is not of that form.
    """
    try:
        config = document.get("provider_config")
        schemas = {
            section: {name: encode_schema(schema_from(body)) for name, body in (document.get(section) or {}).items()}
            for section in ("resources", "data_sources", "ephemeral_resources")
        }
        functions = {k: encode_function(_function_from(f)) for k, f in (document.get("functions") or {}).items()}
        return ProviderRecord(
            Source(document["provider"], str(document["version"]).removeprefix("v"), document["how"]),
            None if config is None else encode_schema(schema_from(config)),
            schemas["resources"],
            schemas["data_sources"],
            schemas["ephemeral_resources"],
            functions,
        )
    except SchemaError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as problem:
        raise SchemaError(f"not a recorded schema: {problem!r}") from None


def to_recorded(record: ProviderRecord) -> dict[str, Any]:
    """Return a provider in recorded form."""

    def section(types: Mapping[str, bytes]) -> dict[str, Any]:
        return {name: schema_to(decode_schema(data)) for name, data in types.items()}

    source = record.source
    return {
        "provider": source.provider,
        "version": source.version,
        "how": source.origin,
        "provider_config": None if record.config is None else schema_to(decode_schema(record.config)),
        "resources": section(record.resources),
        "data_sources": section(record.data_sources),
        "ephemeral_resources": section(record.ephemerals),
        "functions": {k: _function_to(decode_function(f)) for k, f in record.functions.items()},
    }


def schema_from(body: Mapping[str, Any]) -> Schema:
    """Return the body of a type or block from its recorded form."""
    return Schema(
        {name: _attribute_from(spec) for name, spec in (body.get("attributes") or {}).items()},
        {name: _block_from(spec) for name, spec in (body.get("blocks") or {}).items()},
        body.get("version", 0),
        bool(body.get("deprecated", False)),
    )


def schema_to(schema: Schema) -> dict[str, Any]:
    """Return the recorded form of the body of a type or block."""
    out: dict[str, Any] = {"attributes": {name: _attribute_to(a) for name, a in schema.attributes.items()}}
    if schema.blocks:
        out["blocks"] = {name: _block_to(b) for name, b in schema.blocks.items()}
    if schema.version:
        out["version"] = schema.version
    if schema.deprecated:
        out["deprecated"] = True
    return out


def nesting_from(word: str) -> Nesting:
    """Return one of Terraform's nesting modes.

    Raises:
        SchemaError: there is no such mode.
    """
    if word not in NESTINGS:
        raise SchemaError(f"unknown nesting {word!r}")
    return word


def _attribute_from(spec: Mapping[str, Any]) -> AttributeSchema:
    flags: dict[str, Any] = {flag: True for flag in FLAGS if spec.get(flag)}
    nested = None
    if "nested" in spec:
        members = {k: _attribute_from(a) for k, a in spec["nested"]["attributes"].items()}
        nested = NestedAttributes(nesting_from(spec["nested"]["nesting"]), members)
    type_ = from_json(spec["type"]) if nested is None else nested.type
    default = spec.get("default", msgspec.UNSET)
    return AttributeSchema(
        type_,
        default=default if _fits(default, type_) else msgspec.UNSET,
        one_of=tuple(map(str, spec.get("one_of", ()))),
        nested=nested,
        **flags,
    )


def _fits(default: Any, type_: Type) -> bool:
    """Report whether a default fits its type: some providers declare `false` as the default of a string."""
    match type_:
        case Primitive("string"):
            return default is None or isinstance(default, str)
        case Primitive("number"):
            return default is None or (isinstance(default, int | float) and not isinstance(default, bool))
        case Primitive("bool"):
            return default is None or isinstance(default, bool)
        case _:
            return True


def _attribute_to(attribute: AttributeSchema) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if attribute.nested is None:
        out["type"] = to_json(attribute.type)
    else:
        members = {k: _attribute_to(a) for k, a in attribute.nested.attributes.items()}
        out["nested"] = {"nesting": attribute.nested.nesting, "attributes": members}
    out.update((flag, True) for flag in FLAGS if getattr(attribute, flag))
    if attribute.default is not msgspec.UNSET:
        out["default"] = attribute.default
    if attribute.one_of:
        out["one_of"] = list(attribute.one_of)
    return out


def _block_from(spec: Mapping[str, Any]) -> BlockSchema:
    return BlockSchema(
        nesting_from(spec["nesting"]), schema_from(spec["block"]), spec.get("min", 0), spec.get("max", 0)
    )


def _block_to(block: BlockSchema) -> dict[str, Any]:
    out: dict[str, Any] = {"nesting": block.nesting, "block": schema_to(block.schema)}
    out.update((bound, value) for bound, value in (("min", block.min), ("max", block.max)) if value)
    return out


def _function_from(spec: Mapping[str, Any]) -> FunctionSchema:
    variadic = spec.get("variadic")
    return FunctionSchema(
        tuple(map(_parameter_from, spec.get("parameters", ()))),
        from_json(spec["returns"]),
        None if variadic is None else _parameter_from(variadic),
    )


def _function_to(function: FunctionSchema) -> dict[str, Any]:
    out: dict[str, Any] = {
        "parameters": list(map(_parameter_to, function.parameters)),
        "returns": to_json(function.returns),
    }
    if function.variadic is not None:
        out["variadic"] = _parameter_to(function.variadic)
    return out


def _parameter_from(spec: Mapping[str, Any]) -> Parameter:
    return Parameter(spec["name"], from_json(spec["type"]), bool(spec.get("nullable", False)))


def _parameter_to(parameter: Parameter) -> dict[str, Any]:
    out: dict[str, Any] = {"name": parameter.name, "type": to_json(parameter.type)}
    if parameter.nullable:
        out["nullable"] = True
    return out
