"""The location of settings, and files that cannot be read."""

import pytest

from iacpolicy.core.spans import Span
from iacpolicy.core.tree import MemoryTree
from iacpolicy.policy.meta import Severity
from iacpolicy.settings.load import MAX_CHARACTERS, load
from iacpolicy.settings.settings import Settings

PYPROJECT = '[project]\nname = "x"\n\n[tool.iacpolicy]\nfail_on = "high"\n\n[tool.iacpolicy.gate]\nposible = "allow"\n'


def test_no_file_gives_the_defaults() -> None:
    """A repository without settings has the defaults and no diagnostics."""
    assert load(MemoryTree({"main.tf": ""})) == (Settings(), [])


def test_pyproject_section() -> None:
    """The section of pyproject.toml is read, with the line numbers of the whole file."""
    settings, problems = load(MemoryTree({"pyproject.toml": PYPROJECT}))
    assert settings.fail_on is Severity.HIGH
    assert settings.places[("fail_on",)] == Span("pyproject.toml", 5, 1, 5, 8)
    assert [str(p.location) for p in problems] == ["pyproject.toml:8"]


def test_both_files_are_an_error_at_the_section() -> None:
    """Settings in two files are an error; iacpolicy.toml is still read."""
    settings, problems = load(MemoryTree({"pyproject.toml": PYPROJECT, "iacpolicy.toml": 'fail_on = "never"\n'}))
    assert settings.fail_on is None
    assert [(p.summary, str(p.location)) for p in problems] == [("Settings in two places", "pyproject.toml:4")]


@pytest.mark.parametrize("text", ["[tool.ruff]\nx = 1\n", "[tool]\n", "tool = 1 # iacpolicy\n", "not toml"])
def test_pyproject_of_others_is_left_alone(text: str) -> None:
    """A pyproject.toml without our section never gives an error."""
    assert load(MemoryTree({"pyproject.toml": text})) == (Settings(), [])


def test_broken_pyproject_that_names_us_is_an_error() -> None:
    """Settings that cannot be read give an error, not silently the defaults."""
    _, problems = load(MemoryTree({"pyproject.toml": "[tool.iacpolicy]\nfail_on = \n"}))
    assert [(p.summary, str(p.location)) for p in problems] == [("Settings file is not valid TOML", "pyproject.toml:2")]


@pytest.mark.parametrize(
    ("content", "summary"),
    [
        (b"fail_on = '\xff'\n", "File is not UTF-8"),
        (b"x = " + b"[" * 5_000 + b"]" * 5_000, "Settings file is nested too deeply"),
        (b"x = " + b"{a=" * 5_000 + b"1" + b"}" * 5_000, "Settings file is nested too deeply"),
        (b"worlds = " + b"9" * 5_000, "Settings file is not valid TOML"),
        (b"#" * (MAX_CHARACTERS + 1), "Settings file is too large"),
    ],
    ids=["not utf-8", "arrays", "tables", "digits", "size"],
)
def test_hostile_files(content: bytes, summary: str) -> None:
    """Any invalid content gives one diagnostic and the defaults."""
    settings, problems = load(MemoryTree({"iacpolicy.toml": content}))
    assert settings == Settings()
    assert [p.summary for p in problems] == [summary]
