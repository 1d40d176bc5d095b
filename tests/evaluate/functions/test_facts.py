"""The facts about each function agree with its body and with the recorded answers of Terraform."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.evaluate.functions.calls import NoFiles, missing, value
from tests.evaluate.functions.test_unknown_arguments import known_calls
from tests.oracle import language

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import DYNAMIC, ListType, SetType, TupleType
from iacpolicy.evaluate.functions import registry
from iacpolicy.evaluate.functions.frame import Function, call
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Value, content_key
from iacpolicy.hcl import ast as hcl
from iacpolicy.hcl.parse import parse_expression
from iacpolicy.hcl.visit import walk
from iacpolicy.secrets.flow import function_effects
from iacpolicy.terraform.function_facts import (
    EXPRESSIONS,
    FACTS,
    ArgumentFlow,
    ElementRelation,
    KnownText,
    Purity,
    parse_facts,
)

ROW = "upper strings never yes pure yes - - upper module 1.0 1.6"
LATER = {
    "endswith": ("1.3", "1.6"),
    "startswith": ("1.3", "1.6"),
    "timecmp": ("1.3", "1.6"),
    "plantimestamp": ("1.5", "1.6"),
    "strcontains": ("1.5", "1.6"),
    "issensitive": ("1.8", "1.7"),
    "templatestring": ("1.9", "1.7"),
    "ephemeralasnull": ("1.10", "1.11"),
    "base64gunzip": (None, "1.7"),
    "cidrcontains": (None, "1.7"),
    "urldecode": (None, "1.7"),
}
# Their arguments are paths, patterns and timestamps, which are no secrets although they are in the result.
HARMLESS = frozenset({"abspath", "basename", "dirname", "fileset", "formatdate", "timeadd"})
SHORTEST_TEXT = 5
SHORTEST_LIST = 3
SOURCE = Path(__file__).parents[3] / "src" / "iacpolicy"


class Refusing:
    """A repository that no function may read."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was accessed")


@pytest.fixture(scope="module")
def calls() -> list[tuple[str, Function, list[Value]]]:
    """Return each recorded call with known arguments that reads no file."""
    paths = [path for path in sorted(language.FOLDER.glob("functions_*.tf")) if path.stem != "functions_files"]
    return [found for path in paths for found in known_calls(path.read_text(encoding="utf-8"))]


def results(calls: list[tuple[str, Function, list[Value]]]) -> Iterator[tuple[str, Function, list[Value], Value]]:
    """Yield the calls that succeed, with their results."""
    for text, function, arguments in calls:
        try:
            yield text, function, arguments, call(function, arguments, NoFiles())
        except EvaluationError:
            continue


def texts(given: Value) -> Iterator[str]:
    """Yield the strings in a value except the keys of objects and maps."""
    pending = [given]
    while pending:
        data = pending.pop().data
        if isinstance(data, str):
            yield data
        elif isinstance(data, dict):
            pending.extend(data.values())
        elif isinstance(data, tuple):
            pending.extend(data)


def test_each_function_has_facts_and_a_body() -> None:
    """Each family has the bodies of the functions whose facts name it, and of no others."""
    families: dict[str, list[str]] = {}
    for facts in FACTS.values():
        families.setdefault(facts.family, []).append(facts.name)
    assert sorted(families.pop(EXPRESSIONS)) == ["can", "try"]
    for family, names in families.items():
        module = import_module(f"iacpolicy.evaluate.functions.{family}")
        assert sorted(names) == sorted(function.name for function in module.FUNCTIONS)


@pytest.mark.parametrize("column", range(len(ROW.split())))
def test_each_fact_is_required(column: int) -> None:
    """A row that lacks a fact or has an invalid word is refused."""
    words = ROW.split()
    assert parse_facts(ROW) == FACTS["upper"]
    with pytest.raises(ValueError, match="unpack"):
        parse_facts(" ".join(words[:column] + words[column + 1 :]))
    if 2 <= column <= 9:
        with pytest.raises(ValueError, match="perhaps"):
            parse_facts(" ".join([*words[:column], "perhaps", *words[column + 1 :]]))


def test_versions() -> None:
    """The releases that introduced a function are those of the changelogs; all others are older."""
    for name, facts in FACTS.items():
        assert (facts.terraform, facts.opentofu) == LATER.get(name, ("1.0", "1.6")), name


def test_results_are_null_where_terraform_says_so(calls: list[tuple[str, Function, list[Value]]]) -> None:
    """The nullability of each function agrees with the recorded answers of Terraform and with every recorded result."""
    text = (language.FOLDER / "functions_results.tf").read_text(encoding="utf-8")
    answers = {case.name.removesuffix("_over_unknown"): case for case in language.cases_of(text)}
    for name, facts in FACTS.items():
        if facts.terraform is not None and not facts.console_only:
            case = answers.pop(name)
            assert facts.never_null or "unknown" in case.answer, name
            assert facts.never_null is ((case.ours or case.answer) == "false"), name
    assert not answers
    null = [text for text, function, _, result in results(calls) if result.data is None and function.facts.never_null]
    assert not null


def test_each_argument_was_unknown_once() -> None:
    """Terraform was asked about the result of each function over an unknown value in each of its arguments."""
    asked: dict[str, set[int]] = {}
    for stem in ("functions_results", "functions_unknowns"):
        text = (language.FOLDER / f"{stem}.tf").read_text(encoding="utf-8")
        for case in language.cases_of(text):
            expression, _ = parse_expression(SourceFile("main.tf", case.expression))
            for node in (node for node in walk(expression) if isinstance(node, hcl.Call)):
                for index, argument in enumerate(node.arguments):
                    if any(isinstance(part, hcl.Name) for part in walk(argument)):
                        asked.setdefault(node.name, set()).add(index)
    for name, function in registry.FUNCTIONS.items():
        if function.facts.terraform is not None and not function.facts.console_only:
            assert asked.get(name, set()) >= set(range(len(function.parameters))), name


def test_functions_that_never_fail() -> None:
    """A function that never fails accepts a null, an unknown and a value of each type."""
    tried = ["a", "", 1, True, None, ["a"], [], {"a": "b"}, {}, missing(), missing(type_=DYNAMIC)]
    for name, facts in FACTS.items():
        if not facts.may_fail and facts.family != EXPRESSIONS:
            function = registry.FUNCTIONS[name]
            for given in tried:
                call(function, [value(given)] * len(function.parameters), NoFiles())


def test_each_other_function_fails() -> None:
    """Terraform refused some argument of each function that may fail."""
    failed = set()
    for path in language.FOLDER.glob("*.tf"):
        for case in language.cases_of(path.read_text(encoding="utf-8")):
            if case.answer == "error":
                failed |= {name for name in FACTS if f"{name}(" in case.expression}
    never_refused = {name for name, facts in FACTS.items() if facts.may_fail and facts.terraform} - failed
    for name in never_refused:
        function = registry.FUNCTIONS[name]
        with pytest.raises(EvaluationError):
            call(function, [value(None)] * max(len(function.parameters), 1), NoFiles())


def test_pure_functions_read_no_files(calls: list[tuple[str, Function, list[Value]]]) -> None:
    """A pure function does not access the repository."""
    for _, function, arguments in calls:
        if function.facts.purity is Purity.PURE:
            try:
                call(function, arguments, Refusing())
            except EvaluationError:
                continue


def test_results_by_content(calls: list[tuple[str, Function, list[Value]]]) -> None:
    """A tuple in place of a list does not change a result that depends on the contents only."""
    wrong = []
    for text, function, arguments, result in results(calls):
        if not function.facts.by_content:
            continue
        changed = [
            Value(TupleType(tuple(item.type for item in argument.data)), argument.data, argument.marks)
            if isinstance(argument.type, ListType) and isinstance(argument.data, tuple)
            else argument
            for argument in arguments
        ]
        if changed != arguments and content_key(call(function, changed, NoFiles())) != content_key(result):
            wrong.append(text)
    assert not wrong


def test_arguments_that_do_not_reach_the_result(calls: list[tuple[str, Function, list[Value]]]) -> None:
    """No text of an argument is in the result of a function that only asks about it or hashes it."""
    wrong = [
        text
        for text, function, arguments, result in results(calls)
        if function.facts.flow is ArgumentFlow.NOTHING and function.name not in HARMLESS
        for given in (one for argument in arguments for one in texts(argument))
        if len(given) >= SHORTEST_TEXT and any(given in made for made in texts(result))
    ]
    assert not wrong


def test_each_flow_has_a_rule_and_a_function() -> None:
    """The finder of secrets has a rule for each function, and there is a function for each flow."""
    for name in FACTS:
        assert function_effects.result(name, []) == ()
    assert {facts.flow for facts in FACTS.values()} == set(ArgumentFlow)


def test_elements_of_results(calls: list[tuple[str, Function, list[Value]]]) -> None:
    """A function that keeps elements returns those of its argument; the result is empty only if the argument is."""
    wrong = []
    for text, function, arguments, result in results(calls):
        relation = function.facts.elements
        given = arguments[0].data if arguments else None
        if relation is ElementRelation.NONE or not isinstance(given, tuple | dict):
            continue
        assert isinstance(result.data, tuple | dict)
        if bool(given) is not bool(result.data):
            wrong.append(text)
        if relation is ElementRelation.SAME and contents(arguments[0], result) != contents(result, result):
            wrong.append(text)
    assert not wrong


def contents(collection: Value, like: Value) -> set[object]:
    """Return the elements of a collection, converted to the element type of another."""
    data = collection.data
    items = data.values() if isinstance(data, dict) else data
    type_ = like.type
    if isinstance(type_, ListType | SetType):
        return {content_key(convert(item, type_.element)) for item in items}
    return {content_key(item) for item in items}


def test_known_texts_are_those_of_strings() -> None:
    """Only functions that return strings have a known beginning or end."""
    for name, facts in FACTS.items():
        if facts.known_text is not KnownText.NONE:
            assert str(registry.FUNCTIONS[name].returns) == "string"


def test_functions_that_read_files() -> None:
    """A function that reads files fails for a file that does not exist."""
    for name, facts in FACTS.items():
        if facts.purity is Purity.FILES and name not in ("fileexists", "fileset", "templatestring"):
            function = registry.FUNCTIONS[name]
            with pytest.raises(EvaluationError, match="no file exists"):
                call(function, [value("missing.txt"), value({})][: len(function.parameters)], NoFiles())


def names_in(node: ast.AST) -> list[str]:
    """The strings of a collection that is written out, or the words of a string."""
    parts: list[ast.expr | None] = []
    if isinstance(node, ast.Set | ast.List | ast.Tuple):
        parts = list(node.elts)
    elif isinstance(node, ast.Dict):
        parts = list(node.keys)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.split()
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def test_no_other_table_lists_functions() -> None:
    """A list of functions elsewhere would hold a fact that the table lacks."""
    packages = ("engine", "evaluate", "graph", "pipeline", "secrets", "terraform")
    found = []
    for path in (path for package in packages for path in sorted((SOURCE / package).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = names_in(node)
            if len(names) >= SHORTEST_LIST and FACTS.keys() >= set(names):
                found.append(f"{path.relative_to(SOURCE)}: {' '.join(names)}")
    assert not found
