"""The one way by which text leaves the tool: known secrets show as their first two characters at most."""

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cached_property

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span

SHORTEST = 5  # a shorter secret is hidden where it stands, not wherever its letters occur
ELLIPSIS = "…"


def mask(secret: str) -> str:
    """What may be shown of a secret: two characters of one that is long enough to keep the rest unknown."""
    return secret[:2] + ELLIPSIS if len(secret) >= SHORTEST else ELLIPSIS


class Redactor:
    """Hides secrets by their text, wherever it occurs, and by the places where they are written."""

    def __init__(self, secrets: Iterable[str] = (), places: Iterable[Span] = ()) -> None:
        self.secrets = frozenset(s for s in secrets if len(s.strip()) >= SHORTEST)
        self.places: dict[str, list[Span]] = {}
        for place in sorted(set(places)):
            self.places.setdefault(place.path, []).append(place)

    def text(self, text: str) -> str:
        """The text without the secrets in it, in any spelling that a report or a file gives them."""
        if self._pattern is None or not text:
            return text
        return self._pattern.sub(lambda match: mask(match[0]), text)

    def source(self, source: SourceFile) -> SourceFile:
        """A file as it may be shown: every line keeps its number."""
        text = source.text
        for place in reversed(self.places.get(source.path, [])):
            start = _offset(source, place.line, place.column)
            end = _offset(source, place.end_line, place.end_column)
            hidden = "\n".join(mask(line) if line.strip() else line for line in text[start:end].split("\n"))
            text = text[:start] + hidden + text[end:]
        return SourceFile(source.path, self.text(text))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        spellings: set[str] = set()
        for secret in self.secrets:
            spellings.update(_spellings(secret))
        if not spellings:
            return None
        ordered = sorted(spellings, key=lambda s: (-len(s), s))
        return re.compile("|".join(map(re.escape, ordered)))


def _spellings(secret: str) -> Iterable[str]:
    """A secret as it may occur: itself, its lines, escaped as in JSON or HCL, and in base64."""
    yield secret
    for line in secret.splitlines():
        if len(line.strip()) >= SHORTEST and not line.strip().startswith("-----"):
            yield line.strip()
    escaped = secret.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    yield escaped
    yield escaped.replace("${", "$${").replace("%{", "%%{")
    yield b64encode(secret.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def _offset(source: SourceFile, line: int, column: int) -> int:
    starts = source.line_starts
    if line > len(starts):
        return len(source.text)
    return min(starts[line - 1] + column - 1, len(source.text))
