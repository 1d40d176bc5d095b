"""Questions about terms: the missing facts in them, and the objects that these belong to."""

from collections.abc import Iterator

from iacpolicy.evaluate.values.identities import BlockAt, DeclaredResource, FactIdentity, LargeTerm, ModuleOutputs
from iacpolicy.evaluate.values.terms import Apply, Symbol, SymbolicName, Term, symbols


def declared_address(term: Term) -> str:
    """Return the address of the resource or module call that a term represents as a whole; else an empty text."""
    if not isinstance(term, Symbol) or term.identity.path:
        return ""
    return term.key if isinstance(term.identity.fact, DeclaredResource | ModuleOutputs) else ""


def resource_types(term: Term) -> set[str]:
    """Return the types of the resources whose attributes a term reads."""
    facts = (identity.fact for identity in identities(term))
    return {fact.type for fact in facts if isinstance(fact, BlockAt | DeclaredResource) and fact.type}


def identities(term: Term) -> Iterator[FactIdentity]:
    """Yield the identities of the missing facts in a term, and of those in the collections of `each` and `count`."""
    for one in symbols(term):
        yield one.identity
        if isinstance(one.identity.fact, SymbolicName):
            yield from identities(one.identity.fact.collection)


def is_length(term: Term) -> bool:
    """Report whether a term is the result of `length`."""
    if isinstance(term, Symbol):
        fact = term.identity.fact
        return isinstance(fact, LargeTerm) and fact.operator == "length" and not term.identity.path
    return isinstance(term, Apply) and term.operator == "length" and not term.place
