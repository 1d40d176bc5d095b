"""YAML whose nodes know where they stand; bounded in size, depth, and what aliases may blow it up to.

Only the parser's events are taken: no tag makes an object, and nothing recurses over the text.
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
    """A text; `plain` where no quotes and no block say that it is one."""

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
        """The value of a key, the last where it stands twice."""
        found = self.pair(name)
        return found[1] if found is not None else None

    def pair(self, name: str) -> "tuple[Scalar, Node] | None":
        """A key with its value."""
        for key, value in reversed(self.pairs):
            if key.text == name:
                return key, value
        return None


Node: TypeAlias = Scalar | Sequence | Mapping


class _LimitError(Exception):
    """A bound is passed; the text says which."""


def read(source: SourceFile) -> tuple[Node, ...] | Diagnostic:
    """The documents of a YAML text, or why it was not read."""
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
    return error("YAML cannot be read", f"{source.path} was not looked at: {why}. Mend the file.", source.span(at, at))


class _Open:
    """A sequence or mapping whose end has not come yet."""

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
                    raise _LimitError(f"the alias *{event.anchor} stands for nothing that is complete before it")
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
        """Put a node where it belongs; its weight is what it holds with every alias written out."""
        self.made += 1
        if weight > MAX_NODES or self.made > MAX_NODES:
            raise _LimitError(f"it holds more than {MAX_NODES} values with its aliases written out (limit: aliases)")
        if anchor:
            self.anchors[anchor] = (node, weight)
        if self.open:
            self.open[-1].items.append(node)
            self.open[-1].weight += weight
        else:
            self.roots.append(node)
