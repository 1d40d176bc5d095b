"""The table of block types, compared with the three stages that read it."""

from collections.abc import Iterator

import pytest
from tests.support.modules import root_of

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.tree import MemoryTree
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.modules.contracts import contract_problems
from iacpolicy.graph.build import build_graph
from iacpolicy.secrets.find import find_secrets
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.language import BLOCKS, TOP_LEVEL, Holds, Stage, meta_arguments, nested_labels
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.static_checks import LanguageRules, check_root

RESOURCE = 'resource "example_thing" "a" {{\n{}\n}}\n'
TERRAFORM = "terraform {{\n{}\n}}\n"
CONDITION = '{} {{\ncondition = @\nerror_message = "It must be so."\n}}'
EXAMPLES = {
    "terraform": TERRAFORM.format("required_version = @"),
    "required_providers": TERRAFORM.format("required_providers {\npassword = @\n}"),
    "backend": TERRAFORM.format('backend "pg" {\npassword = @\n}'),
    "cloud": TERRAFORM.format("cloud {\npassword = @\n}"),
    "provider_meta": TERRAFORM.format('provider_meta "example" {\npassword = @\n}'),
    "encryption": TERRAFORM.format('encryption {\nkey_provider "pbkdf2" "a" {\npassphrase = @\n}\n}'),
    "provider": 'provider "example" {\npassword = @\n}\n',
    "variable": 'variable "password" {\ntype = number\ndefault = @\n}\n',
    "validation": 'variable "a" {\ndefault = 1\n' + CONDITION.format("validation") + "\n}\n",
    "locals": "locals {\npassword = @\n}\n",
    "output": 'output "password" {\nvalue = @\n}\n',
    "module": 'module "a" {\nsource = "./a"\npassword = @\n}\n',
    "resource": RESOURCE.format("password = @"),
    "data": 'data "example_thing" "a" {\npassword = @\n}\n',
    "ephemeral": 'ephemeral "example_thing" "a" {\npassword = @\n}\n',
    "lifecycle": RESOURCE.format("lifecycle {\nenabled = @\n}"),
    "precondition": RESOURCE.format("lifecycle {\n" + CONDITION.format("precondition") + "\n}"),
    "postcondition": RESOURCE.format("lifecycle {\n" + CONDITION.format("postcondition") + "\n}"),
    "action_trigger": RESOURCE.format(
        "lifecycle {\naction_trigger {\nevents = [after_create]\nactions = [action.example_act.a]\ncondition = @\n}\n}"
    ),
    "provisioner": RESOURCE.format('provisioner "remote-exec" {\nwhen = destroy\npassword = @\n}'),
    "connection": RESOURCE.format("connection {\npassword = @\n}"),
    "dynamic": RESOURCE.format('dynamic "inner" {\nfor_each = @\ncontent {}\n}'),
    "content": RESOURCE.format('dynamic "inner" {\nfor_each = [1]\ncontent {\npassword = @\n}\n}'),
    "moved": "moved {\nfrom = example_thing.a\nto = @\n}\n",
    "removed": "removed {\nfrom = @\n}\n",
    "import": "import {\nto = example_thing.a\nid = @\n}\n" + RESOURCE.format(""),
    "check": 'check "a" {\n' + CONDITION.format("assert") + "\n}\n",
    "assert": 'check "a" {\n' + CONDITION.format("assert") + "\n}\n",
    "action": 'action "example_act" "a" {\nprovider = example.west\nconfig {\npassword = @\n}\n}\n',
    "list": 'list "example_thing" "a" {\nprovider = example\nconfig {\npassword = @\n}\n}\n',
}
"""A configuration for each block type, with `@` in place of one expression of that block."""

NESTED = {
    "connection of a provisioner": RESOURCE.format('provisioner "file" {\nconnection {\npassword = @\n}\n}'),
    "connection of removed": "removed {\nfrom = example_thing.a\nconnection {\npassword = @\n}\n}\n",
    "provisioner of removed": (
        'removed {\nfrom = example_thing.a\nprovisioner "local-exec" {\npassword = @\ncommand = self.id\n}\n}\n'
    ),
    "data of a check": 'check "a" {\ndata "example_thing" "a" {\npassword = @\n}\n}\n',
    "encryption in JSON": '{"terraform": {"encryption": {"key_provider": {"pbkdf2": {"a": {"passphrase": @}}}}}}',
    "connection in JSON": '{"resource": {"example_thing": {"a": {"connection": {"password": @}}}}}',
    "dynamic in JSON": (
        '{"resource": {"example_thing": {"a": {"dynamic": {"inner": {"for_each": [1], "content": {"password": @}}}}}}}'
    ),
}
"""Other places of a block than the one in `EXAMPLES`."""

SECRET = '"Tr0ub4dor-x9-Kiefer"'
LANGUAGE = LanguageRules(lambda name, path: None, lambda argument: None)


def read_by(stage: Stage) -> list[str]:
    return [type_ for type_, block in BLOCKS.items() if stage not in block.unread]


def checked(text: str, path: str = "main.tf") -> list[Diagnostic]:
    files = ParsedFiles(MemoryTree({path: text, "a/main.tf": 'variable "password" {}\n'}))
    modules = Modules(files)
    assert not modules.problems(""), text
    return list(check_root(modules, "", LANGUAGE).problems)


def evaluated(text: str) -> list[Diagnostic]:
    root = root_of({"main.tf": text, "a/main.tf": 'variable "password" {}\noutput "o" {\nvalue = var.password\n}\n'})
    graph = build_graph(root.session.cell, 0, root)
    for node in graph.nodes:
        if node.module is not None:
            for name in node.module.module.variables:
                node.module.variable(name)
            for name in node.module.module.locals:
                node.module.local(name)
            for name in node.module.module.outputs:
                node.module.output(name)
        if node.body is not None and node.kind not in ("variable", "output"):
            list(values_of(node.body))
    contract_problems(root)
    return list(root.session.problems.values())


def values_of(body: BlockInstance) -> Iterator[object]:
    for name in body.attribute_names:
        yield body.attribute(name)
    for type_ in body.block_types:
        for inner in body.blocks(type_):
            yield from values_of(inner)


def secrets(text: str, path: str = "main.tf") -> list[int]:
    """The lines with secrets."""
    root = root_of({path: text, "a/main.tf": 'variable "password" {}\n'})
    found = find_secrets([build_graph(root.session.cell, 0, root)], root.session.tree).secrets
    return [secret.place.line for secret in found if secret.place is not None]


def line_of(text: str) -> int:
    return text[: text.index("@")].count("\n") + 1


def test_examples_are_complete() -> None:
    """Each block type of the table has an example, and each nested block is in the table."""
    assert EXAMPLES.keys() == BLOCKS.keys()
    for block in BLOCKS.values():
        assert set(block.blocks) <= BLOCKS.keys()
        assert set(block.required) <= block.arguments.keys()
        assert set(block.once) <= set(block.blocks)
    nested = {name for block in BLOCKS.values() for name in block.blocks} | {"dynamic", "content"}
    assert nested | TOP_LEVEL.keys() == BLOCKS.keys()


@pytest.mark.parametrize("type_", read_by(Stage.CHECKS))
def test_checks_find_an_undeclared_name(type_: str) -> None:
    """The static checks report a name that is not declared, in each block type that they read."""
    text = EXAMPLES[type_].replace("@", "var.not_declared")
    lines = {p.location.line for p in checked(text) if p.location is not None and "ariable" in p.summary}
    assert lines == {line_of(EXAMPLES[type_])}


@pytest.mark.parametrize("type_", [type_ for type_ in BLOCKS if type_ not in read_by(Stage.CHECKS)])
def test_checks_report_nothing_where_they_do_not_read(type_: str) -> None:
    """A block type with a reason against the checks has no finding of an undeclared name."""
    if type_ != "check":  # its nested blocks are read
        text = EXAMPLES[type_].replace("@", "var.not_declared")
        assert not [p for p in checked(text) if "undeclared" in p.summary]


@pytest.mark.parametrize("type_", read_by(Stage.EVALUATION))
def test_evaluation_reaches_each_block(type_: str) -> None:
    """An expression that cannot be evaluated is reported, in each block type that is evaluated."""
    problems = evaluated(EXAMPLES[type_].replace("@", 'tonumber("x")'))
    assert any("tonumber" in p.summary + p.detail or "number" in p.detail for p in problems), problems


@pytest.mark.parametrize("type_", read_by(Stage.SECRETS))
def test_a_secret_is_found_in_each_block(type_: str) -> None:
    """A password that is written in a block is found, in each block type that may hold secrets."""
    text = EXAMPLES[type_].replace("@", SECRET).replace("type = number\n", "")
    assert secrets(text) == [line_of(EXAMPLES[type_]) - ("type = number" in EXAMPLES[type_])]


@pytest.mark.parametrize("place", NESTED)
def test_nested_places(place: str) -> None:
    """Blocks inside other blocks, and blocks in JSON, are searched and checked like those in the examples."""
    path = "main.tf.json" if "JSON" in place else "main.tf"
    assert secrets(NESTED[place].replace("@", SECRET), path) == [line_of(NESTED[place])]
    if "encryption" not in place:
        bad = '"${var.not_declared}"' if "JSON" in place else "var.not_declared"
        summaries = [p.summary for p in checked(NESTED[place].replace("@", bad), path)]
        assert summaries.count("Reference to undeclared input variable") == 1
        assert set(summaries) <= {"Reference to undeclared input variable", "Zero assert blocks"}


def test_each_reason_is_a_text() -> None:
    """A stage that does not read a block type has a reason."""
    assert all(reason.strip() for block in BLOCKS.values() for reason in block.unread.values())


def test_queries() -> None:
    """The questions that the stages ask of the table have the answers of the language."""
    assert meta_arguments("resource") == {"count", "for_each", "depends_on", "provider"}
    assert meta_arguments("output") == {"depends_on"}
    assert meta_arguments("provider") == {"for_each"}
    assert meta_arguments("ingress") == frozenset()
    assert nested_labels("check") == {"assert": 0, "data": 2}
    assert BLOCKS["module"].arguments["source"] is Holds.STATIC
