"""Texts of values for people: for conditions and messages, not for data."""

from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.quoting import quote
from iacpolicy.evaluate.values.terms import Constant
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, content_key

MAX_TEXT = 120
MAX_CONSTANT = 2_000


def constant(value: Value) -> Constant:
    """Return a known value as an operand of a term; collections are compared by their text."""
    data = value.data
    if data is None or isinstance(data, str | bool | Number):
        return Constant(data, display(value))
    content = content_key(value)
    text = _display(value, MAX_CONSTANT)
    if len(text) >= MAX_CONSTANT:  # the rest distinguishes values too
        import hashlib  # loads a library, for long values alone

        text = f"{text[:MAX_CONSTANT]}…{hashlib.sha256(repr(content).encode()).hexdigest()[:16]}"
    return Constant(content, text)


def display(value: Value, limit: int = MAX_TEXT) -> str:
    """Return the value as an expression of the language, shortened to about `limit` characters."""
    text = _display(value, limit)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _display(value: Value, room: int) -> str:
    data = value.data
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str):
        return quote(data[:room])
    if isinstance(data, Number):
        return str(data)
    if isinstance(data, Unknown):
        return data.term.text
    if isinstance(data, Choice):
        return f"{data.condition.text} ? {_display(data.then, room)} : {_display(data.otherwise, room)}"
    pieces: list[str] = []
    used = 0
    pairs = data.items() if isinstance(data, dict) else ((None, item) for item in data)
    for key, item in pairs:
        piece = _display(item, room - used) if key is None else f"{key} = {_display(item, room - used)}"
        pieces.append(piece)
        used += len(piece) + 2
        if used >= room:
            break
    inner = ", ".join(pieces)
    return f"{{{inner}}}" if isinstance(data, dict) else f"[{inner}]"
