"""Where the literals of a function's arguments are in its result."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from msgspec.structs import replace

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.secret_names import words
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

_VERB = lazy_pattern(r"%(?:\[([0-9]{1,2})\])?[-+# 0]{0,5}[0-9]{0,4}(?:\.[0-9]{0,4})?([A-Za-z%])")

Arguments = Sequence[Leaves]
Rule = Callable[[Arguments], Leaves]


def result(name: str, arguments: Arguments) -> Leaves:
    """The leaves of a call's result; of a function that is not known, its arguments' strings as they are."""
    short = name.removeprefix("core::")
    if short in _NOTHING:
        return ()
    rule = _RULES.get(short, _same)
    return bounded(rule(arguments))


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


def _changed(change: Callable[[str], str]) -> Rule:
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


_NOTHING = words(
    """length keys contains can startswith endswith index alltrue anytrue abspath dirname basename
    fileexists fileset formatdate timeadd timecmp timestamp plantimestamp uuid uuidv5 md5 sha1 sha256 sha512
    base64sha256 base64sha512 filemd5 filesha1 filesha256 filesha512 filebase64sha256 filebase64sha512 bcrypt
    cidrhost cidrnetmask cidrsubnet cidrsubnets abs ceil floor log max min parseint pow signum sum tonumber tobool
    issensitive range type"""
)
_RULES: Mapping[str, Rule] = {
    "jsonencode": _document,
    "yamlencode": _document,
    "jsondecode": _decoded,
    "yamldecode": _decoded,
    "concat": _flat,
    "flatten": _flat,
    "values": _elements,
    "one": _one,
    "element": _one,
    "lookup": _lookup,
    "zipmap": _zipmap,
    "join": _join,
    "format": _format,
    "formatlist": _formatted,
    "templatestring": _template,
    "upper": _changed(str.upper),
    "lower": _changed(str.lower),
    "title": _changed(lambda t: " ".join(w[:1].upper() + w[1:] for w in t.split(" "))),
    "trimspace": _changed(str.strip),
    "chomp": _changed(lambda t: t.rstrip("\r\n")),
    "strrev": _changed(lambda t: t[::-1]),
    "base64encode": _changed(_base64),
    "textencodebase64": _changed(_base64),
    "urlencode": _changed(lambda t: quote(t, safe="")),
    "trimprefix": _first,
    "trimsuffix": _first,
    "trim": _first,
    "substr": _first,
    "indent": lambda arguments: arguments[1] if len(arguments) > 1 else (),
    "replace": _replaced,
    "split": _split,
    "regex": _found,
    "regexall": _all_found,
    "csvdecode": _rows,
    "chunklist": _listed,
    "setproduct": _pairs,
    "matchkeys": _first,
    "base64decode": _plain,
    "base64gzip": _first,
    "slice": _elements,
    "sort": _elements,
    "reverse": _elements,
    "distinct": _elements,
    "compact": _elements,
    "toset": _elements,
    "tolist": _elements,
    "setunion": _elements_of_all,
    "setsubtract": _elements,
    "setintersection": _elements,
    "sensitive": _declared,
    "merge": _same,
}
