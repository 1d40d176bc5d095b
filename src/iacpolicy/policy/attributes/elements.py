"""Parts of values and their schemas, for attributes."""

from iacpolicy.evaluate.values import member_access
from iacpolicy.evaluate.values.choices import assume, choose
from iacpolicy.evaluate.values.element_steps import through
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.lazy import LazyObject
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, null, number, string
from iacpolicy.schemas.schema import AttributeSchema, BlockSchema, NestedAttributes, Schema

Facts = AttributeSchema | BlockSchema | None


def block_facts(schema: Schema | None, name: str) -> Facts:
    """Return the schema of an attribute or of the nested blocks of a name."""
    if schema is None:
        return None
    return schema.attributes.get(name) or schema.blocks.get(name)


def member_facts(facts: Facts, key: str | int) -> Facts:
    """Return the schema of a part of an attribute with a nested type, None if there is none."""
    if not isinstance(facts, AttributeSchema):
        return None
    nested: NestedAttributes | None = facts.nested
    if nested is None:
        return None
    if nested.nesting in ("list", "set", "map"):
        return AttributeSchema(
            facts.type, nested=NestedAttributes("single", nested.attributes), sensitive=facts.sensitive
        )
    return nested.attributes.get(str(key))


def element(value: Value | None, key: str | int) -> Value | None:
    """Return a part of a value, through choices; None if it is absent under every condition."""
    if value is None or value.data is None:
        return None
    data = value.data
    if isinstance(data, Choice):
        then, otherwise = element(data.then, key), element(data.otherwise, key)
        if then is None and otherwise is None:
            return None
        return choose(data.condition, then or null(), otherwise or null()).marked(value.marks)
    if isinstance(data, LazyObject) and data.open is None and key not in data:
        return None
    try:
        if isinstance(key, str):
            if isinstance(data, Unknown | dict):
                return (
                    member_access.attribute(value, key)
                    if not isinstance(data, dict)
                    else member_access.index(value, string(key))
                )
            if isinstance(data, tuple) and len(data) == 1:
                return element(data[0], key)
            return None
        return member_access.index(value, number(key)) if not isinstance(data, tuple) else through(value, data[key])
    except (EvaluationError, IndexError):
        return None


def assumed(value: Value, key: str, answer: bool) -> Value:
    """Return a value with all its parts under the assumption that a condition has an answer."""
    value = assume(value, key, answer)
    data = value.data
    if isinstance(data, tuple):
        return Value(value.type, tuple(assumed(v, key, answer) for v in data), value.marks, value.origins)
    if isinstance(data, dict):
        parts = {k: assumed(v, key, answer) for k, v in data.items()}
        return Value(value.type, parts, value.marks, value.origins)
    return value
