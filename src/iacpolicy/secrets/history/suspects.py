"""The parts of a new version of a file that can contain a new secret.

Other parts are skipped because the search cannot find a secret in them. They have only old lines, references, and lines
without any sign of a secret: a word for secrets, the format of one, or an argument that is secret by its schema. A part
is a whole top-level block, or a whole assignment of a var-file.
"""

from bisect import bisect_left
from enum import IntEnum
from functools import lru_cache

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.catalogue import Catalogue, SchemaMode
from iacpolicy.secrets.history.changed_ranges import changed, parts_of
from iacpolicy.secrets.sinks.known_types import secret_paths
from iacpolicy.secrets.text.classify import UNKNOWN, Trust, is_secret_text
from iacpolicy.secrets.text.embedded import has_hint, is_real_text, secrets_in, trust_of
from iacpolicy.secrets.text.tokens import tokens

MAX_SEEN = 2_000_000
MAX_PARTS = 30  # with more parts, searching the whole file is faster
EACH = "each"  # the elements of any loop
_HEADER = lazy_pattern(r"\s*(resource|data|ephemeral|provider)\s+\"?([\w-]+)\"?")
_BLOCK = lazy_pattern(r"(?:resource|data|ephemeral|module|provider|check|moved|import|removed|terraform)\b[^={]*\{\s*$")
_LABEL = lazy_pattern(r"\s*(?:variable|output)\s+\"?([\w-]+)\"?")
_NAME = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ASSIGNED = lazy_pattern(r"\s*\"?([\w-]+)\"?\s*[=:{]")
_ONLY_REFERENCE = lazy_pattern(
    r"\"?\s*[=:]\s*(?:\{\s*\w+\s*=\s*)?"
    r"(?:[A-Za-z_]\w*(?:\.[\w*-]+|\[(?:\"[\w-]*\"|[\w.]*|\*)\])+|null|true|false|[0-9.]+)\s*[,}\s]*(?:(?:\#|//).*)?$"
)
_TEXT = lazy_pattern(r"\"?\s*[=:]\s*(?:\{\s*\w+\s*=\s*)?\"([^\"]*)\"\s*[,}\s]*(?:#.*)?$")
_INTERPOLATION = lazy_pattern(r"\$\{\s*[\w.*-]+\s*\}")
_OPENS = lazy_pattern(r"(?:[{\[(=,?:]|<<-?[\w.-]+)(?:\s*\#.*|\s+//.*|\s*)$")
_REFERRED = lazy_pattern(r"\b(?:(?:var|local)\.([A-Za-z_][\w-]*)|each\.)")
_NO_NAMES: frozenset[str] = frozenset()
_PAIRED = lazy_pattern(r"\\?[\"']?\s*[=:]|\s+[eE]?'")
_TYPE = lazy_pattern(r"\s*type\s*=\s*\"(?:Secure)?String")
_RUN = lazy_pattern(r"[A-Za-z0-9_+/-]{15}|PRIVATE KEY")  # every format has such a run
_SQL = lazy_pattern(r"(?i)pass|pwd|secret|token|credential|crypt|hmac|sign|jwt|bearer|dsn|://|_key|KEY-")
_BEARER = lazy_pattern(r"(?i)\b(?:bearer|basic)[ \t]")
_NAMED = lazy_pattern(r"\b(?:name|key)\"?\s*[=:]\s*\"([^\"]+)\"")


class LineKind(IntEnum):
    """The place of a possible secret, judged by one line of the native syntax."""

    NOTHING = 0
    CLOSED = 1  # in the line
    OPEN = 2  # in the lines below it


class SuspectParts(msgspec.Struct):
    """Reads the versions of files, oldest first, and finds the parts of each that can have a new secret.

    `reaching` has the names that lead to secrets, by directory.
    """

    catalogue: Catalogue
    reaching: dict[str, set[str]] = {}
    _seen: dict[str, set[str]] = {}
    _last: dict[str, str] = {}
    _refers: dict[tuple[str, str], set[str]] = {}
    _size: int = 0

    def know(self, path: str, text: str) -> list[tuple[int, str]]:
        """Return the lines that no older version of the file has, with their offsets, and remember them."""
        if self._size > MAX_SEEN:
            self._seen.clear()  # lines then count as new again, which costs only time
            self._last.clear()
            self._size = 0
        at, end = changed(self._last.get(path, ""), text)
        self._last[path] = text
        seen = self._seen.setdefault(path, set())
        new: list[tuple[int, str]] = []
        for line in text[at:end].split("\n"):
            if line not in seen:
                new.append((at, line))
            at += len(line) + 1
        seen.update([line for _, line in new])
        self._size += len(new)
        return new

    def has_new(self, path: str, text: str) -> bool:
        """Return whether a version of a file in another syntax can have a new secret."""
        new = "\n".join([line for _, line in self.know(path, text)])
        if path.endswith(".sql") and "'" not in new and "$" not in new and not _SQL.search(new):
            return False  # in SQL a secret is in quotes
        return bool(new) and (has_hint(new) or _has_token(new) or "PRIVATE KEY" in text)

    def parts(self, path: str, text: str) -> tuple[list[tuple[int, str]], bool]:
        """Return the parts to search with the number of lines before each, and whether their names lead to secrets."""
        new = self.know(path, text)
        if not new or not (any('"' in line or _line_kind(line) for _, line in new) or "<<" in text):
            return [], False
        directory = path.rpartition("/")[0]
        found: list[tuple[int, str]] = []
        leads = False
        for begin, end in parts_of(text, [at for at, _ in new]):
            part = text[begin:end]
            lines = part.split("\n")
            fresh = [line for _, line in new[bisect_left(new, (begin, "")) : bisect_left(new, (end, ""))]]
            header = _HEADER.match(lines[0])
            names = _names_of(self.catalogue, header[1], header[2]) if header is not None else _NO_NAMES
            leads = self._leads(directory, path, fresh, lines, names) or leads
            if len(found) <= MAX_PARTS and self._is_suspect(lines, fresh, names):
                found.append((text.count("\n", 0, begin), part))
        return (found if len(found) <= MAX_PARTS else [(0, text)]), leads

    def _is_suspect(self, lines: list[str], fresh: list[str], names: frozenset[str]) -> bool:
        if lines[0] in fresh or any(_TYPE.match(line) for line in fresh):
            fresh = lines  # the type of a block or parameter affects all of its lines
        for line in fresh:
            if _line_kind(line) is LineKind.CLOSED or (names and _is_given(line, names)):
                return True
        if not any('"' in line or _line_kind(line) or not _ASSIGNED.match(line) for line in fresh if line.strip()):
            return False
        if lines[0].startswith("variable") and not any(line.lstrip().startswith("default") for line in lines):
            return any("PRIVATE KEY" in line for line in lines)
        return LineKind.OPEN in map(_line_kind, lines) or any(_is_opened(line, names) for line in lines if names)

    def _leads(self, directory: str, path: str, fresh: list[str], lines: list[str], names: frozenset[str]) -> bool:
        """Return whether a line assigns a name that leads to a secret, or makes a name lead to one."""
        leads = opened = False
        known = self.reaching.setdefault(directory, set())
        for line in fresh:
            if "var." in line or "local." in line or "each." in line:
                assigned = _ASSIGNED.match(line)
                name = assigned[1] if assigned is not None else ""
                to = {found[1] or EACH for found in _REFERRED.finditer(line)}
                opened = opened or (bool(names) and any(_is_opened(other, names) for other in lines))
                if opened or has_hint(line) or name in names or name in known:
                    leads = self._reach(directory, to) or leads
                elif name:
                    self._refers.setdefault((directory, name), set()).update(to)
        label = _LABEL.match(lines[0])
        if label is not None:
            if trust_of(label[1]) is Trust.NONE and any("sensitive" in line for line in lines):
                known.add(label[1])
            if (label[1] in known or EACH in known) and any(line.lstrip().startswith("default") for line in lines):
                return leads or any('"' in line for line in fresh)
        if EACH in known and lines[0].startswith("locals"):
            return leads or any('"' in line for line in fresh)
        wanted = known
        if ".tfvars" in path:
            wanted = {n for d, names in self.reaching.items() if _is_at_or_above(d, directory) for n in names}
        for line in fresh if wanted else ():
            assigned = _ASSIGNED.match(line)
            if assigned is not None and assigned[1] in wanted and not _ONLY_REFERENCE.match(line, assigned.end(1)):
                return True
        return leads

    def _reach(self, directory: str, names: set[str]) -> bool:
        """Add names that lead to a secret, with the names they are made from; return whether one is new."""
        known = self.reaching[directory]
        pending = [n for n in names if n not in known and trust_of(n) is Trust.NONE]
        is_new = bool(pending)
        while pending:
            name = pending.pop()
            if name not in known:
                known.add(name)
                pending += self._refers.get((directory, name), ())
        return is_new


def _is_at_or_above(above: str, directory: str) -> bool:
    return not above or directory == above or directory.startswith(above + "/")


@lru_cache(maxsize=5_000)
def _names_of(catalogue: Catalogue, mode: str, type_: str) -> frozenset[str]:
    if type_ == "":
        return frozenset()
    known: SchemaMode = mode  # type: ignore[assignment]
    paths = secret_paths(catalogue, known, type_)
    return frozenset(name for p in (*paths.sensitive, *paths.write_only, *paths.named) for name in p)


def _is_given(line: str, names: frozenset[str]) -> bool:
    """Return whether a line assigns something other than a reference to one of the names."""
    found = _ASSIGNED.match(line)
    return found is not None and found[1] in names and _may_be_literal(line[found.end(1) :])


def _may_be_literal(rest: str) -> bool:
    """Return whether the text after a name is neither a reference nor a string whose only secrets are references."""
    if _ONLY_REFERENCE.match(rest):
        return False
    whole = _TEXT.match(rest)
    if whole is None or "${" not in whole[1]:
        return True
    text = _INTERPOLATION.sub(UNKNOWN, whole[1])
    if UNKNOWN not in text or "\\" in text or "{" in text:
        return True
    return bool(secrets_in(text, False)) or any(is_secret_text(t, Trust.CONTAINER) for t in text.split(UNKNOWN))


def _is_opened(line: str, names: frozenset[str]) -> bool:
    """Return whether a line assigns one of the names and the value continues below the line."""
    found = _ASSIGNED.match(line)
    return found is not None and found[1] in names and _OPENS.search(line) is not None


@lru_cache(maxsize=50_000)
def _line_kind(line: str) -> LineKind:
    if _has_token(line):
        return LineKind.OPEN if "PRIVATE KEY" in line else LineKind.CLOSED
    if not has_hint(line):
        return LineKind.NOTHING
    if _BEARER.search(line) or "sensitive(" in line:
        return LineKind.CLOSED
    if _BLOCK.match(line):
        return LineKind.NOTHING  # the name of a resource does not make its values secret
    label = _LABEL.match(line)
    if label is not None:
        return LineKind.OPEN if trust_of(label[1]) > Trust.NONE else LineKind.NOTHING
    named = _NAMED.search(line)
    if named is not None and trust_of(named[1]) > Trust.NONE:
        return LineKind.OPEN
    if "sensitive" in line:
        return LineKind.OPEN
    best = LineKind.NOTHING
    for found in _NAME.finditer(line):
        # also the part after the last dot, or after a dash as in an option of a command
        if trust_of(found[0]) is Trust.NONE:
            continue
        rest = line[found.end() :]
        if _OPENS.search(rest):
            best = LineKind.OPEN
        elif rest.strip() and not _is_inside_reference(line, found.start(), rest):
            return LineKind.CLOSED
    return best


def _is_inside_reference(line: str, start: int, rest: str) -> bool:
    """Return whether a name is assigned a reference, or is the end of one."""
    if not _may_be_literal(rest):
        return True
    return not _PAIRED.match(rest) and not (start and line[start - 1] == "-")


def _has_token(text: str) -> bool:
    if _RUN.search(text) is None and "://" not in text:
        return False
    if "PRIVATE KEY" in text or "AKIA" in text or "ASIA" in text:
        return True
    return any(is_real_text(text[start:end]) for start, end in tokens(text))
