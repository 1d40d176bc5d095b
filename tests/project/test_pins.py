"""What is pinned is what is asked for, and nothing in it names a host."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def normal(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    """The versions in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {
        normal(name): version
        for name, _, version in (line.partition("==") for line in lines if line and not line.startswith("#"))
    }


def test_every_line_is_a_name_and_a_version() -> None:
    """No address, no path, no option: the file works wherever pip does."""
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9][\w.-]*==[\w.+!-]+", line), line


def test_every_dependency_is_pinned() -> None:
    """A dependency of the package or of its extras that has no pin would differ from day to day."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    names = {normal(re.match(r"[\w.-]+", requirement)[0]) for requirement in asked}  # type: ignore[index]
    assert names - set(pins()) == {"iacpolicy"}


def test_checkov_is_not_among_them() -> None:
    """Checkov's fork of python-hcl2 and python-hcl2 overwrite each other: it has an environment of its own."""
    assert "checkov" not in pins()
    assert "bc-python-hcl2" not in pins()
