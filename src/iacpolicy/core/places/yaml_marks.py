"""YAML nodes with their offsets; size, depth and the expansion of aliases are bounded.

Only the parser's events are used: no tag creates an object, and no function recurses over the text.
"""

from typing import Any, TypeAlias

import msgspec
import yaml

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 100
MAX_NODES = 200_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A scalar; `plain` is set if it is written without quotes and is no block scalar."""

    text: str
    plain: bool
    start: int
    end: int


class Sequence(msgspec.Struct, frozen=True):
    """Items in the order of the text."""

    items: tuple["Node", ...]
    start: int
    end: int


class Mapping(msgspec.Struct, frozen=True):
    """Keys and values in the order of the text; a key that is no scalar is left out."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    start: int
    end: int

    def get(self, name: str) -> "Node | None":
        """Return the value of a key, the last one where the key is repeated; None without the key."""
        found = self.pair(name)
        return found[1] if found is not None else None

    def pair(self, name: str) -> "tuple[Scalar, Node] | None":
        """Return a key with its value, the last one where the key is repeated; None without the key."""
        for key, value in reversed(self.pairs):
            if key.text == name:
                return key, value
        return None


Node: TypeAlias = Scalar | Sequence | Mapping


class _LimitError(Exception):
    """A bound is exceeded; the text names it."""


def read(source: SourceFile) -> tuple[Node, ...] | Diagnostic:
    """Return the documents of a YAML text, or a diagnostic with the reason why it was not read."""
    if len(source.text) > MAX_CHARACTERS:
        return _refused(source, 0, f"it has more than {MAX_CHARACTERS} characters (limit: size of YAML)")
    try:
        return _Builder().documents(source.text)
    except _LimitError as limit:
        return _refused(source, 0, str(limit))
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        said = getattr(problem, "problem", None) or str(problem).partition("\n")[0]
        return _refused(source, min(mark.index, len(source.text)) if mark is not None else 0, str(said))


def _refused(source: SourceFile, at: int, why: str) -> Diagnostic:
    return error("YAML cannot be read", f"{source.path} was not checked: {why}. Correct the file.", source.span(at, at))


class _Open:
    """A sequence or mapping whose end has not been read yet."""

    __slots__ = ("anchor", "is_mapping", "items", "start", "weight")

    def __init__(self, event: Any) -> None:
        self.anchor: str | None = event.anchor
        self.is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.start = _offset(event.start_mark)
        self.items: list[Node] = []
        self.weight = 1

    def closed(self, end: int) -> Node:
        if not self.is_mapping:
            return Sequence(tuple(self.items), self.start, end)
        pairs = zip(self.items[::2], self.items[1::2], strict=False)
        return Mapping(tuple((k, v) for k, v in pairs if isinstance(k, Scalar)), self.start, end)


def _offset(mark: Any) -> int:
    return int(mark.index)


class _Builder:
    def __init__(self) -> None:
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.open: list[_Open] = []
        self.roots: list[Node] = []
        self.made = 0

    def documents(self, text: str) -> tuple[Node, ...]:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent):
                plain = bool(event.implicit[0])
                node = Scalar(event.value, plain, _offset(event.start_mark), _offset(event.end_mark))
                self.take(node, 1, event.anchor)
            elif isinstance(event, yaml.AliasEvent):
                if event.anchor not in self.anchors:
                    raise _LimitError(f"the alias *{event.anchor} refers to no value that is complete before it")
                self.take(*self.anchors[event.anchor], None)
            elif isinstance(event, yaml.CollectionStartEvent):
                if len(self.open) >= MAX_DEPTH:
                    raise _LimitError(f"it nests more than {MAX_DEPTH} levels deep (limit: depth of YAML)")
                self.open.append(_Open(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                done = self.open.pop()
                self.take(done.closed(_offset(event.end_mark)), done.weight, done.anchor)
            elif isinstance(event, yaml.DocumentEndEvent):
                self.anchors.clear()
        return tuple(self.roots)

    def take(self, node: Node, weight: int, anchor: str | None) -> None:
        """Add a node to its parent; its weight is the number of its nodes with every alias written out."""
        self.made += 1
        if weight > MAX_NODES or self.made > MAX_NODES:
            raise _LimitError(f"it has more than {MAX_NODES} values when its aliases are expanded (limit: aliases)")
        if anchor:
            self.anchors[anchor] = (node, weight)
        if self.open:
            self.open[-1].items.append(node)
            self.open[-1].weight += weight
        else:
            self.roots.append(node)
