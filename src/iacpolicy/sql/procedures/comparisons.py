"""Comparisons of values that may be known in part."""

from iacpolicy.sql.procedures.text_functions import comparison
from iacpolicy.sql.procedures.values import UNKNOWN, Among, Oid, Value, is_known, text
from iacpolicy.sql.state.replay_state import State


def any_of(left: Value, choices: list[Value], operator: str, state: State, *, wanted: bool) -> Value:
    """`wanted` where some comparison holds, its opposite where none does."""
    answers = [compared(left, operator, choice, state) for choice in choices]
    if any(answer is True for answer in answers):
        return wanted
    if any(answer is UNKNOWN for answer in answers):
        return UNKNOWN
    return None if any(answer is None for answer in answers) else not wanted


def compared(left: Value, operator: str, right: Value, state: State) -> Value:
    """A comparison by an operator, LIKE (`~~`) and regular expressions among them."""
    if left is None or right is None:
        return None
    if isinstance(left, Among):
        answers = {repr(found): found for each in left.values for found in (compared(each, operator, right, state),)}
        return next(iter(answers.values())) if len(answers) == 1 else UNKNOWN
    if isinstance(right, Among):
        answers = {repr(found): found for each in right.values for found in (compared(left, operator, each, state),)}
        return next(iter(answers.values())) if len(answers) == 1 else UNKNOWN
    if not (is_known(left) and is_known(right)) or isinstance(left, list) or isinstance(right, list):
        return UNKNOWN
    if isinstance(left, Oid) != isinstance(right, Oid):
        left, right = text(left, state), text(right, state)
    if type(left) is not type(right):
        return UNKNOWN
    answer = comparison(left, operator, right)
    return UNKNOWN if answer is None else answer
