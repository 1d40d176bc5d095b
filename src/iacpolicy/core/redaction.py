"""Redaction of all text that leaves the tool: a known secret shows its first two characters at most."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span

SHORTEST = 5  # a shorter secret is hidden at its place and in quotes, not wherever its letters occur
LONG = 8  # a shorter secret is not searched inside base64, where its letters may occur by chance
ELLIPSIS = "…"


def mask(secret: str) -> str:
    """Return the visible part of a secret: two characters of a long one, none of a short one."""
    return secret[:2] + ELLIPSIS if len(secret) >= SHORTEST else ELLIPSIS


class Redactor:
    """Masks secrets by their text, wherever it occurs, and by their places in files."""

    def __init__(self, secrets: Iterable[str] = (), places: Iterable[Span] = ()) -> None:
        known = frozenset(secrets)
        self.secrets = frozenset(s for s in known if len(s.strip()) >= SHORTEST)
        self._short = frozenset(s for s in known - self.secrets if s.strip())
        self.places: dict[str, list[Span]] = {}
        for place in sorted(set(places)):
            self.places.setdefault(place.path, []).append(place)

    @property
    def texts(self) -> frozenset[str]:
        """All texts that are masked."""
        return self.secrets | self._short

    def text(self, text: str) -> str:
        """Return a text in which secrets are masked, in every spelling that a report or file may have."""
        if self._beginnings is None or not text:
            return text
        pieces: list[str] = []
        done = at = 0
        while (found := self._beginnings.search(text, at)) is not None:
            start = found.start()
            known = self._spellings[found[0]]
            ends = (start + length for length in known.lengths)
            spelling = next(
                (s for end in ends if (s := text[start:end]) in known.shown and self._counts(text, s, start)), None
            )
            if spelling is None:
                at = start + 1
                continue
            pieces += (text[done:start], known.shown[spelling])
            done = at = start + len(spelling)
        return "".join((*pieces, text[done:])) if pieces else text

    def _counts(self, text: str, spelling: str, start: int) -> bool:
        """Report whether a spelling in a text is the secret: a secret of letters only must be a whole word."""
        if spelling not in self._words:
            return True
        end = start + len(spelling)
        return not (start and _is_word(text[start - 1])) and not (end < len(text) and _is_word(text[end]))

    def value(self, text: str) -> str:
        """Return a value in which secrets are masked; a short secret is masked where it is the whole value."""
        return ELLIPSIS if text in self._short else self.text(text)

    def source(self, source: SourceFile) -> SourceFile:
        """Return a file in which secrets are masked and every line keeps its number."""
        text = source.text
        for start, end in reversed(self._ranges(source)):
            first, *rest = text[start:end].split("\n")
            # a secret of several lines shows two characters, not two of each line
            hidden = [mask(first), *(ELLIPSIS if line.strip() else line for line in rest)]
            text = text[:start] + "\n".join(hidden) + text[end:]
        return SourceFile(source.path, self.text(text))

    def rewritten(self, source: SourceFile, made: Callable[[str], str]) -> SourceFile:
        """Return a file in which each secret is replaced by `made(secret)`."""
        pieces: list[str] = []
        done = 0
        for start, end in self._ranges(source):
            pieces += (source.text[done:start], made(source.text[start:end]))
            done = end
        return SourceFile(source.path, "".join((*pieces, source.text[done:])))

    def _ranges(self, source: SourceFile) -> list[tuple[int, int]]:
        """Return the ranges of the secrets in a file, overlapping ones merged."""
        merged: list[tuple[int, int]] = []
        for place in self.places.get(source.path, []):
            start = _offset(source, place.line, place.column)
            end = _offset(source, place.end_line, place.end_column)
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    @cached_property
    def _words(self) -> frozenset[str]:
        """The secrets, and lines of secrets, that consist of letters only."""
        return frozenset(line.strip() for s in self.secrets for line in (s, *s.splitlines()) if line.strip().isalpha())

    @cached_property
    def _spellings(self) -> dict[str, "_Known"]:
        """The spellings of all secrets by their first characters."""
        found: dict[str, dict[str, str]] = {}
        for secret in self.secrets:
            for spelling in _spellings(secret):
                if len(spelling) >= SHORTEST:
                    found.setdefault(spelling[:SHORTEST], {})[spelling] = mask(spelling)
        for secret in self._short:
            for quote_mark in ('"', '\\"'):
                spelling = quote_mark + secret + quote_mark
                if len(spelling) >= SHORTEST:
                    found.setdefault(spelling[:SHORTEST], {})[spelling] = quote_mark + ELLIPSIS + quote_mark
        return {head: _Known(shown, tuple(sorted({*map(len, shown)}, reverse=True))) for head, shown in found.items()}

    @cached_property
    def _beginnings(self) -> re.Pattern[str] | None:
        """An expression for the first characters of all spellings; its run time does not depend on their number."""
        return re.compile(_any_of(sorted(self._spellings))) if self._spellings else None


class _Known(NamedTuple):
    """Spellings with the masked text of each, and their lengths, the longest first."""

    shown: dict[str, str]
    lengths: tuple[int, ...]


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _any_of(words: list[str]) -> str:
    """Return an expression for any of some sorted words of one length, common beginnings written once."""
    if len(words) == 1:
        return re.escape(words[0])
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(word[1:])
    if not words[0][1:]:
        return "[" + "".join(map(re.escape, by_first)) + "]"
    return "(?:" + "|".join(re.escape(first) + _any_of(rest) for first, rest in by_first.items()) + ")"


def _spellings(secret: str) -> Iterator[str]:
    """Yield the spellings of a secret: as is, by line, in other case, escaped (JSON, HCL, URL), hashed, in base64."""
    yield secret
    if len(secret) >= LONG and not secret.isalpha():
        # the results of upper, lower and strrev reveal the secret as well
        yield from (secret.upper(), secret.lower(), secret[::-1])
    for line in secret.splitlines():
        if len(line.strip()) >= SHORTEST and not line.strip().startswith("-----"):
            yield line.strip()
    escaped = secret.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    yield escaped
    yield escaped.replace("\r", "\\r").replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    yield escaped.replace("${", "$${").replace("%{", "%%{")
    yield secret.replace("${", "$${").replace("%{", "%%{")
    yield quote(secret, safe="")
    data = secret.encode("utf-8", "surrogatepass")
    from hashlib import md5, sha1, sha256, sha512  # takes longer to load than everything else here

    for made in (md5, sha1, sha256, sha512):
        # a hash of a secret in an address or a name shows who has the same secret
        digest = made(data, usedforsecurity=False)
        yield digest.hexdigest()
        yield b64encode(digest.digest()).decode().rstrip("=")
    yield b64encode(data).decode().rstrip("=")
    if len(data) >= LONG:
        # inside a longer text its base64 begins at one of three phases; the characters at its ends depend on the rest
        for phase in range(3):
            whole = b64encode(b"\0" * phase + data).decode()
            yield whole[-(-phase * 8 // 6) : (phase + len(data)) * 8 // 6]


def _offset(source: SourceFile, line: int, column: int) -> int:
    starts = source.line_starts
    if line > len(starts):
        return len(source.text)
    return min(starts[line - 1] + column - 1, len(source.text))
