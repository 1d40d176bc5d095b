"""Reads the nodes of a YAML policy and collects every mistake with its line and a suggestion."""

from collections.abc import Iterable, Mapping
from typing import Any

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.places.yaml_marks import Mapping as YamlMapping
from iacpolicy.core.places.yaml_marks import Node, Scalar, Sequence
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.sources import SourceFile

_INTEGER = lazy_pattern(r"[-+]?[0-9]{1,30}\Z")
_FLOAT = lazy_pattern(r"[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30}|[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?\Z")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
MAX_MISTAKES = 20


class NodeReader:
    """Reads the nodes of one file; `mistakes` are its mistakes so far, each with its line."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.mistakes: list[tuple[int, str]] = []

    def line(self, node: Node) -> int:
        return self.source.position(min(node.start, len(self.source.text)))[0]

    def wrong(self, node: Node, message: str) -> None:
        """Record a mistake at the line of a node."""
        self.mistakes.append((self.line(node), message))

    def report(self) -> str:
        """Return the first mistakes as text, one per line with its place."""
        lines = [f"{self.source.path}:{line}: {message}" for line, message in sorted(self.mistakes)[:MAX_MISTAKES]]
        more = len(self.mistakes) - len(lines)
        return "\n".join(lines) + (f"\nand {more} more" if more > 0 else "")

    def mapping(self, node: Node, what: str) -> YamlMapping | None:
        """Return a node that must be a mapping without duplicate keys, None if it is not a mapping."""
        if not isinstance(node, YamlMapping):
            self.wrong(node, f"{what} must be a mapping of keys and values, but is {kind_of(node)}")
            return None
        seen: set[str] = set()
        for key, _ in node.pairs:
            if key.text in seen:
                self.wrong(key, f"{what} has the key `{key.text}` twice")
            seen.add(key.text)
        return node

    def keys(self, node: YamlMapping, known: Iterable[str], what: str) -> None:
        """Record a mistake for every unknown key."""
        names = tuple(known)
        for key, _ in node.pairs:
            if key.text not in names:
                all_names = "; it has " + ", ".join(f"`{name}`" for name in names)
                hint = did_you_mean(key.text, names, HintForm.CODE_ASIDE) or all_names
                self.wrong(key, f"{what} has no key `{key.text}`{hint}")

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """Return the items of a node that must be a list with at least one item."""
        if not isinstance(node, Sequence) or not node.items:
            self.wrong(node, f"{what} must be a list with at least one item")
            return ()
        return node.items

    def text(self, node: Node, what: str) -> str:
        """Return a node that must be a text that is not blank."""
        value = scalar(node) if isinstance(node, Scalar) else None
        if not isinstance(value, str) or not value.strip():
            self.wrong(node, f"{what} must be a text, but is {kind_of(node)}")
            return ""
        return " ".join(value.split())

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """Return a node that must be a list of texts, or one text."""
        if isinstance(node, Scalar):
            return (self.text(node, what),)
        return tuple(self.text(item, f"an item of {what}") for item in self.items(node, what))


def scalar(node: Scalar) -> Any:
    """Return the value of a scalar by the core schema of YAML 1.2: a text, a number, a bool or None."""
    text = node.text
    if not node.plain:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def plain(node: Node) -> Any:
    """Return a scalar or a list of scalars as plain Python, None for any other node."""
    if isinstance(node, Scalar):
        return scalar(node)
    if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
        return [scalar(item) for item in node.items if isinstance(item, Scalar)]
    return None


def kind_of(node: Node) -> str:
    """Return the kind of a node in words for a message."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, YamlMapping):
        return "a mapping"
    value = scalar(node)
    if value is None:
        return "empty"
    return "true or false" if isinstance(value, bool) else "a text" if isinstance(value, str) else "a number"
