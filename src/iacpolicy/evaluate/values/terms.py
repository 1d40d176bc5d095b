"""What an unknown value hangs on: a term over the inputs and provider facts that nobody has told.

Two unknowns with equal keys are the same value, so a policy may join by them; and a condition is told to the user in
the words of its leaves (`var.env == "production"`), however far the value has travelled.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

import msgspec

from iacpolicy.core.spans import Span

MAX_NODES = 48
MAX_REASONS = 8


class Cause(StrEnum):
    """Why a value is not known."""

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
    """One missing fact in a person's words, and where it would have to be said."""

    cause: Cause
    text: str
    location: Span | None = None

    @property
    def is_input(self) -> bool:
        """Whether the owner of the configuration can supply it: a variable, or how many instances exist."""
        return self.cause in (Cause.VARIABLE, Cause.EXISTENCE)


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A fact that is missing: `key` identifies it within a cell, `text` is what the user calls it.

    With `nullable` unset it is known that it is not null.
    """

    key: str
    text: str
    reasons: tuple[Reason, ...]
    nullable: bool = True

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
    """An operator or a function over terms; `operator` is HCL's, `?:`, a function's name, `.name` or `[]`."""

    operator: str
    operands: tuple["Term", ...]
    key: str
    nodes: int

    @property
    def text(self) -> str:
        return _text(self)


Term: TypeAlias = Leaf | Constant | Apply

_INFIX = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%"})


def apply(operator: str, *operands: Term) -> Term:
    """The term of an operation; past a bound it becomes a leaf with the same identity and reasons."""
    key = f"{operator}({','.join(o.key for o in operands)})"
    if len(key) > 400:
        import hashlib  # loads a library, for long conditions alone

        key = f"{operator}#{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    nodes = 1 + sum(o.nodes for o in operands)
    term = Apply(operator, operands, key, nodes)
    if nodes <= MAX_NODES:
        return term
    return Leaf(key, _shorten(term.text), reasons(term))


SAME_ELEMENTS = "elements("


def loop(place: str, opening: str, terms: tuple[Term, ...], is_same: bool = False) -> Term:
    """The term of a `for` whose elements are not known; `is_same` where they are those of what it runs over.

    The key of such a term begins with `SAME_ELEMENTS` and the key of what it runs over.
    """
    operator = f"for {opening}"
    if is_same and terms[0].nodes < MAX_NODES and len(terms[0].key) < 300:
        key = f"{SAME_ELEMENTS}{terms[0].key})@{operator}@{place}"
        return Apply(operator, terms, key, 1 + terms[0].nodes)
    return at_place(operator, place, *terms)


def at_place(operator: str, place: str, *terms: Term) -> Term:
    """A term that its operands do not tell wholly: it is the same for the same `place` only."""
    inner = apply(operator, *terms)
    term = Apply(operator, terms, f"{inner.key}@{place}", inner.nodes)
    return term if term.nodes <= MAX_NODES else Leaf(term.key, _shorten(term.text), reasons(term), False)


def leaves(term: Term) -> Iterator[Leaf]:
    """The missing facts under a term, in the order of its text, each once."""
    seen = set()
    pending = [term]
    while pending:
        current = pending.pop()
        if isinstance(current, Leaf):
            if current.key not in seen:
                seen.add(current.key)
                yield current
        elif isinstance(current, Apply):
            pending.extend(reversed(current.operands))


def reasons(term: Term) -> tuple[Reason, ...]:
    """Why a term is unknown: the reasons of its leaves, each once, at most `MAX_REASONS`."""
    found: dict[Reason, None] = {}
    for leaf in leaves(term):
        for reason in leaf.reasons:
            found.setdefault(reason)
            if len(found) >= MAX_REASONS:
                return tuple(found)
    return tuple(found)


def is_input(term: Term) -> bool:
    """Whether the owner of the configuration could supply all that a term hangs on."""
    return all(reason.is_input for leaf in leaves(term) for reason in leaf.reasons)


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
    if operator.startswith("for "):
        closing = {"[": "]", "{": "}"}.get(operator[-1], "}")
        return f"{operator[4:]}for … in {', '.join(parts)}{closing}"
    if operator.startswith("."):
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
