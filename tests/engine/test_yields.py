"""The objects that a policy can yield, and their effect."""

from pathlib import Path

from tests.support.scans import report_of, scan_files, write_policy

from iacpolicy.core.diagnostics import Level
from iacpolicy.gate.report import Report

MAIN = """variable "n" {
  type = number
}

resource "terraform_data" "a" {
  input = var.n
}
"""


def _report(tmp_path: Path, body: str, main: str = MAIN) -> Report:
    policies = write_policy(tmp_path / "policies", "own", "terraform_data", body)
    return report_of(tmp_path / "repo", {"main.tf": main}, policy_dirs=(policies,), wanted=("own",))


def test_hint_is_a_note(tmp_path: Path) -> None:
    """A hint is a note at its place without effect on the exit code, once for all worlds and cells."""
    body = """
from iacpolicy.policy.api import Hint
if resource["input"] == 1 or resource["input"] == 2:
    pass
yield Hint("This is old", "Use the new one.", at=resource["input"])
"""
    report = _report(tmp_path, body)
    (note,) = [d for d in report.diagnostics if d.summary != "Variable has no value"]
    assert (note.severity, note.summary, note.detail) == (Level.NOTE, "This is old", "Use the new one.")
    assert note.location is not None
    assert note.location.line == 6
    assert (report.exit_code, report.findings) == (0, ())
    assert [p.policy for p in report.passed] == ["own"]


def test_defects_with_different_causes_are_two_findings(tmp_path: Path) -> None:
    """Two defects at one place in different worlds are two findings if their causes differ."""
    body = """
if resource["input"] < 1:
    yield Violation("too few", at=resource["input"], cause="few")
elif resource["input"] > 9:
    yield Violation("too many", at=resource["input"], cause="many")
"""
    report = _report(tmp_path, body)
    assert [(f.message, f.condition) for f in report.findings] == [
        ("too few", "when `var.n < 1`; `var.n` has no value in workspace `default` (main.tf:1)"),
        (
            "too many",
            "when `var.n > 9`; `var.n` has no value in workspace `default` (main.tf:1)",
        ),
    ]
    assert len({f.fingerprint for f in report.findings}) == 2


def test_undecidable_for_a_reason(tmp_path: Path) -> None:
    """A policy that raises `Undecidable` gives an undecided result at that place with that reason."""
    body = """
from iacpolicy.policy.api import Cause, Undecidable
raise Undecidable.because(Cause.BACKEND, "the answer is unknown", at=resource["input"])
yield
"""
    report = _report(tmp_path, body)
    (undecided,) = report.undecided
    assert [w.text for w in undecided.reasons] == ["the answer is unknown"]
    assert undecided.location.line == 6
    assert report.exit_code == 0


def test_a_wrong_type_is_a_crash(tmp_path: Path) -> None:
    """A policy that yields an object of another type has failed: the run is incomplete and names the policy."""
    scanned = scan_files(
        tmp_path / "repo",
        {"main.tf": MAIN},
        policy_dirs=(write_policy(tmp_path / "policies", "own", "terraform_data", "yield 1"),),
        wanted=("own",),
    )
    assert [(policy, address) for policy, address, _ in scanned.crashes] == [("own", "terraform_data.a")]
    assert scanned.report is not None
    assert scanned.report.exit_code == 3
    assert [d.summary for d in scanned.report.diagnostics if d.severity is Level.ERROR] == ["Policy own failed"]


def test_one_of_several(tmp_path: Path) -> None:
    """A comparison with several values is one condition, which a variable without a value leaves open."""
    body = """
if not resource["input"].is_one_of([1, 2]):
    yield Violation("neither 1 nor 2", at=resource["input"])
"""
    (finding,) = _report(tmp_path, body).findings
    assert finding.condition is not None
    assert finding.condition.startswith("when `var.n == 1` is false and `var.n == 2` is false; ")
    assert _report(tmp_path / "one", body, MAIN.replace("var.n", "1")).findings == ()
    assert len(_report(tmp_path / "null", body, MAIN.replace("var.n", "null")).findings) == 1


def test_kinds_of_origins(tmp_path: Path) -> None:
    """Each step of a trace has its kind."""
    body = """
yield Violation(" ".join(sorted(resource["input"].origin_kinds)), at=resource)
"""
    main = 'variable "n" {\n  default = 1\n}\nlocals {\n  n = var.n\n}\n'
    main += 'resource "terraform_data" "a" {\n  input = local.n\n}\n'
    (finding,) = _report(tmp_path, body, main).findings
    assert finding.message.split() == ["attribute", "default", "literal", "local"]


def test_certain_in_one_cell(tmp_path: Path) -> None:
    """A violation that is certain in one cell and possible in another is one certain finding that mentions both."""
    policies = write_policy(
        tmp_path / "policies",
        "own",
        "terraform_data",
        'if resource["input"] < 1:\n    yield Violation("too few", at=resource["input"])',
    )
    files = {"main.tf": MAIN, "env/production.tfvars": "n = 0\n", "env/staging.tfvars": ""}
    report = report_of(tmp_path / "repo", files, policy_dirs=(policies,), wanted=("own",))
    (finding,) = report.findings
    assert (finding.certainty, finding.condition) == ("certain", None)
    assert [report.cells[i].workspace for i in finding.cells] == ["production"]
    assert finding.message == (
        "too few (elsewhere when `var.n < 1`; `var.n` has no value in workspace `staging` (main.tf:1))"
    )


def test_a_related_place_is_in_the_trace_once(tmp_path: Path) -> None:
    """The related place of a defect is in the trace, unless it is on the same line."""
    body = """
here = resource["input"]
yield Violation("crossed", at=here, also=(("there", resource.at), ("here", here.at)))
"""
    (finding,) = _report(tmp_path, body, MAIN.replace("var.n", "1")).findings
    assert [(h.kind, h.line, h.text) for h in finding.trace] == [
        ("resource", 5, "there"),
        ("attribute", 6, "input = 1"),
    ]


def test_fix_of_a_violation(tmp_path: Path) -> None:
    """A finding has the redacted fix of its violation, or the policy's fix if the violation has none."""
    body = """
if resource["input"] == "own":
    yield Violation("bad", at=resource, fix=f"Give {resource.name} another input")
else:
    yield Violation("bad", at=resource, cause="general")
"""
    main = 'resource "terraform_data" "a" {\n  input = "own"\n}\nresource "terraform_data" "b" {}\n'
    report = _report(tmp_path, body, main)
    assert [finding.fix for finding in report.findings] == ["Give a another input", None]
    assert [report.fix_of(f) for f in report.findings] == ["Give a another input", report.policies["own"].fix]
    secret = 'resource "aws_db_instance" "d" {\n  password = "Tr0ub4dor-x9-Kiefer"\n}\n' + main
    shown = 'yield Violation("bad", at=resource, fix="Not Tr0ub4dor-x9-Kiefer")'
    assert "Tr0ub4dor-x9" not in str([f.fix for f in _report(tmp_path / "secret", shown, secret).findings])


def test_fixes_of_several_worlds(tmp_path: Path) -> None:
    """A finding whose message differs over worlds has the fix of each message, one per line."""
    body = """
if resource["input"] < 1:
    yield Violation("too few", at=resource["input"], fix="Set more.")
else:
    yield Violation("too many", at=resource["input"], fix="Set less.")
"""
    (finding,) = _report(tmp_path, body).findings
    assert (finding.message, finding.fix) == ("too few or too many", "Set more.\nSet less.")


def test_too_many_worlds(tmp_path: Path) -> None:
    """If there are more worlds than the limit, the result is undecided for that reason."""
    variables = "".join(f'variable "v{i}" {{\n  type = bool\n}}\n' for i in range(8))
    inputs = ", ".join(f"var.v{i}" for i in range(8))
    main = f'{variables}resource "terraform_data" "a" {{\n  input = [{inputs}]\n}}\n'
    body = """
if sum(1 for element in resource["input"] if element == True) == 8:
    yield Violation("all", at=resource)
"""
    report = _report(tmp_path, body, main)
    assert report.findings == ()
    (undecided,) = report.undecided
    assert undecided.reasons[0].text == "there are more than 64 combinations of unknown values"
    assert "`var.v0` has no value in workspace `default`" in [w.text for w in undecided.reasons]
