"""The range in which two texts differ, and the top-level blocks and assignments around offsets, without parsing."""

import re
from collections.abc import Iterator

from iacpolicy.core.lazy_regex import lazy_pattern

NEAR = 256
_BEGINNING = lazy_pattern(r"\n(?=[^\W\d]|\")")
_HEREDOC = lazy_pattern(r"<<-?([A-Za-z_][\w.-]*)\s*$", re.MULTILINE)


def changed(last: str, text: str) -> tuple[int, int]:
    """Return the range of lines that differ from an older text; it can begin and end with equal lines."""
    size, old_size = len(text), len(last)
    low, high = 0, min(size, old_size)
    while low + NEAR < high:  # comparing to the character takes twice as long
        middle = (low + high + 1) // 2
        if text.startswith(last[low:middle], low):
            low = middle
        else:
            high = middle - 1
    begin = text.rfind("\n", 0, low) + 1
    low, high = 0, min(size, old_size) - begin
    while low + NEAR < high:
        middle = (low + high + 1) // 2
        if text.startswith(last[old_size - middle : old_size - low], size - middle):
            low = middle
        else:
            high = middle - 1
    end = text.find("\n", max(size - low, begin))
    return begin, size if end < 0 else end


def parts_of(text: str, fresh: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the top-level blocks and assignments that contain the offsets of fresh lines.

    A block begins with a line without indentation if all brackets before it are closed. A bracket in a string or a
    comment can make a range too long. Lines of a heredoc are not counted.
    """
    if "<" in text and "<<" in text:  # one character is found many times as fast
        yield from _by_heredocs(text, fresh)
        return
    done = 0
    for at in fresh:
        if at < done:
            continue
        begin = at if at == done or _begins(text, at) else _begin_before(text, done, at)
        depth = _depth(text, done, begin)
        while begin > done and depth > 0:
            line = _begin_before(text, done, begin)
            depth -= _depth(text, line, begin)
            begin = line
        end = _begin_after(text, at)
        depth = _depth(text, begin, end)
        while end < len(text) and depth > 0:
            line = end
            end = _begin_after(text, line)
            depth += _depth(text, line, end)
        done = end
        yield begin, done


def _by_heredocs(text: str, fresh: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the same ranges of a text with heredocs, in one pass from the first line."""
    begin = at = depth = 0
    until: str | None = None
    places = iter(fresh)
    place = next(places, None)
    for line in text.split("\n"):
        if until is not None:
            until = None if line.strip() == until else until
        else:
            if depth <= 0 and at > begin and _begins(text, at):
                if place is not None and place < at:
                    yield begin, at
                while place is not None and place < at:
                    place = next(places, None)
                begin, depth = at, 0
            heredoc = _HEREDOC.search(line)
            until = heredoc[1] if heredoc is not None else None
            depth += line.count("{") + line.count("[") - line.count("}") - line.count("]")
        at += len(line) + 1
    if place is not None:
        yield begin, len(text)


def _begin_before(text: str, least: int, at: int) -> int:
    """Return the start of the last line without indentation before an offset, or `least`."""
    while at > least:
        at = text.rfind("\n", 0, at - 1) + 1
        if _begins(text, at):
            return at
    return at


def _begin_after(text: str, at: int) -> int:
    """Return the start of the first line without indentation after an offset, or the end."""
    found = _BEGINNING.search(text, at)
    return len(text) if found is None else found.end()


def _begins(text: str, at: int) -> bool:
    first = text[at : at + 1]
    return first.isalpha() or first in ("_", '"')


def _depth(text: str, begin: int, end: int) -> int:
    """Return the number of opened minus closed brackets in a range."""
    opened = text.count("{", begin, end) + text.count("[", begin, end)
    return opened - text.count("}", begin, end) - text.count("]", begin, end)
