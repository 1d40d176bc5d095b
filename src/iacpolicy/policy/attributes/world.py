"""The world a policy runs in: who answers what is not known."""

from typing import Protocol

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import Cause, Reason, Term


class HasPlace(Protocol):
    """What has a place: a resource, an attribute."""

    @property
    def at(self) -> Span: ...


class Undecidable(Exception):  # noqa: N818 - not an error: the engine turns it into an undecided result
    """A policy asked for something that no answer to a condition can give, such as the text of an unknown string."""

    def __init__(self, reasons: tuple[Reason, ...], at: object = None) -> None:
        super().__init__("; ".join(r.text for r in reasons))
        self.reasons = reasons
        self.at = at

    @classmethod
    def because(cls, cause: Cause, text: str, at: HasPlace) -> "Undecidable":
        """With one reason in a person's words, which speaks of the place of `at`."""
        return cls((Reason(cause, text, at.at),), at)


class World(Protocol):
    """One consistent set of answers."""

    def decide(self, condition: Term) -> bool:
        """The answer to a condition in this world; the same for the same condition all through it."""
        ...


class _Nowhere:
    """Outside of a run of a policy nobody answers."""

    def decide(self, condition: Term) -> bool:
        raise RuntimeError(f"undecided condition asked outside of a policy's check: {condition.text}")


_worlds: list[World] = [_Nowhere()]


def current() -> World:
    """The world in which the running policy's questions are answered."""
    return _worlds[-1]


class entered:  # noqa: N801 - a context, as from a function; it begins for each resource and must cost little
    """Answer questions by this world for the time of a run."""

    __slots__ = ("world",)

    def __init__(self, world: World) -> None:
        self.world = world

    def __enter__(self) -> World:
        _worlds.append(self.world)
        return self.world

    def __exit__(self, *_: object) -> None:
        _worlds.pop()
