"""Find Checkov without starting it."""

from pathlib import Path

import pytest

from iacpolicy.checkov import environment
from iacpolicy.checkov.environment import VERSION, Environment, find_checkov
from iacpolicy.core.diagnostics import Level


def make_venv(prefix: Path, *distributions: str) -> Path:
    """Create a directory like a virtual environment with the given distributions; return its `checkov`."""
    packages = prefix / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    for name in distributions:
        (packages / f"{name}.dist-info").mkdir()
    executable = prefix / "bin" / "checkov"
    executable.parent.mkdir()
    executable.write_text("#!/bin/false\n", encoding="utf-8")
    executable.chmod(0o755)
    return executable


def test_nothing_installed_names_the_command(tmp_path: Path) -> None:
    """Without Checkov, the problem has the command to install it."""
    found = find_checkov({"HOME": str(tmp_path), "PATH": str(tmp_path)})
    assert found.environment is None
    assert found.problem is not None
    assert found.problem.severity is Level.WARNING
    assert "iacpolicy checkov install" in found.problem.detail
    assert found.directory == tmp_path / ".local" / "share" / "iacpolicy" / f"checkov-{VERSION}"


def test_the_variable_wins(tmp_path: Path) -> None:
    """IACPOLICY_CHECKOV takes precedence over PATH, and its version is read from its environment."""
    named = make_venv(tmp_path / "named", "checkov-3.2.1")
    other = make_venv(tmp_path / "other", "checkov-3.0.0")
    found = find_checkov({"HOME": str(tmp_path), "PATH": str(other.parent), "IACPOLICY_CHECKOV": str(named)})
    assert found.environment == Environment(named, "variable", "3.2.1")


def test_a_wrong_variable_is_a_problem(tmp_path: Path) -> None:
    """If the variable does not name an executable, the Checkov on PATH is not used."""
    other = make_venv(tmp_path / "other", "checkov-3.0.0")
    found = find_checkov({"HOME": str(tmp_path), "PATH": str(other.parent), "IACPOLICY_CHECKOV": str(tmp_path / "no")})
    assert found.environment is None
    assert found.problem is not None
    assert found.problem.severity is Level.ERROR
    assert "IACPOLICY_CHECKOV" in found.problem.detail


@pytest.mark.parametrize("complete", [True, False])
def test_our_own_counts_when_complete(tmp_path: Path, complete: bool) -> None:
    """The environment of `install` takes precedence over PATH, unless it is incomplete."""
    environ = {"XDG_DATA_HOME": str(tmp_path / "data"), "PATH": str(make_venv(tmp_path / "other").parent)}
    own = environment.own_directory(environ)
    executable = make_venv(own, f"checkov-{VERSION}")
    if complete:
        (own / environment.COMPLETE_MARKER).touch()
    found = find_checkov(environ).environment
    assert found is not None
    assert (found.executable, found.origin) == (
        (executable, "own") if complete else (tmp_path / "other" / "bin" / "checkov", "path")
    )


def test_a_link_leads_to_the_version(tmp_path: Path) -> None:
    """A `checkov` on PATH that links into a virtual environment has the version of that environment."""
    real = make_venv(tmp_path / "pipx", "checkov-3.3.9")
    link = tmp_path / "bin" / "checkov"
    link.parent.mkdir()
    link.symlink_to(real)
    assert find_checkov({"HOME": str(tmp_path), "PATH": str(link.parent)}).environment == Environment(
        link, "path", "3.3.9"
    )


def test_a_script_leads_to_the_version(tmp_path: Path) -> None:
    """A script elsewhere belongs to the environment of the interpreter in its first line."""
    real = make_venv(tmp_path / "venv", "checkov-3.3.9")
    script = tmp_path / "scripts" / "checkov"
    script.parent.mkdir()
    script.write_text(f"#!{real.parent}/python\n", encoding="utf-8")
    script.chmod(0o755)
    found = find_checkov({"HOME": str(tmp_path), "PATH": str(script.parent)}).environment
    assert found == Environment(script, "path", "3.3.9")


def test_a_shared_environment_is_refused(tmp_path: Path) -> None:
    """Checkov in one environment with python-hcl2 is a problem and is not used."""
    mixed = make_venv(tmp_path / "mixed", "checkov-3.3.30", "python_hcl2-8.1.4")
    found = find_checkov({"HOME": str(tmp_path), "PATH": str(mixed.parent)})
    assert found.environment is None
    assert found.problem is not None
    assert "python-hcl2" in found.problem.detail


def test_a_relative_data_home_is_ignored(tmp_path: Path) -> None:
    """A relative XDG_DATA_HOME is ignored."""
    own = environment.own_directory({"XDG_DATA_HOME": "data", "HOME": str(tmp_path)})
    assert own.is_relative_to(tmp_path / ".local" / "share")
