"""Where a text differs from an older one, and the top-level blocks and assignments around a place; without parsing."""

import re
from collections.abc import Iterator

from iacpolicy.core.lazy_regex import lazy_pattern

NEAR = 256
_BEGINNING = lazy_pattern(r"\n(?=[^\W\d]|\")")
_HEREDOC = lazy_pattern(r"<<-?([A-Za-z_][\w.-]*)\s*$", re.MULTILINE)


def changed(last: str, text: str) -> tuple[int, int]:
    """A stretch of whole lines outside of which a text is as an older one; at its ends lines of the older one too."""
    size, old_size = len(text), len(last)
    low, high = 0, min(size, old_size)
    while low + NEAR < high:  # to the character would take twice as long
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
    """The stretches of whole lines that are top-level blocks or assignments and have fresh lines in them.

    A block begins where a line begins without indentation and all brackets before it are closed; a bracket in a text
    or a comment makes a part longer than it is. Where texts of several lines stand, these are not looked into.
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
    """The same by one pass from the first line."""
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
    """The last line before a place that begins without indentation, or the least place."""
    while at > least:
        at = text.rfind("\n", 0, at - 1) + 1
        if _begins(text, at):
            return at
    return at


def _begin_after(text: str, at: int) -> int:
    """The first line after a place that begins without indentation, or the end."""
    found = _BEGINNING.search(text, at)
    return len(text) if found is None else found.end()


def _begins(text: str, at: int) -> bool:
    first = text[at : at + 1]
    return first.isalpha() or first in ("_", '"')


def _depth(text: str, begin: int, end: int) -> int:
    """How many brackets more are opened than closed in a stretch."""
    opened = text.count("{", begin, end) + text.count("[", begin, end)
    return opened - text.count("}", begin, end) - text.count("]", begin, end)
