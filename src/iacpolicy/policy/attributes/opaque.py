"""Conditions by a function of a policy over values that may be unknown, for `Attribute.test`."""

import hashlib
from collections.abc import Callable
from types import BuiltinMethodType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.terms import Term, apply, large_term
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, first_unsettled, unknown_terms
from iacpolicy.policy.attributes import compare
from iacpolicy.policy.attributes.truth import FALSE_TERM, TRUE_TERM, conditional

_PLAIN = (str, bytes, int, float, complex, type(None), range)
MAX_DEPTH = 8


def tested(value: Value | None, function: Callable[[Any], bool], words: str) -> Term:
    """Return the condition that a function is true for a value; `words` name it for an unknown value.

    Equal unknown values, words, code and captured variables give the same condition.
    """
    if value is None or value.data is None:
        return FALSE_TERM
    if isinstance(value.data, Choice):
        data = value.data
        return conditional(data.condition, tested(data.then, function, words), tested(data.otherwise, function, words))
    if first_unsettled(value) is None:
        return TRUE_TERM if function(compare.plain(value)) else FALSE_TERM
    name = _identity(function, words)
    operands = [term_of(value)] if isinstance(value.data, Unknown) else list(unknown_terms(value))
    whole = apply(name, *operands)
    shown = ", ".join(o.text for o in operands)
    return large_term(name, whole, f"{shown} {words}")


def _identity(function: Callable[[Any], bool], words: str) -> str:
    """Return an identity for the test of a function, because lambdas in one policy share their name."""
    name = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', type(function).__qualname__)}"
    mark = hashlib.sha256(repr((_comparable(function, 0), words)).encode()).hexdigest()[:16]
    return f"{name}#{mark}"


def _comparable(value: Any, depth: int) -> object:
    """Return an object that is equal for equal values; values without a text are equal to themselves only."""
    following = depth + 1
    if isinstance(value, _PLAIN):
        return repr(value)
    if depth >= MAX_DEPTH:
        return (type(value).__qualname__, id(value))
    if isinstance(value, FunctionType):
        held = tuple(_comparable(cell.cell_contents, following) for cell in value.__closure__ or () if _is_filled(cell))
        defaults = (_comparable(value.__defaults__, following), _comparable(value.__kwdefaults__, following))
        return ("function", value.__module__, _comparable(value.__code__, following), held, defaults)
    if isinstance(value, CodeType):
        return ("code", value.co_firstlineno, value.co_code, value.co_names, _comparable(value.co_consts, following))
    if isinstance(value, tuple | list):
        return (type(value).__name__, *(_comparable(part, following) for part in value))
    if isinstance(value, set | frozenset):
        return ("set", *sorted(repr(_comparable(part, following)) for part in value))
    if isinstance(value, dict):
        return ("dict", *((_comparable(k, following), _comparable(v, following)) for k, v in value.items()))
    if isinstance(value, ModuleType):
        return ("module", value.__name__)
    if isinstance(value, MethodType | BuiltinMethodType):
        return ("method", value.__name__, _comparable(value.__self__, following))
    pattern = getattr(value, "pattern", None)
    if isinstance(pattern, str | bytes):
        return (type(value).__qualname__, pattern, getattr(value, "flags", None))
    return (type(value).__qualname__, id(value))


def _is_filled(cell: CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - empty ones raise
    except ValueError:
        return False
    return True
