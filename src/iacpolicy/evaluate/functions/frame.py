"""Calls of functions: the steps that are the same for each function, before and after its body.

A call counts and converts the arguments and refuses nulls. For an unknown argument it returns an unknown of the
result's type; for a choice, the choice of both results. It passes marks and origins on to the result. So a body gets
known values only, unless a parameter admits others.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import msgspec

from iacpolicy.core.types import DYNAMIC, Type
from iacpolicy.evaluate.values import origins
from iacpolicy.evaluate.values.choices import distribute, summary
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError, FunctionError
from iacpolicy.evaluate.values.identities import ImpureResult
from iacpolicy.evaluate.values.lazy import closed
from iacpolicy.evaluate.values.terms import Cause, Reason, apply, fact_symbol
from iacpolicy.evaluate.values.value import (
    Choice,
    Value,
    content_key,
    deep_marks,
    is_wholly_known,
    unknown,
)
from iacpolicy.terraform.function_facts import FACTS, FunctionFacts, Purity


class Files(Protocol):
    """The files of the repository, which functions read by paths as written in the expression."""

    def read_text(self, path: str) -> Value:
        """Return the text of a file as a string value, or an unknown with the reason.

        Raises:
            FunctionError: the file does not exist or is not UTF-8.
        """
        ...

    def read_bytes(self, path: str) -> bytes | Value:
        """Return the bytes of a file, or an unknown with the reason."""
        ...

    def exists(self, path: str) -> Value:
        """Return true if a file exists, as a value; unknown outside the repository."""
        ...

    def matching(self, directory: str, pattern: str) -> list[str] | Value:
        """Return the files under a directory that match a glob, sorted and relative to it, or an unknown."""
        ...

    def number(self) -> int:
        """Return a number for one call of an impure function, a new one each time."""
        ...

    def render(self, text: str, path: str | None, variables: Value) -> Value:
        """Return the value of a template with these variables; `path` is its file, None for a text.

        Raises:
            EvaluationError: Terraform refuses the template.
        """
        ...


class Parameter(msgspec.Struct, frozen=True):
    """A parameter: the arguments that the body accepts.

    Each argument is converted to `type`; `DYNAMIC` accepts every type. The body gets a null only if `null` is set, and
    an unknown only if `unknown` is set. It gets a collection with unknown parts only if `partial` is set. Otherwise the
    result is unknown. The result gets the marks of all arguments: those of all their parts or, with `partial`, those of
    the collection itself, so that the elements keep their own marks.
    """

    name: str
    type: Type = DYNAMIC
    null: bool = False
    unknown: bool = False
    partial: bool = False


Result: TypeAlias = Type | Callable[..., Type]


class Function(msgspec.Struct, frozen=True):
    """The parameters and the body of a function; its facts are in `terraform.function_facts`.

    `returns` is the type of the result, or a callable that computes it from the converted arguments; it is used where
    the result is unknown. `body` gets the arguments and returns the result. The body of a function that reads files
    gets a `Files` first; that of an impure function is never called. If `keeps_marks` is false, the body marks its
    result itself.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Result
    body: Callable[..., Value]
    variadic: Parameter | None = None
    keeps_marks: bool = True

    @property
    def facts(self) -> FunctionFacts:
        """Return the facts about the function."""
        return FACTS[self.name]


def call(function: Function, arguments: Sequence[Value], files: Files) -> Value:
    """Return the result of a call, equal to that of Terraform.

    Raises:
        EvaluationError: the number or a type of the arguments is wrong, one is null, or the body refuses them.
    """
    _check_count(function, len(arguments))
    return _joined(distribute(lambda *operands: _apply(function, operands, files), *arguments))


def _joined(result: Value) -> Value:
    """Return one value for a choice whose arms are known and equal, else the choice."""
    data = result.data
    if not isinstance(data, Choice):
        return result
    then, otherwise = _joined(data.then), _joined(data.otherwise)
    if (
        then.type == otherwise.type
        and is_wholly_known(then)
        and is_wholly_known(otherwise)
        and content_key(then) == content_key(otherwise)
        and deep_marks(then) == deep_marks(otherwise)
    ):
        return then.marked(result.marks)
    return result


def _check_count(function: Function, given: int) -> None:
    wanted = len(function.parameters)
    if given < wanted:
        missing = function.parameters[given].name
        raise EvaluationError(
            "Not enough function arguments",
            f'Function "{function.name}" expects {_arguments(wanted, function)}. Missing value for "{missing}".',
        )
    if given > wanted and function.variadic is None:
        raise EvaluationError(
            "Too many function arguments",
            f'Function "{function.name}" expects only {_arguments(wanted, function)}.',
        )


def _arguments(count: int, function: Function) -> str:
    least = "at least " if function.variadic is not None else ""
    return f"{least}{count} argument{'' if count == 1 else 's'}"


def _apply(function: Function, arguments: Sequence[Value], files: Files) -> Value:
    converted: list[Value] = []
    marks = 0
    facts = function.facts
    undecided = facts.impurity is not None
    fixed = len(function.parameters)
    for index, argument in enumerate(arguments):
        parameter = function.parameters[index] if index < fixed else function.variadic
        assert parameter is not None
        value = _argument(function, parameter, argument)
        if parameter.partial:
            marks |= value.marks
            undecided = undecided or (value.is_unknown and not parameter.unknown)
        else:
            marks |= deep_marks(value)
            undecided = undecided or not (parameter.unknown or is_wholly_known(value))
        converted.append(value)
    joined = origins.join(*(a.origins for a in arguments))
    try:
        if undecided:
            result = _unknown_result(function, converted, files)
        else:
            result = function.body(files, *converted) if facts.purity is Purity.FILES else function.body(*converted)
    except FunctionError as problem:
        raise _located(function, problem) from None
    if function.keeps_marks and marks:
        result = result.marked(marks)
    return result.with_origins(joined) if joined and not result.origins else result


def _argument(function: Function, parameter: Parameter, argument: Value) -> Value:
    try:
        value = convert(argument, parameter.type)
    except ConversionError as problem:
        raise EvaluationError(
            "Invalid function argument", f'Invalid value for "{parameter.name}" parameter: {problem.detail}.'
        ) from None
    if value.data is None and not parameter.null:
        raise EvaluationError(
            "Invalid function argument",
            f'Invalid value for "{parameter.name}" parameter: argument must not be null.',
        )
    return closed(value) if parameter.partial and function.keeps_marks else value


def _located(function: Function, problem: FunctionError) -> EvaluationError:
    if problem.argument is None:
        return EvaluationError(
            "Error in function call", f'Call to function "{function.name}" failed: {problem.detail}.'
        )
    index = min(problem.argument, len(function.parameters))
    parameter = function.parameters[index] if index < len(function.parameters) else function.variadic
    name = parameter.name if parameter is not None else str(problem.argument)
    return EvaluationError("Invalid function argument", f'Invalid value for "{name}" parameter: {problem.detail}.')


def _unknown_result(function: Function, arguments: Sequence[Value], files: Files) -> Value:
    type_ = function.returns if not callable(function.returns) else function.returns(*arguments)
    impurity = function.facts.impurity
    if impurity is not None:
        reason = Reason(Cause.IMPURE, impurity)
        return unknown(type_, fact_symbol(ImpureResult(function.name, files.number()), reason, nullable=False))
    return unknown(type_, apply(function.name, *(summary(a) for a in arguments)))


def undecided(name: str, type_: Type, *arguments: Value) -> Value:
    """Return the unknown result of a call that depends on unknown parts of its arguments."""
    return unknown(type_, apply(name, *(summary(a) for a in arguments)))
