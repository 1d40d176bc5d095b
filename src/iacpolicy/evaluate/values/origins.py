"""Where a value was written and through which hops it came."""

from collections.abc import Iterator
from enum import StrEnum

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span

MAX_PARENTS = 6
MAX_HOPS = 40


class OriginKind(StrEnum):
    """What a hop is; all but `LITERAL` are words of the report's trace."""

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
    """One hop of a value's way, with the hops it came from; persistent, shared, never changed."""

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
        """Where the hop is written; None for the environment and the command line."""
        return self.source.span(self.start, self.end) if self.source is not None else None

    def hops(self) -> Iterator["Origin"]:
        """The way from the written value to here, each hop once, at most `MAX_HOPS`."""
        order: list[Origin] = []
        seen: set[int] = set()
        pending: list[tuple[Origin, bool]] = [(self, False)]
        while pending and len(order) < MAX_HOPS:
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
    """The origins of a value made from several, each once, at most `MAX_PARENTS`."""
    filled = [one for one in lists if one]
    if len(filled) <= 1:
        return filled[0] if filled else ()
    found: dict[int, Origin] = {}
    for one in filled:
        for origin in one:
            found.setdefault(id(origin), origin)
    return tuple(found.values())[:MAX_PARENTS]
