"""Functions of timestamps and durations.

https://developer.hashicorp.com/terraform/language/functions/formatdate and the pages beside it.
"""

from iacpolicy.core.types import NUMBER, STRING
from iacpolicy.evaluate.functions.common import text
from iacpolicy.evaluate.functions.frame import Function, Parameter
from iacpolicy.evaluate.functions.timestamps import Timestamp, parse_duration, parse_timestamp
from iacpolicy.evaluate.values import numbers, value
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.value import Value

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _verb(verb: str, at: Timestamp) -> str | None:
    """Return the text of a verb of `formatdate` for a timestamp, None if there is no such verb."""
    year, month, day = at.date
    hour, minute, second = at.time
    half = "pm" if hour >= 12 else "am"
    match verb:
        case "YYYY":
            return f"{year:04d}"
        case "YY":
            return f"{year % 100:02d}"
        case "MMMM":
            return _MONTHS[month - 1]
        case "MMM":
            return _MONTHS[month - 1][:3]
        case "EEEE":
            return _DAYS[at.weekday]
        case "EEE":
            return _DAYS[at.weekday][:3]
        case "MM" | "M":
            return f"{month:0{len(verb)}d}"
        case "DD" | "D":
            return f"{day:0{len(verb)}d}"
        case "hh" | "h":
            return f"{hour:0{len(verb)}d}"
        case "HH" | "H":
            return f"{hour % 12 or 12:0{len(verb)}d}"
        case "mm" | "m":
            return f"{minute:0{len(verb)}d}"
        case "ss" | "s":
            return f"{second:0{len(verb)}d}"
        case "aa":
            return half
        case "AA":
            return half.upper()
        case "ZZZZZ":
            return at.offset_text(":")
        case "ZZZZ":
            return at.offset_text("")
        case "ZZZ":
            return at.offset_text("") if at.offset else "UTC"
        case "Z":
            return at.offset_text(":") if at.offset else "Z"
        case _:
            return None


def _formatdate(pattern: Value, time: Value) -> Value:
    at = parse_timestamp(time.data, 1)
    content: str = pattern.data
    pieces: list[str] = []
    position = 0
    while position < len(content):
        char = content[position]
        if char == "'":
            literal, position = _literal(content, position + 1)
            pieces.append(literal)
            continue
        end = position + 1
        if not (char.isascii() and char.isalpha()):
            pieces.append(char)
        else:
            while end < len(content) and content[end] == char:
                end += 1
            piece = _verb(content[position:end], at)
            if piece is None:
                raise FunctionError(f'invalid date format verb "{content[position:end][:20]}"', 0)
            pieces.append(piece)
        position = end
    return text("".join(pieces))


def _literal(content: str, position: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        end = content.find("'", position)
        if end < 0:
            raise FunctionError("unterminated literal '", 0)
        pieces.append(content[position:end])
        if content[end + 1 : end + 2] != "'":
            return "".join(pieces), end + 1
        pieces.append("'")
        position = end + 2


def _timeadd(timestamp: Value, span: Value) -> Value:
    at = parse_timestamp(timestamp.data, 0)
    return text(Timestamp(at.nanoseconds + parse_duration(span.data, 1), at.offset).rfc3339)


def _timecmp(first: Value, second: Value) -> Value:
    a, b = parse_timestamp(first.data, 0).nanoseconds, parse_timestamp(second.data, 1).nanoseconds
    return value.number(numbers.from_int((a > b) - (a < b)))


def _unreachable() -> Value:
    raise AssertionError("an impure function has no body")


FUNCTIONS = (
    Function("formatdate", (Parameter("format", STRING), Parameter("time", STRING)), STRING, _formatdate),
    Function("plantimestamp", (), STRING, _unreachable),
    Function("timeadd", (Parameter("timestamp", STRING), Parameter("duration", STRING)), STRING, _timeadd),
    Function("timecmp", (Parameter("timestamp_a", STRING), Parameter("timestamp_b", STRING)), NUMBER, _timecmp),
    Function("timestamp", (), STRING, _unreachable),
)
