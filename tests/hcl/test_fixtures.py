"""The syntax that is accepted and refused, case by case, judged against Terraform."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import decode
from iacpolicy.hcl.ast import File
from iacpolicy.hcl.parse import parse

SYNTAX = Path(__file__).parents[2] / "fixtures" / "syntax"
VALID = sorted(SYNTAX.glob("valid/*.tf"))
INVALID = sorted(SYNTAX.glob("invalid/*.tf"))
EXPECTATION = re.compile(r"# error: (\d+)(?: (.+))?")


def read(path: Path) -> SourceFile:
    """Return the file as the pipeline reads it."""
    source = decode(path.name, path.read_bytes())
    assert isinstance(source, SourceFile)
    return source


def test_there_are_enough_cases() -> None:
    """The fixtures are found; without them every other test would pass."""
    assert len(VALID) > 100
    assert len(INVALID) > 100


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_file_is_read_without_a_remark(path: Path) -> None:
    """Text that Terraform accepts gives no diagnostic, and its tree is the same after it was cached."""
    result = parse(read(path))
    assert result.diagnostics == ()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(result.file), type=File) == result.file


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_file_is_refused_at_the_right_line(path: Path) -> None:
    """Text that Terraform refuses gives an error on the line named in the file's first line, with cause and remedy."""
    source = read(path)
    expected = EXPECTATION.match(source.text)
    assert expected, "the first line has to be `# error: LINE [SUMMARY]`"
    first = parse(source).diagnostics[0]
    assert first.location is not None
    assert first.location.line == int(expected[1])
    assert first.summary == (expected[2] or first.summary).rstrip("\r")
    assert first.detail.endswith(".")
    assert first.severity == "error"


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH; the folders hold its answers")
def test_terraform_agrees_on_every_case() -> None:
    """Terraform accepts the cases in `valid` and refuses those in `invalid`."""
    run = subprocess.run(
        ["terraform", "fmt", "-write=false", "-list=false", "-recursive", "-no-color", str(SYNTAX)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    refused = set(re.findall(r"on .*?((?:in)?valid/[\w.-]+) line", run.stdout + run.stderr))
    assert refused == {f"invalid/{path.name}" for path in INVALID}
