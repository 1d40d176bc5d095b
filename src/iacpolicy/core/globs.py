"""Globs: patterns of paths with `*` and `?`, translated to regular expressions of RE2.

Tools differ in the rest of the syntax, so each kind of pattern is a `Dialect`.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from iacpolicy.core.linear_regex import PatternError, linear_regex


class MalformedGlobError(ValueError):
    """A glob that its dialect does not accept."""


class Dialect(NamedTuple):
    """The syntax of one kind of glob. `*` and `?` never match `/`, unless `crosses_slashes`."""

    double_star: bool = False
    """`**` between slashes matches any number of directories."""

    alternatives: bool = False
    """`{a,b}` matches `a` or `b`."""

    classes: bool = False
    """`[a-z]` and `[^a-z]` match one character, which is never `/`."""

    escapes: bool = False
    r"""A backslash makes the next character an ordinary one."""

    covers_below: bool = False
    """A pattern that matches a directory matches all paths below it too."""

    crosses_slashes: bool = False
    """`*` and `?` match `/` like any other character."""


FILESET = Dialect(double_star=True, alternatives=True, classes=True, escapes=True)
"""Terraform's: https://developer.hashicorp.com/terraform/language/functions/fileset"""

GO_MATCH = Dialect(classes=True, escapes=True)
"""Go's `path.Match`, used by the Supabase CLI: https://pkg.go.dev/path#Match"""

SETTINGS = Dialect(double_star=True, covers_below=True)
"""The `exclude` list of the settings."""

NAMES = Dialect(crosses_slashes=True)
"""Names that are no paths."""


@lru_cache(maxsize=1_024)
def glob_matcher(pattern: str, dialect: Dialect) -> Callable[[str], bool]:
    """Return a function that reports whether a whole path matches, in time linear in the path.

    A path that is not UTF-8 is matched by its bytes, as in Go.

    Raises:
        MalformedGlobError: the pattern is malformed or too large.
    """
    try:
        compiled = linear_regex(f"(?s){translate(pattern, dialect)}\\z".encode())
    except (PatternError, UnicodeEncodeError):
        raise MalformedGlobError(pattern) from None
    return lambda path: compiled.match(path.encode(errors="surrogateescape")) is not None


@lru_cache(maxsize=64)
def any_matcher(patterns: tuple[str, ...], dialect: Dialect) -> Callable[[str], bool]:
    """Return a function that reports whether one of the patterns matches a whole path; malformed ones match none.

    All patterns are one regular expression, because a separate match for each of them takes longer than the scan of
    a small file.
    """
    if not patterns:
        return lambda path: False
    try:
        union = "|".join(translate(pattern, dialect) for pattern in patterns)
        compiled = linear_regex(f"(?s)(?:{union})\\z".encode())
    except (MalformedGlobError, PatternError, UnicodeEncodeError):
        return lambda path: any(matching(pattern, (path,), dialect) for pattern in patterns)
    return lambda path: compiled.match(path.encode(errors="surrogateescape")) is not None


def matching(pattern: str, paths: Iterable[str], dialect: Dialect) -> list[str]:
    """Return the paths that a pattern matches, in their order; a malformed pattern matches none."""
    try:
        matches = glob_matcher(pattern, dialect)
    except MalformedGlobError:
        return []
    return [path for path in paths if matches(path)]


def translate(pattern: str, dialect: Dialect) -> str:
    """Return the regular expression that matches the same whole paths as a glob.

    Raises:
        MalformedGlobError: the pattern is malformed.
    """
    below = "(?:/.*)?" if dialect.covers_below else ""
    if dialect.double_star and dialect.covers_below:
        while pattern.endswith("/**"):
            pattern = pattern.removesuffix("/**")
    return "".join(_pieces(pattern, dialect)) + below


def _pieces(pattern: str, dialect: Dialect) -> list[str]:
    pieces: list[str] = []
    position, depth = 0, 0
    anything = "." if dialect.crosses_slashes else "[^/]"
    while position < len(pattern):
        char = pattern[position]
        if dialect.double_star and (position == 0 or pattern[position - 1] == "/"):
            if pattern.startswith("**/", position):
                if pieces[-1:] != ["(?:[^/]+/)*"]:
                    pieces.append("(?:[^/]+/)*")
                position += 3
                continue
            if pattern[position:] == "**":
                pieces.append(".*")
                break
        if char == "*":
            while pattern.startswith("*", position + 1):
                position += 1
            pieces.append(f"{anything}*")
        elif char == "?":
            pieces.append(anything)
        elif char == "{" and dialect.alternatives:
            depth += 1
            pieces.append("(?:")
        elif char == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif char == "," and depth:
            pieces.append("|")
        elif char == "[" and dialect.classes:
            piece, position = _class(pattern, position)
            pieces.append(piece)
        elif char == "\\" and dialect.escapes:
            position += 1
            if position == len(pattern):
                raise MalformedGlobError(pattern)
            pieces.append(re.escape(pattern[position]))
        else:
            pieces.append(re.escape(char))
        position += 1
    if depth:
        raise MalformedGlobError(pattern)
    return pieces


def _class(pattern: str, position: int) -> tuple[str, int]:
    """Return the regular expression of the class of characters at a position, and where its closing bracket is."""
    end = position + 1
    negated = pattern.startswith("^", end)
    end += negated
    ranges: list[tuple[str, str]] = []
    while True:
        low, end = _member(pattern, end)
        high = low
        if pattern.startswith("-", end):
            high, end = _member(pattern, end + 1)
        if low > high:
            raise MalformedGlobError(pattern)
        ranges += [(low, high)] if negated else _without_slash(low, high)
        if pattern.startswith("]", end):
            break
    if not ranges:
        return r"[^\x00-\x{10FFFF}]", end  # matches no character
    written = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges)
    return f"[{'^' if negated else ''}{written}{'/' if negated else ''}]", end


def _without_slash(low: str, high: str) -> list[tuple[str, str]]:
    if not low <= "/" <= high:
        return [(low, high)]
    below, above = ((low, "."), ("0", high))
    return [each for each in (below, above) if each[0] <= each[1]]


def _member(pattern: str, position: int) -> tuple[str, int]:
    if pattern.startswith("\\", position):
        position += 1
    elif pattern[position : position + 1] in ("]", "-"):
        raise MalformedGlobError(pattern)
    if position >= len(pattern):
        raise MalformedGlobError(pattern)
    return pattern[position], position + 1
