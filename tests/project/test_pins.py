"""Every dependency is pinned, and no pin names a host."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def normal(name: str) -> str:
    """Return the normalised name of a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    """Return the versions in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {
        normal(name): version
        for name, _, version in (line.partition("==") for line in lines if line and not line.startswith("#"))
    }


def test_every_line_is_a_name_and_a_version() -> None:
    """The file contains no address, path or option."""
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9][\w.-]*==[\w.+!-]+", line), line


def test_every_dependency_is_pinned() -> None:
    """Every dependency of the package and of its extras has a pin."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    names = {normal(re.match(r"[\w.-]+", requirement)[0]) for requirement in asked}  # type: ignore[index]
    assert names - set(pins()) == {"iacpolicy"}


def test_checkov_is_not_among_them() -> None:
    """Checkov is not a dependency, because its fork of python-hcl2 overwrites python-hcl2."""
    assert "checkov" not in pins()
    assert "bc-python-hcl2" not in pins()
