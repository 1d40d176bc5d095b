"""Possible worlds against brute force: every kind of input, over module calls, instances and validations.

Each example is one repository with two roots. One calls a module with every combination of allowed values, the other
with variables without a value. The verdict on the second must agree with the results of the first.

"""

import itertools
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.scans import report_of, write_policy

from iacpolicy.engine.findings import Certainty

TYPES = {
    "e": "bool",
    "f": "bool",
    "n": "number",
    "s": "string",
    "l": "list(string)",
    "z": "number",
    "o": "object({ on = bool, n = number })",
}
VALUES = {
    "e": ("true", "false"),
    "f": ("true", "false"),
    "n": ("0", "1", "2"),
    "s": ('"a"', '"b"', '"prod-a"'),
    "l": ("[]", '["x"]', '["x", "y"]'),
    "z": ("null", "1"),
    "o": ("{ on = true, n = 0 }", "{ on = true, n = 1 }", "{ on = false, n = 0 }", "{ on = false, n = 1 }"),
}
VALIDATIONS = {
    "f": ("var.e || var.f",),
    "n": ("var.n >= 0 && var.n <= 2", "floor(var.n) == var.n", "contains([0, 1, 2, 5], var.n)"),
    "s": ('contains(["a", "b", "prod-a"], var.s)',),
    "l": ("length(var.l) < 3",),
    "z": ("var.z == null || var.z == 1",),
    "o": ("contains([0, 1], var.o.n)",),
}
CHECK = """
if resource["input"]["min"] < 1:
    yield Violation("min is below 1", at=resource["input"]["min"])
"""

atoms = st.sampled_from(
    [
        "var.e",
        "!var.f",
        "var.e == var.f",
        "var.n == 1",
        "var.n != 2",
        "var.n < 2",
        "1 <= var.n",
        "var.n + 1 > 2",
        "var.n > length(var.l)",
        "contains([1, 2], var.n)",
        'var.s == "a"',
        '"b" != var.s',
        'startswith(var.s, "prod")',
        'endswith(var.s, "a")',
        'can(regex("^prod", var.s))',
        'upper(var.s) == "B"',
        'contains(["a", "x"], var.s)',
        "length(var.l) == 0",
        "length(var.l) > 1",
        "length(var.s) == 1",
        "var.z == null",
        "var.o.on",
        "var.o.n == 1",
        "var.o.on ? var.e : var.o.n < 1",
    ]
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda c: f"!({c})"),
    ),
    max_leaves=3,
)
numbers = st.recursive(
    st.sampled_from(
        [
            "0",
            "1",
            "var.n",
            "length(var.l)",
            "max(1, var.n)",
            "var.o.n",
            "coalesce(var.z, 0)",
            "{ a = 0, b = 1, prod-a = 2 }[var.s]",
        ]
    ),
    lambda inner: st.tuples(conditions, inner, inner).map(lambda t: f"(({t[0]}) ? {t[1]} : {t[2]})"),
    max_leaves=3,
)
repetitions = st.one_of(
    st.just(""),
    conditions.map(lambda c: f"  count = ({c}) ? 1 : 0\n"),
    conditions.map(lambda c: f'  for_each = ({c}) ? toset(["k"]) : toset([])\n'),
    st.just("  count = var.n\n"),
)


def _allowed(world: dict[str, str]) -> bool:
    return world.get("f") != "false" or world["e"] == "true"


def _verdicts(minimum: str, repetition: str) -> tuple[set[bool], set[Certainty]]:
    """Return for each combination of values whether it violates, and the certainty of the finding without values."""
    used = sorted(set(re.findall(r"var\.(\w)", minimum + repetition)))
    if "f" in used:
        used = sorted({*used, "e"})
    worlds = [dict(zip(used, given, strict=True)) for given in itertools.product(*(VALUES[name] for name in used))]
    worlds = [world for world in worlds if _allowed(world)]
    module = [f'variable "{name}" {{\n  type = {TYPES[name]}\n}}' for name in used]
    module.append(f'resource "terraform_data" "x" {{\n{repetition}  input = {{ min = {minimum} }}\n}}')
    calls = [
        f'module "w{number}" {{\n  source = "../m"\n' + "".join(f"  {k} = {v}\n" for k, v in world.items()) + "}"
        for number, world in enumerate(worlds)
    ]
    unknown = [_variable(name) for name in used]
    unknown.append('module "w" {\n  source = "../m"\n' + "".join(f"  {name} = var.{name}\n" for name in used) + "}")
    with TemporaryDirectory() as folder:
        policies = write_policy(Path(folder) / "policies", "min-bound", "terraform_data", CHECK)
        files = {"m/main.tf": module, "concrete/main.tf": calls, "unknown/main.tf": unknown}
        report = report_of(
            Path(folder) / "repository",
            {name: "\n\n".join(parts) + "\n" for name, parts in files.items()},
            policy_dirs=(policies,),
            wanted=("min-bound",),
        )
    assert report.undecided == ()
    assert [d for d in report.diagnostics if d.severity != "note"] == []
    violating = {a.split(".")[1] for f in report.findings for a in f.addresses if a.split(".")[1] != "w"}
    told = {f.certainty for f in report.findings if any(a.startswith("module.w.") for a in f.addresses)}
    return {f"w{number}" in violating for number in range(len(worlds))}, told


def _variable(name: str) -> str:
    blocks = "".join(
        f'  validation {{\n    condition     = {condition}\n    error_message = "No."\n  }}\n'
        for condition in VALIDATIONS.get(name, ())
    )
    return f'variable "{name}" {{\n  type = {TYPES[name]}\n{blocks}}}'


def _agree(minimum: str, repetition: str) -> None:
    concrete, told = _verdicts(minimum, repetition)
    if concrete == {True}:
        assert told == {Certainty.CERTAIN}
    elif concrete == {False}:
        assert told == set()
    else:
        assert told == {Certainty.POSSIBLE}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers, repetitions)
def test_verdicts_agree_with_every_concrete_input(minimum: str, repetition: str) -> None:
    """Certain means that every allowed value violates, passed that none does, and possible that some do."""
    _agree(minimum, repetition)


# Cases from Hypothesis, and implications that need no finite set of values.
@pytest.mark.parametrize(
    ("minimum", "repetition"),
    [
        ("((!(var.z == null)) ? coalesce(var.z, 0) : 1)", ""),
        ("((!(var.z == null)) ? 0 : coalesce(var.z, 0))", ""),
        ("var.n", "  count = var.n\n"),
        ("var.o.on ? 1 : var.o.n", "  count = var.o.on ? 1 : 0\n"),
    ],
)
def test_verdicts_that_were_wrong(minimum: str, repetition: str) -> None:
    """Single cases of the same property."""
    _agree(minimum, repetition)


def _declared(**types: str) -> str:
    return "".join(f'variable "{name}" {{\n  type = {type_}\n}}\n' for name, type_ in types.items())


NUMBER, TEXT, LIST = "number", "string", "list(string)"


@pytest.mark.parametrize(
    ("types", "minimum"),
    [
        ({"x": NUMBER}, "var.x < 1 ? (1 > var.x ? 1 : 0) : (!(var.x >= 1) ? 0 : 1)"),
        ({"x": NUMBER}, "var.x > 5 ? (var.x > 3 ? 1 : 0) : 1"),
        ({"x": NUMBER}, "var.x >= 0 ? var.x + 1 : 1"),
        ({"x": NUMBER}, "var.x >= 1 ? var.x * 2 : max(1, var.x)"),
        ({"x": NUMBER}, "var.x == 3 ? var.x - 2 : 1"),
        ({"x": NUMBER, "y": NUMBER}, "var.x < var.y && var.y < var.x ? 0 : 1"),
        ({"x": NUMBER, "y": NUMBER}, "var.x == var.y ? (var.x < var.y ? 0 : 1) : 1"),
        ({"x": NUMBER, "y": NUMBER}, "var.x >= 1 && var.y >= var.x ? var.y : 1"),
        ({"x": NUMBER, "y": NUMBER, "w": NUMBER}, "var.x < var.y && var.y <= var.w ? (var.x >= var.w ? 0 : 1) : 1"),
        ({"s": TEXT}, 'startswith(var.s, "prod") ? (var.s == "dev" ? 0 : 1) : (var.s == "production" ? 0 : 1)'),
        ({"s": TEXT}, 'startswith(var.s, "prod") ? 1 : (startswith(var.s, "production") ? 0 : 1)'),
        ({"s": TEXT}, 'startswith(var.s, "a") && startswith(var.s, "b") ? 0 : 1'),
        ({"s": TEXT}, 'var.s == "abc" ? (endswith(var.s, "bc") && length(var.s) == 3 ? 1 : 0) : 1'),
        ({"s": TEXT}, 'can(regex("^prod", var.s)) ? (var.s == "dev" ? 0 : 1) : (var.s == "prod" ? 0 : 1)'),
        ({"s": TEXT}, 'length(regexall("^prod", var.s)) > 0 ? (var.s == "dev" ? 0 : 1) : 1'),
        ({"s": TEXT}, 'lower(var.s) == "prod" ? (var.s == "Dev" ? 0 : 1) : (var.s == "PROD" ? 0 : 1)'),
        ({"s": TEXT}, 'contains(["a", "b"], var.s) ? (var.s == "c" ? 0 : 1) : (var.s == "a" ? 0 : 1)'),
        ({"s": TEXT}, 'can(regex("^(a|b)$", var.s)) ? lookup({ a = 1, b = 2 }, var.s, 0) : 1'),
        ({"s": TEXT}, 'length(regexall("^(?:a|b)$", var.s)) > 0 ? (var.s == "a" || var.s == "b" ? 1 : 0) : 1'),
        ({"s": TEXT}, 'can(regex("^prod-1$", var.s)) ? (var.s == "prod-1" ? 1 : 0) : (var.s == "prod-1" ? 0 : 1)'),
        ({"l": LIST}, "length(var.l) == 0 ? 1 : (length(var.l) < 1 ? 0 : 1)"),
        ({"l": LIST}, "length(var.l) > 0 && length(var.l) < 1 ? 0 : 1"),
    ],
)
def test_contradictions_are_detected(tmp_path: Path, types: dict[str, str], minimum: str) -> None:
    """Nothing is reported if no value of the inputs violates, also for inputs without a finite set of values."""
    policies = write_policy(tmp_path / "policies", "min-bound", "terraform_data", CHECK)
    main = f'{_declared(**types)}resource "terraform_data" "x" {{\n  input = {{ min = {minimum} }}\n}}\n'
    report = report_of(tmp_path / "repo", {"main.tf": main}, policy_dirs=(policies,), wanted=("min-bound",))
    assert (report.findings, report.undecided) == ((), ())


def test_validations_of_called_modules_hold(tmp_path: Path) -> None:
    """The validations of a called module restrict its arguments, unless the call may not exist."""
    policies = write_policy(tmp_path / "policies", "min-bound", "terraform_data", CHECK)
    rule = '  validation {\n    condition     = var.n > 1\n    error_message = "No."\n  }\n'
    module = f'variable "n" {{\n  type = number\n{rule}}}\n'
    root = (
        'variable "n" {\n  type = number\n}\nvariable "e" {\n  type = bool\n}\n'
        'module "m" {\n  source = "./m"\n%s  n = var.n\n}\n'
        'resource "terraform_data" "x" {\n  input = { min = var.n }\n}\n'
    )
    for count, found in (("", 0), ("  count = var.e ? 1 : 0\n", 1)):
        report = report_of(
            tmp_path / "repo",
            {"main.tf": root % count, "m/main.tf": module},
            policy_dirs=(policies,),
            wanted=("min-bound",),
        )
        assert len(report.findings) == found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("for_each = toset(var.l)", "count = length(var.l)"),
        ("for_each = toset(var.l)", "count = length(var.l) > 0 ? 1 : 0"),
        ("count = length(var.l) == 0 ? 0 : 1", "for_each = toset(var.l)"),
        ("for_each = var.m", "for_each = toset(keys(var.m))"),
        ("for_each = var.m", "count = length(var.m) < 1 ? 0 : 1"),
    ],
)
def test_instances_exist_together(tmp_path: Path, first: str, second: str) -> None:
    """All blocks over one collection have instances together, for each form of `count` and `for_each`."""
    alone = "found = list(graph.of('terraform_data'))\nif len(found) == 1:\n    yield Violation('alone', at=found[0])"
    policies = write_policy(tmp_path / "policies", "own", "root", alone)
    blocks = "".join(f'resource "terraform_data" "{n}" {{\n  {many}\n}}\n' for n, many in (("a", first), ("b", second)))
    main = _declared(l=LIST, m="map(string)") + blocks
    report = report_of(tmp_path / "repo", {"main.tf": main}, policy_dirs=(policies,), wanted=("own",))
    assert [(f.address, f.condition) for f in report.findings] == []
