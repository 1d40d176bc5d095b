"""Hostile modules: evaluation ends soon for each of them, and names the limit that it met."""

import json
from itertools import pairwise

import pytest
from tests.support.modules import root_of

from iacpolicy.evaluate.modules import session
from iacpolicy.evaluate.values import sizes
from iacpolicy.evaluate.values.terms import Cause, reasons
from iacpolicy.pipeline.context.recursion_limit import deep_recursion

BIG = "flatten([for i in range(1000) : range(100)])"
LONG = f'join("", [for i in {BIG} : "0123456789abcdef"])'


def doubling(first: str, pattern: str, levels: int = 40) -> dict[str, str]:
    """Return a chain of locals that each use the previous one; the last is `a`."""
    names = [f"a{i}" for i in range(levels)] + ["a"]
    lines = [f"  {names[0]} = {first}"]
    lines += [f"  {name} = {pattern.replace('@', f'local.{before}')}" for before, name in pairwise(names)]
    return {"main.tf": "locals {\n" + "\n".join(lines) + "\n}\n"}


def local(expression: str, beside: str = "") -> dict[str, str]:
    """Return a module with the local `a`."""
    return {"main.tf": f"{beside}\nlocals {{\n  a = {expression}\n}}\n"}


def modules(number: int, call: str, output: str) -> dict[str, str]:
    """Return a chain of modules that each call the next one."""
    files = {"main.tf": call.replace("@", "./m0") + f"locals {{\n  a = {output}\n}}\n"}
    for i in range(number):
        files[f"m{i}/main.tf"] = call.replace("@", f"../m{i + 1}") + f'output "x" {{\n  value = {output}\n}}\n'
    files[f"m{number}/main.tf"] = 'output "x" {\n  value = "x"\n}\n'
    return files


CASES = {
    "tuples that double": (doubling("[1]", "[@, @]"), "limit: size of values"),
    "objects that double": (doubling("{}", "{ l = @, r = @ }"), "limit: size of values"),
    "loops that double": (doubling("[1]", "[for x in [1, 2] : @]"), "limit: size of values"),
    "unknowns that double": (doubling("terraform_data.x.id", "[@, @]"), "limit: size of values"),
    "maps that double": (doubling("{ a = 1 }", "merge(@, { (jsonencode(@)) = @ })"), "limit: "),
    "lists that double": (doubling("[1]", "concat(@, @)"), "limit: size of collections"),
    "strings that double": (doubling('"0123456789"', '"${@}${@}"'), "limit: length of strings"),
    "documents that double": (doubling('"x"', "jsonencode([@, @])"), "limit: length of strings"),
    "numbers that double": (doubling("2", "@ * @"), "limit: size of numbers"),
    "a long chain": (doubling("1", "@ + 1", 2_000), "limit: depth of references"),
    "a long chain of deep expressions": (
        doubling("1", "(" * 150 + "@" + ")" * 150, 290),
        "limit: depth of expressions",
    ),
    "a deep value": (
        doubling("[1]", "[@]", 280) | {"b.tf": "locals {\n  b = jsonencode(local.a)\n}\n"},
        "limit: depth",
    ),
    "loops in loops": (
        local("[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : i]]]"),
        "limit: ",
    ),
    "loops that keep nothing": (
        local(f"[for i in {BIG} : length([for j in range(1000) : length(range(1000))])]"),
        "limit: steps of evaluation",
    ),
    "long strings in a loop": (
        local(f"[for i in {BIG} : sha256(local.s)]", f"locals {{\n  s = {LONG}\n}}"),
        "limit: steps of evaluation",
    ),
    "long templates in a loop": (
        local(f'[for i in {BIG} : "a${{local.s}}"]', f"locals {{\n  s = {LONG}\n}}"),
        "limit: steps of evaluation",
    ),
    "comparisons in a loop": (
        local(f"[for i in {BIG} : local.l == local.m]", f"locals {{\n  l = {BIG}\n  m = {BIG}\n}}"),
        "limit: steps of evaluation",
    ),
    "many loops in one another": (
        local("".join(f"[for x{i} in [1, 2] : " for i in range(60)) + "1" + "]" * 60),
        "limit: ",
    ),
    "a directive in a directive": (
        local(f'"%{{ for i in {BIG} }}%{{ for j in {BIG} }}${{i}}%{{ endfor }}%{{ endfor }}"'),
        "limit: ",
    ),
    "a wide product": (local("setproduct(range(1000), range(1000), range(1000))"), "limit: size of collections"),
    "a wide format": (local('format("%999999999d", 1)'), "limit: width of formats"),
    "a large exponent": (local("1e999999999"), "limit: size of numbers"),
    "a large range": (local("range(1000000000)"), "limit: size of a range"),
    "many instances": (
        local("length(terraform_data.y)", 'resource "terraform_data" "y" {\n  count = 1000000000\n}'),
        "limit: instances of one block",
    ),
    "a template that includes itself": (
        local('templatefile("t.tpl", {})') | {"t.tpl": '${templatefile("t.tpl", {})}${templatefile("t.tpl", {})}'},
        'function "templatefile" failed',
    ),
    "a module that calls itself": (
        modules(1, 'module "m" {\n  source = "@"\n}\n', "module.m.x")
        | {"m1/main.tf": 'module "m" {\n  source = "../m0"\n}\noutput "x" {\n  value = module.m.x\n}\n'},
        "limit: nesting of modules",
    ),
    "modules that double": (
        modules(
            25, 'module "m" {\n  source = "@"\n}\nmodule "n" {\n  source = "@"\n}\n', '"${module.m.x}${module.n.x}"'
        ),
        "limit: instances of modules",
    ),
    "modules in thousands": (
        modules(4, 'module "m" {\n  source = "@"\n  count  = 1000\n}\n', "module.m[*].x"),
        "limit: instances of modules",
    ),
    "locals in a cycle": (
        local("local.b", "locals {\n  b = local.c\n  c = local.a\n}"),
        "local.a → local.b → local.c → local.a",
    ),
    "a module's argument in a cycle": (
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  y      = module.m.x\n}\nlocals {\n  a = module.m.x\n}\n',
            "m/main.tf": 'variable "y" {}\noutput "x" {\n  value = var.y\n}\n',
        },
        "module.m.output.x → module.m.var.y → module.m.output.x",
    ),
    "attributes in a cycle": (
        local(
            "terraform_data.p.input",
            'resource "terraform_data" "p" {\n  input = terraform_data.q.input\n}\n'
            'resource "terraform_data" "q" {\n  input = terraform_data.p.input\n}',
        ),
        "terraform_data.p.input",
    ),
}


@pytest.fixture(autouse=True)
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reduce the limits that take the longest to reach."""
    monkeypatch.setattr(sizes, "MAX_SIZE", 120_000)
    monkeypatch.setattr(session, "MAX_STEPS", 1_000_000)


@pytest.mark.parametrize(("files", "limit"), [pytest.param(*case, id=name) for name, case in CASES.items()])
@pytest.mark.timeout(60)
def test_the_limit_is_named(files: dict[str, str], limit: str) -> None:
    """The value is at least partly unknown, and a diagnostic with a place names the limit."""
    text = files["main.tf"] + 'resource "terraform_data" "x" {}\n'
    root = root_of(files | {"main.tf": text})
    with deep_recursion():
        root.local("a")
        if "b" in root.module.locals:
            root.local("b")
    problems = list(root.session.problems.values())
    assert [p for p in problems if limit in p.detail], problems
    assert all(p.location is not None for p in problems)


def test_choices_stay_few() -> None:
    """Nested choices on many inputs become one unknown value."""
    inputs = "".join(f'variable "b{i}" {{\n  type = bool\n}}\n' for i in range(40))
    lines = ["  a0 = 1"] + [f"  a{i + 1} = var.b{i} ? local.a{i} + 1 : local.a{i} * 2" for i in range(40)]
    root = root_of({"main.tf": inputs + "locals {\n" + "\n".join(lines) + "\n}\n"})
    with deep_recursion():
        value = root.local("a40")
    assert str(value.type) == "number"
    assert not root.session.problems


@pytest.mark.parametrize("count", ["1e9", "1e9999", "1e19"])
def test_counts_past_all_bounds(count: str) -> None:
    """A count that is too large is reported with the limit, also if its number is too long for a message."""
    root = root_of({"main.tf": f'resource "terraform_data" "x" {{\n  count = {count}\n}}\n'})
    (only,) = root.resources()
    assert only.is_symbolic
    (problem,) = root.session.problems.values()
    assert "limit: instances of one block" in problem.detail


@pytest.mark.parametrize("text", ['format("%d", 1e9999)', "floor(1e9999)", "1e19999"])
def test_long_integers_are_printed(text: str) -> None:
    """A whole number with more digits than Python's default limit is printed."""
    root = root_of({"main.tf": f'locals {{\n  x = "${{{text}}}"\n}}\n'})
    assert len(str(root.local("x").data)) > 9000


@pytest.mark.timeout(60)
def test_nested_dynamic_blocks_are_bounded() -> None:
    """A million nested blocks are not made, and the limit on all of them together is named."""
    inner = 'dynamic "d" {\n for_each = range(1000)\n content {\n e = d.value\n }\n }'
    outer = f'dynamic "c" {{\n for_each = range(1000)\n content {{\n {inner}\n }}\n }}'
    root = root_of({"main.tf": f'resource "zzz_a" "b" {{\n {outer}\n}}\nlocals {{\n a = zzz_a.b.c[*].d\n}}\n'})
    root.local("a")
    assert any("limit: nested blocks" in p.detail for p in root.session.problems.values())


_NATIVE = """
  dynamic "lifecycle_rule" {
    for_each = range(1000)
    content {
      enabled = lifecycle_rule.value > 5
    }
  }
"""
_DYNAMIC = {"for_each": "${range(1000)}", "content": {"enabled": "${lifecycle_rule.value > 5}"}}
_BUCKET = {"b": {"dynamic": {"lifecycle_rule": [_DYNAMIC] * 3}}}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("main.tf", f'resource "aws_s3_bucket" "b" {{{_NATIVE * 3}}}'),
        ("main.tf.json", json.dumps({"resource": {"aws_s3_bucket": _BUCKET}})),
    ],
)
def test_blocks_past_the_limit_are_not_absent(file: str, text: str) -> None:
    """If dynamic blocks exceed the limit, values that depend on all of them are unknown for that reason."""
    root = root_of({file: text, "use.tf": "locals {\n a = length(aws_s3_bucket.b.lifecycle_rule)\n}\n"})
    (only,) = root.resources()
    blocks = only.body.blocks("lifecycle_rule")
    assert len(blocks) == 2001
    assert [b.exists is None for b in blocks[-2:]] == [True, False]
    value = root.local("a")
    assert value.is_unknown
    (reason,) = reasons(value.data.term)
    assert reason.cause is Cause.LIMIT
    assert "limit: nested blocks" in reason.text
