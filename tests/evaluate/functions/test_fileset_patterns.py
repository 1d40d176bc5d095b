"""The patterns of `fileset`."""

import pytest

from iacpolicy.evaluate.functions.fileset_patterns import fileset_matcher
from iacpolicy.evaluate.values.errors import FunctionError


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.tf", "main.tf", True),
        ("*.tf", "a/main.tf", False),
        ("**/*.tf", "main.tf", True),
        ("**/*.tf", "a/b/main.tf", True),
        ("a/**", "a/b/c", True),
        ("a/**/c", "a/c", True),
        ("a**/c", "ab/c", True),
        ("a**/c", "ab/b/c", False),
        ("{a,b}.tf", "b.tf", True),
        ("{a,b{c,d}}.tf", "bd.tf", True),
        ("a,b", "a,b", True),
        ("[a-c]x", "bx", True),
        ("[^a-c]x", "bx", False),
        ("[^a]b", "/b", False),
        ("[!a]", "!", True),
        ("\\*", "*", True),
        ("\\*", "x", False),
        ("a b+(c).é", "a b+(c).é", True),
        ("?", "é", True),
        ("?", "/", False),
        ("", "", True),
        ("a.tf", "\udcff.tf", False),
    ],
)
def test_matching(pattern: str, path: str, matches: bool) -> None:
    """A pattern matches whole paths, and only `**` between slashes crosses directories."""
    assert fileset_matcher(pattern)(path) is matches


@pytest.mark.parametrize("pattern", ["[", "[a", "[]a]", "[c-a]", "{a", "\\", "[a-]", "[\\"])
def test_malformed(pattern: str) -> None:
    """A pattern that Go refuses is an error."""
    with pytest.raises(FunctionError, match="malformed"):
        fileset_matcher(pattern)


@pytest.mark.parametrize("pattern", ["{a,b}" * 500, "*" * 900, "a" * 5_000])
def test_size(pattern: str) -> None:
    """A large pattern is refused with the name of the limit."""
    with pytest.raises(FunctionError, match="limit"):
        fileset_matcher(pattern)


@pytest.mark.timeout(60)
def test_no_backtracking() -> None:
    """A pattern with many wildcards is matched in linear time, also with a path that almost matches."""
    matches = fileset_matcher("*a" * 30 + "b")
    assert not matches("a" * 5_000)
