"""`iacpolicy new policy`: a policy folder that works without changes."""

from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a runner of commands in the temporary directory."""
    return Runner(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("flags", [(), ("--yaml",)], ids=["python", "yaml"])
def test_it_works_as_it_is(tmp_path: Path, run: Runner, flags: tuple[str, ...]) -> None:
    """The fixtures pass and detect every mutant; a scan with the policy has the expected findings."""
    done = run("new", "policy", "bucket-owner", "--domain", "storage", *flags)
    assert done.code == 0
    folder = Path("policies/storage/bucket-owner")
    policy = "policy.yaml" if flags else "bucket_owner.py"
    assert done.out.splitlines() == [
        *(f"wrote {folder / name}" for name in (policy, "fail.tf", "pass.tf")),
        "Run its fixtures: iacpolicy test policies",
        'Use it in scans, without its fixtures: policy_dirs = ["policies"] in iacpolicy.toml',
    ]
    tested = run("test", "--mutate", "policies")
    assert (tested.code, tested.out.splitlines()[0]) == (0, "bucket-owner: as expected")
    write_files(tmp_path / "repo", {"main.tf": 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n'})
    scanned = run("scan", "repo", "--policies", "policies", "--policy", "bucket-owner", "--checkov", "off")
    assert scanned.code == 1
    assert "[bucket-owner]" in scanned.out


@pytest.mark.parametrize("flags", [(), ("--yaml",)], ids=["python", "yaml"])
def test_options_are_options(tmp_path: Path, run: Runner, flags: tuple[str, ...]) -> None:
    """The tag of the new policy is an option in the settings."""
    assert run("new", "policy", "bucket-owner", *flags).code == 0
    main = 'resource "aws_s3_bucket" "a" {\n  tags = { Team = "payments" }\n}\n'
    write_files(tmp_path / "repo", {"main.tf": main, "iacpolicy.toml": '[policies.bucket-owner]\ntag = "Team"\n'})
    scan = ("scan", "repo", "--policies", "policies", "--policy", "bucket-owner", "--checkov", "off")
    assert run(*scan).code == 0


def test_where_the_repository_keeps_its_policies(tmp_path: Path, run: Runner) -> None:
    """The policy is written to the directory of the setting, or of `--policies`."""
    write_files(tmp_path, {"iacpolicy.toml": 'policy_dirs = ["rules/own"]\n'})
    named = run("new", "policy", "a")
    assert (named.code, "without its fixtures" in named.out) == (0, False)
    assert (tmp_path / "rules/own/a/a.py").is_file()
    write_files(tmp_path, {"iacpolicy.toml": 'exclude = ["elsewhere/**"]\n'})
    done = run("new", "policy", "b-c", "--policies", "elsewhere")
    assert (done.code, "without its fixtures" in done.out) == (0, False)
    assert (tmp_path / "elsewhere/b-c/b_c.py").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Bucket_Owner",), "kebab case"),
        (("../x",), "kebab case"),
        (("a" * 61,), "more than 60 characters"),
        (("a", "--domain", "a/b"), "kebab case"),
        (("state-locking",), 'The policy "state-locking" already exists'),
        (("taken",), 'The policy "taken" already exists'),
        (("folder",), 'The policy "folder" already exists'),
    ],
)
def test_wrong_use(tmp_path: Path, run: Runner, arguments: tuple[str, ...], words: str) -> None:
    """Invalid names and existing ids create no files."""
    write_files(tmp_path, {"policies/compute/taken/taken.py": "", "policies/folder/notes.md": ""})
    before = sorted(tmp_path.rglob("*"))
    done = run("new", "policy", *arguments)
    assert (done.code, words in done.err) == (2, True)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_directory_that_cannot_be_written(tmp_path: Path, run: Runner) -> None:
    """A file at the place of the directory is an error message, not an exception."""
    write_files(tmp_path, {"policies": "a file\n"})
    done = run("new", "policy", "a")
    assert (done.code, "cannot be written" in done.err) == (2, True)
