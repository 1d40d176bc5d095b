"""Patterns of the settings: paths for `exclude`, and names for allowed secrets."""

from collections.abc import Sequence

from iacpolicy.core.globs import NAMES, SETTINGS, any_matcher, matching


def excludes(patterns: Sequence[str], path: str) -> bool:
    """Report that a file is excluded: a pattern matches its path or a directory above it.

    `*` and `?` stay within one name, `**` spans directories. A pattern is relative to the repository root; one
    without a `/` before its end matches a name at any depth.
    """
    return any_matcher(tuple([_anchored(pattern) for pattern in patterns]), SETTINGS)(path)


def matches_name(pattern: str, name: str) -> bool:
    """Report whether a name matches a pattern, in which `*` matches any characters and `?` one."""
    return bool(matching(pattern, (name,), NAMES))


def _anchored(pattern: str) -> str:
    clean = pattern.strip("/").removeprefix("./")
    return clean if "/" in clean or pattern.startswith(("/", "./")) else f"**/{clean}"
