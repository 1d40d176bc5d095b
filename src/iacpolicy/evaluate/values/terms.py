"""Terms: expressions over missing facts, which describe what an unknown value or an open condition depends on.

Two unknowns with equal keys are the same value, so policies can join resources by them. Conditions are shown to the
user as the text of their term (`var.env == "production"`), however many references the value passed through.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.addresses import represents_many
from iacpolicy.evaluate.values.identities import (
    Fact,
    FactIdentity,
    LargeTerm,
    PathStep,
    UnknownIndexStep,
    identity_of,
)

MAX_NODES = 48
MAX_REASONS = 8


class Cause(StrEnum):
    """The kind of reason why a value is unknown."""

    VARIABLE = "variable"
    EXISTENCE = "existence"
    COMPUTED = "computed"
    DATA = "data"
    IMPURE = "impure"
    MODULE = "module"
    BACKEND = "backend"
    SQL = "sql"
    FILE = "file"
    LIMIT = "limit"
    ERROR = "error"
    EPHEMERAL = "ephemeral"


class Reason(msgspec.Struct, frozen=True, gc=False):
    """The explanation of one missing fact, and the place where it can be given."""

    cause: Cause
    text: str
    location: Span | None = None

    @property
    def is_input(self) -> bool:
        """Report whether the user can supply the fact: the value of a variable, or the number of instances."""
        return self.cause in (Cause.VARIABLE, Cause.EXISTENCE)


class Symbol(msgspec.Struct, frozen=True, gc=False):
    """A term for one missing fact or a part of it; make one with `symbol`.

    `text` represents it in texts for the user. With `nullable` unset, the value is known not to be null.
    """

    identity: FactIdentity
    text: str
    reasons: tuple[Reason, ...]
    nullable: bool
    key: str

    @property
    def nodes(self) -> int:
        return 1


class Constant(msgspec.Struct, frozen=True, gc=False):
    """A known operand: a string, number, bool, null or a JSON-like text of something larger."""

    value: object
    text: str

    @property
    def key(self) -> str:
        return self.text

    @property
    def nodes(self) -> int:
        return 1


class Apply(msgspec.Struct, frozen=True, gc=False):
    """An operator or a function over terms; `operator` is HCL's, `?:`, a function's name, the text of a step or `[]`.

    `step` is set for one step of a traversal. `place` is set if the operands alone do not identify the value. Then two
    terms are equal only at the same place. `keeps_elements` is set for a `for` whose elements are all in its
    collection.
    """

    operator: str
    operands: tuple["Term", ...]
    key: str
    nodes: int
    step: PathStep | None = None
    place: str = ""
    keeps_elements: bool = False

    @property
    def text(self) -> str:
        return _text(self)

    @property
    def is_part(self) -> bool:
        """Report whether it is an attribute or element of its first operand."""
        return self.step is not None or self.operator == "[]"

    @property
    def is_loop(self) -> bool:
        """Report whether it is a `for` expression or a loop in a template."""
        return self.operator.startswith(_LOOP)


Term: TypeAlias = Symbol | Constant | Apply

_INFIX = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%"})
_LOOP = "for "
_MAX_KEY = 400
_MAX_EXTENDED_KEY = 300


class SymbolicName(Fact, frozen=True, gc=False):
    """`each.key`, `each.value` or `count.index` in the symbolic instance of a block.

    `address` is the address of the block, and `collection` is its unknown `for_each` or `count`.
    """

    name: str
    address: str
    collection: Term

    @property
    def key(self) -> str:
        return f"{self.address}:{self.name}({self.collection.key})"

    @property
    def text(self) -> str:
        return self.name

    @property
    def represents_many(self) -> bool:
        return represents_many(self.address) or any(s.identity.represents_many for s in symbols(self.collection))


class HasElements(Fact, frozen=True, gc=False):
    """The fact that an unknown `for_each` has elements."""

    collection: Term

    @property
    def key(self) -> str:
        return f"exists({self.collection.key})"

    @property
    def text(self) -> str:
        return "any exist"


class RefusedArm(Fact, frozen=True, gc=False):
    """A value that Terraform would refuse under some answer to a condition; `text_` is the error."""

    condition: Term
    text_: str

    @property
    def key(self) -> str:
        return f"error({self.condition.key},{self.text_})"

    @property
    def text(self) -> str:
        return self.text_


def symbol(identity: FactIdentity, reasons: tuple[Reason, ...], nullable: bool = True) -> Symbol:
    """Return the symbol of a missing fact."""
    return Symbol(identity, identity.text, reasons, nullable, identity.key)


def fact_symbol(fact: Fact, *reasons: Reason, nullable: bool = True) -> Symbol:
    """Return the symbol of a missing fact as a whole."""
    return symbol(identity_of(fact), reasons, nullable)


def apply(operator: str, *operands: Term) -> Term:
    """Return the term of an operation; past `MAX_NODES` it is a symbol with the same key and reasons."""
    return _bounded(Apply(operator, operands, _key(operator, [o.key for o in operands]), _nodes(operands)))


def _key(head: str, operands: list[str]) -> str:
    key = f"{head}({','.join(operands)})"
    if len(key) > _MAX_KEY:
        import hashlib  # loads a library, for long conditions alone

        return f"{head}#{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    return key


def _nodes(operands: tuple[Term, ...]) -> int:
    return 1 + sum(o.nodes for o in operands)


def _bounded(term: Apply, nullable: bool = True) -> Term:
    return term if term.nodes <= MAX_NODES else large_term(term.operator, term, _shorten(term.text), nullable)


def large_term(operator: str, term: Term, text: str, nullable: bool = True) -> Symbol:
    """Return a symbol with the key and the reasons of a term, which is shown as `text`."""
    return symbol(identity_of(LargeTerm(operator, term.key, text)), reasons(term), nullable)


def part(term: Term, step: PathStep) -> Term:
    """Return the term of a part of an unknown value; a part of a missing fact is a missing fact too."""
    if isinstance(term, Symbol) and len(term.key) < _MAX_EXTENDED_KEY:
        return symbol(term.identity.part(step), term.reasons)
    return _bounded(Apply(step.text, (term,), _key(step.text, [term.key]), 1 + term.nodes, step))


def loop(place: str, opening: str, terms: tuple[Term, ...], keeps_elements: bool = False) -> Term:
    """Return the term of a `for` whose elements are unknown.

    `keeps_elements` is set if each element of the result is one of the collection, which is the first of `terms`.
    """
    operator = f"{_LOOP}{opening}"
    if keeps_elements and terms[0].nodes < MAX_NODES and len(terms[0].key) < _MAX_EXTENDED_KEY:
        key = f"elements({terms[0].key})@{operator}@{place}"
        return Apply(operator, terms, key, 1 + terms[0].nodes, None, place, keeps_elements=True)
    return at_place(operator, place, *terms)


def at_place(operator: str, place: str, *terms: Term) -> Term:
    """Return a term that its operands do not identify: two such terms are equal only if `place` is equal."""
    key = f"{_key(operator, [o.key for o in terms])}@{place}"
    return _bounded(Apply(operator, terms, key, _nodes(terms), None, place), nullable=False)


def paired_key(term: Term) -> str:
    """Return the key of a term without the addresses of symbolic instances.

    Blocks over one unknown collection have instances in pairs, so their `each.key` are the same value.
    """
    match term:
        case Symbol(identity=FactIdentity(fact=fact, path=path)):
            own = f"{fact.name}({paired_key(fact.collection)})" if isinstance(fact, SymbolicName) else fact.key
            return own + "".join(_paired_step(step) for step in path)
        case Apply(operands=operands):
            keys = [paired_key(operand) for operand in operands]
            if all(key == operand.key for key, operand in zip(keys, operands, strict=True)):
                return term.key
            if term.keeps_elements:
                return f"elements({keys[0]})@{term.operator}@{term.place}"
            return _key(term.operator, keys) + (f"@{term.place}" if term.place else "")
    return term.key


def _paired_step(step: PathStep) -> str:
    if isinstance(step, UnknownIndexStep):
        return f"[{paired_key(symbol(step.index, ()))}]"
    return step.key


def symbols(term: Term) -> Iterator[Symbol]:
    """Yield the missing facts in a term, in the order of its text, each once."""
    seen = set()
    pending = [term]
    while pending:
        current = pending.pop()
        if isinstance(current, Symbol):
            if current.key not in seen:
                seen.add(current.key)
                yield current
        elif isinstance(current, Apply):
            pending.extend(reversed(current.operands))


def reasons(term: Term) -> tuple[Reason, ...]:
    """Return why a term is unknown: the reasons of its symbols, each once, at most `MAX_REASONS`."""
    found: dict[Reason, None] = {}
    for one in symbols(term):
        for reason in one.reasons:
            found.setdefault(reason)
            if len(found) >= MAX_REASONS:
                return tuple(found)
    return tuple(found)


def is_input(term: Term) -> bool:
    """Report whether the user can supply every fact that a term depends on."""
    return all(reason.is_input for one in symbols(term) for reason in one.reasons)


def _text(term: Term) -> str:
    if not isinstance(term, Apply):
        return term.text
    operator, parts = term.operator, [_text(o) for o in term.operands]
    wrapped = [
        f"({p})" if isinstance(o, Apply) and (o.operator in _INFIX or o.operator == "?:") else p
        for o, p in zip(term.operands, parts, strict=True)
    ]
    if operator in _INFIX and len(parts) == 2:
        return f"{wrapped[0]} {operator} {wrapped[1]}"
    if operator == "?:":
        return f"{wrapped[0]} ? {wrapped[1]} : {wrapped[2]}"
    if operator in ("!", "neg"):
        return f"{'!' if operator == '!' else '-'}{wrapped[0]}"
    if operator == "parts":
        return parts[-1]
    if operator == "[]":
        return f"{wrapped[0]}[{parts[1]}]"
    if term.is_loop:
        closing = {"[": "]", "{": "}"}.get(operator[-1], "}")
        return f"{operator.removeprefix(_LOOP)}for … in {', '.join(parts)}{closing}"
    if term.step is not None:
        return f"{wrapped[0]}{operator}"
    if operator == "template":
        return (
            '"'
            + "".join(
                p[1:-1] if isinstance(o, Constant) else f"${{{p}}}" for o, p in zip(term.operands, parts, strict=True)
            )
            + '"'
        )
    return f"{operator}({', '.join(parts)})"


def _shorten(text: str, width: int = 160) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
