"""`iacpolicy test`: its output for policies and their fixtures, and its exit code."""

from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files, write_policy

BODY = 'if resource["input"] == 1:\n    yield Violation("it is one", at=resource["input"])'
PASSING = 'resource "terraform_data" "a" {\n  input = 2\n}\n'
FAILING = 'resource "terraform_data" "a" {\n  input = 1 # expect: own\n}\n'


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a runner of commands in the temporary directory."""
    return Runner(tmp_path, monkeypatch, capsys)


def _policy(root: Path, failing: str = FAILING, passing: str = PASSING, body: str = BODY) -> Path:
    write_policy(root, "own", "terraform_data", body)
    return write_files(root, {"own/fail.tf": failing, "own/pass.tf": passing})


def test_fixtures_that_agree(tmp_path: Path, run: Runner) -> None:
    """If every mark has its result and there are no other results, the exit code is 0."""
    done = run("test", str(_policy(tmp_path)))
    assert (done.code, done.out) == (0, "own: as expected\n1 policy: 1 as expected\n")


def test_the_difference_can_be_read(tmp_path: Path, run: Runner) -> None:
    """Each difference has file, line and text, the expected results and the found ones."""
    failing = (
        'variable "n" {\n  type = number\n}\n\nresource "terraform_data" "a" {\n  input = var.n # expect: own\n}\n'
    )
    done = run("test", str(_policy(tmp_path, failing, FAILING.replace(" # expect: own", ""))))
    assert done.code == 1
    assert done.out == (
        "own: differs from its fixtures\n"
        "  pass.tf:2\n"
        "    2 |   input = 1\n"
        "    expected: nothing\n"
        "    found:    certain: it is one\n"
        "  fail.tf:6\n"
        "    6 |   input = var.n # expect: own\n"
        "    expected: certain\n"
        "    found:    possible: it is one, when `var.n == 1`; `var.n` has no value in workspace `default` "
        "(fail.tf:1)\n"
        "1 policy: 0 as expected, 1 differs\n"
    )


def test_a_mark_of_another_policy_differs(tmp_path: Path, run: Runner) -> None:
    """A misspelt id in a mark is reported."""
    done = run("test", str(_policy(tmp_path, FAILING.replace("own", "owm"))))
    assert done.code == 1
    assert "expected: certain of owm\n" in done.out


def test_folders_are_repositories(tmp_path: Path, run: Runner) -> None:
    """A folder is scanned like a repository, with its var-files; its paths are shown below its name."""
    write_policy(tmp_path, "own", "terraform_data", BODY)
    main = 'variable "n" {\n  type = number\n}\nresource "terraform_data" "a" {\n  input = var.n\n}\n'
    write_files(tmp_path, {"own/fail/main.tf": main, "own/fail/terraform.tfvars": "n = 1\n"})
    done = run("test", str(tmp_path))
    assert done.code == 1
    assert "  fail/main.tf:5\n" in done.out


def test_untested_policies_are_named(tmp_path: Path, run: Runner) -> None:
    """A policy without fixtures, or without a failing one, is named, which is no failure."""
    write_policy(tmp_path, "none", "terraform_data", BODY)
    write_policy(tmp_path, "half", "terraform_data", BODY)
    write_files(tmp_path, {"half/pass.tf": PASSING})
    done = run("test", str(tmp_path))
    assert done.code == 0
    assert done.out.splitlines() == [
        "half: as expected, but there is no failing fixture (fail.tf or fail/)",
        "none: not tested: no passing fixture (pass.tf or pass/), no failing fixture (fail.tf or fail/)",
        "2 policies: 1 as expected, 1 not tested",
    ]


def test_a_fixture_without_marks_is_named(tmp_path: Path, run: Runner) -> None:
    """A failing fixture without expectations is reported."""
    done = run("test", str(_policy(tmp_path, PASSING)))
    assert (done.code, done.out.splitlines()[0]) == (
        0,
        "own: as expected, but there is no mark `# expect: ID` in the failing fixture",
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("yield 1", "Policy own failed"),
        ("raise ValueError('no')\nyield", "ValueError: no"),
        ("import not_there\nyield", "No module named 'not_there'"),
    ],
)
def test_a_policy_that_fails(tmp_path: Path, run: Runner, body: str, words: str) -> None:
    """A crash on a fixture is reported with exit code 3; a missing expected result makes it 1."""
    done = run("test", str(_policy(tmp_path, PASSING, body=body)))
    assert done.code == 3
    assert words in done.out
    assert done.out.endswith("1 policy: 0 as expected, 1 could not be run\n")
    assert run("test", str(_policy(tmp_path, body=body))).code == 1


def test_a_policy_that_cannot_be_loaded(tmp_path: Path, run: Runner) -> None:
    """The other policies run, and the exit code is 3."""
    root = _policy(tmp_path)
    write_files(root, {"bad/bad.py": "import not_there\n"})
    done = run("test", str(root))
    assert done.code == 3
    assert done.out.splitlines() == [
        "bad: cannot be loaded: ModuleNotFoundError: No module named 'not_there'",
        "own: as expected",
        "2 policies: 1 as expected, 1 could not be run",
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"own/fail.tf": "resource {\n"}, "fail.tf:1: "),
        ({"own/fail.tf": "locals {\n  a = local.no\n}\n"}, "fail.tf:2: "),
        ({"own/pass/main.tf": "", "own/pass/iacpolicy.toml": "[policies.own]\nmax = 1\n"}, "`policies.own.max`"),
        ({"own/pass/main.tf": "", "own/pass/expect.toml": "[[expect]\n"}, "expect.toml"),
    ],
)
def test_a_fixture_that_cannot_be_read(tmp_path: Path, run: Runner, files: dict[str, str], words: str) -> None:
    """An error in a fixture is reported, because the fixture could pass for the wrong reason."""
    done = run("test", str(write_files(_policy(tmp_path, PASSING), files)))
    assert done.code == 3
    assert words in done.out


def test_options_come_from_the_fixture(tmp_path: Path, run: Runner) -> None:
    """The settings in the folder of a fixture apply to it, as in a repository."""
    policy = '''"""A policy of a test."""
from iacpolicy.policy.api import Meta, Option, Severity, Violation

META = Meta(id="own", title="T", severity=Severity.LOW, on=("terraform_data",), why="W.", fix="F.",
            options=(Option("most", 5, "The most."),))


def check(resource, graph, options):
    if resource["input"] > options["most"]:
        yield Violation("too many", at=resource["input"])
'''
    main = 'resource "terraform_data" "a" {\n  input = 4\n}\n'
    files = {"own/own.py": policy, "own/pass.tf": main, "own/fail/main.tf": main.replace("4", "4 # expect: own")}
    write_files(tmp_path, {**files, "own/fail/iacpolicy.toml": "[policies.own]\nmost = 3\n"})
    assert run("test", str(tmp_path), "--quiet").code == 0


def test_sql_fixture(tmp_path: Path, run: Runner) -> None:
    """A single SQL file is the migration of a database."""
    write_policy(tmp_path, "own", "sql.table", 'yield Violation("a table", at=resource)')
    write_files(tmp_path, {"own/fail.sql": "create table a (); -- expect: own\n", "own/pass.sql": "select 1;\n"})
    assert run("test", str(tmp_path)).code == 0


def test_wrong_use(tmp_path: Path, run: Runner) -> None:
    """A path that is not a directory is wrong use; a directory without policies is reported."""
    assert run("test", str(tmp_path / "no")).code == 2
    done = run("test", str(tmp_path))
    assert (done.code, "There is no policy under" in done.err) == (0, True)


def test_the_catalogue_is_the_default(tmp_path: Path, run: Runner) -> None:
    """Without a directory, the policies of the package are tested."""
    done = run("test")
    assert "state-locking: as expected\n" in done.out


def test_undetected_mutants(tmp_path: Path, run: Runner) -> None:
    """An undetected mutant is printed with its place and gives exit code 1; fixtures at both sides detect all."""
    body = 'if resource["input"] < 3:\n    yield Violation("few", at=resource["input"])'
    done = run("test", "--mutate", str(_policy(tmp_path, FAILING.replace("1", "0"), PASSING.replace("2", "9"), body)))
    assert done.code == 1
    assert done.out.splitlines() == [
        "own: as expected",
        "own: under-tested: no fixture detects 3 of 5 mutants",
        "  own.py:9: `<=` for `<`",
        '    9 |     if resource["input"] < 3:',
        "  own.py:9: `2` for `3`",
        '    9 |     if resource["input"] < 3:',
        "  own.py:9: `4` for `3`",
        '    9 |     if resource["input"] < 3:',
        "1 policy: 1 as expected, 1 under-tested",
    ]
    done = run("test", "--mutate", str(_policy(tmp_path, FAILING.replace("1", "2"), PASSING.replace("2", "3"), body)))
    assert (done.code, done.out.splitlines()[1]) == (0, "own: the fixtures detect 5 of 5 mutants")


def test_mistakes_that_change_nothing(tmp_path: Path, run: Runner) -> None:
    """A line with a reason for its equivalent mutants is skipped."""
    body = 'if resource["input"] < 9:  # equivalent: it is 0 or 10\n    yield Violation("few", at=resource["input"])'
    done = run("test", "--mutate", str(_policy(tmp_path, FAILING.replace("1", "0"), PASSING.replace("2", "10"), body)))
    assert (done.code, done.out.splitlines()[1]) == (0, "own: the fixtures detect 1 of 1 mutant")


def test_a_mutant_that_never_ends_is_detected(tmp_path: Path, run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant with an endless loop counts as detected."""
    monkeypatch.setattr("iacpolicy.pipeline.commands.run_mutants.SECONDS", 0.1)
    body = (
        "for index in iter(int, 1):\n    if index == 0:\n        break\n"
        'if resource["input"] == 1:\n    yield Violation("one", at=resource["input"])'
    )
    done = run("test", "--mutate", str(_policy(tmp_path, body=body)))
    assert done.code == 0


def test_a_policy_without_fixtures_is_under_tested(tmp_path: Path, run: Runner) -> None:
    """No mutant of a policy without fixtures is detected."""
    write_policy(tmp_path, "own", "terraform_data", BODY)
    assert run("test", "--mutate", str(tmp_path)).code == 1
