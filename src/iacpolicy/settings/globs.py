"""Which paths an `exclude` list leaves out; time is bounded by pattern times path, whatever the pattern."""

from collections.abc import Sequence


def excludes(patterns: Sequence[str], path: str) -> bool:
    """Whether a file is left out: a pattern matches its path or a directory above it.

    `*` and `?` stay within one name, `**` spans directories. A pattern is relative to the repository root; one
    without a `/` before its end matches a name at any depth.
    """
    names = path.split("/")
    return any(_matches(_segments(pattern), names) for pattern in patterns)


def matches_name(pattern: str, name: str) -> bool:
    """Whether a name is one of a pattern's, in which `*` stands for any characters and `?` for one."""
    return _name_matches(pattern, name)


def _segments(pattern: str) -> list[str]:
    clean = pattern.strip("/").removeprefix("./")
    return clean.split("/") if "/" in clean or pattern.startswith(("/", "./")) else ["**", clean]


def _matches(segments: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the segments match the first names, so that a directory takes what lies in it with it."""
    reached = {0}
    for segment in segments:
        if segment == "**":
            reached = set(range(min(reached), len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and _name_matches(segment, names[at])}
        if not reached:
            return False
    return True


def _name_matches(pattern: str, name: str) -> bool:
    at = star = mark = 0
    has_star = False
    i = 0
    while i < len(name):
        if at < len(pattern) and pattern[at] == "*":
            has_star, star, mark = True, at, i
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", name[i]):
            at += 1
            i += 1
        elif has_star:
            mark += 1
            at, i = star + 1, mark
        else:
            return False
    return all(c == "*" for c in pattern[at:])
