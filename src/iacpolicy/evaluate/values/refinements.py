"""Nullability of unknown values, derived from their terms."""

from iacpolicy.evaluate.values.identities import CallResult, LargeTerm
from iacpolicy.evaluate.values.terms import Constant, Symbol, Term
from iacpolicy.terraform.function_facts import facts_of

_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "!", "neg", "template"})


def is_never_null(term: Term) -> bool:
    """Report whether a value cannot be null: an operator or a function returns it, or its source is never null."""
    if isinstance(term, Symbol):
        return not term.nullable or _is_result_never_null(term)
    if isinstance(term, Constant):
        return term.value is not None
    if term.operator == "?:":
        return all(is_never_null(o) for o in term.operands[1:])
    return term.is_loop or _never_returns_null(term.operator)


def _is_result_never_null(symbol: Symbol) -> bool:
    """Report whether a fact is the whole result of an operator or a function that never returns null."""
    match symbol.identity.fact:
        case CallResult(function=operator) | LargeTerm(operator=operator) if not symbol.identity.path:
            return _never_returns_null(operator)
    return False


def _never_returns_null(operator: str) -> bool:
    facts = facts_of(operator)
    return operator in _OPERATORS if facts is None else facts.never_null
