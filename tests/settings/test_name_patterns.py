"""The paths that `exclude` patterns match."""

import pytest

from iacpolicy.settings.name_patterns import excludes


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("fixtures/", "fixtures/a/main.tf", True),
        ("fixtures", "modules/x/fixtures/main.tf", True),
        ("/fixtures", "modules/x/fixtures/main.tf", False),
        ("fixtures", "fixtures.tf", False),
        ("infra/legacy", "infra/legacy/a/b.tf", True),
        ("infra/legacy", "x/infra/legacy/b.tf", False),
        ("infra/legacy", "infra/legacy2/b.tf", False),
        ("infra/*.tf", "infra/main.tf", True),
        ("infra/*.tf", "infra/a/main.tf", False),
        ("infra/**/*.tf", "infra/a/b/main.tf", True),
        ("infra/**/*.tf", "infra/main.tf", True),
        ("**/test/**", "a/test/b/c.tf", True),
        ("**/test/**", "a/tests/c.tf", False),
        ("ma?n.tf", "x/main.tf", True),
        ("ma?n.tf", "x/man.tf", False),
        ("a*b*c.tf", "aXbXbc.tf", True),
        ("a*b*c.tf", "aXcb.tf", False),
        ("./main.tf", "main.tf", True),
        ("./main.tf", "a/main.tf", False),
        ("**", "main.tf", True),
        ("/", "main.tf", False),
        ("[a].tf", "a.tf", False),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    """Names match at any depth, paths from the root, and a directory matches its content."""
    assert excludes([pattern], path) is expected


def test_hostile_pattern_ends() -> None:
    """Matching a pattern with many stars takes bounded time."""
    assert not excludes(["*a" * 300 + "b", "**/" * 300 + "x"], "/".join(["a" * 200] * 30))
