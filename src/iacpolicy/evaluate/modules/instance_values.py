"""Values of blocks with `count` or `for_each`: all instances as one tuple or object."""

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.addresses import EveryInstance, Key
from iacpolicy.evaluate.values.choices import choose
from iacpolicy.evaluate.values.identities import Declared
from iacpolicy.evaluate.values.lazy import LazyObject, LazyValue
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.terms import Apply, Constant, Term, apply, fact_symbol, reasons
from iacpolicy.evaluate.values.value import Value, unknown

MAX_CONDITIONS = 5
_CONNECTIVES = ("!", "&&", "||", "?:")


def together(parts: list[tuple[Key, Term | None, Value]], counted: bool, whole: Declared) -> Value:
    """Return all instances of a block as one value: a tuple with `count`, an object with `for_each`.

    The value is a choice if instances depend on conditions, and unknown if an instance is symbolic.
    """
    return _together(parts, counted, whole, 0)


def _together(parts: list[tuple[Key, Term | None, Value]], counted: bool, whole: Declared, depth: int) -> Value:
    condition = next((exists for _, exists, _ in parts if exists is not None), None)
    if condition is None:
        if counted:
            return LazyValue(None, tuple(value for _, _, value in parts))
        objects = {str(key): value for key, _, value in parts}
        instances = LazyObject(objects, objects.__getitem__)
        instances.keyed = True
        return LazyValue(None, instances)
    if depth >= MAX_CONDITIONS or any(isinstance(key, EveryInstance) for key, _, _ in parts):
        return unknown(DYNAMIC, fact_symbol(whole, *reasons(condition)))
    atom = _atom(condition)
    arms = []
    for answer in (True, False):
        left = [(key, _assumed(exists, atom.key, answer), value) for key, exists, value in parts]
        kept = [(key, None if e is True or e is None else e, value) for key, e, value in left if e is not False]
        arms.append(_together(kept, counted, whole, depth + 1))
    return choose(atom, arms[0], arms[1])


def _atom(condition: Term) -> Term:
    while isinstance(condition, Apply) and condition.operator in _CONNECTIVES:
        condition = next(o for o in condition.operands if not isinstance(o, Constant))
    return condition


def _assumed(term: Term | None, key: str, answer: bool) -> Term | bool | None:
    """Return a condition with one of its simple conditions replaced by its answer."""
    if term is None or term.key == key:
        return None if term is None else answer
    if isinstance(term, Constant):
        return bool(term.value)
    if not isinstance(term, Apply) or term.operator not in _CONNECTIVES:
        return term
    operands = [_assumed(o, key, answer) for o in term.operands]
    first = operands[0]
    if term.operator == "!":
        return (not first) if isinstance(first, bool) else apply("!", _as_term(first))
    if term.operator == "?:":
        if isinstance(first, bool):
            return operands[1] if first else operands[2]
        return apply("?:", *(_as_term(o) for o in operands))
    deciding = term.operator == "||"
    if any(o is deciding for o in operands):
        return deciding
    rest = [o for o in operands if not isinstance(o, bool)]
    if not rest:
        return not deciding
    return rest[0] if len(rest) == 1 else apply(term.operator, *(_as_term(o) for o in rest))


def _as_term(term: Term | bool | None) -> Term:
    if isinstance(term, bool) or term is None:
        return constant(values.boolean(term is not False))
    return term
