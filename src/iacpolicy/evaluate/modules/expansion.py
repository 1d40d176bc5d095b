"""Instances of blocks by `count` and `for_each`.

https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from iacpolicy.core.types import DYNAMIC, NUMBER, STRING, ListType, SetType, TupleType, Type, friendly_name
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.expressions.loops import pairs
from iacpolicy.evaluate.modules.session import MAX_INSTANCES
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.addresses import EVERY, Key, key_order
from iacpolicy.evaluate.values.choices import choose, term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.element_steps import through
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.terms import (
    Cause,
    Constant,
    HasElements,
    Reason,
    SymbolicName,
    Term,
    apply,
    fact_symbol,
    is_input,
    reasons,
)
from iacpolicy.evaluate.values.value import EPHEMERAL, SENSITIVE, Choice, Unknown, Value, deep_marks, unknown
from iacpolicy.terraform.blocks import ConfigBlock

TRUE_TERM = Constant(True, "true")
MAX_COUNT = 1 << 63  # messages do not contain larger numbers


class Repetition(msgspec.Struct, frozen=True):
    """One instance: its key, the names bound in it, and the condition under which it exists (None if it always does).

    `marks` are those of the whole collection; all values in a nested block get them.
    """

    key: Key
    bindings: dict[str, Value]
    exists: Term | None = None
    marks: int = 0


def expand(block: ConfigBlock, context: Context, address: str) -> list[Repetition]:
    """Return the instances of a block in Terraform's order.

    If the number or the keys are unknown, one symbolic instance represents all. If they depend on a condition, each
    instance of either arm has that condition.

    Raises:
        EvaluationError: Terraform would refuse the argument, or it makes more than `MAX_INSTANCES` instances.
    """
    count, for_each = block.attributes.get("count"), block.attributes.get("for_each")
    if count is not None and for_each is not None:
        error = EvaluationError(
            'Invalid combination of "count" and "for_each"',
            "The two arguments are mutually exclusive; remove one of them.",
        )
        error.place = (for_each.source, for_each.node.start, for_each.node.end)
        raise error
    argument = count or for_each
    if argument is None:
        return [Repetition(None, {})]
    value = evaluate(argument.value, context.within(argument.source))
    try:
        found = _by_count(value, address) if count is not None else _by_keys(value, address)
    except EvaluationError as error:
        if error.place is None:
            error.place = (argument.source, argument.value.start, argument.value.end)
        raise
    return sorted(found, key=lambda r: key_order(r.key))


def expand_dynamic(block: ConfigBlock, context: Context, address: str) -> list[Repetition]:
    """Return the repetitions of a `dynamic` block over any collection; the iterator is bound as `each`.

    Raises:
        EvaluationError: `for_each` is null or not a collection, or has more than `MAX_INSTANCES` elements.
    """
    argument = block.attributes["for_each"]
    value = evaluate(argument.value, context.within(argument.source))
    try:
        found = _by_elements(value, address)
        return [replace(r, marks=value.marks) for r in found] if value.marks else found
    except EvaluationError as error:
        if error.place is None:
            error.place = (argument.source, argument.value.start, argument.value.end)
        raise


def _by_elements(value: Value, address: str) -> list[Repetition]:
    if isinstance(value.data, Choice):
        return _either(value.data, lambda v: _by_elements(v, address))
    if isinstance(value.data, Unknown):
        return [_every(value.data.term, address, isinstance(value.type, SetType))]
    if value.data is None:
        raise EvaluationError("Invalid dynamic for_each value", "Cannot use a null value in for_each.")
    if not isinstance(value.data, tuple | dict):
        raise EvaluationError(
            "Invalid dynamic for_each value",
            f"Cannot use a {friendly_name(value.type)} value in for_each. An iterable collection is required.",
        )
    _check_number("for_each", len(value.data))
    return [
        Repetition(index, {"each": values.object_of({"key": key, "value": item})})
        for index, (key, item) in enumerate(pairs(value))
    ]


def _check_number(argument: str, number: int) -> None:
    if number > MAX_INSTANCES:
        raise EvaluationError(
            "Too many instances",
            f"{argument} makes {number if number < MAX_COUNT else 'too many'} instances; at most {MAX_INSTANCES} are "
            "evaluated (limit: instances of one block).",
        )


def _by_count(value: Value, address: str) -> list[Repetition]:
    if isinstance(value.data, Choice):
        return _either(value.data, lambda v: _by_count(v, address))
    try:
        number = convert(value, NUMBER)
    except ConversionError as error:
        raise EvaluationError("Incorrect value type", f"Invalid expression value: {error.detail}.") from None
    if number.marks & EPHEMERAL:
        raise _ephemeral_error("count")
    if number.data is None:
        raise EvaluationError(
            "Invalid count argument", 'The given "count" argument value is null. An integer is required.'
        )
    if isinstance(number.data, Unknown):
        term = number.data.term
        index = _symbolic(NUMBER, address, "count.index", term)
        return [
            Repetition(
                EVERY, {"count": values.object_of({"index": index})}, apply(">=", term, constant(values.number(1)))
            )
        ]
    if not number.data.is_integer or number.data.mantissa < 0:
        raise EvaluationError(
            "Invalid count argument",
            'The given "count" argument value is unsuitable: a whole number of 0 or more is required.',
        )
    total = int(number.data) if number.data.exponent < 64 else MAX_COUNT
    _check_number("count", total)
    return [
        Repetition(i, {"count": values.object_of({"index": values.number(i, value.origins)})}) for i in range(total)
    ]


def _by_keys(value: Value, address: str) -> list[Repetition]:
    if isinstance(value.data, Choice):
        return _either(value.data, lambda v: _by_keys(v, address))
    if value.marks & EPHEMERAL:
        raise _ephemeral_error("for_each")
    if value.marks & SENSITIVE or (isinstance(value.type, SetType) and deep_marks(value) & SENSITIVE):
        raise EvaluationError(
            "Invalid for_each argument",
            "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments.",
        )
    if value.data is None:
        raise EvaluationError(
            "Invalid for_each argument",
            'The given "for_each" argument value is null. A map, or set of strings is allowed.',
        )
    if isinstance(value.data, Unknown):
        return [_every(value.data.term, address, isinstance(value.type, SetType))]
    if isinstance(value.data, dict):
        keyed = [(k, values.string(k, v.origins), v) for k, v in value.data.items()]
    elif isinstance(value.type, SetType):
        keyed = []
        for item in value.data:
            if item.is_unknown or item.is_choice:
                return [_every(term_of(item), address, is_set=True)]
            if item.data is None or item.type != STRING:
                raise EvaluationError(
                    "Invalid for_each set argument",
                    'The given "for_each" argument value is unsuitable: "for_each" supports maps and sets of strings.',
                )
            keyed.append((item.data, item, item))
    else:
        kind = "a list" if isinstance(value.type, ListType | TupleType) else f"a {value.type}"
        raise EvaluationError(
            "Invalid for_each argument",
            'The given "for_each" argument value is unsuitable: the "for_each" argument must be a map, or set of '
            f"strings, and you have provided {kind}. `toset()` makes a set of a list of strings.",
        )
    _check_number("for_each", len(keyed))
    return [
        Repetition(name, {"each": values.object_of({"key": key, "value": through(value, item)})})
        for name, key, item in keyed
    ]


def _ephemeral_error(argument: str) -> EvaluationError:
    return EvaluationError(
        f"Invalid {argument} argument",
        f'The given "{argument}" is derived from an ephemeral value, which cannot be kept from a plan to its apply.',
    )


def _every(term: Term, address: str, is_set: bool = False) -> Repetition:
    """Return the symbolic instance of an unknown `for_each`, with an unknown key and value; equal ones in a set."""
    key = _symbolic(STRING, address, "each.key", term)
    each = values.object_of({"key": key, "value": key if is_set else _symbolic(DYNAMIC, address, "each.value", term)})
    text = f"{address} has any instances"
    cause = Cause.EXISTENCE if is_input(term) else reasons(term)[0].cause
    why = tuple(Reason(cause, r.text, r.location) for r in reasons(term)) or (Reason(cause, text),)
    return Repetition(EVERY, {"each": each}, fact_symbol(HasElements(term), *why))


def _symbolic(type_: Type, address: str, name: str, term: Term) -> Value:
    return unknown(type_, fact_symbol(SymbolicName(name, address, term), *reasons(term)))


def _either(choice: Choice, expand_arm: Callable[[Value], list[Repetition]]) -> list[Repetition]:
    """Return the instances of both arms of a choice, with the condition in their existence and their bindings."""
    arms = []
    failures: list[EvaluationError] = []
    for arm in (choice.then, choice.otherwise):
        try:
            arms.append({key_order(r.key): r for r in expand_arm(arm)})
        except EvaluationError as error:
            failures.append(error)
            arms.append({})
    if len(failures) == 2:
        raise failures[0]
    then, otherwise = arms
    condition = choice.condition
    found: list[Repetition] = []
    for order in sorted({*then, *otherwise}):
        a, b = then.get(order), otherwise.get(order)
        if a is not None and b is not None:
            bindings = {k: choose(condition, a.bindings[k], b.bindings[k]) for k in a.bindings}
            exists = _either_term(condition, a.exists, b.exists)
            found.append(Repetition(a.key, bindings, exists))
        elif a is not None:
            found.append(Repetition(a.key, a.bindings, conjunction(condition, a.exists)))
        elif b is not None:
            found.append(Repetition(b.key, b.bindings, conjunction(apply("!", condition), b.exists)))
    return found


def _either_term(condition: Term, then: Term | None, otherwise: Term | None) -> Term | None:
    if then is None and otherwise is None:
        return None
    return apply("?:", condition, then or TRUE_TERM, otherwise or TRUE_TERM)


def conjunction(left: Term | None, right: Term | None) -> Term | None:
    """Return the conjunction of two conditions; None is a condition that always holds."""
    if left is None or right is None:
        return left if right is None else right
    return apply("&&", left, right)
