"""A provider's schema as Terraform sees it: https://developer.hashicorp.com/terraform/cli/commands/providers/schema.

A block's body is a `Schema`: attributes and nested blocks. An attribute either has a type or is *nested*:
an object, or a collection of objects, whose members have flags of their own.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias

import msgspec

from iacpolicy.core.types import DYNAMIC, ListType, MapType, ObjectType, SetType, TupleType, Type, object_type

Nesting: TypeAlias = Literal["single", "list", "set", "map", "group"]
NESTINGS: tuple[Nesting, ...] = ("single", "list", "set", "map", "group")


class AttributeSchema(msgspec.Struct, frozen=True, gc=False):
    """One argument or exported attribute. `default` is UNSET and `one_of` is empty where none is known.

    `force_new` means that a change replaces the resource.
    """

    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    deprecated: bool = False
    force_new: bool = False
    default: Any = msgspec.UNSET
    one_of: tuple[str, ...] = ()
    nested: "NestedAttributes | None" = None

    @property
    def settable(self) -> bool:
        """Report whether a configuration may set it."""
        return self.required or self.optional

    @property
    def config_type(self) -> Type:
        """The type that a value in configuration is converted to: optional members of objects may be absent."""
        return self.type if self.nested is None else self.nested.config_type

    @property
    def as_block(self) -> "Schema | None":
        """The body of the blocks that may replace it: Terraform allows blocks for a list or a set of objects."""
        if self.nested is not None or not isinstance(self.type, ListType | SetType):
            return None
        element = self.type.element
        if not isinstance(element, ObjectType):
            return None
        return Schema({name: AttributeSchema(type_, optional=True) for name, type_ in element.attributes})


class NestedAttributes(msgspec.Struct, frozen=True, dict=True):
    """The members of an attribute that is an object or a collection of objects."""

    nesting: Nesting
    attributes: Mapping[str, AttributeSchema]

    @cached_property
    def type(self) -> Type:
        """The implied type: it has every member, and an omitted one is null."""
        return _nest(self.nesting, object_type({k: a.type for k, a in self.attributes.items()}))

    @cached_property
    def config_type(self) -> Type:
        """The implied type with the members that may be left out marked as optional."""
        members = {k: a.config_type for k, a in self.attributes.items()}
        return _nest(
            self.nesting, object_type(members, frozenset(k for k, a in self.attributes.items() if not a.required))
        )


class BlockSchema(msgspec.Struct, frozen=True, gc=False):
    """A nested block: its nesting mode, the number of its instances, and its body; `max` 0 means no bound."""

    nesting: Nesting
    schema: "Schema"
    min: int = 0
    max: int = 0

    @property
    def type(self) -> Type:
        """The type of all instances together.

        A list or map of blocks has no type before it has values if its body has a member of any type.
        """
        body = self.schema.type
        if self.nesting in ("list", "map") and _has_dynamic(body):
            return DYNAMIC
        return _nest(self.nesting, body)


class Schema(msgspec.Struct, frozen=True, dict=True):
    """The body of a resource, data source, ephemeral resource, provider configuration or nested block."""

    attributes: Mapping[str, AttributeSchema]
    blocks: Mapping[str, BlockSchema] = {}
    version: int = 0
    deprecated: bool = False

    @cached_property
    def type(self) -> ObjectType:
        """The object type of a whole instance."""
        members = {k: a.type for k, a in self.attributes.items()}
        members.update((k, b.type) for k, b in self.blocks.items())
        return object_type(members)

    def at(self, path: tuple[str, ...]) -> AttributeSchema | BlockSchema | None:
        """Return the part of the schema at a path of names, without indexes and keys of collections.

        Inside an attribute that has only a type, the result has the inner type and the flags of the whole attribute.
        """
        here: Schema | NestedAttributes = self
        found: AttributeSchema | BlockSchema | None = None
        for place, name in enumerate(path):
            found = here.attributes.get(name)
            if found is None:
                found = here.blocks.get(name) if isinstance(here, Schema) else None
                if found is None:
                    return None
                here = found.schema
            elif found.nested is not None:
                here = found.nested
            else:
                return _inside(found, path[place + 1 :])
        return found


class Parameter(msgspec.Struct, frozen=True, gc=False):
    """One parameter of a provider's function."""

    name: str
    type: Type
    nullable: bool = False


class FunctionSchema(msgspec.Struct, frozen=True, gc=False):
    """A function that a provider defines; `variadic` takes all arguments after the parameters."""

    parameters: tuple[Parameter, ...]
    returns: Type
    variadic: Parameter | None = None


class Source(msgspec.Struct, frozen=True, gc=False):
    """The origin of facts: a provider's address in its registry, its version, and the method of recording."""

    provider: str
    version: str
    origin: str


def _nest(nesting: Nesting, body: Type) -> Type:
    match nesting:
        case "list":
            return ListType(body)
        case "set":
            return SetType(body)
        case "map":
            return MapType(body)
        case _:
            return body


def _has_dynamic(type_: Type) -> bool:
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            return _has_dynamic(element)
        case ObjectType(attributes):
            return any(_has_dynamic(t) for _, t in attributes)
        case TupleType(elements):
            return any(map(_has_dynamic, elements))
        case _:
            return type_ is DYNAMIC or type_ == DYNAMIC


def _inside(attribute: AttributeSchema, path: tuple[str, ...]) -> AttributeSchema | None:
    type_: Type = attribute.type
    for name in path:
        while isinstance(type_, ListType | SetType | MapType) and isinstance(
            type_.element, ObjectType | ListType | SetType | MapType
        ):
            type_ = type_.element
        if isinstance(type_, ObjectType):
            inner = type_.get(name)
            if inner is None:
                return None
            type_ = inner
        elif isinstance(type_, MapType):
            type_ = type_.element
        elif type_ == DYNAMIC:
            break
        else:
            return None
    return msgspec.structs.replace(attribute, type=type_, default=msgspec.UNSET, one_of=()) if path else attribute
