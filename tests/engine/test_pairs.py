"""Comparisons of two inputs, and their implications."""

import pytest

from iacpolicy.engine.constraints import Constraints
from iacpolicy.evaluate.values.identities import InputVariable
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Constant, Term, apply, fact_symbol

A, B, C = (fact_symbol(InputVariable("", name)) for name in "abc")
ONE, TWO = (Constant(Number(n), str(n)) for n in (1, 2))
X, Y = (Constant(text, f'"{text}"') for text in "xy")


def _world(*answers: tuple[Term, bool]) -> Constraints:
    world = Constraints()
    for atom, answer in answers:
        assert world.assume(atom, answer)
    return world


@pytest.mark.parametrize(
    ("answers", "asked", "implied"),
    [
        ([(apply("==", A, B), True)], apply("==", B, A), True),
        ([(apply("==", A, B), True)], apply("!=", B, A), False),
        ([(apply("<", A, B), True)], apply(">", B, A), True),
        ([(apply("<", A, B), True)], apply(">=", A, B), False),
        ([(apply("<=", A, B), False)], apply("<", B, A), True),
        ([(apply("<", A, B), True)], apply("<", B, A), False),
        ([(apply("==", A, B), True), (A, True)], B, True),
        ([(A, False), (apply("==", A, B), True)], B, False),
        ([(apply("==", A, B), False), (A, True)], B, False),
        ([(A, False), (apply("!=", A, B), True)], B, True),
        ([(apply("==", A, B), True), (apply("==", B, C), True), (apply("==", C, X), True)], apply("==", A, X), True),
        ([(apply("==", A, B), True), (apply("==", B, C), False)], apply("==", C, A), False),
        ([(apply("==", A, X), True), (apply("==", B, X), True)], apply("==", A, B), True),
        ([(apply("==", A, X), True), (apply("==", B, Y), True)], apply("==", A, B), False),
        ([(apply("==", A, X), True)], apply("==", A, B), None),
        ([(apply(">", A, TWO), True), (apply("==", A, B), True)], apply("<", B, ONE), False),
        ([(apply("<", A, ONE), True), (apply("==", B, TWO), True)], apply("==", A, B), False),
        ([(apply("<", A, ONE), True), (apply("==", B, TWO), True)], apply(">", A, B), False),
        ([(apply("==", A, B), True)], apply("<", A, B), False),
    ],
)
def test_implications(answers: list[tuple[Term, bool]], asked: Term, implied: bool | None) -> None:
    """Answers imply the answer to another condition, None if it is still open."""
    assert _world(*answers).implied(asked) is implied


@pytest.mark.parametrize(
    ("answers", "contradiction"),
    [
        ([(apply("==", A, B), True), (A, True)], (B, False)),
        ([(A, True), (B, False)], (apply("==", A, B), True)),
        ([(apply("!=", A, B), True), (apply("!=", B, C), True), (A, True)], (C, False)),
        ([(apply("==", A, ONE), True), (apply("==", B, TWO), True)], (apply("==", A, B), True)),
    ],
)
def test_contradictions(answers: list[tuple[Term, bool]], contradiction: tuple[Term, bool]) -> None:
    """An answer that contradicts the others is refused."""
    assert not _world(*answers).assume(*contradiction)


def test_copies_are_apart() -> None:
    """An answer in a copy does not change the original."""
    world = _world((apply("==", A, B), True))
    other = world.copy()
    assert other.assume(A, True)
    assert other.implied(B) is True
    assert world.implied(B) is None
