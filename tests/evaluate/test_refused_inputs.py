"""Values of variables and locals that Terraform refuses, by their diagnostics."""

import pytest
from tests.support.modules import root_of

from iacpolicy.core.tree import MemoryTree
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules

CHILD = 'variable "a" {{\n  type = string\n  nullable = {nullable}\n{default}}}\noutput "o" {{\n  value = var.a\n}}\n'


@pytest.mark.parametrize(
    ("nullable", "default", "is_refused"),
    [
        ("false", "", True),
        ("false", '  default = "d"\n', False),  # the default replaces null
        ("true", "", False),
    ],
)
def test_null_for_a_variable_that_is_not_nullable(nullable: str, default: str, is_refused: bool) -> None:
    """Null is refused for a variable that is not nullable and has no default."""
    call = 'module "m" {\n  source = "./m"\n  a      = null\n}\noutput "o" {\n  value = module.m.o\n}\n'
    root = root_of({"main.tf": call, "m/main.tf": CHILD.format(nullable=nullable, default=default)})
    root.output("o")
    told = [p.detail for p in root.session.problems.values()]
    assert any("may not be set to null" in text for text in told) is is_refused, told


def test_a_local_twice_in_json() -> None:
    """A local that occurs twice in one JSON block is an error, as in two blocks, and the first one is used."""
    files = MemoryTree({"main.tf.json": '{"locals": {"a": 1, "a": 2}}'})
    modules = Modules(ParsedFiles(files))
    argument = modules.load("").locals["a"].argument
    assert argument.source.text[argument.node.start : argument.node.end] == '"a": 1'
    assert [p.summary for p in modules.problems("")] == ["Duplicate local value"]
