"""The world in which a policy runs: one answer for each condition over unknown values."""

from typing import Protocol

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import Cause, Reason, Term


class HasPlace(Protocol):
    """An object with a place, such as a resource or an attribute."""

    @property
    def at(self) -> Span: ...


class Undecidable(Exception):  # noqa: N818 - not an error: the engine turns it into an undecided result
    """A policy read something that no answer to a condition decides, such as the text of an unknown string."""

    def __init__(self, reasons: tuple[Reason, ...], at: object = None) -> None:
        super().__init__("; ".join(r.text for r in reasons))
        self.reasons = reasons
        self.at = at

    @classmethod
    def because(cls, cause: Cause, text: str, at: HasPlace) -> "Undecidable":
        """Return an exception with one reason in plain words, at the place of `at`."""
        return cls((Reason(cause, text, at.at),), at)


class World(Protocol):
    """One consistent set of answers."""

    def decide(self, condition: Term) -> bool:
        """Return the answer to a condition in this world, always the same for one condition."""
        ...


class _Nowhere:
    """The world outside of a run of a policy, which has no answers."""

    def decide(self, condition: Term) -> bool:
        raise RuntimeError(f"a condition was decided outside of the check of a policy: {condition.text}")


_worlds: list[World] = [_Nowhere()]


def current() -> World:
    """Return the world of the running policy."""
    return _worlds[-1]


class entered:  # noqa: N801 - a context, as from a function; it begins for each resource and must cost little
    """Make a world the current one for the time of a run."""

    __slots__ = ("world",)

    def __init__(self, world: World) -> None:
        self.world = world

    def __enter__(self) -> World:
        _worlds.append(self.world)
        return self.world

    def __exit__(self, *_: object) -> None:
        _worlds.pop()
