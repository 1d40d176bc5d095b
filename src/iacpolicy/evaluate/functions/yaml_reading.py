"""YAML as Terraform reads it: its rules for scalars, aliases and merge keys, all within bounds."""

import re
from typing import Any

import yaml

from iacpolicy.evaluate.functions.common import MAX_ELEMENTS, text
from iacpolicy.evaluate.functions.timestamps import Timestamp, parse_timestamp
from iacpolicy.evaluate.values import numbers
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import Value

_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_INFINITE = {sign + word: value for sign, value in (("", 1), ("+", 1), ("-", -1)) for word in (".inf", ".Inf", ".INF")}
_NAN = frozenset((".nan", ".NaN", ".NAN"))
_DECIMAL = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z", re.ASCII)
_OTHER_BASE = re.compile(r"0(?:x[0-9a-fA-F]+|o[0-7]+)\Z", re.ASCII)
_DATE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:[Tt](\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d))|(?: (\d\d?):(\d\d?):(\d\d?)(\.\d+)?))?\Z",
    re.ASCII,
)
_TAG = "tag:yaml.org,2002:"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(content: str) -> Value:
    """Return the value of the only document in a YAML text.

    Raises:
        FunctionError: Terraform does not accept the text, or it exceeds a limit.
    """
    try:
        return _Reader(content).document()
    except yaml.YAMLError as problem:
        raise FunctionError(f"not valid YAML: {_summary(problem)}", 0) from None
    except RecursionError:
        raise FunctionError("nested too deeply (limit: depth of values)", 0) from None


def _summary(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    problem_text = getattr(problem, "problem", None) or str(problem)
    return f"on line {mark.line + 1}, column {mark.column + 1}: {problem_text}" if mark is not None else problem_text


class _Reader:
    """Builds a value from the parser's events."""

    def __init__(self, content: str) -> None:
        self.events: Any = yaml.parse(content, Loader=_LOADER)
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.open: set[str] = set()

    def document(self) -> Value:
        found: Value | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found is not None:
                    raise FunctionError("unexpected extra content after value", 0)
                if event.version not in (None, (1, 1)):
                    raise FunctionError("found incompatible YAML document", 0)
                found = self.node(next(self.events), 0)[0]
        if found is None:
            raise FunctionError("missing start of document", 0)
        return found

    def node(self, event: Any, depth: int) -> tuple[Value, int]:
        """Return the value of a node and its number of nodes, each alias counted with its target."""
        if depth > values.MAX_DEPTH:
            raise FunctionError(f"nested more than {values.MAX_DEPTH} levels deep (limit: depth of values)", 0)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor in self.open:
                raise FunctionError(f'cannot refer to anchor "{event.anchor}" from inside its own definition', 0)
            if event.anchor not in self.anchors:
                raise FunctionError(f'reference to undefined anchor "{event.anchor}"', 0)
            return self.anchors[event.anchor]
        if event.anchor:
            self.open.add(event.anchor)
        found = self.content(event, depth)
        if found[1] > MAX_ELEMENTS:
            raise FunctionError(f"more than {MAX_ELEMENTS} values (limit: size of collections)", 0)
        if event.anchor:
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = found
        return found

    def content(self, event: Any, depth: int) -> tuple[Value, int]:
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event), 1
        wanted = "seq" if isinstance(event, yaml.SequenceStartEvent) else "map"
        if event.tag not in (None, "!", _TAG + wanted):
            raise FunctionError(f"can't interpret {'sequence' if wanted == 'seq' else 'mapping'} as {event.tag}", 0)
        return self.sequence(depth) if wanted == "seq" else self.mapping(depth)

    def sequence(self, depth: int) -> tuple[Value, int]:
        items: list[Value] = []
        size = 1
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item, held = self.node(event, depth + 1)
            items.append(item)
            size += held
            _bound(size)
        return values.tuple_of(items), size

    def mapping(self, depth: int) -> tuple[Value, int]:
        pairs: dict[str, Value] = {}
        size = 1
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            is_merge = isinstance(event, yaml.ScalarEvent) and event.value == "<<"
            name = "" if is_merge else self.key(event, depth)
            value, held = self.node(next(self.events), depth + 1)
            size += held
            _bound(size)
            if is_merge:
                if not isinstance(value.data, dict):
                    raise FunctionError("only a mapping can be merged into a mapping", 0)
                pairs.update(value.data)  # it also replaces keys that are written before it
            else:
                pairs[name] = value
        return values.object_of(pairs), size

    def key(self, event: Any, depth: int) -> str:
        key = self.node(event, depth + 1)[0]
        if key.data is None:
            raise FunctionError("mapping key cannot be null", 0)
        if isinstance(key.data, bool):
            return "true" if key.data else "false"
        if isinstance(key.data, tuple | dict):
            raise FunctionError("only strings are allowed as mapping keys", 0)
        return str(key.data)


def _bound(size: int) -> None:
    if size > MAX_ELEMENTS:
        raise FunctionError(f"more than {MAX_ELEMENTS} values (limit: size of collections)", 0)


def _scalar(event: Any) -> Value:
    content: str = event.value
    tag: str | None = event.tag
    is_plain = not event.style
    if tag is None:
        return _plain(content) if is_plain else text(content)
    kind = tag.removeprefix(_TAG)
    if kind == tag:
        raise FunctionError(f'unsupported tag "{tag}"', 0)
    return _tagged(kind, content) if is_plain else text(content)


def _plain(content: str) -> Value:
    if content in _NULL:
        return values.null()
    if content in _TRUE or content in _FALSE:
        return values.boolean(content in _TRUE)
    number = _number(content)
    if number is not None:
        return values.number(number)
    timestamp = _timestamp(content)
    return text(content if timestamp is None else timestamp.rfc3339)


def _tagged(kind: str, content: str) -> Value:
    match kind:
        case "str" | "binary":
            return text(content)
        case "null":
            return values.null()
        case "bool" if content in _TRUE or content in _FALSE:
            return values.boolean(content in _TRUE)
        case "int" | "float":
            number = _number(content)
            if number is not None:
                return values.number(number)
        case "timestamp":
            timestamp = _timestamp(content)
            if timestamp is not None:
                return text(timestamp.rfc3339)
    raise FunctionError(f"can't interpret {content[:40]!r} as !!{kind}", 0)


def _number(content: str) -> Number | None:
    if content in _INFINITE:
        return Number(_INFINITE[content], None)
    if content in _NAN:
        raise FunctionError("floating point NaN is not supported", 0)
    if _OTHER_BASE.match(content):
        return numbers.from_int(int(content, 0))
    if not _DECIMAL.match(content):
        return None
    number = numbers.parse(content)
    if number is None:
        raise FunctionError("a number is out of bounds (limit: digits and exponents of numbers)", 0)
    return number


def _timestamp(content: str) -> Timestamp | None:
    match = _DATE.match(content)
    if match is None:
        return None
    year, month, day = match[1], match[2], match[3]
    clock = [match[4] or match[9] or "0", match[5] or match[10] or "0", match[6] or match[11] or "0"]
    hour, minute, second = (part.zfill(2) for part in clock)
    written = f"{year}-{month.zfill(2)}-{day.zfill(2)}T{hour}:{minute}:{second}{match[8] or 'Z'}"
    try:
        return parse_timestamp(written, 0)
    except FunctionError:
        return None
