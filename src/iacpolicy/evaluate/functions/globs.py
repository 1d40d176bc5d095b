"""The patterns of `fileset`: `*`, `?`, `[a-z]`, `[^a]`, `{a,b}`, and `**` for any number of directories.

https://developer.hashicorp.com/terraform/language/functions/fileset
"""

import re
from collections.abc import Callable

from iacpolicy.evaluate.functions.regexes import compiled_pattern
from iacpolicy.evaluate.values.errors import FunctionError

MAX_PATTERN = 1_000
MAX_ALTERNATIVES = 64


def translate(pattern: str) -> Callable[[str], bool]:
    """What tells whether a whole path matches a pattern, in time linear in the path.

    Raises:
        FunctionError: it is malformed, or a limit is reached.
    """
    if len(pattern) > MAX_PATTERN or pattern.count("{") + pattern.count(",") + pattern.count("*") > MAX_ALTERNATIVES:
        raise FunctionError(
            f"a pattern may have {MAX_PATTERN} characters and {MAX_ALTERNATIVES} wildcards (limit: size of patterns)", 1
        )
    compiled = compiled_pattern(f"(?s){''.join(_pieces(pattern))}\\z")
    # a name that is not UTF-8 is matched by its bytes, as in Go
    return lambda path: compiled.match(path.encode(errors="surrogateescape")) is not None


def _pieces(pattern: str) -> list[str]:
    pieces: list[str] = []
    position, depth = 0, 0
    while position < len(pattern):
        char = pattern[position]
        starts = position == 0 or pattern[position - 1] == "/"
        if starts and pattern.startswith("**/", position):
            pieces.append("(?:[^/]+/)*")
            position += 3
            continue
        if starts and pattern[position:] == "**":
            pieces.append(".*")
            break
        if char == "*":
            while pattern.startswith("*", position + 1):
                position += 1
            pieces.append("[^/]*")
        elif char == "?":
            pieces.append("[^/]")
        elif char == "{":
            depth += 1
            pieces.append("(?:")
        elif char == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif char == "," and depth:
            pieces.append("|")
        elif char == "[":
            piece, position = _class(pattern, position)
            pieces.append(piece)
        elif char == "\\":
            position += 1
            if position == len(pattern):
                raise _malformed(pattern)
            pieces.append(re.escape(pattern[position]))
        else:
            pieces.append(re.escape(char))
        position += 1
    if depth:
        raise _malformed(pattern)
    return pieces


def _class(pattern: str, position: int) -> tuple[str, int]:
    """A class of characters, and the place of its closing bracket."""
    end = position + 1
    negated = pattern.startswith("^", end)
    end += negated
    ranges: list[str] = []
    while True:
        low, end = _member(pattern, end)
        high = low
        if pattern.startswith("-", end):
            high, end = _member(pattern, end + 1)
        if low > high:
            raise _malformed(pattern)
        ranges.append(f"{re.escape(low)}-{re.escape(high)}")
        if pattern.startswith("]", end):
            return f"[{'^' if negated else ''}{''.join(ranges)}{'/' if negated else ''}]", end


def _member(pattern: str, position: int) -> tuple[str, int]:
    if pattern.startswith("\\", position):
        position += 1
    elif pattern[position : position + 1] in ("]", "-"):
        raise _malformed(pattern)
    if position >= len(pattern):
        raise _malformed(pattern)
    return pattern[position], position + 1


def _malformed(pattern: str) -> FunctionError:
    return FunctionError(f'the pattern "{pattern}" is malformed', 1)
