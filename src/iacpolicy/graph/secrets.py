"""Secrets that are written in the repository, whatever policies run: what must never leave the tool."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.graph.graph import Graph


class Secret(msgspec.Struct, frozen=True):
    """A secret's text, and where its literal is written (None where it came from outside of files)."""

    text: str
    place: Span | None


def find_secrets(graphs: Iterable[Graph]) -> tuple[Secret, ...]:
    """Every secret of the cells, each once."""
    return ()
