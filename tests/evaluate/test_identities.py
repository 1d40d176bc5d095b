"""Identities of unknown values: typed, unique, and never read back from their text."""

import ast
from itertools import combinations
from pathlib import Path

import pytest

from iacpolicy.evaluate.values.identities import (
    AnyElement,
    AttributeStep,
    BackendSetting,
    BlockAt,
    CallResult,
    DeclaredResource,
    Fact,
    ImpureResult,
    IndexStep,
    InputVariable,
    InstancesExist,
    InvalidSyntax,
    LocalValue,
    ModuleOutputs,
    NoElement,
    OutputValue,
    PolicyQuestion,
    ProviderDefault,
    RefusedExpression,
    RuntimeValue,
    SplatStep,
    UnknownIndexStep,
    identity_of,
)
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.term_queries import is_length, resource_types
from iacpolicy.evaluate.values.terms import (
    MAX_NODES,
    Apply,
    Cause,
    HasElements,
    Reason,
    RefusedArm,
    Symbol,
    SymbolicName,
    Term,
    apply,
    fact_symbol,
    paired_key,
    part,
    symbol,
)

ROOT = Path(__file__).parents[2]
PACKAGES = ("evaluate", "engine", "graph", "observability", "policy", "pipeline")
BUILDERS = ("evaluate/values/identities.py", "evaluate/values/terms.py")
TEXT_METHODS = frozenset(
    {"endswith", "find", "index", "partition", "removeprefix", "removesuffix", "replace", "rpartition", "split"}
    | {"rsplit", "startswith", "strip"}
)
REGEX_METHODS = frozenset({"findall", "finditer", "fullmatch", "match", "search", "sub"})
ZONES = fact_symbol(InputVariable("", "zones"), Reason(Cause.VARIABLE, "`var.zones` has no value"))

FACTS: list[tuple[Fact, str]] = [
    (InputVariable("", "zones"), "var.zones"),
    (InputVariable("module.shop", "zones"), "module.shop.var.zones"),
    (LocalValue("", "zones"), "local.zones"),
    (OutputValue("", "zones"), "output.zones"),
    (ModuleOutputs("", "shop"), "module.shop"),
    (DeclaredResource("", "aws_vpc.main", "aws_vpc"), "aws_vpc.main"),
    (BlockAt("aws_vpc.main[0]", "aws_vpc"), "aws_vpc.main[0]"),
    (ProviderDefault("aws_vpc.main", "tags", "here"), "aws_vpc.main.tags"),
    (InstancesExist("aws_vpc.main"), "any exist"),
    (HasElements(ZONES), "any exist"),
    (SymbolicName("each.key", "aws_vpc.main", ZONES), "each.key"),
    (SymbolicName("each.value", "aws_vpc.main", ZONES), "each.value"),
    (SymbolicName("each.key", "aws_vpc.other", ZONES), "each.key"),
    (RuntimeValue("path.cwd"), "path.cwd"),
    (BackendSetting("bucket"), "bucket"),
    (ImpureResult("uuid", 1), "uuid()"),
    (ImpureResult("uuid", 2), "uuid()"),
    (CallResult("file", "a.txt", 'file("a.txt")'), 'file("a.txt")'),
    (PolicyQuestion("overlap", ("var.a", "var.b"), "var.a overlaps var.b"), "var.a overlaps var.b"),
    (InvalidSyntax("main.tf", 3), "a syntax error"),
    (RefusedExpression("main.tf", 3, "Invalid index: none"), "Invalid index: none"),
    (RefusedArm(ZONES, "Invalid index: none"), "Invalid index: none"),
    (AnyElement("main.tf:3", "zone"), "zone"),
    (NoElement(), "no element"),
]


@pytest.mark.parametrize(("fact", "text"), FACTS)
def test_the_user_sees_the_name_of_a_fact(fact: Fact, text: str) -> None:
    """Conditions name a missing fact as the configuration does."""
    assert fact_symbol(fact).text == text


def test_different_facts_have_different_keys() -> None:
    """Two different facts are never taken for one."""
    for (one, _), (two, _) in combinations(FACTS, 2):
        assert identity_of(one) != identity_of(two)
        assert identity_of(one).key != identity_of(two).key


def test_the_path_to_a_part_is_kept() -> None:
    """A part of a fact has its path as steps, and the expression of the language as its text."""
    index = identity_of(SymbolicName("count.index", "aws_vpc.main", ZONES))
    steps = (AttributeStep("a"), IndexStep(Number(0), "0"), IndexStep("b", '"b"'), SplatStep(), UnknownIndexStep(index))
    identity = identity_of(InputVariable("", "x"), *steps)
    assert identity.text == 'var.x.a[0]["b"][*][count.index]'
    assert identity.path == steps
    grown = identity_of(InputVariable("", "x"))
    for step in steps:
        grown = grown.part(step)
    assert grown == identity


def test_a_part_of_a_symbol_is_a_symbol() -> None:
    """`var.zones.a` is a missing fact of its own, with the reasons of `var.zones`."""
    found = part(ZONES, AttributeStep("a"))
    assert isinstance(found, Symbol)
    assert (found.text, found.identity.fact, found.reasons) == ("var.zones.a", ZONES.identity.fact, ZONES.reasons)


def test_a_part_of_an_operation_is_shown_as_a_traversal() -> None:
    """A part of a function's result is written behind the call, as in the language."""
    called = apply("merge", ZONES)
    assert part(called, AttributeStep("a")).text == "merge(var.zones).a"
    assert part(called, IndexStep(Number(0), "0")).text == "merge(var.zones)[0]"
    found = part(called, IndexStep(Number(0), "0"))
    assert isinstance(found, Apply)
    assert found.is_part


def test_paired_keys_ignore_the_block() -> None:
    """`each.key` of two blocks over one collection is one value; over two collections it is not."""
    others = fact_symbol(InputVariable("", "others"))
    one, two, other = (
        apply("template", fact_symbol(SymbolicName("each.key", address, collection)))
        for address, collection in (("aws_vpc.a", ZONES), ("aws_vpc.b", ZONES), ("aws_vpc.a", others))
    )
    assert one.key != two.key
    assert paired_key(one) == paired_key(two) != paired_key(other)


def test_paired_keys_tell_variables_apart() -> None:
    """`var.a[count.index]` and `var.b[count.index]` are two values, in whichever blocks they are read."""
    index = UnknownIndexStep(identity_of(SymbolicName("count.index", "aws_vpc.main", ZONES)))
    one, two = (symbol(identity_of(InputVariable("", name), index), ()) for name in "ab")
    assert paired_key(one) != paired_key(two)


def test_the_length_of_a_large_term_is_a_length() -> None:
    """A length stays known as one where its term is too large to be kept."""
    merged: Term = ZONES
    while merged.nodes < MAX_NODES:
        merged = apply("merge", merged)
    length = apply("length", merged)
    assert isinstance(length, Symbol)
    assert is_length(length)
    assert not is_length(merged)


def test_the_resources_that_a_term_reads() -> None:
    """A policy can ask which types of resources a value is read from, also through `each.value`."""
    read = symbol(identity_of(BlockAt("aws_vpc.main", "aws_vpc"), AttributeStep("id")), ())
    of_a_set = SymbolicName("each.value", "aws_route.a", fact_symbol(DeclaredResource("", "aws_eip.a", "aws_eip")))
    assert resource_types(apply("template", read, fact_symbol(of_a_set), ZONES)) == {"aws_vpc", "aws_eip"}


def _modules() -> list[Path]:
    source = ROOT / "src" / "iacpolicy"
    found = [path for package in PACKAGES for path in (source / package).rglob("*.py")]
    return [*found, *(ROOT / "policies").rglob("*.py")]


def test_no_module_takes_keys_apart() -> None:
    """Keys are compared and hashed only: no module reads one with methods of strings, slices or regular expressions."""
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="key"), attr=name)) if name in TEXT_METHODS:
                    pytest.fail(f"{path}:{node.lineno}: `.key.{name}()`")
                case ast.Call(func=ast.Attribute(attr=name), args=arguments) if name in REGEX_METHODS:
                    if any(isinstance(argument, ast.Attribute) and argument.attr == "key" for argument in arguments):
                        pytest.fail(f"{path}:{node.lineno}: `.{name}(… .key)`")
                case ast.Subscript(value=ast.Attribute(attr="key"), slice=ast.Slice()):
                    pytest.fail(f"{path}:{node.lineno}: a slice of `.key`")


def test_identities_are_made_by_their_constructors() -> None:
    """Only `identities` and `terms` call the classes that cache a key, so a key always fits its identity."""
    for path in _modules():
        if path.as_posix().endswith(BUILDERS):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="Symbol" | "FactIdentity" as name)):
                    pytest.fail(f"{path}:{node.lineno}: {name}(…)")
