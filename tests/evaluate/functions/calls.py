"""Helpers that call functions with values of Python, without an expression."""

from typing import Any

from iacpolicy.core.types import DYNAMIC, STRING, Type
from iacpolicy.evaluate.functions import frame, registry
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import choose
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.identities import InputVariable
from iacpolicy.evaluate.values.numbers import Number, parse
from iacpolicy.evaluate.values.terms import Cause, Reason, Symbol, fact_symbol
from iacpolicy.evaluate.values.value import Choice, Unknown, Value


class NoFiles:
    """A repository without files."""

    def read_text(self, path: str) -> Value:
        raise FunctionError(f'no file exists at "{path}"', 0)

    def read_bytes(self, path: str) -> bytes | Value:
        raise FunctionError(f'no file exists at "{path}"', 0)

    def exists(self, path: str) -> Value:
        return values.FALSE

    def matching(self, directory: str, pattern: str) -> list[str] | Value:
        return []

    def number(self) -> int:
        return 1

    def render(self, text: str, path: str | None, variables: Value) -> Value:
        return values.string(text)


def call(name: str, *arguments: Any) -> Value:
    """Return the result of a call; each argument is a value or an argument of `value`.

    Raises:
        EvaluationError: Terraform refuses the call.
    """
    function = registry.lookup(name)
    assert function is not None
    return frame.call(function, [value(a) for a in arguments], NoFiles())


def value(plain: Any) -> Value:
    """Return a string, bool, number, None, list or dict of Python as a value."""
    if isinstance(plain, Value):
        return plain
    if plain is None:
        return values.null()
    if isinstance(plain, bool):
        return values.boolean(plain)
    if isinstance(plain, str):
        return values.string(plain)
    if isinstance(plain, int | float):
        parsed = parse(repr(plain))
        assert parsed is not None
        return values.number(parsed)
    if isinstance(plain, dict):
        return values.object_of({k: value(v) for k, v in plain.items()})
    return values.tuple_of(value(item) for item in plain)


def plain(given: Value) -> Any:
    """Return a value as data of Python, with `...` for an unknown part."""
    data = given.data
    if isinstance(data, Unknown | Choice):
        return ...
    if isinstance(data, dict):
        return {k: plain(v) for k, v in data.items()}
    if isinstance(data, tuple):
        return [plain(v) for v in data]
    if isinstance(data, Number):
        return int(data) if data.is_integer else float(data)
    return data


def missing(name: str = "x", type_: Type = STRING) -> Value:
    """Return an unknown value of a variable."""
    return values.unknown(type_, leaf(name))


def leaf(name: str) -> Symbol:
    """Return the symbol of a variable without a value."""
    return fact_symbol(InputVariable("", name), Reason(Cause.VARIABLE, f"var.{name} has no value"))


def either(then: Any, otherwise: Any, name: str = "c") -> Value:
    """Return the choice of two values by an unknown condition."""
    return choose(leaf(name), value(then), value(otherwise))


ANY = DYNAMIC
