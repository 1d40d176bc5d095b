"""Terraform's types: https://developer.hashicorp.com/terraform/language/expressions/type-constraints.

`DYNAMIC` is the type of a value without a type yet: an unknown of any type, a bare `null`, `any`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

import msgspec

JsonType: TypeAlias = str | list[Any]


class Primitive(msgspec.Struct, frozen=True, gc=False):
    """`string`, `number`, `bool`, or the dynamic pseudo-type."""

    name: str

    def __str__(self) -> str:
        return "any" if self.name == "dynamic" else self.name


class ListType(msgspec.Struct, frozen=True, gc=False):
    """`list(element)`."""

    element: "Type"
    noun: ClassVar[str] = "list"

    def __str__(self) -> str:
        return f"list({self.element})"


class SetType(msgspec.Struct, frozen=True, gc=False):
    """`set(element)`."""

    element: "Type"
    noun: ClassVar[str] = "set"

    def __str__(self) -> str:
        return f"set({self.element})"


class MapType(msgspec.Struct, frozen=True, gc=False):
    """`map(element)`."""

    element: "Type"
    noun: ClassVar[str] = "map"

    def __str__(self) -> str:
        return f"map({self.element})"


class TupleType(msgspec.Struct, frozen=True, gc=False):
    """`tuple([…])`: a fixed number of elements, each of its own type."""

    elements: tuple["Type", ...]

    def __str__(self) -> str:
        return f"tuple([{', '.join(map(str, self.elements))}])"


class ObjectType(msgspec.Struct, frozen=True, gc=False):
    """`object({…})`: attributes sorted by name; those in `optional` may be absent where a value is converted."""

    attributes: tuple[tuple[str, "Type"], ...]
    optional: frozenset[str] = frozenset()

    def get(self, name: str) -> "Type | None":
        """Return the type of one attribute, or None where there is no such attribute."""
        for key, value in self.attributes:
            if key == name:
                return value
        return None

    def __str__(self) -> str:
        inner = ", ".join(f"{k} = optional({t})" if k in self.optional else f"{k} = {t}" for k, t in self.attributes)
        return f"object({{{inner}}})"


Type: TypeAlias = Primitive | ListType | SetType | MapType | TupleType | ObjectType
CollectionType: TypeAlias = ListType | SetType | MapType

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")
EMPTY_OBJECT = ObjectType(())
EMPTY_TUPLE = TupleType(())
_PRIMITIVES = {p.name: p for p in (STRING, NUMBER, BOOL, DYNAMIC)}


def object_type(attributes: Mapping[str, Type], optional: frozenset[str] = frozenset()) -> ObjectType:
    """Return an object type with sorted attributes, so that equal types compare equal."""
    return ObjectType(tuple(sorted(attributes.items())), optional)


def to_json(type_: Type) -> JsonType:
    """Return the type as Terraform writes it in JSON: `"string"`, `["list","string"]`, `["object",{…}]`."""
    match type_:
        case Primitive(name):
            return name
        case ListType(element) | SetType(element) | MapType(element):
            return [type_.noun, to_json(element)]
        case TupleType(elements):
            return ["tuple", [to_json(e) for e in elements]]
        case ObjectType(attributes):
            return ["object", {k: to_json(t) for k, t in attributes}]


def from_json(spec: Any) -> Type:
    """Return the type of a JSON form of Terraform.

    Raises:
        ValueError: it is not such a form.
    """
    match spec:
        case str() if spec in _PRIMITIVES:
            return _PRIMITIVES[spec]
        case ["list", element]:
            return ListType(from_json(element))
        case ["set", element]:
            return SetType(from_json(element))
        case ["map", element]:
            return MapType(from_json(element))
        case ["tuple", list() as elements]:
            return TupleType(tuple(from_json(e) for e in elements))
        case ["object", dict() as attributes, *rest]:
            optional = frozenset(rest[0]) if rest else frozenset()
            return object_type({k: from_json(t) for k, t in attributes.items()}, optional)
        case _:
            raise ValueError(f"not a Terraform type: {spec!r}")


def friendly_name(type_: Type) -> str:
    """Return the type as Terraform's messages name it: `list of string`, `object`, `tuple`."""
    match type_:
        case Primitive("dynamic"):
            return "dynamic"
        case Primitive(name):
            return name
        case ListType(element) | SetType(element) | MapType(element):
            return f"{type_.noun} of {friendly_name(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
