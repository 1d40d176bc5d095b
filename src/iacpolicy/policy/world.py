"""The world a policy runs in: who answers what is not known."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.terms import Cause, Reason, Term


class Placed(Protocol):
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
    def because(cls, cause: Cause, text: str, at: Placed) -> "Undecidable":
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


@contextmanager
def entered(world: World) -> Iterator[World]:
    """Answer questions by this world for the time of a run."""
    _worlds.append(world)
    try:
        yield world
    finally:
        _worlds.pop()
