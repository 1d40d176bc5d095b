"""Patterns are compiled by RE2 alone, within bounds, and without output on a mistake."""

from pathlib import Path

import pytest

from iacpolicy.core.linear_regex import MAX_PATTERN, PatternError, linear_regex


@pytest.mark.parametrize("pattern", [r"\C", r"a\\\C", r"\Q\C\E\C"])
def test_no_part_of_a_character_is_matched(pattern: str) -> None:
    """The escape `\\C` is refused, as Go refuses it."""
    with pytest.raises(PatternError, match="escape"):
        linear_regex(pattern)


@pytest.mark.parametrize("pattern", [r"\\C", r"\Q\C\E", r"\Q\C"])
def test_texts_like_the_escape(pattern: str) -> None:
    """A `C` after an escaped backslash, or in quoted text, is a letter."""
    assert linear_regex(pattern).search("\\C") is not None


def test_bounds() -> None:
    """A pattern that is too long is refused with the name of the limit, counted in characters."""
    assert linear_regex(("é" * MAX_PATTERN).encode()).search(b"e") is None
    with pytest.raises(PatternError, match="limit: length of patterns"):
        linear_regex("a" * (MAX_PATTERN + 1))


def test_mistakes_are_silent(capfd: pytest.CaptureFixture[str]) -> None:
    """A pattern that RE2 refuses is an exception, and nothing is written to standard error."""
    with pytest.raises(PatternError):
        linear_regex("(")
    assert capfd.readouterr() == ("", "")


def test_one_module_compiles() -> None:
    """Only `linear_regex` uses RE2, so that its bounds hold for every pattern."""
    root = Path(__file__).parents[2]
    paths = [path for folder in ("src", "policies") for path in sorted((root / folder).rglob("*.py"))]
    users = [path.name for path in paths if "import re2" in path.read_text(encoding="utf-8")]
    assert users == ["linear_regex.py"]
