"""Example values for the variables of a module, for a plan and an evaluation with equal inputs."""

import json

from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, ObjectType, SetType, TupleType, Type
from iacpolicy.evaluate.modules.type_constraints import parse_constraint
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.terraform.config import Variable

DEEPEST = 12


def type_of(variable: Variable) -> Type:
    """Return the declared type of a variable, dynamic if it has none or an invalid one."""
    if variable.type is None:
        return DYNAMIC
    try:
        return parse_constraint(variable.type.value, variable.type.source).type
    except EvaluationError:
        return DYNAMIC


def example(type_: Type, depth: int = 0) -> object:
    """Return an example value of a type in JSON, with an element in each collection and all optional attributes."""
    if type_ == BOOL:
        return True
    if type_ == NUMBER:
        return 3
    if depth > DEEPEST:
        return None
    match type_:
        case ListType(element=element) | SetType(element=element):
            return [example(element, depth + 1)]
        case MapType(element=element):
            return {"key": example(element, depth + 1)}
        case TupleType(elements=elements):
            return [example(e, depth + 1) for e in elements]
        case ObjectType(attributes=attributes):
            return {name: example(t, depth + 1) for name, t in attributes}
        case _:
            return "text"


def as_option(variable: Variable, value: object) -> str:
    """Return the text for `--var` that gives a variable a value."""
    if isinstance(value, str) and (variable.type is None or type_of(variable) == STRING):
        return value
    return json.dumps(value, ensure_ascii=False)
