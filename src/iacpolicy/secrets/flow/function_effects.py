"""The literals in the result of a function call, from those in its arguments."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from msgspec.structs import replace

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.secrets.flow.decoded_documents import decoded_strings, pieces_in_range
from iacpolicy.secrets.flow.literals import (
    ELEMENT,
    UNKNOWN_PIECE,
    LiteralPiece,
    LiteralString,
    LiteralStrings,
    PathKey,
    bounded,
    concatenated,
    select,
    whole_strings,
    without_first_key,
)
from iacpolicy.secrets.text.classify import UNKNOWN
from iacpolicy.terraform.function_facts import ArgumentFlow, flow_of

_VERB = lazy_pattern(r"%(?:\[([0-9]{1,2})\])?[-+# 0]{0,5}[0-9]{0,4}(?:\.[0-9]{0,4})?([A-Za-z%])")

Arguments = Sequence[LiteralStrings]
ArgumentRule = Callable[[Arguments], LiteralStrings]


def result(name: str, arguments: Arguments) -> LiteralStrings:
    """Return the strings of a call's result by the function's `ArgumentFlow`.

    For a function of a provider, the strings of all arguments are returned as they are.
    """
    return bounded(_RULES[flow_of(name)](arguments))


def _all(arguments: Arguments) -> LiteralStrings:
    return tuple(string for argument in arguments for string in argument)


def _first(arguments: Arguments) -> LiteralStrings:
    return arguments[0] if arguments else ()


def _document(arguments: Arguments) -> LiteralStrings:
    return tuple(replace(string, document_at=0) if string.path else string for string in _first(arguments))


def _decoded(arguments: Arguments) -> LiteralStrings:
    return decoded_strings(_first(arguments))


def _flat(arguments: Arguments) -> LiteralStrings:
    """Return the elements of nested lists for `concat` and `flatten`, under an unknown index."""
    found: list[LiteralString] = []
    for string in _all(arguments):
        path = string.path
        while len(path) > 1 and isinstance(path[0], int) and isinstance(path[1], int):
            path = path[1:]
        found.append(replace(string, path=(ELEMENT, *path[1:]) if path else ()))
    return tuple(found)


def _elements(arguments: Arguments) -> LiteralStrings:
    """Return the elements of the first argument under an unknown key, for functions such as `values`."""
    return tuple(without_first_key(string, remember=True).under(ELEMENT) for string in _first(arguments) if string.path)


def _one(arguments: Arguments) -> LiteralStrings:
    return select(_first(arguments), ELEMENT)


def _lookup(arguments: Arguments) -> LiteralStrings:
    if not arguments:
        return ()
    names = {string.text for string in whole_strings(arguments[1])} if len(arguments) > 1 else set()
    wanted = names.pop() if len(names) == 1 else ELEMENT
    default = arguments[2] if len(arguments) > 2 else ()
    return (*select(arguments[0], ELEMENT if wanted is ELEMENT or UNKNOWN in str(wanted) else wanted), *default)


def _zipmap(arguments: Arguments) -> LiteralStrings:
    if len(arguments) < 2:
        return ()
    keys = {string.path[0]: string.text for string in arguments[0] if len(string.path) == 1}
    return tuple(
        without_first_key(string, remember=False).under(keys.get(string.path[0], ELEMENT))
        for string in arguments[1]
        if string.path
    )


def _elements_of_all(arguments: Arguments) -> LiteralStrings:
    return _elements((_all(arguments),))


def _base64_decoded(arguments: Arguments) -> LiteralStrings:
    """Return decoded texts for `base64decode`, with the literals as written."""
    found: list[LiteralString] = []
    for string in whole_strings(_first(arguments)):
        text = string.text
        try:
            made = b64decode(text, validate=True).decode()
        except ValueError:
            made = ""
        piece = string.pieces[0] if len(string.pieces) == 1 else None
        if made and string.made is None and piece is not None and piece.source is not None:
            found.append(replace(string, pieces=(replace(piece, text=made, written=piece.written or text),)))
        else:
            found.append(string if string.made is None else replace(string, made=None))
    return tuple(found)


def _join(arguments: Arguments) -> LiteralStrings:
    if len(arguments) < 2:
        return ()
    separators = whole_strings(arguments[0])
    between = separators[:1] or (LiteralString((), (LiteralPiece(UNKNOWN),)),)
    elements: dict[tuple[int, PathKey] | int, list[LiteralString]] = {}
    for at, argument in enumerate(arguments[1:]):
        for string in argument:
            if string.path and all(not isinstance(key, str) for key in string.path[1:]):
                # strings at one index are the possible values of one element
                is_one = len(string.path) == 1 and string.path[0] is not ELEMENT
                key = (at, string.path[0]) if is_one else len(elements)
                elements.setdefault(key, []).append(replace(string, path=()))
    parts = [part for element in elements.values() for part in (between, tuple(element))][1:]
    return tuple(concatenated(parts)) if parts else ()


def _format(arguments: Arguments) -> LiteralStrings:
    """Return the results of `format`; verbs other than `%s`, `%v`, `%d` and `%q` make an unknown part."""
    if not arguments:
        return ()
    found: list[LiteralString] = []
    for pattern in whole_strings(arguments[0]):
        if len(pattern.pieces) != 1 or pattern.pieces[0].source is None:
            found.extend(concatenated([(pattern,), *arguments[1:]]))
            continue
        piece = pattern.pieces[0]
        parts: list[LiteralStrings] = []
        used = at = 0
        for verb in _VERB.finditer(piece.text):
            parts += _text_of(pattern, at, verb.start())
            at = verb.end()
            if verb[2] == "%":
                parts.append((LiteralString((), (LiteralPiece("%"),)),))
                continue
            used = int(verb[1]) if verb[1] else used + 1
            is_base64_decoded = verb[2] in ("s", "v", "d", "q") and used < len(arguments)
            parts.append(whole_strings(arguments[used]) if is_base64_decoded else ())
        parts += _text_of(pattern, at, len(piece.text))
        found.extend(concatenated(parts))
    return tuple(found)


def _formatted(arguments: Arguments) -> LiteralStrings:
    """Return the elements of `formatlist`, whose arguments can be lists."""
    elements = [(*whole_strings(argument), *whole_strings(select(argument, ELEMENT))) for argument in arguments]
    return tuple(string.under(ELEMENT) for string in _format(elements))


def _text_of(pattern: LiteralString, start: int, end: int) -> list[LiteralStrings]:
    return [(LiteralString((), tuple(pieces_in_range(pattern, start, end))),)] if end > start else []


def _template(arguments: Arguments) -> LiteralStrings:
    """Return the variables of `templatefile` and `templatestring`, each with unknown text around it."""
    texts = [string for string in _all(arguments) if string.text]
    return tuple(_inside_unknown(string) for string in texts)


def _changed(change: Callable[[str], str]) -> ArgumentRule:
    def rule(arguments: Arguments) -> LiteralStrings:
        return tuple(replace(string, made=_made(change, string)) for string in _first(arguments))

    return rule


def _made(change: Callable[[str], str], string: LiteralString) -> str | None:
    text = string.made if string.made is not None else string.text
    return change(text) if UNKNOWN not in text else None


def _replaced(arguments: Arguments) -> LiteralStrings:
    """Return the texts of `replace` after the replacement, and the replacement as a part of an unknown text."""
    found: list[LiteralString] = []
    texts, olds, news = (whole_strings(argument) for argument in (*arguments[:3], (), (), ())[:3])
    old = olds[0].text if len(olds) == 1 and not _is_pattern(olds[0].text) else UNKNOWN
    is_inserted = not texts
    for string in texts:
        made = string.made if string.made is not None else string.text
        is_known = bool(old) and UNKNOWN not in made + old
        if is_known and made == old and news:
            found.extend(news)
            continue
        is_inserted = is_inserted or not is_known or old in made
        if is_known and len(news) == 1 and UNKNOWN not in news[0].text:
            made = made.replace(old, news[0].text)[:100_000]
        found.append(replace(string, made=made))
    return (*found, *(_inside_unknown(string) for string in news if is_inserted and string.text))


def _is_pattern(text: str) -> bool:
    """Report whether the second argument of `replace` is a regular expression."""
    return len(text) > 1 and text.startswith("/") and text.endswith("/")


def _inside_unknown(string: LiteralString) -> LiteralString:
    """Return a string with unknown text around it."""
    return LiteralString((), (UNKNOWN_PIECE, *string.pieces, UNKNOWN_PIECE))


def _listed(arguments: Arguments) -> LiteralStrings:
    """Return the first argument as any element of a list."""
    return tuple(string.under(ELEMENT) for string in _first(arguments))


def _matches(arguments: Arguments) -> LiteralStrings:
    """Return the text of `regex` as a whole and as an element, because the result can be a collection of parts."""
    texts = whole_strings(arguments[1]) if len(arguments) > 1 else ()
    return (*texts, *(string.under(ELEMENT) for string in texts))


def _all_matches(arguments: Arguments) -> LiteralStrings:
    return tuple(string.under(ELEMENT) for string in _matches(arguments))


def _pairs(arguments: Arguments) -> LiteralStrings:
    taken = (without_first_key(string, remember=False) for string in _all(arguments) if string.path)
    return tuple(string.under(ELEMENT, ELEMENT) for string in taken)


def _rows(arguments: Arguments) -> LiteralStrings:
    return tuple(string.under(ELEMENT, ELEMENT) for string in whole_strings(_first(arguments)))


def _split(arguments: Arguments) -> LiteralStrings:
    return tuple(string.under(ELEMENT) for string in whole_strings(arguments[1])) if len(arguments) > 1 else ()


def _declared(arguments: Arguments) -> LiteralStrings:
    return tuple(replace(string, is_declared=True) for string in _first(arguments))


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-8", "surrogatepass")).decode()


_RULES: Mapping[ArgumentFlow, ArgumentRule] = {
    ArgumentFlow.NOTHING: lambda arguments: (),
    ArgumentFlow.ALL: _all,
    ArgumentFlow.FIRST: _first,
    ArgumentFlow.SECOND: lambda arguments: arguments[1] if len(arguments) > 1 else (),
    ArgumentFlow.SENSITIVE: _declared,
    ArgumentFlow.FILE: lambda arguments: (),
    ArgumentFlow.FILE_NAMES: lambda arguments: (),
    ArgumentFlow.TEMPLATE: _template,
    ArgumentFlow.TEMPLATE_FILE: lambda arguments: _template(arguments[1:]),
    ArgumentFlow.DOCUMENT: _document,
    ArgumentFlow.DECODED: _decoded,
    ArgumentFlow.ROWS: _rows,
    ArgumentFlow.ELEMENTS: _elements,
    ArgumentFlow.ALL_ELEMENTS: _elements_of_all,
    ArgumentFlow.ONE: _one,
    ArgumentFlow.LOOKUP: _lookup,
    ArgumentFlow.FLATTENED: _flat,
    ArgumentFlow.CHUNKS: _listed,
    ArgumentFlow.PAIRS: _pairs,
    ArgumentFlow.ZIPMAP: _zipmap,
    ArgumentFlow.JOIN: _join,
    ArgumentFlow.SPLIT: _split,
    ArgumentFlow.FORMAT: _format,
    ArgumentFlow.FORMATLIST: _formatted,
    ArgumentFlow.MATCH: _matches,
    ArgumentFlow.MATCHES: _all_matches,
    ArgumentFlow.REPLACED: _replaced,
    ArgumentFlow.LOWER: _changed(str.lower),
    ArgumentFlow.UPPER: _changed(str.upper),
    ArgumentFlow.TITLE: _changed(lambda t: " ".join(w[:1].upper() + w[1:] for w in t.split(" "))),
    ArgumentFlow.TRIMMED: _changed(str.strip),
    ArgumentFlow.CHOMPED: _changed(lambda t: t.rstrip("\r\n")),
    ArgumentFlow.REVERSED: _changed(lambda t: t[::-1]),
    ArgumentFlow.BASE64: _changed(_base64),
    ArgumentFlow.BASE64_DECODED: _base64_decoded,
    ArgumentFlow.PERCENT: _changed(lambda t: quote(t, safe="")),
}
