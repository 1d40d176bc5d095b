"""Conditions between two things that nobody has told: `var.a == var.b`, `var.min > var.max`."""

from typing import NamedTuple

import msgspec

from iacpolicy.evaluate.values.terms import Apply, Constant, Term


class Pair(NamedTuple):
    """A condition in its one form: `left == right` or `left < right`, or the opposite of that."""

    operator: str
    left: Term
    right: Term
    is_negated: bool

    @property
    def key(self) -> str:
        """Equal for all ways of writing the condition or its opposite."""
        return f"{self.left.key} {self.operator} {self.right.key}"


def pair_of(atom: Term) -> Pair | None:
    """A comparison of two subjects, however it is turned; None for all other conditions."""
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
    """Which subjects are one and the same, and which two differ."""

    _same: dict[str, str] = msgspec.field(default_factory=dict)
    _different: frozenset[frozenset[str]] = frozenset()

    def copy(self) -> "Equalities":
        return Equalities(dict(self._same), self._different)

    def name(self, subject: str) -> str:
        """The one name of all subjects that are the same as this one."""
        while subject in self._same:
            subject = self._same[subject]
        return subject

    def differ(self, one: str, two: str) -> bool:
        """Whether two names are known to differ."""
        return frozenset((one, two)) in self._different

    def join(self, one: str, two: str) -> None:
        """Take two names for the same; the first remains."""
        self._same[two] = one
        self._different = frozenset(frozenset(one if n == two else n for n in pair) for pair in self._different)

    def part(self, one: str, two: str) -> None:
        """Take two names for different."""
        self._different |= {frozenset((one, two))}

    def partners(self, name: str) -> list[str]:
        """The names that are known to differ from this one, sorted."""
        return sorted(next(iter(pair - {name})) for pair in self._different if name in pair and len(pair) == 2)


class Orders(msgspec.Struct, frozen=True):
    """Which subjects lie below which: (below, above, whether strictly)."""

    edges: tuple[tuple[str, str, bool], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.edges)

    def copy(self) -> "Orders":
        return self

    def with_order(self, below: str, above: str, is_strict: bool) -> "Orders":
        """One more: `below < above`, or `below <= above`."""
        return Orders((*self.edges, (below, above, is_strict)))

    def renamed(self, old: str, new: str) -> "Orders":
        """The same with one subject under another name."""
        return Orders(tuple((new if a == old else a, new if b == old else b, strict) for a, b, strict in self.edges))

    def compared(self, one: str, two: str) -> bool | None:
        """Whether `one < two`, by a chain of others; None where they do not tell."""
        if dict(self._from(one)).get(two):
            return True
        return False if one == two or one in dict(self._from(two)) else None

    def around(self, name: str) -> list[tuple[str, bool, bool]]:
        """Each subject that a chain leads to: (name, whether it lies below, whether strictly)."""
        above = [(other, False, strict) for other, strict in self._from(name)]
        turned = Orders(tuple((b, a, strict) for a, b, strict in self.edges))
        return above + [(other, True, strict) for other, strict in turned._from(name)]

    def _from(self, start: str) -> list[tuple[str, bool]]:
        """What lies above a subject, and whether strictly."""
        found: dict[str, bool] = {}
        pending = [(start, False)]
        while pending:
            name, strict = pending.pop()
            for below, above, more in self.edges:
                if below == name and (above not in found or (not found[above] and (strict or more))):
                    found[above] = strict or more
                    pending.append((above, strict or more))
        return sorted(found.items())
