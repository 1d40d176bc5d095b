"""Wrong input is reported with file, line, cause and remedy; the rest is scanned; the exit code is 2 or 3."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

GOOD = 'resource "terraform_data" "good" {\n  input = 1\n}\n'
CASES: Mapping[str, tuple[Mapping[str, str | bytes], tuple[str, ...]]] = {
    "syntax error": (
        {"main.tf": 'resource "terraform_data" "x" {\n  input = [1,\n}\n', "good.tf": GOOD},
        ("main.tf:2", "not closed"),
    ),
    "missing module directory": (
        {"main.tf": 'module "m" {\n  source = "./nope"\n}\n', "good.tf": GOOD},
        ("main.tf:2", "Module directory not found", "./nope"),
    ),
    "module that is not installed": (
        {"main.tf": 'module "m" {\n  source  = "acme/vpc/aws"\n  version = "1.0.0"\n}\n', "good.tf": GOOD},
        ("main.tf:2", "not installed", "terraform init -backend=false"),
    ),
    "cycle": (
        {"main.tf": "locals {\n  a = local.b\n  b = local.a\n}\n", "good.tf": GOOD},
        ("main.tf:2", "Cycle", "local.a", "local.b"),
    ),
    "undeclared variable": (
        {"main.tf": 'variable "region" {}\n', "good.tf": GOOD, "use.tf": "locals {\n  a = var.regoin\n}\n"},
        ("use.tf:2", "undeclared", 'Did you mean "region"?'),
    ),
    "not UTF-8": (
        {"main.tf": b'locals {\n  a = "\xff"\n}\n', "good.tf": GOOD},
        ("main.tf:2", "not UTF-8", "Save it in UTF-8"),
    ),
    "too many instances": (
        {"main.tf": 'resource "terraform_data" "x" {\n  count = 1e9\n}\n', "good.tf": GOOD},
        ("main.tf:2", "Too many instances", "limit"),
    ),
    "broken migration": (
        {"supabase/migrations/20240101000000_a.sql": "create table a (\n  id int,,\n);\n", "good.tf": GOOD},
        ("20240101000000_a.sql:2", "syntax error"),
    ),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a runner of commands in an empty directory."""
    return Runner(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("name", CASES)
def test_unreadable_parts_make_the_run_incomplete(run: Runner, name: str) -> None:
    """The exit code is 3, with the location and the cause; all readable files are scanned."""
    files, words = CASES[name]
    for path, text in files.items():
        target = run.directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    ran = run("scan", "--checkov", "off", "--policy", "row-level-security")
    assert ran.code == 3, ran.out
    for word in words:
        assert word in ran.out
    assert "Traceback" not in ran.out + ran.err
    assert "1 resource" in ran.out or "2 resources" in ran.out


WRONG_USE = {
    "path that does not exist": (["scan", "nowhere"], "nowhere does not exist"),
    "unknown policy": (["scan", "--policy", "row-level-secruity"], "row-level-security"),
    "unknown skipped policy": (["scan", "--skip", "nope"], 'no policy "nope"'),
    "unknown format": (["scan", "--format", "yaml"], "The formats are"),
    "two formats on standard output": (["scan", "--format", "json", "--format", "text"], "FORMAT=FILE"),
    "assignment without a sign": (["scan", "--var", "region"], "name=value"),
    "missing var-file": (["scan", "--var-file", "x.tfvars"], "x.tfvars does not exist"),
    "unknown command": (["scna"], 'Did you mean "scan"'),
    "unknown option": (["scan", "--polcy", "x"], "--policy"),
    "unknown policy to explain": (["explain", "plaintext-secrets"], "iacpolicy policies"),
    "no directory to evaluate in": (["eval", "./nope", "1"], "./nope is not a directory"),
    "no root to evaluate in": (["eval", ".", "1"], "no Terraform configuration"),
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_exits_2_with_a_remedy(run: Runner, name: str) -> None:
    """The exit code is 2, with one line on standard error and nothing on standard output."""
    arguments, words = WRONG_USE[name]
    ran = run(*arguments)
    assert ran.code == 2
    assert words in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_all_wrong_settings_are_reported(run: Runner) -> None:
    """Every wrong key is reported with its line and a suggestion; the exit code is 2."""
    write_files(run.directory, {"iacpolicy.toml": 'fail-no = "low"\nexclued = []\n', "main.tf": GOOD})
    ran = run("scan")
    assert ran.code == 2
    assert "iacpolicy.toml:1" in ran.err
    assert "iacpolicy.toml:2" in ran.err
    assert "exclude" in ran.err


@pytest.mark.parametrize(
    "command", [["graph"], *(["show", "--stage", s] for s in ("ast", "modules", "values", "graph", "findings"))]
)
def test_every_command_reports_unreadable_files(run: Runner, command: list[str]) -> None:
    """The result of readable files is printed, the others are named on standard error, and the exit code is 3."""
    write_files(run.directory, {"main.tf": "locals {\n  a =\n}\n", "good.tf": GOOD})
    ran = run(*command)
    assert ran.code == 3
    assert ran.err.startswith("Error: main.tf:2: Missing value. ")
    assert ran.out
    (run.directory / "main.tf").unlink()
    assert (run(*command).code, run(*command).err) == (0, "")


def test_a_pipe_is_reported(run: Runner) -> None:
    """A pipe with the name of a Terraform file is reported, and the run does not wait for it."""
    write_files(run.directory, {"good.tf": GOOD})
    os.mkfifo(run.directory / "main.tf")
    ran = run("scan", "--checkov", "off", "--policy", "plaintext-secret")
    assert ran.code == 3
    assert "main.tf:1:1: error: Not a file" in ran.out


def test_a_directory_that_cannot_be_listed_is_reported(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory that cannot be listed makes the run incomplete; here its path is too long for the system."""
    write_files(run.directory, {"a/good.tf": GOOD})
    with monkeypatch.context() as context:
        for _ in range(18):
            Path("d" * 250).mkdir()
            context.chdir("d" * 250)
    try:
        for asked, code in ((".", 3), ("a", 0)):
            ran = run("scan", asked, "--checkov", "off", "--policy", "plaintext-secret")
            assert ran.code == code, ran.out
            assert ("Directory cannot be read" in ran.out) is (code == 3)
    finally:
        shutil.rmtree(run.directory / ("d" * 250))  # other tests list the directory of all


def test_a_file_name_that_is_not_utf_8_is_reported(run: Runner) -> None:
    """A file name that is not UTF-8 is an error for Terraform files, and ignored for other files."""
    write_files(run.directory, {"good.tf": GOOD})
    (run.directory / os.fsdecode(b"photo-\xff.jpg")).write_bytes(b"")
    assert run("scan", "--checkov", "off", "--policy", "plaintext-secret").code == 0
    (run.directory / os.fsdecode(b"caf\xe9")).mkdir()
    (run.directory / os.fsdecode(b"caf\xe9/main.tf")).write_text(GOOD)
    ran = run("scan", "--checkov", "off", "--policy", "plaintext-secret")
    assert ran.code == 3
    assert "caf\\xe9/main.tf was not read, because its name is not UTF-8" in ran.out


@pytest.mark.parametrize("target", [".", "missing/report.json", "good.tf/report.json"])
def test_a_report_that_cannot_be_written(run: Runner, target: str) -> None:
    """The exit code is 2, with the cause."""
    write_files(run.directory, {"good.tf": GOOD})
    ran = run("scan", "--checkov", "off", "--policy", "plaintext-secret", "--output", target)
    assert ran.code == 2
    assert ran.err.startswith(f"Error: Cannot write {target}: ")


def test_output_is_utf_8_and_a_reader_may_leave(tmp_path: Path) -> None:
    """Output is UTF-8 for any locale, and a pipe that closes early does not change the exit code."""
    write_files(tmp_path, {"über/main.tf": 'variable "db_password" {\n  default = "Zk8vQw3xPl0mNt"\n}\n'})
    command = [sys.executable, "-m", "iacpolicy", "scan", "--checkov", "off", "--policy", "secret-default", "--quiet"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode("utf-8").startswith("über/main.tf:2:")
    reader, writer = os.pipe()
    os.close(reader)
    left = subprocess.run(command, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (left.returncode, left.stderr) == (1, b"")


def test_nothing_to_scan_is_a_warning(run: Runner) -> None:
    """An empty directory gives exit code 0 and a warning."""
    ran = run("scan")
    assert ran.code == 0
    assert "Nothing to scan" in ran.out


def test_a_policy_that_raises_is_a_result(run: Runner) -> None:
    """A crashed policy is named, the others run, and the exit code is 3; the traceback is printed only with --debug."""
    from tests.support.scans import write_policy

    write_policy(run.directory / "own", "broken-one", "terraform_data", "raise KeyError('x')\nyield")
    write_files(run.directory, {"main.tf": GOOD})
    only = ("scan", "--checkov", "off", "--policies", "own", "--policy", "broken-one", "--policy", "row-level-security")
    ran = run(*only)
    assert ran.code == 3
    assert "broken-one" in ran.out
    assert "KeyError" in ran.out
    assert "Traceback" not in ran.out + ran.err
    assert "Traceback" in run(*only, "--debug").err


def test_output_is_equal_from_run_to_run(run: Runner) -> None:
    """Standard output contains no time or date and does not depend on hash order."""
    write_files(
        run.directory,
        {
            "main.tf": 'resource "terraform_data" "x" {\n  for_each = toset(["b", "a", "c"])\n  input = each.key\n}\n',
            "supabase/migrations/20240101000000_a.sql": "create table b (id int);\ncreate table a (id int);\n",
        },
    )
    first = run("scan", "--checkov", "off", "--format", "json")
    second = run("scan", "--checkov", "off", "--format", "json")
    assert first.code == 1
    assert first.out == second.out
