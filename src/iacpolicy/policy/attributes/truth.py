"""Truth: what a comparison in a policy gives; it may hang on facts that nobody has told.

Asking an undecided truth for its `bool` asks the current world (`world.py`), so a policy is plain Python and cannot
forget the unknown.
"""

from typing import Any

from iacpolicy.evaluate.values.terms import Apply, Constant, Term, apply
from iacpolicy.policy.attributes import world

TRUE_TERM = Constant(True, "true")
FALSE_TERM = Constant(False, "false")


class Truth:
    """True, false, or a condition over missing facts; three-valued after Kleene."""

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
        """Whether it is true or false whatever the missing facts are; this asks nobody."""
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

    __hash__ = None  # type: ignore[assignment] # two truths are not the same because they look alike


def _term(value: "Truth | bool") -> Term:
    if isinstance(value, Truth):
        return value.term
    return TRUE_TERM if value else FALSE_TERM


def negation(term: Term) -> Term:
    """The opposite of a condition, without double negations."""
    if isinstance(term, Constant):
        return FALSE_TERM if term.value else TRUE_TERM
    if isinstance(term, Apply) and term.operator == "!":
        return term.operands[0]
    return apply("!", term)


def both(left: Term, right: Term) -> Term:
    """The conjunction of two conditions, decided where one of them decides it."""
    if isinstance(left, Constant):
        return right if left.value else FALSE_TERM
    if isinstance(right, Constant):
        return left if right.value else FALSE_TERM
    return left if left.key == right.key else apply("&&", left, right)


def either(left: Term, right: Term) -> Term:
    """The disjunction of two conditions, decided where one of them decides it."""
    if isinstance(left, Constant):
        return TRUE_TERM if left.value else right
    if isinstance(right, Constant):
        return TRUE_TERM if right.value else left
    return left if left.key == right.key else apply("||", left, right)


def conditional(condition: Term, then: Term, otherwise: Term) -> Term:
    """`condition ? then : otherwise` over conditions, simplified where an arm is known."""
    if then.key == otherwise.key:
        return then
    if isinstance(then, Constant):
        return either(condition, otherwise) if then.value else both(negation(condition), otherwise)
    if isinstance(otherwise, Constant):
        return either(negation(condition), then) if otherwise.value else both(condition, then)
    return apply("?:", condition, then, otherwise)
