"""What a function of the language is, and how any of them is called.

The frame does for every function what Terraform does before and after its body: counts and converts the arguments,
refuses nulls, returns an unknown of the result's type where an argument is not known, carries marks and origins, and
follows both arms of an argument that is a choice. So a body sees known values only, unless it asks for others.
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
    """The files a function may read: those of the repository, by a path as the expression writes it."""

    def read_text(self, path: str) -> Value:
        """The text of a file as a string value, or an unknown with the reason.

        Raises:
            FunctionError: there is no such file, or it is not UTF-8.
        """
        ...

    def read_bytes(self, path: str) -> bytes | Value:
        """The bytes of a file, or an unknown with the reason."""
        ...

    def exists(self, path: str) -> Value:
        """Whether there is such a file, as a bool value; unknown outside the repository."""
        ...

    def matching(self, directory: str, pattern: str) -> list[str] | Value:
        """The files under a directory that match a glob, sorted, relative to it; or an unknown with the reason."""
        ...

    def number(self) -> int:
        """Return a number for one call of an impure function, another one each time."""
        ...

    def render(self, text: str, path: str | None, variables: Value) -> Value:
        """A template evaluated with variables only; `path` names its file where it has one.

        Raises:
            EvaluationError: Terraform would refuse the template.
        """
        ...


class Parameter(msgspec.Struct, frozen=True):
    """What an argument may be.

    `type` is what it is converted to (`DYNAMIC`: anything). The body gets null only where `null` is set, an unknown
    only where `unknown` is set, and a collection with unknown parts only where `partial` is set; else the result is
    unknown. The marks of all arguments go to the result: deeply, or with `partial` only those of the collection
    itself, so that the marks of elements stay on the elements.
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
        """The facts about the function."""
        return FACTS[self.name]


def call(function: Function, arguments: Sequence[Value], files: Files) -> Value:
    """The result of a call, as Terraform gives it.

    Raises:
        EvaluationError: wrong number of arguments, a wrong type, a null where none may be, or the body refuses.
    """
    _check_count(function, len(arguments))
    return _joined(distribute(lambda *operands: _apply(function, operands, files), *arguments))


def _joined(result: Value) -> Value:
    """The result under either arm of a choice as one value where it is known and the same."""
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
    """What a body returns where parts of its arguments that are not known decide the result."""
    return unknown(type_, apply(name, *(summary(a) for a in arguments)))
