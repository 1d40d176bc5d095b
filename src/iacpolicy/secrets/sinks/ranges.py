"""The ranges of secrets in a string that reaches a sink."""

import re
from collections.abc import Iterable, Iterator

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.sensitive import Path
from iacpolicy.secrets.flow.literals import LiteralString
from iacpolicy.secrets.flow.syntax_queries import VALUE_KEYS
from iacpolicy.secrets.sinks.known_types import LISTS_OF_SECRETS, is_harmless_name, is_public_name, is_store
from iacpolicy.secrets.sinks.sinks import Sink
from iacpolicy.secrets.text.classify import UNKNOWN, Trust, is_secret_text
from iacpolicy.secrets.text.embedded import secrets_in, trust_of
from iacpolicy.secrets.text.manifests import secrets_of_store
from iacpolicy.secrets.text.tokens import TextRange

_PAIRS = lazy_pattern(r"\s{0,20}[A-Za-z_][\w -]{0,60}=\s{0,20}[^=\s]")
_SURE_NAMES = lazy_pattern(r"secret|credential|password", re.IGNORECASE)


def secret_ranges(sink: Sink, string: LiteralString) -> Iterator[TextRange]:
    """Yield the ranges of the secrets in the text of a string at a sink."""
    text = string.text
    is_document = "\n" in text or any(p.is_heredoc for p in string.pieces)
    if sink.is_text:
        yield from _known(secrets_in(text, is_document), text)
        return
    trust = trust_at(sink, string)
    if UNKNOWN in text:
        found = list(_known(secrets_in(text, is_document), text))
        yield from found or (_random_pieces(string) if trust >= Trust.NAMED else ())
        return
    if not is_secret_text(text, trust):
        if trust > Trust.NONE:
            yield from _known(secrets_in(text, is_document), text)
        return
    inner = list(_known(secrets_in(text, is_document), text))
    if not inner and _is_document(text) and sink.schema is not None and _is_in_store(sink, string):
        inner = list(secrets_of_store(text))
    if inner:
        yield from inner
    elif not (
        _is_document(text) or _PAIRS.match(text) or any(p.is_file and "\n" in p.text.strip() for p in string.pieces)
    ):
        start = len(text) - len(text.lstrip())
        yield start, max(start, len(text.rstrip()))


def _known(found: Iterable[TextRange], text: str) -> Iterator[TextRange]:
    return (s for s in found if UNKNOWN not in text[s[0] : s[1]])


def _random_pieces(string: LiteralString) -> Iterator[TextRange]:
    """Yield the random literals of a text with unknown parts."""
    at = 0
    for piece in string.pieces:
        if piece.source is not None and is_secret_text(piece.text, Trust.CONTAINER):
            yield at, at + len(piece.text)
        at += len(piece.text)


def _is_document(text: str) -> bool:
    """Return whether a text is like JSON, in which only values with the key of a secret count."""
    stripped = text.strip()
    return stripped.startswith(("{", "[")) and stripped.endswith(("}", "]"))


def trust_at(sink: Sink, string: LiteralString) -> Trust:
    """Return the trust in a string at a sink, by the schema and by the names on its path."""
    names = tuple(s for s in string.path if isinstance(s, str))
    by_schema = _by_schema(sink, string, names) if sink.schema is not None else Trust.NONE
    if by_schema is Trust.SURE:
        return by_schema
    own = _named(names, string.label)
    significant = _significant_name(names, string.label)
    if is_public_name(significant or (sink.path[-1] if sink.path else "")):
        return Trust.NONE
    if own is Trust.NONE and significant is not None and is_harmless_name(significant):
        return own
    named = own
    if string.is_declared:
        own = max(own, Trust.MIXED if string.path else Trust.SURE)
    if not string.path:
        return max(own, sink.trust)
    if by_schema is not Trust.NONE and _is_in_store(sink, string):
        if named > Trust.NONE:
            return Trust.SURE
        return max(by_schema, own, Trust.EXPLICIT if isinstance(string.path[-1], str) else Trust.NONE)
    if sink.trust > Trust.NONE:
        own = max(own, Trust.CONTAINER if string.document_at is not None else Trust.MIXED)
    return max(own, by_schema)


def _named(names: Path, label: str | None) -> Trust:
    """Return the trust in the last name; for a neutral name such as `value`, in its label or the name before it."""
    significant = _significant_name(names, None)
    own = Trust.NONE if significant is None else trust_of(significant)
    if label is not None and (not names or names[-1] in VALUE_KEYS):
        return max(own, trust_of(label))
    return own


def _significant_name(names: Path, label: str | None) -> str | None:
    """Return the last name that is not neutral: the label of a `value`, or a name on its path."""
    if label is not None and (not names or names[-1] in VALUE_KEYS):
        return label
    return next((n for n in reversed(names) if n not in VALUE_KEYS), None)


def _by_schema(sink: Sink, string: LiteralString, names: Path) -> Trust:
    """Return the trust by the schema: SURE for a named part, less for a part under unknown keys of a map."""
    assert sink.schema is not None
    if not string.path:
        return Trust.SURE if sink.schema.is_secret(sink.path) else Trust.NONE
    if string.document_at is not None or string.label is not None:
        by_path = sink.schema.is_secret(sink.path) or any(
            _is_path_of(rest, names) for rest in _relative_secret_paths(sink)
        )
        if not by_path:
            return Trust.NONE
        if sink.path[-1:] and sink.path[-1] in LISTS_OF_SECRETS and names in _relative_secret_paths(sink):
            return Trust.SURE
        return Trust.MIXED if _is_for_secrets(sink, string) else Trust.CONTAINER
    best = Trust.NONE
    for rest in _relative_secret_paths(sink):
        if rest == names:
            return Trust.SURE
        if _is_path_of(rest, names):
            best = max(best, Trust.MIXED if _is_for_secrets(sink, string) else Trust.CONTAINER)
    return best


def _is_in_store(sink: Sink, string: LiteralString) -> bool:
    """Return whether a string is an entry of a store of secrets."""
    return is_store(sink.place.rpartition(".")[0], sink.path, string)


def _is_for_secrets(sink: Sink, string: LiteralString) -> bool:
    if _is_in_store(sink, string):
        return True
    return string.document_at is None and any(_SURE_NAMES.search(name) for name in sink.path[-1:])


def _relative_secret_paths(sink: Sink) -> list[Path]:
    """Return the secret paths of the schema at and under a sink, relative to it."""
    assert sink.schema is not None
    size = len(sink.path)
    known = (*sink.schema.sensitive, *sink.schema.write_only, *sink.schema.named)
    return [p[size:] for p in known if p[:size] == sink.path]


def _is_path_of(rest: Path, names: Path) -> bool:
    """Return whether a path is part of the names, which can have keys of maps between."""
    remaining = iter(names)
    return all(any(name == key for key in remaining) for name in rest)
