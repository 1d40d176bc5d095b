"""Create the environment of Checkov from a local wheel instead of a package index."""

import io
import os
import re
import subprocess
import zipfile
from importlib.resources import files
from pathlib import Path

from iacpolicy.checkov.environment import VERSION, Environment, find_checkov, own_directory
from iacpolicy.checkov.install import install
from iacpolicy.core.diagnostics import Diagnostic


def make_wheel(directory: Path, version: str) -> None:
    """Create a distribution named checkov whose command prints its version."""
    directory.mkdir()
    info = f"checkov-{version}.dist-info"
    members = {
        "checkov.py": f"def main():\n    print({version!r})\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: checkov\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\ncheckov = checkov:main\n",
    }
    members[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*members, f"{info}/RECORD"])
    with zipfile.ZipFile(directory / f"checkov-{version}-py3-none-any.whl", "w") as wheel:
        for name, text in members.items():
            wheel.writestr(name, text)


def offline(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which pip finds only the packages in `tmp_path/wheels`."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
    }


def test_install_makes_an_environment_that_is_found(tmp_path: Path) -> None:
    """The installed Checkov is found and runs, and a second call changes nothing."""
    make_wheel(tmp_path / "wheels", VERSION)
    environ = offline(tmp_path) | {"PIP_TARGET": str(tmp_path / "elsewhere"), "PYTHONPATH": str(tmp_path)}
    half_made = own_directory(environ) / "left-over"
    half_made.mkdir(parents=True)
    out = io.StringIO()
    made = install(out, environ)
    assert isinstance(made, Environment), made
    assert find_checkov(environ).environment == made
    said = subprocess.run([made.executable], capture_output=True, text=True, check=True).stdout
    assert said == f"{VERSION}\n"
    assert not half_made.exists()
    assert not (tmp_path / "elsewhere").exists()
    assert "is ready" in out.getvalue()
    again = io.StringIO()
    assert install(again, environ) == made
    assert "is installed" in again.getvalue()


def test_a_failing_pip_leaves_nothing_behind(tmp_path: Path) -> None:
    """If pip fails, its output is reported and the incomplete environment is removed."""
    (tmp_path / "wheels").mkdir()
    environ = offline(tmp_path)
    failure = install(io.StringIO(), environ)
    assert isinstance(failure, Diagnostic)
    assert failure.detail.startswith(f"Installing checkov {VERSION} ended with 1:\nERROR: ")
    assert not own_directory(environ).exists()
    assert find_checkov(environ).environment is None


def test_an_unwritable_place_is_a_diagnostic(tmp_path: Path) -> None:
    """A data directory that cannot be created is an error with a remedy."""
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    failure = install(io.StringIO(), offline(tmp_path))
    assert isinstance(failure, Diagnostic)
    assert "XDG_DATA_HOME" in failure.detail


def test_every_constraint_is_one_pin() -> None:
    """The constraints pin all dependencies by version only, without URLs, paths or options, and pin our Checkov."""
    lines = (files("iacpolicy.checkov") / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert f"checkov=={VERSION}" in pins
    assert len(pins) > 50
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)] == []
    assert not any(pin.lower().startswith("python-hcl2==") for pin in pins)
