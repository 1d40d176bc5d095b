"""Comparisons of two unknown values: `var.a == var.b`, `var.min > var.max`."""

from typing import NamedTuple

import msgspec

from iacpolicy.evaluate.values.terms import Apply, Constant, Term


class Pair(NamedTuple):
    """A comparison in its normal form: `left == right` or `left < right`, or the negation of one."""

    operator: str
    left: Term
    right: Term
    is_negated: bool

    @property
    def key(self) -> str:
        """Return a key that is equal for all forms of the comparison and of its negation."""
        return f"{self.left.key} {self.operator} {self.right.key}"


def pair_of(atom: Term) -> Pair | None:
    """Return a comparison of two unknown values in its normal form, None for any other condition."""
    if not isinstance(atom, Apply) or len(atom.operands) != 2:
        return None
    one, two = atom.operands
    if isinstance(one, Constant) or isinstance(two, Constant):
        return None
    match atom.operator:
        case "==" | "!=":
            left, right = sorted((one, two), key=lambda operand: operand.key)
            return Pair("==", left, right, atom.operator == "!=")
        case "<" | ">=":
            return Pair("<", one, two, atom.operator == ">=")
        case ">" | "<=":
            return Pair("<", two, one, atom.operator == "<=")
    return None


class Equalities(msgspec.Struct):
    """Subjects that are known to be equal, and pairs that are known to differ."""

    _same: dict[str, str] = msgspec.field(default_factory=dict)
    _different: frozenset[frozenset[str]] = frozenset()

    def copy(self) -> "Equalities":
        return Equalities(dict(self._same), self._different)

    def name(self, subject: str) -> str:
        """Return the common name of all subjects that equal this one."""
        while subject in self._same:
            subject = self._same[subject]
        return subject

    def differ(self, one: str, two: str) -> bool:
        """Report whether two names are known to differ."""
        return frozenset((one, two)) in self._different

    def join(self, one: str, two: str) -> None:
        """Record that two names are equal; the first becomes the common name."""
        self._same[two] = one
        self._different = frozenset(frozenset(one if n == two else n for n in pair) for pair in self._different)

    def part(self, one: str, two: str) -> None:
        """Record that two names differ."""
        self._different |= {frozenset((one, two))}

    def partners(self, name: str) -> list[str]:
        """Return the names that are known to differ from this one, sorted."""
        return sorted(next(iter(pair - {name})) for pair in self._different if name in pair and len(pair) == 2)


class Orders(msgspec.Struct, frozen=True):
    """Known orders of subjects; an edge is (lower, higher, whether it is strict)."""

    edges: tuple[tuple[str, str, bool], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.edges)

    def copy(self) -> "Orders":
        return self

    def with_order(self, below: str, above: str, is_strict: bool) -> "Orders":
        """Return the orders with one more: `below < above`, or `below <= above`."""
        return Orders((*self.edges, (below, above, is_strict)))

    def renamed(self, old: str, new: str) -> "Orders":
        """Return the orders with one subject renamed."""
        return Orders(tuple((new if a == old else a, new if b == old else b, strict) for a, b, strict in self.edges))

    def compared(self, one: str, two: str) -> bool | None:
        """Report whether `one < two` follows from a chain of orders, None if neither answer follows."""
        if dict(self._from(one)).get(two):
            return True
        return False if one == two or one in dict(self._from(two)) else None

    def around(self, name: str) -> list[tuple[str, bool, bool]]:
        """Return each subject that a chain leads to: (name, whether it is lower, whether strictly)."""
        above = [(other, False, strict) for other, strict in self._from(name)]
        turned = Orders(tuple((b, a, strict) for a, b, strict in self.edges))
        return above + [(other, True, strict) for other, strict in turned._from(name)]

    def _from(self, start: str) -> list[tuple[str, bool]]:
        """Return the subjects above a subject, and whether strictly."""
        found: dict[str, bool] = {}
        pending = [(start, False)]
        while pending:
            name, strict = pending.pop()
            for below, above, more in self.edges:
                if below == name and (above not in found or (not found[above] and (strict or more))):
                    found[above] = strict or more
                    pending.append((above, strict or more))
        return sorted(found.items())
