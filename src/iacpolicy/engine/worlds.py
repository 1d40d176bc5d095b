"""Possible worlds: consistent answers to the open conditions that a policy asks."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from iacpolicy.engine.constraints import Constraints
from iacpolicy.evaluate.values.terms import Apply, Constant, Symbol, Term, is_input

Assertions = Callable[[Term], Iterable[Term]]


class Decision(msgspec.Struct, frozen=True):
    """A condition with two possible answers, and its answer in this world."""

    atom: Term
    answer: bool

    @property
    def is_input(self) -> bool:
        return is_input(self.atom)


class Impossible(Exception):  # noqa: N818 - ends a run, no error
    """A world contradicts a validation."""


class ScriptedWorld:
    """A world that answers the first open conditions from a script, and all later ones with true.

    `decisions` records each condition with two possible answers. It leaves out conditions that earlier answers or
    validations of variables decide. `assertions` returns the conditions that always hold for a missing fact.
    """

    def __init__(self, script: tuple[bool, ...], assertions: Assertions) -> None:
        self.script = script
        self.decisions: list[Decision] = []
        self._assertions = assertions
        self._constraints = Constraints()
        self._asserted: list[Term] = []
        self._introduced: set[str] = set()

    def decide(self, condition: Term) -> bool:
        self._introduce(condition)
        while True:
            known = evaluate(condition, self._constraints)
            if known is not None:
                return known
            self._ask(first_open(condition, self._constraints))

    def _introduce(self, condition: Term) -> None:
        """Assume the conditions that always hold for the facts in a condition.

        Raises:
            Impossible: they contradict the answers so far.
        """
        for fact in facts(condition):
            if fact.key in self._introduced:
                continue
            self._introduced.add(fact.key)
            for assertion in self._assertions(fact):
                self._asserted.append(assertion)
                self._introduce(assertion)
                if not assume_true(assertion, self._constraints):
                    raise Impossible

    def _ask(self, atom: Term) -> None:
        possible = [answer for answer in (True, False) if self._consistent(atom, answer)]
        if not possible:
            raise Impossible
        if len(possible) == 1:
            answer = possible[0]
        else:
            at = len(self.decisions)
            answer = self.script[at] if at < len(self.script) else True
            self.decisions.append(Decision(atom, answer))
        self._constraints.assume(atom, answer)
        for assertion in self._asserted:
            assume_true(assertion, self._constraints)

    def _consistent(self, atom: Term, answer: bool) -> bool:
        trial = self._constraints.copy()
        if not trial.assume(atom, answer):
            return False
        return satisfiable(self._asserted, trial)


def facts(condition: Term) -> Iterator[Term]:
    """Yield the terms in a condition that assertions can restrict: missing facts, elements, and calls of `contains`."""
    pending = [condition]
    while pending:
        term = pending.pop()
        if isinstance(term, Symbol):
            yield term
        elif isinstance(term, Apply):
            if term.operator in ("contains", "[]"):
                yield term
            pending.extend(reversed(term.operands))


def satisfiable(assertions: list[Term], constraints: Constraints, depth: int = 8) -> bool:
    """Report whether all assertions can hold together; also true if more than `depth` conditions are open."""
    trial = constraints.copy()
    for assertion in assertions:
        if not assume_true(assertion, trial):
            return False
    pending = [a for a in assertions if evaluate(a, trial) is None]
    if not pending or depth == 0:
        return True
    atom = first_open(pending[0], trial)
    for answer in (True, False):
        branch = trial.copy()
        if branch.assume(atom, answer) and satisfiable(pending, branch, depth - 1):
            return True
    return False


def assume_true(condition: Term, constraints: Constraints) -> bool:
    """Assume a condition as far as it is a conjunction of simple ones; return False if it cannot hold."""
    known = evaluate(condition, constraints)
    if known is not None:
        return known
    if isinstance(condition, Apply) and condition.operator == "&&":
        return all(assume_true(operand, constraints) for operand in condition.operands)
    if isinstance(condition, Apply) and condition.operator == "||":
        undecided = [o for o in condition.operands if evaluate(o, constraints) is None]
        return assume_true(undecided[0], constraints) if len(undecided) == 1 else True
    if isinstance(condition, Apply) and condition.operator == "!":
        inner = condition.operands[0]
        if is_atom(inner):
            return constraints.assume(inner, False)
        return True
    if is_atom(condition):
        return constraints.assume(condition, True)
    return True


_CONNECTIVES = frozenset({"&&", "||", "!", "?:"})


def is_atom(term: Term) -> bool:
    """Report whether a condition is not a combination of other conditions."""
    return not (isinstance(term, Apply) and term.operator in _CONNECTIVES) and not isinstance(term, Constant)


def evaluate(term: Term, constraints: Constraints) -> bool | None:
    """Return the truth of a condition in Kleene logic under the answers so far, None if it is open."""
    if isinstance(term, Constant):
        return term.value is True
    if is_atom(term):
        return constraints.implied(term)
    assert isinstance(term, Apply)
    if term.operator == "!":
        inner = evaluate(term.operands[0], constraints)
        return None if inner is None else not inner
    if term.operator == "?:":
        condition = evaluate(term.operands[0], constraints)
        if condition is not None:
            return evaluate(term.operands[1 if condition else 2], constraints)
        then, otherwise = (evaluate(o, constraints) for o in term.operands[1:])
        return then if then is otherwise else None
    answers = [evaluate(o, constraints) for o in term.operands]
    deciding = term.operator == "||"
    if deciding in answers:
        return deciding
    return None if None in answers else not deciding


def first_open(term: Term, constraints: Constraints) -> Term:
    """Return the first open simple condition in an open condition."""
    while not is_atom(term):
        assert isinstance(term, Apply)
        term = next(o for o in term.operands if evaluate(o, constraints) is None)
    return term
