"""Conditions that two values name the same resource, for joins whose keys do not decide it."""

from collections.abc import Iterable

from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.terms import Cause, Term, apply, reasons
from iacpolicy.evaluate.values.value import Choice, Unknown, Value
from iacpolicy.graph.joins import is_of_a_resource, key_of
from iacpolicy.policy.attributes.truth import FALSE_TERM, TRUE_TERM, conditional, either


def same(left: Value | None, right: Value | None) -> Term:
    """Return the condition that both values are the same.

    Two unknown values of different origin count as different, such as the ids of two resources.
    """
    if left is None or right is None or left.data is None or right.data is None:
        return FALSE_TERM
    if isinstance(left.data, Choice):
        chosen = left.data
        return conditional(chosen.condition, same(chosen.then, right), same(chosen.otherwise, right))
    if isinstance(right.data, Choice):
        return same(right, left)
    key = key_of(left)
    if key is not None and key == key_of(right):
        return TRUE_TERM
    unknown, known = (left, right) if isinstance(left.data, Unknown) else (right, left)
    if not isinstance(unknown.data, Unknown) or isinstance(known.data, Unknown):
        return FALSE_TERM
    term = unknown.data.term
    if is_of_a_resource(term) or any(r.cause is Cause.ERROR for r in reasons(term)):
        return FALSE_TERM
    return apply("==", term, term_of(known))


def names(value: Value | None, owned: Iterable[Value]) -> Term:
    """Return the condition that a value is one of the names of a resource.

    A known text does not name a resource with an unknown name, because they would be equal only by chance.
    """
    is_known = value is not None and isinstance(value.data, str)
    result: Term = FALSE_TERM
    for own in owned:
        if is_known and isinstance(own.data, Unknown):
            continue
        result = either(result, same(value, own))
        if result is TRUE_TERM:
            break
    return result
