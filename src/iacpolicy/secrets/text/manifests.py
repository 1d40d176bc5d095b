"""Texts that are stores of secrets: manifests of Kubernetes Secrets, and JSON that is written to a vault.

An entry of a store is a secret unless its name is that of an id, a name or a location.
"""

from collections.abc import Iterator
from itertools import pairwise

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.secret_names import is_harmless_name
from iacpolicy.secrets.text.classify import Trust, is_secret_text
from iacpolicy.secrets.text.tokens import TextRange

_KIND = lazy_pattern(r"(?m)^[ \t]{0,200}kind:[ \t]{1,20}[\"']?Secret[\"']?[ \t\r]{0,20}$")
_DOCUMENT = lazy_pattern(r"(?m)^[ \t]{0,200}---[ \t\r]{0,20}$")
_ENTRY = lazy_pattern(
    r"([ \t]{0,200})[\"']?([A-Za-z0-9_.-]{1,80})[\"']?:(?:[ \t]{1,20}"
    r"(?:\"([^\"\n]{1,4000})\"|'([^'\n]{1,4000})'|([^\s#\"'|>&*{\[][^\n#]{0,4000})))?"
)
_PAIR = lazy_pattern(r'"([A-Za-z0-9_.-]{1,80})"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,8000})"')
_VALUE = 3  # the first group of a value
_STORES = ("stringData", "data")


def secrets_of_manifests(text: str) -> Iterator[TextRange]:
    """Yield the entries of each Secret in the documents of a YAML text.

    https://kubernetes.io/docs/concepts/configuration/secret/
    """
    if "kind" not in text or "Secret" not in text:
        return
    starts = [0, *(m.end() for m in _DOCUMENT.finditer(text)), len(text)]
    for start, end in pairwise(starts):
        if _KIND.search(text, start, end):
            yield from _entries(text, start, end)


def _entries(text: str, start: int, end: int) -> Iterator[TextRange]:
    at, depth = start, -1  # the depth of the store that the lines are in
    while at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        entry = _ENTRY.match(text, at, line_end)
        if entry is not None:
            indent = len(entry[1])
            if indent <= depth:
                depth = -1
            if depth < 0 and entry[2] in _STORES and entry.lastindex == _VALUE - 1:
                depth = indent
            elif depth >= 0 and entry.lastindex is not None and entry.lastindex >= _VALUE:
                value = entry[entry.lastindex].rstrip()
                if is_entry(entry[2], value):
                    first = entry.start(entry.lastindex)
                    yield first, first + len(value)
        at = line_end + 1


def secrets_of_store(text: str) -> Iterator[TextRange]:
    """Yield the entries of a JSON object that is written to a store."""
    yield from (m.span(2) for m in _PAIR.finditer(text) if is_entry(m[1], m[2]))


def is_entry(name: str, value: str) -> bool:
    """Return whether an entry of a store is a secret; an id, a name or a location is none."""
    return "${" not in value and not is_harmless_name(name) and is_secret_text(value, Trust.EXPLICIT)
