"""The second parser: python-hcl2 gives the same tree, except for differences that are listed with reasons."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import decode
from iacpolicy.hcl.parse import Parser, parse

SYNTAX = Path(__file__).parents[2] / "fixtures" / "syntax"
INFRA = Path(__file__).parents[2] / "infra"
DIFFERENCES: dict[str, dict[str, str]] = tomllib.loads((SYNTAX / "differences.toml").read_text())
VALID = sorted(SYNTAX.glob("valid/*.tf"))
INVALID = sorted(SYNTAX.glob("invalid/*.tf"))


def read(path: Path) -> SourceFile:
    """Return the file as the pipeline reads it."""
    source = decode(path.name, path.read_bytes())
    assert isinstance(source, SourceFile)
    return source


def answer(source: SourceFile) -> str:
    """Return the result of the second parser for a valid file: `refused`, `different` or `equal`."""
    second = parse(source, Parser.PYTHON_HCL2)
    if second.diagnostics:
        return "refused"
    return "equal" if second.file == parse(source).file else "different"


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_trees_are_equal(path: Path) -> None:
    """Both parsers agree or the difference is listed; a listed difference must still exist."""
    pytest.importorskip("hcl2", reason="the extra iacpolicy[hcl2] is not installed")
    listed = next((kind for kind in ("refused", "different") if path.stem in DIFFERENCES[kind]), "equal")
    assert answer(read(path)) == listed


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_what_it_accepts_too_much_is_listed(path: Path) -> None:
    """An invalid file is refused by the second parser as well, or listed."""
    pytest.importorskip("hcl2", reason="the extra iacpolicy[hcl2] is not installed")
    refused = bool(parse(read(path), Parser.PYTHON_HCL2).diagnostics)
    assert refused != (path.stem in DIFFERENCES["accepted"])


def test_every_listed_case_exists() -> None:
    """Each entry in the list names an existing case."""
    valid, invalid = {path.stem for path in VALID}, {path.stem for path in INVALID}
    assert {*DIFFERENCES["refused"], *DIFFERENCES["different"]} <= valid
    assert DIFFERENCES["accepted"].keys() <= invalid


@pytest.mark.parametrize("path", sorted(INFRA.rglob("*.tf")), ids=lambda path: str(path.relative_to(INFRA)))
def test_trees_of_real_files_are_equal(path: Path) -> None:
    """The infrastructure of this repository reads the same with both."""
    pytest.importorskip("hcl2", reason="the extra iacpolicy[hcl2] is not installed")
    assert answer(read(path)) == "equal"


def test_a_missing_package_is_a_diagnostic() -> None:
    """Without the extra, the diagnostic names the command that installs it."""
    program = (
        "import sys; sys.modules['hcl2'] = None\n"
        "from iacpolicy.core.sources import SourceFile\n"
        "from iacpolicy.hcl.parse import Parser, parse\n"
        "print(parse(SourceFile('a.tf', 'a = 1'), Parser.PYTHON_HCL2).diagnostics[0].detail)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install iacpolicy[hcl2]" in run.stdout


def test_a_missing_tree_sitter_is_a_diagnostic_and_the_second_parser_stands_in() -> None:
    """Without a wheel of tree-sitter, the program reports it and can still read with python-hcl2."""
    pytest.importorskip("hcl2", reason="the extra iacpolicy[hcl2] is not installed")
    program = (
        "import sys; sys.modules['tree_sitter'] = None\n"
        "from iacpolicy.core.sources import SourceFile\n"
        "from iacpolicy.hcl.parse import Parser, parse\n"
        "source = SourceFile('a.tf', 'a = 1')\n"
        "print(parse(source).diagnostics[0].detail)\n"
        "print(parse(source, Parser.PYTHON_HCL2).file.body.attributes[0].name)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    said, name = run.stdout.splitlines()
    assert "--parser python-hcl2" in said
    assert name == "a"
