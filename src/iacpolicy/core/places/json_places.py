"""Places of parts of a JSON text, computed on demand for parts with a problem."""

import json
import re
from collections.abc import Iterator
from typing import Final

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start

_TOKEN: Final = lazy_pattern(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_OPENING: Final = ("{", "[")


def locate(source: SourceFile, steps: tuple[str | int, ...]) -> Span:
    """Return the span of the value at a path of keys and indexes, its key included; else the file's first line.

    The text is scanned once without a tree, so its depth does not matter.
    """
    tokens = _TOKEN.finditer(source.text)
    key_start: int | None = None
    for step in steps:
        opened = next(tokens, None)
        if opened is None or opened[0] not in _OPENING:
            return file_start(source.path)
        key_start = _advance(tokens, step, opened[0] == "{")
        if key_start is None:
            return file_start(source.path)
        if key_start < 0:
            key_start = None
    return _value(source, tokens, key_start)


def _advance(tokens: Iterator[re.Match[str]], step: str | int, is_object: bool) -> int | None:
    """Advance to the value at a key or an index of the open container; return the key's offset, or -1 in a list."""
    index = 0
    depth = 0
    expecting_key = is_object
    if not is_object and step == 0:
        return -1
    for token in tokens:
        text = token[0]
        if depth == 0 and expecting_key and text.startswith('"'):
            if _text(text) == step:
                next(tokens, None)
                return token.start()
            expecting_key = False
        elif text in _OPENING:
            depth += 1
        elif text in ("}", "]"):
            if depth == 0:
                return None
            depth -= 1
        elif text == "," and depth == 0:
            index += 1
            expecting_key = is_object
            if not is_object and index == step:
                return -1
    return None


def _value(source: SourceFile, tokens: Iterator[re.Match[str]], key_start: int | None) -> Span:
    first = next(tokens, None)
    if first is None:
        return file_start(source.path)
    start = first.start() if key_start is None else key_start
    return source.span(start, first.end())


def _text(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token
