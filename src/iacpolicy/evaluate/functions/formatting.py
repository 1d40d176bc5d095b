"""`format` and `formatlist`: https://developer.hashicorp.com/terraform/language/functions/format."""

import re
from collections.abc import Sequence

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, SetType, TupleType, Type
from iacpolicy.evaluate.functions.common import bounded, bounded_elements, text
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.functions.graphemes import clusters
from iacpolicy.evaluate.functions.json_text import encode, quoted
from iacpolicy.evaluate.functions.number_text import floating, general
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, FunctionError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import Value, is_wholly_known

MAX_WIDTH = 100_000
_VERB = lazy_pattern(r"%([ #+\-0]*)([1-9]\d*)?(?:\.(\d*))?(?:\[([1-9]\d*)\])?([a-zA-Z])", re.ASCII)


class _Verb(msgspec.Struct, frozen=True, gc=False):
    """A verb of a format string: `%s`, `%[2]05d`."""

    text: str
    offset: int
    flags: str
    width: int
    precision: int | None
    mode: str

    def refuse(self, wanted: str) -> FunctionError:
        return FunctionError(f'unsupported value for "{self.text}" at {self.offset}: {wanted}')


def _format(pattern: Value, *arguments: Value) -> Value:
    if not all(map(is_wholly_known, arguments)) or any(_is_open_null(a) for a in arguments):
        return undecided("format", STRING, pattern, *arguments)
    return text(_formatted(pattern.data, arguments))


def _is_open_null(argument: Value) -> bool:
    """Report whether a value is `null` without a type; Terraform then leaves the whole result unknown."""
    return argument.data is None and argument.type is DYNAMIC


def _formatted(pattern: str, arguments: Sequence[Value]) -> str:
    pieces: list[str] = []
    position, following, highest, length = 0, 1, 0, 0
    while True:
        percent = pattern.find("%", position)
        if percent < 0:
            pieces.append(pattern[position:])
            break
        pieces.append(pattern[position:percent])
        if pattern.startswith("%%", percent):
            pieces.append("%")
            position = percent + 2
            continue
        verb, chosen, position = _parse(pattern, percent)
        index = chosen or following
        following = index + 1
        highest = max(highest, index)
        if index > len(arguments):
            raise FunctionError(
                f'not enough arguments for "{verb.text}" at {percent}: need index {index} but have '
                f"{len(arguments)} total"
            )
        pieces.append(_piece(verb, arguments[index - 1]))
        length += len(pieces[-1])
        bounded(length)
    if highest < len(arguments):
        used = f"only {highest} used by format string" if highest else "no verbs in format string"
        raise FunctionError(f"too many arguments; {used}", 1)
    return "".join(pieces)


def _parse(pattern: str, percent: int) -> tuple[_Verb, int, int]:
    match = _VERB.match(pattern, percent)
    if match is None:
        raise FunctionError(f"invalid format string starting at offset {percent}")
    flags, width, precision, index, mode = match.groups()
    for number in (width, precision, index):
        if number and (len(number) > 9 or int(number) > MAX_WIDTH):
            raise FunctionError(f"a width or precision may be at most {MAX_WIDTH} (limit: width of formats)")
    verb = _Verb(match[0], percent, flags, int(width or 0), None if precision is None else int(precision or 0), mode)
    return verb, int(index or 0), match.end()


def _piece(verb: _Verb, argument: Value) -> str:
    if verb.mode == "v":
        return _natural(verb, argument)
    if argument.data is None:
        raise verb.refuse("null value cannot be formatted")
    match verb.mode:
        case "t":
            return "true" if _converted(verb, argument, BOOL, "bool required").data else "false"
        case "d" | "b" | "o" | "x" | "X":
            number: Number = _converted(verb, argument, NUMBER, "a number is required").data
            if not number.is_integer:
                raise verb.refuse("an integer is required")
            return _integer(verb, int(number))
        case "e" | "E" | "f" | "F" | "g" | "G":
            number = _converted(verb, argument, NUMBER, "a number is required").data
            return _numeric(verb, *_float_parts(verb, number), zeros=not number.is_infinite)
        case "s" | "q":
            content: str = _converted(verb, argument, STRING, "string required").data
            if verb.precision:
                content = "".join(clusters(content)[: verb.precision])
            return _padded(verb, content if verb.mode == "s" else quoted(content))
        case _:
            raise FunctionError(f"unsupported format verb '{verb.mode}' in \"{verb.text}\" at offset {verb.offset}")


def _converted(verb: _Verb, argument: Value, type_: Type, otherwise: str) -> Value:
    try:
        return convert(argument, type_)
    except ConversionError:
        raise verb.refuse(otherwise) from None


def _natural(verb: _Verb, argument: Value) -> str:
    data = argument.data
    if "#" not in verb.flags:
        if isinstance(data, str):
            return _padded(verb, data)
        if isinstance(data, Number):
            return _padded(verb, general(data, None, "g"))
    return _padded(verb, encode(argument))


def _padded(verb: _Verb, content: str) -> str:
    missing = verb.width - len(clusters(content)) if verb.width else 0
    if missing <= 0:
        return content
    if "-" in verb.flags:
        return content + " " * missing
    return ("0" if "0" in verb.flags else " ") * missing + content


def _integer(verb: _Verb, number: int) -> str:
    digits = _in_base(abs(number), verb.mode)
    if verb.precision is not None:
        digits = digits.rjust(verb.precision, "0")
        if verb.precision == 0 and number == 0:
            digits = ""
    if "#" in verb.flags:
        digits = {"d": "", "b": "0b", "o": "0", "x": "0x", "X": "0X"}[verb.mode] + digits
    return _numeric(verb, "-" if number < 0 else "", digits, zeros=verb.precision is None)


def _in_base(number: int, mode: str) -> str:
    return str(Number(number, 0, number.bit_length() + 1)) if mode == "d" else format(number, mode)


def _float_parts(verb: _Verb, number: Number) -> tuple[str, str]:
    written = (
        general(number, verb.precision, verb.mode)
        if verb.mode in "gG"
        else floating(number, 6 if verb.precision is None else verb.precision, verb.mode)
    )
    return ("-", written[1:]) if written.startswith("-") else ("", written.removeprefix("+"))


def _numeric(verb: _Verb, sign: str, digits: str, zeros: bool) -> str:
    if not sign:
        sign = "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    missing = max(0, verb.width - len(sign) - len(digits))
    if "-" in verb.flags:
        return sign + digits + " " * missing
    if "0" in verb.flags and zeros:
        return sign + "0" * missing + digits
    return " " * missing + sign + digits


def _formatlist(pattern: Value, *arguments: Value) -> Value:
    result_type = ListType(STRING)
    if pattern.is_unknown or any(_is_open_null(a) or (a.is_unknown and a.type is DYNAMIC) for a in arguments):
        return undecided("formatlist", result_type, pattern, *arguments)
    marks = 0
    for one in arguments:
        marks |= value.deep_marks(one)
    lists = [(i, a) for i, a in enumerate(arguments) if isinstance(a.type, ListType | SetType | TupleType)]
    if any(a.data is None for _, a in lists):
        raise FunctionError("argument must not be null", 1)
    if any(a.is_unknown or (isinstance(a.type, SetType) and not is_wholly_known(a)) for _, a in lists):
        return undecided("formatlist", result_type, pattern, *arguments).marked(marks)
    length = len(lists[0][1].data) if lists else 1
    for index, one in lists:
        if len(one.data) != length:
            raise FunctionError(
                f"argument {index + 1} has length {len(one.data)}, which is inconsistent with argument "
                f"{lists[0][0] + 1} of length {length}",
                index + 1,
            )
    bounded_elements(length)
    spread = {index for index, _ in lists}
    rows = [[a.data[row] if i in spread else a for i, a in enumerate(arguments)] for row in range(length)]
    made: list[Value] = []
    total = 0
    for row, items in enumerate(rows):
        made.append(_row(pattern, items, row))
        total += len(made[-1].data) if isinstance(made[-1].data, str) else 0
        bounded(total)
    return value.list_of(STRING, made).marked(marks)


def _row(pattern: Value, items: Sequence[Value], row: int) -> Value:
    if not all(map(is_wholly_known, items)):
        return undecided("format", STRING, pattern, *items)
    try:
        return text(_formatted(pattern.data, items))
    except FunctionError as problem:
        raise FunctionError(f"error on format iteration {row}: {problem.detail}", problem.argument) from None


FUNCTIONS = (
    Function(
        "format",
        (Parameter("format", STRING),),
        STRING,
        _format,
        variadic=Parameter("args", DYNAMIC, null=True, unknown=True),
    ),
    Function(
        "formatlist",
        (Parameter("format", STRING, unknown=True),),
        ListType(STRING),
        _formatlist,
        variadic=Parameter("args", DYNAMIC, null=True, unknown=True, partial=True),
    ),
)
