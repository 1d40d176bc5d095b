"""Globs in their dialects."""

import re
from fnmatch import translate as fnmatch_translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.globs import (
    FILESET,
    GO_MATCH,
    NAMES,
    SETTINGS,
    Dialect,
    MalformedGlobError,
    any_matcher,
    glob_matcher,
    matching,
)


@pytest.mark.parametrize(
    ("dialect", "pattern", "path", "matches"),
    [
        (GO_MATCH, "*.sql", "a.sql", True),
        (GO_MATCH, "*.sql", "a/b.sql", False),
        (GO_MATCH, "a/**/b", "a/x/b", True),
        (GO_MATCH, "a/**/b", "a/x/y/b", False),
        (GO_MATCH, "{a,b}", "a", False),
        (GO_MATCH, "{a,b}", "{a,b}", True),
        (GO_MATCH, "[0-9]_x.sql", "4_x.sql", True),
        (GO_MATCH, "[^0-9]x", "ax", True),
        (GO_MATCH, "[^0-9]x", "/x", False),
        (GO_MATCH, "[.-0]", "/", False),
        (GO_MATCH, "[.-0]", "0", True),
        (GO_MATCH, "[/]", "/", False),
        (GO_MATCH, "\\[a]", "[a]", True),
        (GO_MATCH, "[\\]]", "]", True),
        (GO_MATCH, "[é]", "é", True),
        (FILESET, "a/{b/**,c}", "a/c", True),
        (FILESET, "**/**/x", "x", True),
        (SETTINGS, "a", "a/b/c", True),
        (SETTINGS, "a/**", "a/b", True),
        (SETTINGS, "a/**", "ab", False),
        (SETTINGS, "[a]", "[a]", True),
        (SETTINGS, "\\a", "\\a", True),
        (NAMES, "a*", "a/b", True),
        (NAMES, "a?b", "a/b", True),
        (NAMES, "**", "", True),
        (NAMES, "a*", "a\nb", True),
    ],
)
def test_dialects(dialect: Dialect, pattern: str, path: str, matches: bool) -> None:
    """Each dialect has its own syntax besides `*` and `?`, and no class matches a slash."""
    assert glob_matcher(pattern, dialect)(path) is matches


@pytest.mark.parametrize("pattern", ["[", "[]a]", "[a-]", "[b-a]", "a\\", "\ud800"])
def test_malformed_matches_nothing(pattern: str) -> None:
    """A malformed pattern is an error for who compiles it, and matches no path in a list."""
    with pytest.raises(MalformedGlobError):
        glob_matcher(pattern, GO_MATCH)
    assert matching(pattern, [pattern, "a", "]a"], GO_MATCH) == []


def test_matching_keeps_order() -> None:
    """The matched paths come in the order in which they were given."""
    assert matching("*.sql", ["b.sql", "a.sql", "c.txt"], GO_MATCH) == ["b.sql", "a.sql"]


@given(st.text("ab/*?", max_size=8), st.text("ab/", max_size=8))
def test_as_fnmatch_where_slashes_are_characters(pattern: str, path: str) -> None:
    """Without classes and escapes, a pattern of names matches as in Python's `fnmatch`."""
    assert glob_matcher(pattern, NAMES)(path) == (re.match(fnmatch_translate(pattern), path) is not None)


@given(st.text(max_size=12), st.sampled_from([FILESET, GO_MATCH]))
def test_escaped_text_matches_itself_alone(text: str, dialect: Dialect) -> None:
    """A text with a backslash before each character matches itself, in every dialect with escapes."""
    pattern = "".join(f"\\{char}" for char in text)
    assert glob_matcher(pattern, dialect)(text)
    assert not glob_matcher(pattern, dialect)(f"{text}x")


@given(st.text("ab/*?[]^-{},\\", max_size=10), st.text("ab/", max_size=6))
def test_any_pattern_ends(pattern: str, path: str) -> None:
    """Any text either is a pattern or is refused as malformed."""
    for dialect in (FILESET, GO_MATCH, SETTINGS, NAMES):
        try:
            glob_matcher(pattern, dialect)(path)
        except MalformedGlobError:
            assert dialect.classes or dialect.escapes or dialect.alternatives


@given(
    st.lists(st.text(alphabet="ab*?/[{\\é", max_size=6), max_size=4),
    st.text(alphabet="ab/é[{", max_size=6),
    st.sampled_from([FILESET, GO_MATCH, SETTINGS, NAMES]),
)
def test_union_of_patterns(patterns: list[str], path: str, dialect: Dialect) -> None:
    """A union matches a path if and only if one of its patterns does, malformed ones included."""
    expected = any(matching(pattern, (path,), dialect) for pattern in patterns)
    assert any_matcher(tuple(patterns), dialect)(path) is expected
