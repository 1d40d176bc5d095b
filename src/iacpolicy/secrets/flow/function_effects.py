"""Where the literals of a function's arguments are in its result."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from msgspec.structs import replace

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.secrets.flow.decoded import cut, decoded
from iacpolicy.secrets.flow.pieces import (
    ELEMENT,
    UNKNOWN_PIECE,
    Leaf,
    Leaves,
    Piece,
    Step,
    bounded,
    combined,
    inside,
    select,
    strings,
)
from iacpolicy.secrets.text.classify import UNKNOWN
from iacpolicy.terraform.function_facts import ArgumentFlow, flow_of

_VERB = lazy_pattern(r"%(?:\[([0-9]{1,2})\])?[-+# 0]{0,5}[0-9]{0,4}(?:\.[0-9]{0,4})?([A-Za-z%])")

Arguments = Sequence[Leaves]
ArgumentRule = Callable[[Arguments], Leaves]


def result(name: str, arguments: Arguments) -> Leaves:
    """Return the leaves of a call's result by the function's `ArgumentFlow`.

    For a function of a provider, the leaves of all arguments are returned as they are.
    """
    return bounded(_RULES[flow_of(name)](arguments))


def _same(arguments: Arguments) -> Leaves:
    return tuple(leaf for argument in arguments for leaf in argument)


def _first(arguments: Arguments) -> Leaves:
    return arguments[0] if arguments else ()


def _document(arguments: Arguments) -> Leaves:
    return tuple(replace(leaf, document_at=0) if leaf.steps else leaf for leaf in _first(arguments))


def _decoded(arguments: Arguments) -> Leaves:
    return decoded(_first(arguments))


def _flat(arguments: Arguments) -> Leaves:
    """`concat` and `flatten`: the elements of lists of lists, whose indexes then mean nothing."""
    found: list[Leaf] = []
    for leaf in _same(arguments):
        steps = leaf.steps
        while len(steps) > 1 and isinstance(steps[0], int) and isinstance(steps[1], int):
            steps = steps[1:]
        found.append(replace(leaf, steps=(ELEMENT, *steps[1:]) if steps else ()))
    return tuple(found)


def _elements(arguments: Arguments) -> Leaves:
    """`values` and `one` and the like: any element of the first argument, by an unknown key."""
    return tuple(inside(leaf, remember=True).under(ELEMENT) for leaf in _first(arguments) if leaf.steps)


def _one(arguments: Arguments) -> Leaves:
    return select(_first(arguments), ELEMENT)


def _lookup(arguments: Arguments) -> Leaves:
    if not arguments:
        return ()
    names = {leaf.text for leaf in strings(arguments[1])} if len(arguments) > 1 else set()
    wanted = names.pop() if len(names) == 1 else ELEMENT
    default = arguments[2] if len(arguments) > 2 else ()
    return (*select(arguments[0], ELEMENT if wanted is ELEMENT or UNKNOWN in str(wanted) else wanted), *default)


def _zipmap(arguments: Arguments) -> Leaves:
    if len(arguments) < 2:
        return ()
    keys = {leaf.steps[0]: leaf.text for leaf in arguments[0] if len(leaf.steps) == 1}
    return tuple(
        inside(leaf, remember=False).under(keys.get(leaf.steps[0], ELEMENT)) for leaf in arguments[1] if leaf.steps
    )


def _elements_of_all(arguments: Arguments) -> Leaves:
    return _elements((_same(arguments),))


def _plain(arguments: Arguments) -> Leaves:
    """`base64decode`: what is written is not what comes of it, but gives it away."""
    found: list[Leaf] = []
    for leaf in strings(_first(arguments)):
        text = leaf.text
        try:
            made = b64decode(text, validate=True).decode()
        except ValueError:
            made = ""
        piece = leaf.pieces[0] if len(leaf.pieces) == 1 else None
        if made and leaf.made is None and piece is not None and piece.source is not None:
            found.append(replace(leaf, pieces=(replace(piece, text=made, written=piece.written or text),)))
        else:
            found.append(leaf if leaf.made is None else replace(leaf, made=None))
    return tuple(found)


def _join(arguments: Arguments) -> Leaves:
    if len(arguments) < 2:
        return ()
    separators = strings(arguments[0])
    between = separators[:1] or (Leaf((), (Piece(UNKNOWN),)),)
    elements: dict[tuple[int, Step] | int, list[Leaf]] = {}
    for at, argument in enumerate(arguments[1:]):
        for leaf in argument:
            if leaf.steps and all(not isinstance(step, str) for step in leaf.steps[1:]):
                # what stands at one index are the texts that one element can be
                is_one = len(leaf.steps) == 1 and leaf.steps[0] is not ELEMENT
                key = (at, leaf.steps[0]) if is_one else len(elements)
                elements.setdefault(key, []).append(replace(leaf, steps=()))
    parts = [part for element in elements.values() for part in (between, tuple(element))][1:]
    return tuple(combined(parts)) if parts else ()


def _format(arguments: Arguments) -> Leaves:
    """`format` with `%s` and `%v`; other verbs make a part that no literal makes."""
    if not arguments:
        return ()
    found: list[Leaf] = []
    for pattern in strings(arguments[0]):
        if len(pattern.pieces) != 1 or pattern.pieces[0].source is None:
            found.extend(combined([(pattern,), *arguments[1:]]))
            continue
        piece = pattern.pieces[0]
        parts: list[Leaves] = []
        used = at = 0
        for verb in _VERB.finditer(piece.text):
            parts += _text_of(pattern, at, verb.start())
            at = verb.end()
            if verb[2] == "%":
                parts.append((Leaf((), (Piece("%"),)),))
                continue
            used = int(verb[1]) if verb[1] else used + 1
            is_plain = verb[2] in ("s", "v", "d", "q") and used < len(arguments)
            parts.append(strings(arguments[used]) if is_plain else ())
        parts += _text_of(pattern, at, len(piece.text))
        found.extend(combined(parts))
    return tuple(found)


def _formatted(arguments: Arguments) -> Leaves:
    """`formatlist` takes lists among its arguments, and makes one."""
    elements = [(*strings(argument), *strings(select(argument, ELEMENT))) for argument in arguments]
    return tuple(leaf.under(ELEMENT) for leaf in _format(elements))


def _text_of(pattern: Leaf, start: int, end: int) -> list[Leaves]:
    return [(Leaf((), tuple(cut(pattern, start, end))),)] if end > start else []


def _template(arguments: Arguments) -> Leaves:
    """`templatefile` and `templatestring`: the variables end somewhere in the text."""
    texts = [leaf for leaf in _same(arguments) if leaf.text]
    return tuple(Leaf((), (UNKNOWN_PIECE, *leaf.pieces, UNKNOWN_PIECE)) for leaf in texts)


def _changed(change: Callable[[str], str]) -> ArgumentRule:
    def rule(arguments: Arguments) -> Leaves:
        return tuple(replace(leaf, made=_made(change, leaf)) for leaf in _first(arguments))

    return rule


def _made(change: Callable[[str], str], leaf: Leaf) -> str | None:
    text = leaf.made if leaf.made is not None else leaf.text
    return change(text) if UNKNOWN not in text else None


def _replaced(arguments: Arguments) -> Leaves:
    found: list[Leaf] = []
    for leaf in strings(_first(arguments)):
        made = leaf.made if leaf.made is not None else leaf.text
        old, new = (strings(a) for a in (*arguments[1:3], (), ())[:2])
        if len(old) == 1 and len(new) == 1 and UNKNOWN not in made + old[0].text + new[0].text:
            wanted = old[0].text
            is_pattern = len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/")
            if wanted and not is_pattern:
                made = made.replace(wanted, new[0].text)[:100_000]
        found.append(replace(leaf, made=made))
    return tuple(found)


def _listed(arguments: Arguments) -> Leaves:
    """A list of which every element can be one of the arguments."""
    return tuple(leaf.under(ELEMENT) for leaf in _first(arguments))


def _found(arguments: Arguments) -> Leaves:
    """`regex` gives a part of a text, or a list or an object of parts."""
    texts = strings(arguments[1]) if len(arguments) > 1 else ()
    return (*texts, *(leaf.under(ELEMENT) for leaf in texts))


def _all_found(arguments: Arguments) -> Leaves:
    return tuple(leaf.under(ELEMENT) for leaf in _found(arguments))


def _pairs(arguments: Arguments) -> Leaves:
    taken = (inside(leaf, remember=False) for leaf in _same(arguments) if leaf.steps)
    return tuple(leaf.under(ELEMENT, ELEMENT) for leaf in taken)


def _rows(arguments: Arguments) -> Leaves:
    return tuple(leaf.under(ELEMENT, ELEMENT) for leaf in strings(_first(arguments)))


def _split(arguments: Arguments) -> Leaves:
    return tuple(leaf.under(ELEMENT) for leaf in strings(arguments[1])) if len(arguments) > 1 else ()


def _declared(arguments: Arguments) -> Leaves:
    return tuple(replace(leaf, is_declared=True) for leaf in _first(arguments))


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-8", "surrogatepass")).decode()


_RULES: Mapping[ArgumentFlow, ArgumentRule] = {
    ArgumentFlow.NOTHING: lambda arguments: (),
    ArgumentFlow.ALL: _same,
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
    ArgumentFlow.MATCH: _found,
    ArgumentFlow.MATCHES: _all_found,
    ArgumentFlow.REPLACED: _replaced,
    ArgumentFlow.LOWER: _changed(str.lower),
    ArgumentFlow.UPPER: _changed(str.upper),
    ArgumentFlow.TITLE: _changed(lambda t: " ".join(w[:1].upper() + w[1:] for w in t.split(" "))),
    ArgumentFlow.TRIMMED: _changed(str.strip),
    ArgumentFlow.CHOMPED: _changed(lambda t: t.rstrip("\r\n")),
    ArgumentFlow.REVERSED: _changed(lambda t: t[::-1]),
    ArgumentFlow.BASE64: _changed(_base64),
    ArgumentFlow.BASE64_DECODED: _plain,
    ArgumentFlow.PERCENT: _changed(lambda t: quote(t, safe="")),
}
