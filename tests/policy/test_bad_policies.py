"""A broken policy gives one diagnostic with its name; the others run, and the run is incomplete."""

from pathlib import Path

import pytest
from tests.support.scans import scan_files, write_files, write_policy

from iacpolicy.core.diagnostics import Level
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.policy.loading.load import load_policies, load_policy
from iacpolicy.policy.loading.policy import Broken, Policy

MAIN = 'resource "terraform_data" "a" {\n  input = 1\n}\n'
META = 'META = Meta(id="bad", title="T", severity=Severity.LOW, on=("terraform_data",), why="W.", fix="F.")'
IMPORTS = "from iacpolicy.policy.api import Meta, Option, Severity, Violation\n"
HEAD = "def check(resource, graph):\n    "
CHECK = HEAD + "yield Violation('x', at=resource)\n"


def _module(meta: str = META, check: str = CHECK, start: str = IMPORTS) -> str:
    return f"{start}\n{meta}\n\n\n{check}"


CASES = {
    "raises": (_module(check=HEAD + "raise KeyError('k')\n    yield\n"), "KeyError: 'k'"),
    "raises after a violation": (_module(check=CHECK + "    1 / 0\n"), "ZeroDivisionError"),
    "recurses": (
        _module(check=HEAD + "yield from check(resource, graph)\n"),
        "RecursionError",
    ),
    "yields nothing with a place": (
        _module(check=HEAD + "yield Violation('x', at=None)\n"),
        "the policy yields an object without a place: None",
    ),
    "yields no violation": (
        _module(check=HEAD + "yield 'x'\n"),
        "'x', which is not a Violation",
    ),
    "gives nothing to look through": (_module(check=HEAD + "return None\n"), "TypeError"),
    "yields without end": (
        _module(check=HEAD + "while True:\n        yield Violation('x', at=resource)\n"),
        "yields more than 10000 violations for one resource",
    ),
    "asks for an option that it has not": (
        _module(
            META.replace('fix="F."', 'fix="F.", options=(Option("most", 1, "O."),)'),
            "def check(resource, graph, options):\n    yield Violation(str(options['moost']), at=resource)\n",
        ),
        'LookupError: the policy reads an option "moost" that its META does not define (did you mean "most"?)',
    ),
    "imports what is missing": (_module(start=IMPORTS + "import not_there\n"), "No module named 'not_there'"),
    "imports another name": (
        _module(start="from iacpolicy.policy.api import Metta\n"),
        "ImportError: cannot import",
    ),
    "ends the process": (_module(start=IMPORTS + "raise SystemExit(0)\n"), "SystemExit: 0"),
    "leaves the process": (
        _module(check=HEAD + "__import__('os')._exit(0)\n    yield\n"),
        "SystemExit: os._exit(0) was",
    ),
    "leaves the process when imported": (_module(start=IMPORTS + "import os\nos._exit(0)\n"), "SystemExit: os._exit"),
    "raises what is no Exception": (_module(check=HEAD + "raise GeneratorExit('g')\n    yield\n"), "GeneratorExit: g"),
    "is no Python": ("def check(:\n", "SyntaxError: "),
    "is empty": ("", "META must be a Meta, and check must be a generator function"),
    "has no check": (f"{IMPORTS}{META}\n", "META must be a Meta, and check must be a generator function"),
    "has another id": (_module(META.replace("bad", "good")), 'META.id is "good", but the folder is "bad"'),
    "has no severity": (
        _module(META.replace("Severity.LOW", "'hihg'")),
        "META is not valid: Invalid",
    ),
    "is on a text": (_module(META.replace('("terraform_data",)', '"terraform_data"')), "`META.on`"),
    "is on nothing": (_module(META.replace('("terraform_data",)', "()")), "META.on is empty"),
    "takes too much": (_module(check="def check(a, b, c, d):\n    yield\n"), "check must take (resource, graph)"),
}


@pytest.mark.parametrize(("text", "words"), CASES.values(), ids=CASES)
def test_one_diagnostic(tmp_path: Path, text: str, words: str) -> None:
    """One diagnostic names the policy and the mistake; the other policy has its finding, and the exit code is 3."""
    policies = write_policy(tmp_path / "policies", "good", "terraform_data", 'yield Violation("seen", at=resource)')
    write_files(policies, {"bad/bad.py": text})
    report = scan_files(
        tmp_path / "repo", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("good", "bad"), fail_on="never"
    ).report
    (problem,) = report.diagnostics
    assert problem.severity is Level.ERROR
    assert problem.summary in ("Policy bad failed", "Policy bad cannot be loaded")
    assert words in problem.detail
    assert "The other policies ran" in problem.detail
    assert [f.policy for f in report.findings if f.policy != "bad"] == ["good"]
    assert report.exit_code == 3


def test_importing_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The import of a module with an endless loop is stopped."""
    monkeypatch.setattr("iacpolicy.policy.loading.load.IMPORT_SECONDS", 0.1)
    write_files(tmp_path, {"bad/bad.py": "while True:\n    pass\n"})
    loaded = load_policy(tmp_path / "bad")
    assert isinstance(loaded, Broken)
    assert loaded.reason == "the import took more than 0.1 s"


def test_duplicate_id(tmp_path: Path) -> None:
    """The first of two policies with one id runs, and a diagnostic names both folders."""
    first = write_policy(tmp_path / "first", "same", "terraform_data", 'yield Violation("first", at=resource)')
    second = write_policy(tmp_path / "second", "same", "terraform_data", 'yield Violation("second", at=resource)')
    report = scan_files(
        tmp_path / "repo", {"main.tf": MAIN}, policy_dirs=(first, second), wanted=("same",), fail_on="never"
    ).report
    assert [f.message for f in report.findings] == ["first"]
    (problem,) = report.diagnostics
    assert problem.summary == "Policy same cannot be loaded"
    assert "second/same has the same id as" in problem.detail
    assert report.exit_code == 3


def test_id_of_the_catalogue(tmp_path: Path) -> None:
    """A policy cannot replace a policy of the catalogue by using its id."""
    policies = write_policy(tmp_path / "policies", "state-locking", "terraform_data", "return\nyield")
    report = scan_files(tmp_path / "repo", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("state-locking",)).report
    assert [d.summary for d in report.diagnostics] == ["Policy state-locking cannot be loaded"]


def test_one_folder_twice_is_one_policy(tmp_path: Path) -> None:
    """A policy is not a duplicate if its directory is named twice, or is inside another named directory."""
    policies = write_policy(tmp_path / "policies", "own", "terraform_data", "return\nyield")
    loaded, broken = load_policies([policies, policies / "own", policies], {})
    assert ([p.id for p in loaded], broken) == (["own"], [])


def test_a_directory_without_policies(tmp_path: Path) -> None:
    """A named directory without policies is wrong use."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="There is no policy in"):
        scan_files(tmp_path / "repo", {"main.tf": MAIN}, policy_dirs=(tmp_path / "empty",))


def test_unknown_option_in_settings(tmp_path: Path) -> None:
    """An unknown option in the settings is wrong use, and the message has its line."""
    files = {"main.tf": MAIN, "iacpolicy.toml": "[policies.autoscaling-bounds]\nmax_instance = 3\n"}
    with pytest.raises(UsageError, match=r'iacpolicy.toml:2: .*did you mean "max_instances"'):
        scan_files(tmp_path / "repo", files)


def test_settings_of_a_broken_policy(tmp_path: Path) -> None:
    """Settings of a policy that cannot be loaded are not reported as unknown; only the broken policy is."""
    policies = write_files(tmp_path / "policies", {"bad/bad.py": "import not_there\n"})
    files = {"main.tf": MAIN, "iacpolicy.toml": "[policies.bad]\nmost = 3\n"}
    report = scan_files(tmp_path / "repo", files, policy_dirs=(policies,), wanted=("bad",)).report
    assert [d.summary for d in report.diagnostics] == ["Policy bad cannot be loaded"]


def test_a_module_that_only_defines_is_loaded(tmp_path: Path) -> None:
    """The module that the cases change is a valid policy."""
    write_files(tmp_path, {"bad/bad.py": _module()})
    assert isinstance(load_policy(tmp_path / "bad"), Policy)


def test_output_of_a_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output of `print` in a policy goes to standard error and does not damage the report."""
    policies = write_policy(tmp_path / "policies", "own", "terraform_data", 'print("here")\nreturn\nyield')
    scan_files(tmp_path / "repo", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("own",))
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "here\n")
