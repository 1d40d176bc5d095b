"""Recovery from syntax errors."""

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.parse import parse
from iacpolicy.hcl.shared.conversion import MAX_DEPTH

GOOD = 'resource "a" "first" {\n  x = 1\n}\n\n'
ALSO_GOOD = '\nresource "a" "last" {\n  y = <<EOT\nresource "no" "block" {\nEOT\n}\n'


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ('resource "a" "b" {\n  x = \n}\n', 6),
        ('resource "a" "b" {\n  x = [1, 2\n}\n', 6),
        ('resource "a" "b" {\n  x {\n}\n', 5),
        ('resource "a" "b" {\n  x = "unclosed\n}\n', 6),
        ('resource "a" "b" {\n  ok = 1\n\n  z {\n    w = f(1,\n      2))\n  }\n}\n', 10),
        ("}\n", 5),
        ("resource 'a' {\n}\n", 5),
    ],
)
def test_blocks_around_an_error_are_read(broken: str, line: int) -> None:
    """A broken block loses only that block, and its line is reported."""
    result = parse(SourceFile("main.tf", GOOD + broken + ALSO_GOOD))
    assert [block.labels[1] for block in result.file.body.blocks][:1] == ["first"]
    assert result.file.body.blocks[-1].labels[1] == "last"
    assert len(result.diagnostics) == 1
    assert result.diagnostics[0].location is not None
    assert result.diagnostics[0].location.line == line


def test_comments_of_a_broken_file_are_kept() -> None:
    """Waivers and expectations are read from comments, in a broken file too."""
    result = parse(SourceFile("main.tf", "# one\na = 1 # two\nb = \n# three\n"))
    assert [comment.line for comment in result.file.comments] == [1, 2, 4]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "(" * 5000 + "1" + ")" * 5000,
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "-" * 5000 + "1",
        "a = " + "x + " * 5000 + "1",
        "a = x" + ".y" * 5000,
        "a = x" + "[0]" * 5000,
        "a = " + "x ? y : " * 3000 + "z",
        "b {\n" * 3000 + "}\n" * 3000,
        "a = " + '"${' * 60 + "x" + '}"' * 60,
        "a = " + "{ b = " * 1000 + "1" + " }" * 1000,
        "a = " + "f(" * 1000 + ")" * 1000,
    ],
)
def test_deep_nesting_is_an_error_and_no_crash(text: str) -> None:
    """Nesting beyond the bound is reported, and the program continues."""
    result = parse(SourceFile("main.tf", text + "\n"))
    assert {problem.summary for problem in result.diagnostics} <= {"Nesting too deep"}
    assert bool(result.diagnostics) == (text.count('"${') != 60)


def test_nesting_below_the_bound_is_read() -> None:
    """The bound is far above the nesting of real code."""
    depth = MAX_DEPTH - 10
    assert parse(SourceFile("main.tf", "a = " + "(" * depth + "1" + ")" * depth)).diagnostics == ()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "{" * 50_000,
        '"${' * 20_000,
        "a = <<EOT\n" * 2_000,
        "a {\n" * 20_000,
        "a = 1 b\n" * 5_000,
        "/*" * 50_000,
    ],
)
@pytest.mark.timeout(60)
def test_hostile_text_ends_in_time(text: str) -> None:
    """A broken text of a hundred kilobytes takes seconds at most."""
    assert parse(SourceFile("main.tf", text)).diagnostics
