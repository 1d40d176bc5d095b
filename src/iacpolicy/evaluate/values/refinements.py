"""Whether an unknown value may be null, read from its term, so that no value has to carry the answer."""

from iacpolicy.evaluate.values.terms import Constant, Symbol, Term
from iacpolicy.terraform.function_facts import facts_of

_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "!", "neg", "template"})


def is_never_null(term: Term) -> bool:
    """Report whether a value cannot be null: an operator or a function gives it, or its source is never null."""
    if isinstance(term, Symbol):
        return not term.nullable
    if isinstance(term, Constant):
        return term.value is not None
    if term.operator == "?:":
        return all(is_never_null(o) for o in term.operands[1:])
    if term.operator in _OPERATORS or term.is_loop:
        return True
    facts = facts_of(term.operator)
    return facts is not None and facts.never_null
