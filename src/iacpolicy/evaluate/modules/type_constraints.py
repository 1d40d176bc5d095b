"""Type constraints of variables, with the defaults of optional attributes.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from collections.abc import Callable

import msgspec

from iacpolicy.core.sources import SourceFile
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
    object_type,
)
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import choose
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Choice, Value
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import parse_expression
from iacpolicy.hcl.shared.text import template_text

_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
_COLLECTIONS: dict[str, type[ListType] | type[SetType] | type[MapType]] = {
    "list": ListType,
    "set": SetType,
    "map": MapType,
}


class Defaults(msgspec.Struct, frozen=True):
    """The defaults of optional attributes at one level of a type; `parts` is keyed by attribute, index, or `*`."""

    attributes: dict[str, tuple[ast.Expression, SourceFile]] = msgspec.field(default_factory=dict)
    parts: dict[str, "Defaults"] = msgspec.field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.attributes or self.parts)


class TypeConstraint(msgspec.Struct, frozen=True):
    """A type and the defaults within it."""

    type: Type
    defaults: Defaults


ANY = TypeConstraint(DYNAMIC, Defaults())


def parse_constraint(node: ast.Expression, source: SourceFile) -> TypeConstraint:
    """Return the type constraint in a `type` argument.

    Raises:
        EvaluationError: the expression is not a type.
    """
    try:
        return _parse(node, source)
    except EvaluationError as error:
        if error.place is None:
            error.place = (source, node.start, node.end)
        raise


def _parse(node: ast.Expression, source: SourceFile) -> TypeConstraint:
    match node:
        case ast.Template():
            text = template_text(node, source.text) or ""
            return _in_json(text, node, source) if source.path.endswith(".json") else _keyword(text)
        case ast.Name(name=name):
            return _keyword(name)
        case ast.Parens(value=value):
            return parse_constraint(value, source)
        case ast.Call(name=name, arguments=(argument,)) if name in _COLLECTIONS:
            element = parse_constraint(argument, source)
            parts = {"*": element.defaults} if element.defaults else {}
            return TypeConstraint(_COLLECTIONS[name](element.type), Defaults(parts=parts))
        case ast.Call(name="tuple", arguments=(ast.TupleCons(items=items),)):
            elements = [parse_constraint(i, source) for i in items]
            parts = {str(i): e.defaults for i, e in enumerate(elements) if e.defaults}
            return TypeConstraint(TupleType(tuple(e.type for e in elements)), Defaults(parts=parts))
        case ast.Call(name="object", arguments=(ast.ObjectCons() as body,)):
            return _object(body, source)
        case ast.Call(name="optional"):
            raise EvaluationError(
                "Invalid type specification", 'The modifier "optional" is valid only for the attributes of an object.'
            )
        case ast.Call(name=name):
            raise EvaluationError(
                "Invalid type specification",
                f'Keyword "{name}" is not a valid type constructor here; use list(T), set(T), map(T), '
                "tuple([T, …]) or object({…}).",
            )
        case _:
            raise EvaluationError("Invalid type specification", "A type specification is a type keyword or call.")


def _in_json(text: str, node: ast.Template, source: SourceFile) -> TypeConstraint:
    """Return the constraint in a JSON string, which is parsed as an expression at its place."""
    before = "".join(c if c == "\n" else " " for c in source.text[: node.start + 1])
    written = SourceFile(source.path, before + text)
    parsed, problems = parse_expression(written)
    if problems:
        raise EvaluationError("Invalid type specification", f'"{text}" is not a type: {problems[0].detail}')
    return _parse(parsed, written) if not isinstance(parsed, ast.Template) else _keyword(text)


def _keyword(name: str) -> TypeConstraint:
    if name in _PRIMITIVES:
        return TypeConstraint(_PRIMITIVES[name], Defaults())
    if name in ("list", "map"):
        return TypeConstraint(_COLLECTIONS[name](DYNAMIC), Defaults())
    raise EvaluationError("Invalid type specification", f'The keyword "{name}" is not a valid type specification.')


def _object(body: ast.ObjectCons, source: SourceFile) -> TypeConstraint:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    defaults = Defaults()
    for item in body.items:
        name = _attribute_name(item.key, source)
        node = item.value
        if isinstance(node, ast.Call) and node.name == "optional":
            if not 1 <= len(node.arguments) <= 2:
                raise EvaluationError("Invalid type specification", "optional(type, default) has one or two arguments.")
            optional.add(name)
            if len(node.arguments) == 2:
                defaults.attributes[name] = (node.arguments[1], source)
            node = node.arguments[0]
        inner = parse_constraint(node, source)
        attributes[name] = inner.type
        if inner.defaults:
            defaults.parts[name] = inner.defaults
    return TypeConstraint(object_type(attributes, frozenset(optional)), defaults)


def _attribute_name(node: ast.Expression, source: SourceFile) -> str:
    if isinstance(node, ast.KeyName):
        return node.name
    error = EvaluationError("Invalid type specification", "The name of an attribute must be a plain name, unquoted.")
    error.place = (source, node.start, node.end)
    raise error


class Defaulter:
    """Adds the defaults of optional attributes to a value before its conversion."""

    def __init__(self, evaluate_default: Callable[[ast.Expression, SourceFile], Value]) -> None:
        self._evaluate = evaluate_default

    def fill(self, value: Value, defaults: Defaults) -> Value:
        """Return the value where each absent or null optional attribute has its default, at every level."""
        if not defaults or value.data is None or value.is_unknown:
            return value
        data = value.data
        if isinstance(data, Choice):
            then, otherwise = self.fill(data.then, defaults), self.fill(data.otherwise, defaults)
            return choose(data.condition, then, otherwise).marked(value.marks)
        every = defaults.parts.get("*")
        if isinstance(data, dict):
            parts = dict(data.items())
            for name, (node, source) in defaults.attributes.items():
                if name not in parts or parts[name].data is None:
                    parts[name] = self._evaluate(node, source)
            for name, part in tuple(parts.items()):
                inner = every or defaults.parts.get(name)
                if inner:
                    parts[name] = self.fill(part, inner)
            return values.object_of(parts, value.origins).marked(value.marks)
        if isinstance(data, tuple):
            items = []
            for index, item in enumerate(data):
                inner = every or defaults.parts.get(str(index))
                items.append(self.fill(item, inner) if inner else item)
            # a set becomes a tuple here; the conversion that follows makes it a set again
            return values.tuple_of(items, value.origins).marked(value.marks)
        return value
