"""The string functions: https://developer.hashicorp.com/terraform/language/functions/chomp."""

from iacpolicy.core.types import BOOL, NUMBER, STRING, ListType
from iacpolicy.evaluate.functions.common import bounded, bounded_elements, text, whole
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.functions.graphemes import clusters
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.terms import Symbol
from iacpolicy.evaluate.values.text_bounds import known_prefix, known_suffix
from iacpolicy.evaluate.values.value import Value, is_wholly_known

_GO_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def _chomp(string: Value) -> Value:
    return text(string.data.rstrip("\r\n"))


def _indent(spaces: Value, string: Value) -> Value:
    count = whole(spaces, 0)
    bounded(len(string.data) + max(count, 0) * string.data.count("\n"))
    if count < 0:
        raise FunctionError("the number of spaces must not be negative", 0)
    return text(string.data.replace("\n", "\n" + " " * count))


def _is_never_null(value: Value) -> bool:
    term = getattr(value.data, "term", None)
    return isinstance(term, Symbol) and not term.nullable


def _join(separator: Value, *lists: Value) -> Value:
    if not lists:
        raise FunctionError("at least one list is required", 1)
    if not all(is_wholly_known(one) for one in lists):
        marks = 0
        for one in lists:
            marks |= values.deep_marks(one)
        if all(isinstance(one.data, tuple) for one in lists):
            items: list[Value] = [item for one in lists for item in one.data]
            if len(items) == 1 and _is_never_null(items[0]):
                return items[0].marked(marks)  # the separator is between two elements only
        return undecided("join", STRING, separator, *lists).marked(marks)
    pieces: list[str] = []
    marks = 0
    for index, one in enumerate(lists):
        marks |= values.deep_marks(one)
        for position, item in enumerate(one.data):
            if item.data is None:
                raise FunctionError(f"element {position} is null; cannot concatenate null values", index + 1)
            pieces.append(item.data)
    bounded(sum(map(len, pieces)) + len(separator.data) * len(pieces))
    return text(separator.data.join(pieces)).marked(marks)


def _split(separator: Value, string: Value) -> Value:
    if separator.data:
        bounded_elements(string.data.count(separator.data))
        pieces = string.data.split(separator.data)
    else:
        bounded_elements(len(string.data))
        pieces = list(string.data)
    return values.list_of(STRING, (text(p) for p in pieces))


def _lower(string: Value) -> Value:
    return text("".join(map(_lower_letter, string.data)) if not string.data.isascii() else string.data.lower())


def _upper(string: Value) -> Value:
    return text("".join(map(_upper_letter, string.data)) if not string.data.isascii() else string.data.upper())


def _lower_letter(letter: str) -> str:
    """Map each letter to one letter, as Go does; Python's mapping may return several."""
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else lowered[0]


def _upper_letter(letter: str) -> str:
    raised = letter.upper()
    if len(raised) == 1:
        return raised
    titled = letter.title()
    return titled if len(titled) == 1 else letter


def _title(string: Value) -> Value:
    previous = " "
    letters = []
    for letter in string.data:
        letters.append(_title_letter(letter) if _separates(previous) else letter)
        previous = letter
    return text("".join(letters))


def _title_letter(letter: str) -> str:
    titled = letter.title()
    return titled if len(titled) == 1 else letter


def _separates(letter: str) -> bool:
    if letter.isascii():
        return not (letter.isalnum() or letter == "_")
    return not (letter.isalpha() or letter.isdecimal()) and letter in _GO_SPACE


def _trim(string: Value, cutset: Value) -> Value:
    return text(string.data.strip(cutset.data) if cutset.data else string.data)


def _trimprefix(string: Value, prefix: Value) -> Value:
    return text(string.data.removeprefix(prefix.data))


def _trimsuffix(string: Value, suffix: Value) -> Value:
    return text(string.data.removesuffix(suffix.data))


def _trimspace(string: Value) -> Value:
    return text(string.data.strip(_GO_SPACE))


def _strrev(string: Value) -> Value:
    return text("".join(reversed(clusters(string.data))))


def _substr(string: Value, offset: Value, length: Value) -> Value:
    start, count = whole(offset, 1), whole(length, 2)
    pieces = clusters(string.data)
    if start < 0:
        start = max(0, start + len(pieces))
    end = len(pieces) if count < 0 else start + count
    return text("".join(pieces[start:end]))


def _startswith(string: Value, prefix: Value) -> Value:
    if prefix.is_unknown:
        return undecided("startswith", BOOL, string, prefix)
    if string.is_unknown:
        known = known_prefix(string.data.term)
        if known.startswith(prefix.data):
            return values.TRUE
        return undecided("startswith", BOOL, string, prefix) if prefix.data.startswith(known) else values.FALSE
    return values.boolean(string.data.startswith(prefix.data))


def _endswith(string: Value, suffix: Value) -> Value:
    if suffix.is_unknown:
        return undecided("endswith", BOOL, string, suffix)
    if string.is_unknown:
        known = known_suffix(string.data.term)
        if known.endswith(suffix.data):
            return values.TRUE
        return undecided("endswith", BOOL, string, suffix) if suffix.data.endswith(known) else values.FALSE
    return values.boolean(string.data.endswith(suffix.data))


def _strcontains(string: Value, part: Value) -> Value:
    return values.boolean(part.data in string.data)


def _replace(string: Value, old: Value, new: Value) -> Value:
    pattern = old.data
    if len(pattern) > 1 and pattern[0] == "/" and pattern[-1] == "/":
        from iacpolicy.evaluate.functions.regexes import replace_all

        return text(replace_all(pattern[1:-1], string.data, new.data))
    bounded(len(string.data) + (len(string.data) + 1 if not pattern else string.data.count(pattern)) * len(new.data))
    return text(string.data.replace(pattern, new.data))


_STR = Parameter("str", STRING)
_OPEN_STR = Parameter("str", STRING, unknown=True)

FUNCTIONS = (
    Function("chomp", (_STR,), STRING, _chomp),
    Function("endswith", (_OPEN_STR, Parameter("suffix", STRING, unknown=True)), BOOL, _endswith),
    Function("indent", (Parameter("spaces", NUMBER), _STR), STRING, _indent),
    Function(
        "join",
        (Parameter("separator", STRING),),
        STRING,
        _join,
        variadic=Parameter("lists", ListType(STRING), partial=True),
    ),
    Function("lower", (_STR,), STRING, _lower),
    Function("replace", (_STR, Parameter("substr", STRING), Parameter("replace", STRING)), STRING, _replace),
    Function("split", (Parameter("separator", STRING), _STR), ListType(STRING), _split),
    Function("startswith", (_OPEN_STR, Parameter("prefix", STRING, unknown=True)), BOOL, _startswith),
    Function("strcontains", (_STR, Parameter("substr", STRING)), BOOL, _strcontains),
    Function("strrev", (_STR,), STRING, _strrev),
    Function("substr", (_STR, Parameter("offset", NUMBER), Parameter("length", NUMBER)), STRING, _substr),
    Function("title", (_STR,), STRING, _title),
    Function("trim", (_STR, Parameter("cutset", STRING)), STRING, _trim),
    Function("trimprefix", (_STR, Parameter("prefix", STRING)), STRING, _trimprefix),
    Function("trimspace", (_STR,), STRING, _trimspace),
    Function("trimsuffix", (_STR, Parameter("suffix", STRING)), STRING, _trimsuffix),
    Function("upper", (_STR,), STRING, _upper),
)
