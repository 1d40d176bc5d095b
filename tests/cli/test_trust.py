"""Python policies of the scanned repository run only if they are trusted; YAML policies always run."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Ran, Runner
from tests.support.scans import write_files, write_policy

MAIN = 'resource "terraform_data" "a" {\n  input = 1\n}\n'
SETTINGS = 'policy_dirs = ["rules"]\n'
YAML = """title: A test
severity: low
on: [terraform_data]
why: It tests.
fix: Pass it.
forbid:
  - attribute: input
    equals: 1
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a runner of commands in a repository with a Python and a YAML policy and without trust."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    repository = tmp_path / "repository"
    write_files(repository, {"main.tf": MAIN, "iacpolicy.toml": SETTINGS, "rules/data/policy.yaml": YAML})
    code = 'open("ran", "w").close()\nyield Violation("seen", at=resource)'
    write_policy(repository / "rules", "code", "terraform_data", code)
    return Runner(repository, monkeypatch, capsys)


def _scan(run: Runner, *more: str) -> tuple[Ran, list[str], list[dict[str, Any]]]:
    done = run("scan", "--checkov", "off", "--format", "json", *more)
    document = json.loads(done.out)
    found = [f["policy"] for f in document["findings"] if f["policy"] in ("code", "data")]
    return done, found, [d for d in document["diagnostics"] if d["severity"] == "error"]


def test_a_setting_alone_runs_no_code(run: Runner) -> None:
    """The Python policy does not run, the YAML policy does; the diagnostic has the command."""
    done, found, problems = _scan(run)
    assert found == ["data"]
    assert not (run.directory / "ran").exists()
    (problem,) = problems
    assert problem["summary"] == "Policies in Python are not trusted"
    assert problem["detail"].startswith("code in rules did not run. ")
    assert "`iacpolicy trust`" in problem["detail"]
    assert problem["location"]["path"] == "iacpolicy.toml"
    assert done.code == 1
    assert _scan(run, "--fail-on", "never")[0].code == 3


def test_trust_lets_it_run_until_it_changes(run: Runner) -> None:
    """A trusted policy runs; a changed line or a new file of code needs new trust."""
    trusted = run("trust")
    assert trusted.code == 0
    assert trusted.out == f"trusted {run.directory / 'rules'}: code\n"
    assert sorted(_scan(run)[1]) == ["code", "data"]
    policy = run.directory / "rules/code/code.py"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text + "\n# another line\n", encoding="utf-8")
    _, found, problems = _scan(run)
    assert found == ["data"]
    assert "changed since they were trusted" in problems[0]["detail"]
    policy.write_text(text, encoding="utf-8")
    assert _scan(run)[2] == []
    write_files(run.directory, {"rules/code/helper.py": "x = 1\n"})
    assert _scan(run)[1] == ["data"]
    assert run("trust").code == 0
    assert _scan(run)[2] == []


def test_running_changes_no_code(run: Runner) -> None:
    """A run writes no file that would need new trust."""
    policy = run.directory / "rules/code/code.py"
    text = policy.read_text(encoding="utf-8")
    start = "import sys\nsys.path.insert(0, __file__.rpartition('/')[0])\nimport helper_of_code\n"
    policy.write_text(start + text, encoding="utf-8")
    write_files(run.directory, {"rules/code/helper_of_code.py": "x = 1\n"})
    run("trust")
    before = sorted((run.directory / "rules").rglob("*"))
    for _ in range(2):
        assert _scan(run)[2] == []
    assert sorted((run.directory / "rules").rglob("*")) == before


def test_compiled_code_beside_a_policy_is_not_run(run: Runner) -> None:
    """The trusted source runs, and not committed bytecode."""
    import py_compile

    policy = run.directory / "rules/code/code.py"
    text = policy.read_text(encoding="utf-8")
    policy.write_text('open("poisoned", "w").close()\n' + text, encoding="utf-8")
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(policy), invalidation_mode=mode)
    policy.write_text(text, encoding="utf-8")
    assert run("trust").code == 0
    assert _scan(run)[2] == []
    assert not (run.directory / "poisoned").exists()


def test_named_directories_are_trusted(run: Runner) -> None:
    """A directory of `--policies`, or a parent of it, needs no trust."""
    for name in ("rules", "."):
        assert _scan(run, "--policies", name)[2] == []
    assert (run.directory / "ran").exists()


def test_trust_is_of_this_directory_alone(run: Runner, tmp_path: Path) -> None:
    """A copy of the repository is not trusted, and trust is stored outside of both."""
    run("trust")
    copy = tmp_path / "copy"
    for path in ("main.tf", "iacpolicy.toml", "rules/code/code.py"):
        write_files(copy, {path: (run.directory / path).read_text(encoding="utf-8")})
    done = run("scan", str(copy), "--checkov", "off", "--fail-on", "never")
    assert done.code == 3
    file = tmp_path / "config/iacpolicy/trusted.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(json.loads(file.read_text(encoding="utf-8"))["directories"]) == [str(run.directory / "rules")]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2}', '{"version": 1, "directories": [1]}', "[" * 100_000])
def test_a_damaged_record_trusts_nothing(run: Runner, tmp_path: Path, text: str) -> None:
    """An invalid trust file trusts nothing, and the command overwrites it."""
    write_files(tmp_path, {"config/iacpolicy/trusted.json": text})
    assert _scan(run)[1] == ["data"]
    assert run("trust").code == 0
    assert _scan(run)[2] == []


def test_links_lead_to_no_code(run: Runner, tmp_path: Path) -> None:
    """Links to directories, policies and files outside the repository are not followed."""
    outside = tmp_path / "outside"
    write_policy(outside, "other", "terraform_data", 'open("ran", "w").close()\nyield')
    write_files(outside, {"yaml/policy.yaml": YAML})
    rules = run.directory / "rules"
    (rules / "other").symlink_to(outside / "other")
    (rules / "yaml").symlink_to(outside / "yaml")
    _, found, problems = _scan(run, "--policies", "rules/data")
    assert found == ["data"]
    assert [p["summary"] for p in problems] == [
        "Policies in Python are not trusted",
        "Policy is outside the repository",
    ]
    assert run("trust").code == 2
    (run.directory / "iacpolicy.toml").write_text('policy_dirs = ["away"]\n', encoding="utf-8")
    (run.directory / "away").symlink_to(outside)
    _, found, problems = _scan(run)
    assert (found, [p["summary"] for p in problems]) == ([], ["Directory of policies is outside the repository"])
    assert not (run.directory / "ran").exists()


def test_settings_of_policies_that_did_not_run(run: Runner) -> None:
    """Options of an untrusted policy are no error, and it can be selected and skipped."""
    (run.directory / "iacpolicy.toml").write_text(
        f'{SETTINGS}[policies]\nskip = ["state-remote-backend"]\n[policies.code]\nmost = 1\n', encoding="utf-8"
    )
    assert _scan(run, "--policy", "code")[0].code == 3
    assert _scan(run, "--skip", "code")[1] == ["data"]
    assert run("scan", "--policy", "cod").code == 2


def test_a_directory_that_is_not_there(run: Runner) -> None:
    """A setting with a missing directory is wrong use."""
    (run.directory / "iacpolicy.toml").write_text('policy_dirs = ["no"]\n', encoding="utf-8")
    for command in ("scan", "trust", "test"):
        done = run(command)
        assert (done.code, '"no"' in done.err) == (2, True)


def test_nothing_to_trust(run: Runner) -> None:
    """Without code there is nothing to trust."""
    (run.directory / "iacpolicy.toml").write_text("", encoding="utf-8")
    done = run("trust")
    assert (done.code, "There is nothing to trust" in done.out) == (0, True)


def test_fixtures_of_the_repository(run: Runner) -> None:
    """`iacpolicy test` without arguments runs the policies of the repository if they are trusted."""
    done = run("test")
    assert done.code == 3
    assert "Policies in Python are not trusted" in done.err
    assert "data: not tested" in done.out
    assert "code" not in done.out
    run("trust")
    assert run("test").out.splitlines()[0].startswith("code: not tested")
    assert run("test", "rules").code == 0


def test_the_repository_policies_are_listed_and_explained(run: Runner) -> None:
    """The commands for policies list them too, and import only trusted ones."""
    listed = run("policies")
    assert listed.code == 3
    assert "\n  data " in listed.out
    assert "code in rules did not run" in listed.err
    assert run("explain", "data").out.startswith("data (low): A test\n")
    explained = run("explain", "code")
    assert (explained.code, "`iacpolicy trust`" in explained.err) == (2, True)
    assert run("explain", "code", "--policies", "rules").code == 0
    run("trust")
    assert run("explain", "code").code == 0
    assert "\n  code " in run("policies").out
    assert not (run.directory / "ran").exists()


def test_checks_for_checkov_are_code_too(run: Runner) -> None:
    """Untrusted checks do not run, the run is incomplete, and the diagnostic has the command; data needs no trust."""
    settings = '[checkov]\nexternal_checks_dir = "checks"\n'
    write_files(run.directory, {"iacpolicy.toml": settings, "checks/one.yaml": "metadata:\n  id: CKV2_OWN_1\n"})

    def problems() -> list[dict[str, object]]:
        document = json.loads(run("scan", "--format", "json", "--policy", "CKV2_OWN_1").out)
        return [d for d in document["diagnostics"] if d["summary"] == "Checkov checks are not trusted"]

    assert problems() == []
    write_files(run.directory, {"checks/two.py": "x = 1\n"})
    (problem,) = problems()
    assert "`iacpolicy trust`" in str(problem["detail"])
    assert problem["severity"] == "error"
    assert run("trust").out == f"trusted {run.directory / 'checks'}: Checkov checks\n"
    assert problems() == []
    write_files(run.directory, {"iacpolicy.toml": settings.replace("checks", "nowhere")})
    assert run("scan", "--policy", "CKV2_OWN_1").code == 2
