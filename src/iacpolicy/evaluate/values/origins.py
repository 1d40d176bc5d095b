"""Origins of values: the place where a value is written, and the steps from there."""

from collections.abc import Iterator
from enum import StrEnum

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span

MAX_PARENTS = 6
MAX_STEPS = 40


class OriginKind(StrEnum):
    """The kind of a step; all but `LITERAL` occur in the traces of reports."""

    LITERAL = "literal"
    TFVARS = "tfvars"
    ENVIRONMENT = "env"
    COMMAND_LINE = "cli"
    DEFAULT = "default"
    LOCAL = "local"
    ARGUMENT = "argument"
    OUTPUT = "output"
    ATTRIBUTE = "attribute"
    RESOURCE = "resource"
    FUNCTION = "function"


class Origin:
    """One step of a value's trace, with the steps before it; immutable and shared."""

    __slots__ = ("end", "kind", "name", "parents", "source", "start")

    def __init__(
        self,
        kind: OriginKind,
        name: str,
        source: SourceFile | None,
        start: int = 0,
        end: int = 0,
        parents: tuple["Origin", ...] = (),
    ) -> None:
        self.kind = kind
        self.name = name
        self.source = source
        self.start = start
        self.end = end
        self.parents = parents

    @property
    def span(self) -> Span | None:
        """The place of the step, None for the environment and the command line."""
        return self.source.span(self.start, self.end) if self.source is not None else None

    def steps(self) -> Iterator["Origin"]:
        """Yield the trace from the written value to this step, each step once, at most `MAX_STEPS`."""
        order: list[Origin] = []
        seen: set[int] = set()
        pending: list[tuple[Origin, bool]] = [(self, False)]
        while pending and len(order) < MAX_STEPS:
            origin, done = pending.pop()
            if done:
                order.append(origin)
            elif id(origin) not in seen:
                seen.add(id(origin))
                pending.append((origin, True))
                pending.extend((p, False) for p in reversed(origin.parents))
        yield from order


Origins = tuple[Origin, ...]


def join(*lists: Origins) -> Origins:
    """Return the origins of a value that is made from several, each once, at most `MAX_PARENTS`."""
    filled = [one for one in lists if one]
    if len(filled) <= 1:
        return filled[0] if filled else ()
    found: dict[int, Origin] = {}
    for one in filled:
        for origin in one:
            found.setdefault(id(origin), origin)
    return tuple(found.values())[:MAX_PARENTS]
