"""The findings of YAML policies: operators, paths, quantifiers, connections, alternatives."""

from pathlib import Path

import pytest
from tests.support.scans import report_of, write_files

from iacpolicy.core.diagnostics import Level
from iacpolicy.gate.report import Report
from iacpolicy.pipeline.commands.run_fixtures import run_all
from iacpolicy.pipeline.commands.run_mutants import mutate

EXAMPLES = Path(__file__).parents[2] / "fixtures" / "policies"
HEAD = "title: A test\nseverity: high\nwhy: It tests.\nfix: Pass it.\n"


def _report(tmp_path: Path, rules: str, main: str, on: str = "terraform_data") -> Report:
    write_files(tmp_path / "policies", {"own/policy.yaml": f"{HEAD}on: [{on}]\n{rules}\n"})
    return report_of(tmp_path / "repo", {"main.tf": main}, policy_dirs=(tmp_path / "policies",), wanted=("own",))


def _found(report: Report) -> list[tuple[int, str, str]]:
    assert [d for d in report.diagnostics if d.severity is not Level.NOTE] == []
    return [(f.location.line, f.certainty.value, f.message) for f in report.findings]


def test_rule_has_its_own_fix(tmp_path: Path) -> None:
    """A rule with `fix` gives it to its findings; other findings of the policy show the general one."""
    rules = (
        "require:\n- attribute: input\n  equals: 1\n  fix: Set it to 1.\n- attribute: triggers_replace\n  exists: true"
    )
    report = _report(tmp_path, rules, 'resource "terraform_data" "a" {\n  input = 2\n}\n')
    assert {f.attribute: report.fix_of(f) for f in report.findings} == {
        "input": "Set it to 1.",
        "triggers_replace": "Pass it.",
    }


def test_examples_are_as_their_fixtures_say() -> None:
    """The two examples have every marked finding, and their fixtures detect every mutant."""
    runs = list(run_all([EXAMPLES]))
    assert [(r.id, r.differs, r.is_broken, r.lacks) for r in runs] == [
        ("bucket-versioned", False, False, ()),
        ("no-public-ssh", False, False, ()),
    ]
    for run in runs:
        mutated = mutate(run.folder)
        assert mutated.made == 10
        assert mutated.survivors == ()


OPERATORS = [
    ("equals: 1", ["1", '"1"'], ["2", '"a"', "null"]),
    ("equals: true", ["true", '"true"'], ["false"]),
    ('equals: "1"', ["1", '"1"'], ["2"]),
    ("not_equals: a", ['"b"', "1"], ['"a"', "null"]),
    ("less_than: 2", ["1", "1.9", '"1"'], ["2", '"a"', "null"]),
    ("at_most: 2", ["2"], ["2.1", "null"]),
    ("greater_than: 2.5", ["3"], ["2.5", "null"]),
    ("at_least: 2", ["2"], ["1", "null"]),
    ("in: [a, 1]", ['"a"', "1"], ['"b"', "null"]),
    ("not_in: [a, 1]", ['"b"'], ['"a"', "1", "null"]),
    ("contains: a", ['["a", "b"]', "{ a = 1 }", '"cat"'], ['["b"]', "[]", "null", '{ b = "a" }']),
    ("not_contains: a", ['["b"]', "[]"], ['["a"]', "null"]),
    ("matches: ^[ab]+$", ['"abba"'], ['"abc"', "null", "true"]),
    ("matches: '1'", ["31"], ["2"]),
    ("not_matches: ^[ab]+$", ['"abc"'], ['"abba"', "null"]),
    ("starts_with: ab", ['"abc"'], ['"cab"', "null"]),
    ("ends_with: ab", ['"cab"'], ['"abc"', "null"]),
    ("exists: true", ["0", '""'], ["null"]),
    ("exists: false", ["null"], ["0"]),
    ("absent: true", ["null"], ["0"]),
    ("absent: false", ["0"], ["null"]),
    ("{ at_least: 2, less_than: 4 }", ["2", "3"], ["1", "4"]),
]


@pytest.mark.parametrize(("tests", "holding", "failing"), OPERATORS, ids=[tests for tests, _, _ in OPERATORS])
def test_operator(tmp_path: Path, tests: str, holding: list[str], failing: list[str]) -> None:
    """A true condition meets `require` and breaks `forbid`; a false one does the opposite."""
    lines = [v for value in (*holding, *failing) for v in (f"  input = {value}",)]
    main = "".join(f'resource "terraform_data" "r{i}" {{\n{line}\n}}\n' for i, line in enumerate(lines))
    body = tests.strip("{ }").replace(", less", "\n    less") if tests.startswith("{") else tests
    for mode, expected in (("require", range(len(holding), len(lines))), ("forbid", range(len(holding)))):
        found = _found(_report(tmp_path / mode, f"{mode}:\n  - attribute: input\n    {body}", main))
        assert [line for line, _, _ in found] == [3 * i + 2 for i in expected]


def test_messages(tmp_path: Path) -> None:
    """Without a `message` the finding describes the requirement of the rule."""
    rules = (
        "require:\n  - {attribute: input, at_least: 1, at_most: 9}\n  - {attribute: input, absent: true}\n"
        "forbid:\n  - {attribute: input, in: [a, true, 0]}\n  - {attribute: input, not_equals: 5}\n"
        "  - {attribute: input, exists: true, message: it is there.}\n"
    )
    found = _found(_report(tmp_path, rules, 'resource "terraform_data" "a" {\n  input = 0\n}\n'))
    assert [message for _, _, message in found] == [
        "`input` must be 5",
        "`input` must be at least 1 and be at most 9",
        '`input` must not be one of "a", true, 0',
        "`input` must not be set",
        "it is there",
    ]


def test_unknowns_are_worlds(tmp_path: Path) -> None:
    """A variable without a value gives a possible finding, a computed attribute an undecided result."""
    rules = "require:\n  - attribute: input\n    in: [a, b]\nforbid:\n  - attribute: input\n    matches: ^c\n"
    variable = 'variable "v" {\n  type = string\n%s}\n\nresource "terraform_data" "a" {\n  input = var.v\n}\n'
    found = _found(_report(tmp_path / "open", rules, variable % ""))
    assert [(line, certainty) for line, certainty, _ in found] == [(6, "possible"), (6, "possible")]
    cut = '  validation {\n    condition = contains(["a"], var.v)\n    error_message = "No."\n  }\n'
    assert [line for line, _, m in _found(_report(tmp_path / "cut", rules, variable % cut)) if "one of" in m] == []
    report = _report(tmp_path / "later", rules, 'resource "terraform_data" "a" {\n  input = uuid()\n}\n')
    assert (_found(report), len(report.undecided)) == ([], 1)


def test_two_patterns_are_two_conditions(tmp_path: Path) -> None:
    """Two patterns over one unknown text are independent conditions."""
    rules = (
        "forbid:\n  - any: input\n    where:\n      - {attribute: name, matches: ^a}\n"
        "      - not: {attribute: name, matches: a$}\n"
    )
    main = 'variable "v" {\n  type = string\n}\nresource "terraform_data" "a" {\n  input = [{ name = var.v }]\n}\n'
    assert [c for _, c, _ in _found(_report(tmp_path, rules, main))] == ["possible"]


GROUP = """resource "aws_security_group" "a" {
  ingress {
    from_port   = 1
    to_port     = 1
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "10.1.0.0/16"]
  }
  ingress {
    from_port   = 2
    to_port     = 2
    protocol    = "udp"
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
  }
}
"""
PATHS = {
    "each of several blocks is required": ("require: [{attribute: ingress.protocol, equals: tcp}]", [11]),
    "none of several blocks may": ("forbid: [{attribute: ingress.protocol, equals: tcp}]", [5]),
    "an index is one": ("require: [{attribute: 'ingress[0].protocol', equals: udp}]", [5]),
    "an index that is not there": ("require: [{attribute: 'ingress[7].protocol', equals: udp}]", [2]),
    "each element": ("require: [{attribute: 'ingress.cidr_blocks[*]', starts_with: '10.'}]", [12]),
    "all blocks": ("require: [{all: ingress, where: [{attribute: from_port, at_least: 2}]}]", [3]),
    "any block": ("require: [{any: ingress, where: [{attribute: from_port, at_least: 2}]}]", []),
    "no block at all": ("require: [{any: ingress, where: [{attribute: from_port, at_least: 3}]}]", [2]),
    "blocks that are absent": ("require: [{any: egress, where: [{attribute: from_port, at_least: 3}]}]", [1]),
    "all of none": ("require: [{all: egress, where: [{attribute: from_port, at_least: 3}]}]", []),
    "any element": ("forbid: [{any: 'ingress.cidr_blocks[*]', where: [{attribute: x, exists: true}]}]", []),
    "all may not": ("forbid: [{all: ingress, where: [{attribute: from_port, at_least: 1}]}]", [2]),
    "all may not, but not all are": ("forbid: [{all: ingress, where: [{attribute: from_port, at_least: 2}]}]", []),
    "one of two": (
        "require: [{either: [{attribute: ingress.protocol, equals: tcp}, {attribute: name, equals: a}]}]",
        [11],
    ),
    "one of two holds": (
        "require: [{either: [{attribute: ingress.from_port, at_least: 1}, {attribute: name, equals: a}]}]",
        [],
    ),
    "either is forbidden": (
        "forbid: [{either: [{attribute: ingress.protocol, equals: udp}, {attribute: name, equals: a}]}]",
        [11],
    ),
    "not is required": ("require: [{not: {attribute: ingress.protocol, equals: udp}}]", [11]),
    "not is forbidden": ("forbid: [{not: {attribute: ingress.protocol, equals: udp}}]", [5]),
    "only where": ("where: [{attribute: name, exists: true}]\nforbid: [{attribute: ingress, exists: true}]", []),
}


@pytest.mark.parametrize(("rules", "lines"), PATHS.values(), ids=PATHS)
def test_paths_and_quantifiers(tmp_path: Path, rules: str, lines: list[int]) -> None:
    """A path over several blocks means all of them; the finding is at the wrong one."""
    report = _report(tmp_path, rules, GROUP, on="aws_security_group")
    assert [line for line, _, _ in _found(report)] == lines


def test_choices_of_lists(tmp_path: Path) -> None:
    """A list that depends on a condition is checked in each world."""
    rules = "forbid:\n  - attribute: input.name\n    equals: bad\n"
    main = 'variable "v" {\n  type = bool\n}\nresource "terraform_data" "a" {\n'
    main += '  input = var.v ? [{ name = "bad" }, { name = "good" }] : [{ name = "good" }]\n}\n'
    report = _report(tmp_path, rules, main)
    assert [(c, f.condition) for (_, c, _), f in zip(_found(report), report.findings, strict=True)] == [
        ("possible", "when `var.v`; `var.v` has no value in workspace `default` (main.tf:1)")
    ]


def test_symbolic_blocks(tmp_path: Path) -> None:
    """Blocks of a `dynamic` with an unknown number may exist."""
    rules = "forbid:\n  - any: ingress\n    where:\n      - attribute: protocol\n        equals: tcp\n"
    main = 'variable "v" {\n  type = set(number)\n}\nresource "aws_security_group" "a" {\n  dynamic "ingress" {\n'
    main += "    for_each = var.v\n    content {\n      from_port = ingress.value\n      to_port = ingress.value\n"
    main += '      protocol = "tcp"\n    }\n  }\n}\n'
    assert [c for _, c, _ in _found(_report(tmp_path, rules, main, on="aws_security_group"))] == ["possible"]


def test_two_rules_at_one_place_are_two_findings(tmp_path: Path) -> None:
    """The fingerprints of two rules differ and do not depend on their order."""
    first, second = "  - {attribute: input, at_least: 1}", "  - {attribute: input, equals: a}"
    main = 'resource "terraform_data" "a" {}\n'
    one = _report(tmp_path / "one", f"require:\n{first}\n{second}", main)
    other = _report(tmp_path / "other", f"require:\n{second}\n{first}", main)
    assert {f.fingerprint for f in one.findings} == {f.fingerprint for f in other.findings}
    assert len({f.fingerprint for f in one.findings}) == 2


def test_connections_lead_through_modules(tmp_path: Path) -> None:
    """Connected resources are found by reference, not by name; a forbidden one is the place of the finding."""
    rules = "on: [aws_s3_bucket]\nforbid:\n  - connected_to: aws_s3_bucket_policy\n"
    files = {
        "main.tf": 'resource "aws_s3_bucket" "a" {}\nmodule "m" {\n  source = "./m"\n'
        "  bucket = aws_s3_bucket.a.id\n}\n",
        "m/main.tf": 'variable "bucket" {\n  type = string\n}\nresource "aws_s3_bucket_policy" "p" {\n'
        '  bucket = var.bucket\n  policy = "{}"\n}\n',
    }
    write_files(tmp_path / "policies", {"own/policy.yaml": HEAD + rules})
    report = report_of(tmp_path / "repo", files, policy_dirs=(tmp_path / "policies",), wanted=("own",))
    assert [(str(f.location), f.address) for f in report.findings] == [("m/main.tf:4", "aws_s3_bucket.a")]
