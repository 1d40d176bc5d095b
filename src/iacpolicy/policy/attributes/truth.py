"""Truth: the result of a comparison in a policy, which may depend on unknown values.

The `bool` of an undecided truth is the answer of the current world (`world.py`). So a policy is plain Python and still
covers every possible value.
"""

from typing import Any

from iacpolicy.evaluate.values.terms import Apply, Constant, Term, apply
from iacpolicy.policy.attributes import world

TRUE_TERM = Constant(True, "true")
FALSE_TERM = Constant(False, "false")


class Truth:
    """True, false, or a condition over unknown values, in the three-valued logic of Kleene."""

    __slots__ = ("term",)

    def __init__(self, term: Term | bool) -> None:
        if isinstance(term, bool):
            term = TRUE_TERM if term else FALSE_TERM
        self.term = term

    def __repr__(self) -> str:
        return f"Truth({self.term.text})"

    def __bool__(self) -> bool:
        if isinstance(self.term, Constant):
            return bool(self.term.value)
        return world.current().decide(self.term)

    @property
    def is_decided(self) -> bool:
        """True if no unknown value can change the answer; this does not ask the world."""
        return isinstance(self.term, Constant)

    def __and__(self, other: "Truth | bool") -> "Truth":
        return Truth(both(self.term, _term(other)))

    def __or__(self, other: "Truth | bool") -> "Truth":
        return Truth(either(self.term, _term(other)))

    def __invert__(self) -> "Truth":
        return Truth(negation(self.term))

    __rand__ = __and__
    __ror__ = __or__

    def __eq__(self, other: object) -> Any:
        if isinstance(other, bool):
            return self if other else ~self
        return NotImplemented

    __hash__ = None  # type: ignore[assignment] # equal texts do not make two truths the same


def _term(value: "Truth | bool") -> Term:
    if isinstance(value, Truth):
        return value.term
    return TRUE_TERM if value else FALSE_TERM


def negation(term: Term) -> Term:
    """Return the negation of a condition, without a double negation."""
    if isinstance(term, Constant):
        return FALSE_TERM if term.value else TRUE_TERM
    if isinstance(term, Apply) and term.operator == "!":
        return term.operands[0]
    return apply("!", term)


def both(left: Term, right: Term) -> Term:
    """Return the conjunction of two conditions, decided if one of them decides it."""
    if isinstance(left, Constant):
        return right if left.value else FALSE_TERM
    if isinstance(right, Constant):
        return left if right.value else FALSE_TERM
    return left if left.key == right.key else apply("&&", left, right)


def either(left: Term, right: Term) -> Term:
    """Return the disjunction of two conditions, decided if one of them decides it."""
    if isinstance(left, Constant):
        return TRUE_TERM if left.value else right
    if isinstance(right, Constant):
        return TRUE_TERM if right.value else left
    return left if left.key == right.key else apply("||", left, right)


def conditional(condition: Term, then: Term, otherwise: Term) -> Term:
    """Return `condition ? then : otherwise` over conditions, simplified if an arm is known."""
    if then.key == otherwise.key:
        return then
    if isinstance(then, Constant):
        return either(condition, otherwise) if then.value else both(negation(condition), otherwise)
    if isinstance(otherwise, Constant):
        return either(negation(condition), then) if otherwise.value else both(condition, then)
    return apply("?:", condition, then, otherwise)
