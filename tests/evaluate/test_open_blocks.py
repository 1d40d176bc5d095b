"""Blocks of types without a schema: what is not written of them may be there, and is known after apply."""

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


def asked(file: str, text: str, expression: str) -> Value:
    """What an expression comes to in a root of one file."""
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
def test_what_is_not_written_is_open(file: str, text: str, expression: str, is_known: bool) -> None:
    """Neither an attribute that a provider may add nor what is made of all attributes is called known."""
    assert is_wholly_known(asked(file, text, expression)) is is_known


def test_an_object_of_an_open_one() -> None:
    """A module that asks for attributes of a whole resource gets those that are not written as unknowns."""
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
    """What the schema says the provider decides inside of an object is unknown there, and not null."""
    text = 'resource "cloudflare_account" "a" {\n  name     = "x"\n  settings = {}\n}\n'
    assert asked("main.tf", text, "cloudflare_account.a.settings.enforce_twofactor").is_unknown
    assert asked("main.tf", text, "cloudflare_account.a.settings == null").data is False


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
    """An object may be one of nested attributes, so what it lacks is unknown; as a whole it is what is written."""
    text = 'resource "zzz_thing" "t" {\n  obj = { a = 1, in = [{ c = 2 }] }\n}\n'
    value = asked("main.tf", text, expression)
    assert is_wholly_known(value) is is_known
