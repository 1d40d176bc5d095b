"""Blocks of types without a schema: attributes that are not written may exist, and are known after apply."""

import pytest
from tests.support.modules import root_of

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.values.value import Value, is_wholly_known
from iacpolicy.hcl.parse import parse_expression

NATIVE = """
resource "zzz_thing" "t" {
  conf {
    x = 1
    inner {
      y = 2
    }
  }
  conf {
    x = 2
  }
}
"""
JSON = '{"resource": {"zzz_thing": {"t": {"conf": [{"x": 1, "inner": {"y": 2}}, {"x": 2}]}}}}'


def evaluated(file: str, text: str, expression: str) -> Value:
    """Return the value of an expression in a root module of one file."""
    source = SourceFile("<expression>", expression)
    node, problems = parse_expression(source)
    assert not problems
    return evaluate(node, Context(root_of({file: text}), source, {}))


@pytest.mark.parametrize(("file", "text"), [("main.tf", NATIVE), ("main.tf.json", JSON)])
@pytest.mark.parametrize(
    ("expression", "is_known"),
    [
        ("zzz_thing.t.conf[0].x == 1", True),
        ("length(zzz_thing.t.conf)", True),
        ("zzz_thing.t.conf[*].x", True),
        ("element(zzz_thing.t.conf, 1).x", True),
        ("zzz_thing.t.conf[0].id", False),
        ("zzz_thing.t.conf[*].id", False),
        ("jsonencode(zzz_thing.t.conf)", False),
        ("keys(zzz_thing.t.conf[0])", False),
        ("length(zzz_thing.t.conf[0])", False),
        ("[for k, v in zzz_thing.t.conf[1] : k]", False),
        ('lookup(zzz_thing.t.conf[0], "x", 0)', True),
        ('lookup(zzz_thing.t.conf[0], "id", "none")', False),
        ("merge(zzz_thing.t.conf[1], { a = 1 })", False),
        ("zzz_thing.t.conf[1] == { x = 2 }", False),
        ('try(zzz_thing.t.conf[0].id, "none")', False),
        ("can(zzz_thing.t.conf[0].id)", False),
        ("contains(zzz_thing.t.conf, { x = 2 })", False),
        ("(true ? zzz_thing.t.conf[0] : zzz_thing.t.conf[1]).id", False),
        ("keys(zzz_thing.t)", False),
        ("zzz_thing.t == { conf = [] }", False),
    ],
)
def test_absent_attributes_are_unknown(file: str, text: str, expression: str, is_known: bool) -> None:
    """An attribute that a provider may add is unknown, and so is a value made of all attributes."""
    assert is_wholly_known(evaluated(file, text, expression)) is is_known


def test_an_object_of_an_open_one() -> None:
    """A module that takes attributes of a whole resource gets unknowns for those that are not written."""
    child = """
variable "t" { type = object({ name = string, arn = string, tag = optional(string) }) }
output "o" { value = var.t }
"""
    main = """
resource "zzz_thing" "t" { name = "a" }
module "m" {
  source = "./m"
  t      = zzz_thing.t
}
output "o" { value = module.m.o }
"""
    root = root_of({"main.tf": main, "m/main.tf": child})
    value = root.output("o").data
    assert value["name"].data == "a"
    assert value["arn"].is_unknown
    assert value["tag"].is_unknown
    assert not root.session.problems


def test_nested_attributes_of_a_schema() -> None:
    """A nested attribute that the schema calls computed is unknown, and not null."""
    text = 'resource "cloudflare_account" "a" {\n  name     = "x"\n  settings = {}\n}\n'
    assert evaluated("main.tf", text, "cloudflare_account.a.settings.enforce_twofactor").is_unknown
    assert evaluated("main.tf", text, "cloudflare_account.a.settings == null").data is False


@pytest.mark.parametrize(
    ("expression", "is_known"),
    [
        ("zzz_thing.t.obj.a == 1", True),
        ("zzz_thing.t.obj.b", False),
        ('zzz_thing.t.obj["b"]', False),
        ("zzz_thing.t.obj.in[0].d", False),
        ("can(zzz_thing.t.obj.b)", False),
        ('try(zzz_thing.t.obj.b, "none")', False),
        ("merge(zzz_thing.t.obj, { z = 1 })", True),
        ("jsonencode(zzz_thing.t.obj)", True),
        ("keys(zzz_thing.t.obj)", True),
    ],
)
def test_an_attribute_without_a_schema_may_have_more(expression: str, is_known: bool) -> None:
    """An object may have more nested attributes, so absent ones are unknown; as a whole it is as written."""
    text = 'resource "zzz_thing" "t" {\n  obj = { a = 1, in = [{ c = 2 }] }\n}\n'
    value = evaluated("main.tf", text, expression)
    assert is_wholly_known(value) is is_known
