"""Mask values that depend on a secret, for every function that made them: a hash, a substring, a list of characters.

The configuration is evaluated a second time, with a placeholder for each secret. A value that differs depends on a
secret and is masked, unless the redaction has already removed the difference.
"""

from typing import Any

from msgspec import Raw
from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.redaction import ELLIPSIS, SHORTEST, Redactor
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree
from iacpolicy.pipeline.context.repository import SelectedTree
from iacpolicy.pipeline.prepare.evaluate_cells import evaluate_cells
from iacpolicy.pipeline.prepare.prepare import Prepared

_ESCAPE = lazy_pattern(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_KINDS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789",
    "!#^*+~?",
)  # no character has a special meaning
_NEXT = str.maketrans("".join(_KINDS), "".join(kind[1:] + kind[0] for kind in _KINDS))
MAX_DEPTH = 100


def placeholder(secret: str) -> str:
    """Return a text of the same length and character classes as a secret; escapes and the shown prefix stay."""
    kept = 2 if len(secret) >= SHORTEST else 0
    made, at = secret[:kept], kept
    for escape in _ESCAPE.finditer(secret, max(0, kept - 1)):
        if escape.start() >= at:
            made += secret[at : escape.start()].translate(_NEXT)
        made += secret[max(at, escape.start()) : escape.end()]
        at = escape.end()
    return made + secret[at:].translate(_NEXT)


def with_placeholders(prepared: Prepared) -> Prepared | None:
    """Return the same run with placeholders for the secrets; None if there are no secrets."""
    known = prepared.redactor
    if not known.texts:
        return None
    tree = _PlaceholderTree(prepared.tree, known)
    request = replace(
        prepared.request,
        variables={k: _given(v, known) for k, v in prepared.request.variables.items()},
        environment={k: _given(v, known) for k, v in prepared.request.environment.items()},
    )
    seen = SelectedTree(tree, prepared.settings.exclude, request.paths)
    evaluated = evaluate_cells(seen, request, prepared.settings, prepared.tree)
    redactor = Redactor(
        {*(placeholder(text) for text in known.texts), *known.texts},
        (place for places in known.places.values() for place in places),
    )
    return replace(prepared, request=request, tree=seen, evaluated=evaluated, redactor=redactor)


def _given(text: str, known: Redactor) -> str:
    return placeholder(text) if text in known.texts else text


def masked(document: Any, other: Any, depth: int = 0) -> Any:
    """Return a JSON document in which each value that differs from the one in `other` is masked."""
    if depth > MAX_DEPTH:
        return document if document == other else ELLIPSIS
    if isinstance(document, dict) and isinstance(other, dict):
        return {
            (key if key in other else ELLIPSIS): masked(value, other.get(key), depth + 1)
            for key, value in document.items()
        }
    if isinstance(document, list) and isinstance(other, list) and len(document) == len(other):
        return [masked(a, b, depth + 1) for a, b in zip(document, other, strict=True)]
    if type(document) is type(other) and document == other:
        return document
    return None if isinstance(document, int | float | Raw) else ELLIPSIS


class _PlaceholderTree:
    """A tree whose files have placeholders in place of secrets."""

    def __init__(self, tree: Tree, known: Redactor) -> None:
        self._tree = tree
        self._known = known
        self._read: dict[str, SourceFile] = {}

    def paths(self) -> tuple[str, ...]:
        return self._tree.paths()

    def unlisted(self) -> tuple[Diagnostic, ...]:
        return self._tree.unlisted()

    def listing(self, directory: str) -> tuple[str, ...]:
        return self._tree.listing(directory)

    def exists(self, path: str) -> bool:
        return self._tree.exists(path)

    def read_bytes(self, path: str) -> bytes | Diagnostic:
        if path not in self._known.places:
            return self._tree.read_bytes(path)
        source = self.read(path)
        return source if isinstance(source, Diagnostic) else source.text.encode()

    def read(self, path: str) -> SourceFile | Diagnostic:
        if path not in self._known.places:
            return self._tree.read(path)
        if path not in self._read:
            source = self._tree.read(path)
            if isinstance(source, Diagnostic):
                return source
            self._read[path] = self._known.rewritten(source, placeholder)
        return self._read[path]
