"""String templates: https://developer.hashicorp.com/terraform/language/expressions/strings#string-templates."""

from collections.abc import Iterable, Sequence
from unicodedata import is_normalized, normalize

from iacpolicy.core.types import BOOL, STRING
from iacpolicy.evaluate.expressions import loops
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.values import origins
from iacpolicy.evaluate.values.choices import choose, distribute, is_refused, refused_arm, term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError, StaticError
from iacpolicy.evaluate.values.origins import Origins
from iacpolicy.evaluate.values.quoting import quote
from iacpolicy.evaluate.values.terms import Apply, Constant, Term, apply, loop
from iacpolicy.evaluate.values.value import Unknown, Value, deep_marks, unknown
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import decode_text

MAX_LENGTH = 10_000_000


def render(parts: Sequence[ast.TemplatePart], context: Context, evaluate: Evaluate, written: Origins) -> Value:
    """Return the string of a template.

    Raises:
        EvaluationError: a part is null or cannot be converted to a string, or the result is longer than `MAX_LENGTH`.
    """
    if len(parts) == 1 and type(parts[0]) is ast.Text:
        return Value(STRING, _nfc(decode_text(context.source.text, parts[0])), 0, written)
    pieces = list(_pieces(parts, context, evaluate))
    result = _concatenated(pieces)
    if type(result.data) is str:
        context.module.spend(len(result.data) >> 5)
    return result.with_origins(origins.join(*(p.origins for p in pieces)) or written)


def _pieces(parts: Sequence[ast.TemplatePart], context: Context, evaluate: Evaluate) -> Iterable[Value]:
    for part in parts:
        match part:
            case ast.Text():
                text = _nfc(decode_text(context.source.text, part))
                if text:
                    yield Value(STRING, text)
            case ast.Interpolation(value=expression):
                yield _string(evaluate(expression, context))
            case ast.IfDirective():
                yield from _if(part, context, evaluate)
            case ast.ForDirective():
                yield from _for(part, context, evaluate)


def _string(value: Value) -> Value:
    def converted(one: Value) -> Value:
        if one.data is None:
            raise EvaluationError(
                "Invalid template interpolation value",
                "The expression result is null. Cannot include a null value in a string template.",
            )
        try:
            return convert(one, STRING)
        except ConversionError as error:
            raise EvaluationError(
                "Invalid template interpolation value",
                f"Cannot include the given value in a string template: {error.detail}.",
            ) from None

    return distribute(converted, value)


def _if(part: ast.IfDirective, context: Context, evaluate: Evaluate) -> Iterable[Value]:
    condition = evaluate(part.condition, context)

    def arm(parts: Sequence[ast.TemplatePart], term: Term) -> Value:
        try:
            return _all(parts, context, evaluate)
        except StaticError:
            raise
        except EvaluationError as error:
            return refused_arm(error, term)

    def decided(one: Value) -> Value:
        try:
            flag = convert(one, BOOL)
        except ConversionError as error:
            raise EvaluationError("Invalid template directive", f"The condition: {error.detail}.") from None
        if flag.data is None:
            raise EvaluationError("Invalid template directive", "The condition of an `if` directive is null.")
        if isinstance(flag.data, Unknown):
            then, otherwise = arm(part.then, flag.data.term), arm(part.otherwise, flag.data.term)
            if is_refused(then) and is_refused(otherwise):
                _all(part.then, context, evaluate)
            return choose(flag.data.term, then, otherwise).marked(flag.marks)
        return _all(part.then if flag.data else part.otherwise, context, evaluate).marked(flag.marks)

    yield distribute(decided, condition)


def _all(parts: Sequence[ast.TemplatePart], context: Context, evaluate: Evaluate) -> Value:
    return _concatenated(list(_pieces(parts, context, evaluate)))


def _concatenated(pieces: Sequence[Value]) -> Value:
    return distribute(lambda *strings: _joined(strings), *pieces)


def _for(part: ast.ForDirective, context: Context, evaluate: Evaluate) -> Iterable[Value]:
    collection = evaluate(part.collection, context)

    def repeated(one: Value) -> Value:
        if isinstance(one.data, Unknown):
            loops.check_iterable(one)
            term = loop(context.place(part.start), "%{", (one.data.term,))
            return unknown(STRING, term, one.origins, one.marks)
        strings = []
        for index, (key, value) in enumerate(loops.pairs(one.unmarked())):
            context.module.spend(1)
            names = {part.value_name: value}
            if part.key_name is not None:
                names[part.key_name] = key
            strings.append(_all(part.body, context.bound(names, index), evaluate))
        return _concatenated(strings).marked(one.marks)

    yield distribute(repeated, collection)


def _joined(strings: Sequence[Value]) -> Value:
    marks = 0
    length = 0
    for piece in strings:
        marks |= deep_marks(piece)
        if isinstance(piece.data, str):
            length += len(piece.data)
    if length > MAX_LENGTH:
        raise EvaluationError(
            "String too long", f"A template may make at most {MAX_LENGTH} characters (limit: length of strings)."
        )
    if any(isinstance(piece.data, Unknown) for piece in strings):
        return unknown(STRING, apply("template", *_operands(strings)), (), marks)
    return Value(STRING, _nfc("".join(piece.data for piece in strings)), marks)


def _operands(strings: Sequence[Value]) -> Iterable[Term]:
    """Yield the pieces as terms, adjacent known text as one, so that equal strings make equal terms."""
    text = ""
    for piece in strings:
        if isinstance(piece.data, str):
            text += piece.data
            continue
        if text:
            yield Constant(text, quote(text))
            text = ""
        term = term_of(piece)
        is_converted = isinstance(term, Apply) and term.operator == "tostring"
        yield term.operands[0] if isinstance(term, Apply) and is_converted else term
    if text:
        yield Constant(text, quote(text))


def _nfc(text: str) -> str:
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)
