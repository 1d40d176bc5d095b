"""Complete runs with a fake Checkov that prints recorded output."""

import json
import sys
from pathlib import Path

import pytest
from tests.checkov.conftest import CHECKS, FakeCheckov, replay

from iacpolicy.checkov.environment import COMPLETE_MARKER, executable_of, own_directory
from iacpolicy.checkov.runner import CheckovRun, run
from iacpolicy.core.diagnostics import Level


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with two directories of Terraform."""
    root = tmp_path / "repository"
    for directory in ("infra/modules", "other"):
        (root / directory).mkdir(parents=True)
        (root / directory / "main.tf").touch()
    return root


def telling(tmp_path: Path) -> str:
    """Return the body of a fake that appends its arguments, environment and directory to a file."""
    return (
        "import json, os, sys\n"
        f"with open({str(tmp_path / 'calls')!r}, 'a') as calls:\n"
        "    print(json.dumps([sys.argv[1:], dict(os.environ), os.listdir()]), file=calls)\n"
        'print(\'{"checkov_version": "3.3.30"}\')'
    )


def calls(tmp_path: Path) -> list[tuple[list[str], dict[str, str], list[str]]]:
    """Return the calls that the fake recorded."""
    return [tuple(json.loads(line)) for line in (tmp_path / "calls").read_text(encoding="utf-8").splitlines()]


def failure(result: CheckovRun) -> str:
    """Return the detail of the single error of a run without results."""
    assert result.results == ()
    (problem,) = (d for d in result.diagnostics if d.summary == "Checkov failed")
    assert problem.severity is Level.ERROR
    assert "`--checkov off`" in problem.detail
    return problem.detail


def test_recorded_results_come_through(repository: Path, fake_checkov: FakeCheckov) -> None:
    """A run has results, parse errors, log messages and the version."""
    said = "2026-11-24 19:45:22,786 [MainThread  ] [ERROR]  Failed to run check CKV_X on /a.tf:b.c\n"
    environ = fake_checkov(replay("findings.json", repository, said))
    result = run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ)
    assert [r.check_id for r in result.results if r.path == "infra/main.tf" and r.status == "failed"] == [
        "CKV_IACPOLICY_1"
    ]
    assert [d.summary for d in result.diagnostics] == ["Checkov could not parse the file", "Checkov reported an error"]
    assert result.version == "3.3.30"


def test_a_run_does_not_change_from_one_to_the_next(repository: Path, fake_checkov: FakeCheckov) -> None:
    """The same output of Checkov for two directories gives each result once, in the same order."""
    environ = fake_checkov(replay("findings.json", repository))
    one = run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ)
    two = run(repository, ["other", "infra"], checks_dirs=[CHECKS], timeout=20, environ=environ)
    assert one == two


def test_checkov_is_called_closed(repository: Path, tmp_path: Path, fake_checkov: FakeCheckov) -> None:
    """Checkov gets the options, environment and directory for custom checks only, without network and settings."""
    environ = fake_checkov(telling(tmp_path)) | {"BC_API_KEY": "k", "CKV_CHECK": "CKV_1"}
    run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ, exclude=["infra/a.b"])
    ((arguments, seen, listed),) = calls(tmp_path)
    root = repository.resolve()
    pattern = f"^{root}/infra/a\\.b(/|$)".replace("-", "\\-")
    assert arguments == [
        *(f"--directory={root}/infra", "--framework", "terraform", "--output", "json", "--compact", "--soft-fail"),
        *("--skip-download", "--download-external-modules", "false", "--external-checks-dir", str(CHECKS)),
        *("--skip-path", pattern, "--check", "CKV_IACPOLICY_*,CKV2_IACPOLICY_*", "--run-all-external-checks"),
    ]
    assert not {"BC_API_KEY", "CKV_CHECK", "IACPOLICY_CHECKOV"} & seen.keys()
    assert seen["HOME"] != environ["HOME"]
    assert listed == []


def test_the_compiled_grammar_is_kept_beside_our_own_checkov(
    repository: Path, tmp_path: Path, fake_checkov: FakeCheckov
) -> None:
    """The cache of our own Checkov is in a directory that only its owner can enter; another Checkov has none."""
    foreign = fake_checkov(telling(tmp_path))
    environ = {"XDG_DATA_HOME": str(tmp_path / "data"), "PATH": foreign["PATH"]}
    own = own_directory(environ)
    executable_of(own).parent.mkdir(parents=True)
    Path(foreign["IACPOLICY_CHECKOV"]).rename(executable_of(own))
    (own / COMPLETE_MARKER).touch()
    run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ)
    run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=fake_checkov(telling(tmp_path)))
    (_, with_own, _), (_, with_foreign, _) = calls(tmp_path)
    assert with_own["TMPDIR"] == str(own / "cache")
    assert (own / "cache").stat().st_mode & 0o777 == 0o700
    assert with_foreign["TMPDIR"] == with_foreign["HOME"]
    assert not Path(with_foreign["HOME"]).exists()


def test_the_whole_catalogue_on_request(repository: Path, tmp_path: Path, fake_checkov: FakeCheckov) -> None:
    """Without a selection Checkov runs all of its checks."""
    environ = fake_checkov(telling(tmp_path))
    run(repository, ["infra"], checks_dirs=[CHECKS], whole_catalogue=True, timeout=20, environ=environ)
    ((arguments, _, _),) = calls(tmp_path)
    assert "--check" not in arguments
    assert "--external-checks-dir" in arguments


@pytest.mark.parametrize(
    ("scan", "expected"),
    [
        ([""], [""]),
        (["."], [""]),
        (["infra", "infra/modules", "other"], ["/infra", "/other"]),
        (["other/main.tf", "infra/modules/main.tf"], ["/infra/modules", "/other"]),
        (["infra/main.tf/..", "./infra/"], ["/infra"]),
        ([], []),
    ],
)
def test_each_directory_once(
    repository: Path, tmp_path: Path, fake_checkov: FakeCheckov, scan: list[str], expected: list[str]
) -> None:
    """A directory inside another one is not scanned twice, and a file selects its directory."""
    environ = fake_checkov(telling(tmp_path))
    (tmp_path / "calls").touch()
    run(repository, scan, checks_dirs=[CHECKS], timeout=20, environ=environ)
    assert [arguments[0] for arguments, _, _ in calls(tmp_path)] == [
        f"--directory={repository.resolve()}{directory}" for directory in expected
    ]


def test_paths_that_are_not_scanned_are_reported(repository: Path, tmp_path: Path, fake_checkov: FakeCheckov) -> None:
    """A missing path or a path outside is an error, and the rest is scanned."""
    (repository / "link").symlink_to(tmp_path)
    environ = fake_checkov(telling(tmp_path))
    scan = ["nowhere", "..", "/etc", "link", "infra"]
    result = run(repository, scan, checks_dirs=[tmp_path / "no", CHECKS], timeout=20, environ=environ)
    assert sorted(d.summary for d in result.diagnostics) == [
        "No such directory of Checkov checks",
        "No such file or directory",
        *["Path leaves the repository"] * 3,
    ]
    assert len(calls(tmp_path)) == 1


def test_a_crash_is_reported(repository: Path, fake_checkov: FakeCheckov) -> None:
    """An exit code other than 0 is a failure with the code and the exception, even with results."""
    environ = fake_checkov(replay("findings.json", repository, "Traceback:\n  x\nValueError: secret\n", 2))
    detail = failure(run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ))
    assert detail.startswith("Checkov ended with exit code 2: ValueError. Its checks did not run for infra.")


def test_other_output_is_reported(repository: Path, fake_checkov: FakeCheckov) -> None:
    """Output that is not JSON is a failure."""
    environ = fake_checkov("print('hello')")
    assert "JSON" in failure(run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ))


def test_a_timeout_is_reported(repository: Path, fake_checkov: FakeCheckov) -> None:
    """A Checkov that hangs is stopped, and the directories that did not start are reported."""
    environ = fake_checkov("import time\ntime.sleep(60)")
    result = run(repository, ["infra", "other"], checks_dirs=[CHECKS], timeout=1, environ=environ)
    assert ["1 seconds" in d.detail for d in result.diagnostics] == [True, True]


def test_too_much_output_is_reported(repository: Path, fake_checkov: FakeCheckov) -> None:
    """Output over the limit is a failure and is not parsed."""
    environ = fake_checkov("while True: print('[' * 1000)")
    result = run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ, max_output=100_000)
    assert "more than 100000 bytes" in failure(result)


@pytest.mark.skipif(sys.platform == "win32", reason="a script needs an interpreter line")
def test_a_checkov_that_cannot_start_is_reported(repository: Path, fake_checkov: FakeCheckov) -> None:
    """An executable without its interpreter is a failure that names the executable."""
    environ = fake_checkov("")
    executable = Path(environ["IACPOLICY_CHECKOV"])
    executable.write_text("#!/nowhere/python\n", encoding="utf-8")
    detail = failure(run(repository, ["infra"], checks_dirs=[CHECKS], timeout=20, environ=environ))
    assert detail.startswith(f"{executable} did not start")


@pytest.mark.parametrize(("required", "severity"), [(False, Level.WARNING), (True, Level.ERROR)])
def test_a_missing_checkov_is_reported(repository: Path, tmp_path: Path, required: bool, severity: Level) -> None:
    """A missing Checkov is a warning with the install command, and an error if Checkov is required."""
    environ = {"HOME": str(tmp_path), "PATH": str(tmp_path)}
    result = run(repository, ["infra"], checks_dirs=[CHECKS], required=required, environ=environ)
    (problem,) = result.diagnostics
    assert (problem.severity, result.results, result.version) == (severity, (), None)
    assert "`iacpolicy checkov install`" in problem.detail
