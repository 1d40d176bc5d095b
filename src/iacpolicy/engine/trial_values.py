"""Evaluation of conditions with known values: `startswith(var.s, "prod")` for each possible value of `var.s`.

Operators and functions are those of the language, so that a world gives the same results as Terraform.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.functions import frame, registry
from iacpolicy.evaluate.values import operators
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Apply, Constant, Term
from iacpolicy.evaluate.values.value import Value, first_unsettled
from iacpolicy.terraform.function_facts import FACTS

MAX_DEPTH = 24
MAX_TEXT = 10_000
_BINARY = frozenset({"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"})


class _Refused:
    """The result of an expression that Terraform would refuse."""


REFUSED = _Refused()


def truth(condition: Term, known: Mapping[str, Any]) -> bool | None:
    """Report whether a condition holds if the terms with these keys have these values, None if it stays open."""
    value = _value(condition, known, 0)
    return value.data if isinstance(value, Value) and isinstance(value.data, bool) else None


def subjects(condition: Term) -> Iterable[Term]:
    """Yield the parts of a condition that have a value of their own, without the condition itself."""
    pending = list(condition.operands) if isinstance(condition, Apply) else []
    while pending:
        part = pending.pop()
        if not isinstance(part, Constant):
            yield part
        if isinstance(part, Apply):
            pending.extend(part.operands)


def _value(term: Term, known: Mapping[str, Any], depth: int) -> Value | _Refused | None:
    if term.key in known:
        return plain_value(known[term.key])
    if isinstance(term, Constant):
        return plain_value(term.value)
    if not isinstance(term, Apply) or depth > MAX_DEPTH:
        return None
    parts = [_value(operand, known, depth + 1) for operand in term.operands]
    if term.operator == "can" and len(parts) == 1:
        return None if parts[0] is None else values.boolean(parts[0] is not REFUSED)
    if REFUSED in parts:
        return REFUSED
    given = [part for part in parts if isinstance(part, Value)]
    return _applied(term.operator, given) if len(given) == len(parts) else None


def _applied(operator: str, given: list[Value]) -> Value | _Refused | None:
    try:
        if operator in _BINARY and len(given) == 2:
            result = operators.binary(operator, *given)
        elif operator in ("!", "neg") and len(given) == 1:
            result = operators.unary("!" if operator == "!" else "-", *given)
        elif operator in ("&&", "||") and len(given) == 2:
            result = operators.binary(operator, *given)
        elif operator == "?:" and len(given) == 3:
            result = given[1] if given[0].data is True else given[2]
        elif (facts := FACTS.get(operator)) is not None and facts.by_content:
            result = frame.call(registry.FUNCTIONS[operator], given, _NO_FILES)
        else:
            return None
    except (EvaluationError, ConversionError):
        return REFUSED
    return result if first_unsettled(result) is None else None


def plain_value(data: Any) -> Value | None:
    """Return the value of a constant, None if it has no plain value."""
    match data:
        case None:
            return Value(DYNAMIC, None)
        case bool():
            return values.boolean(data)
        case Number():
            return values.number(data)
        case str():
            return values.string(data) if len(data) <= MAX_TEXT else None
        case (5, tuple() as elements) if all(e[0] in (1, 2, 3) for e in elements):
            found = [plain_value(e[1]) for e in elements]
            kept = [value for value in found if value is not None]
            return values.tuple_of(kept) if len(kept) == len(found) else None
        case (6, tuple() as pairs) if all(e[0] in (1, 2, 3) for _, e in pairs):
            parts = {name: plain_value(e[1]) for name, e in pairs}
            known = {name: value for name, value in parts.items() if value is not None}
            return values.object_of(known) if len(known) == len(parts) else None
    return None


class _NoFiles:
    """Access to files for functions that read none."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a function that reads files was tried: {name}")


_NO_FILES: Any = _NoFiles()
