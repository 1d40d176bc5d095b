r"""psql's variables: the values that `\set` assigns, and their uses in statements."""

import re
from collections.abc import MutableMapping

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.sql.model.names import quoted
from iacpolicy.sql.syntax.lexer import TokenKind, tokens

MAX_VARIABLES = 1_000
MAX_LENGTH = 10_000

_set = lazy_pattern(r"\\(set|unset)\s+([A-Za-z_0-9]+)([^\n]*)\Z")
_part = lazy_pattern(r"\s*(?:'((?:[^'\\]|\\.|'')*+)'|\"([^\"]*+)\"|([^\s'\"]+))")
_use = lazy_pattern(r""":(?:'([A-Za-z_0-9]+)'|"([A-Za-z_0-9]+)"|([A-Za-z_0-9]+))""")

Variables = MutableMapping[str, str]


def assign(command: str, variables: Variables) -> None:
    r"""Apply one `\set` or `\unset`; a value from elsewhere makes the variable unknown."""
    found = _set.match(command.strip())
    if found is None:
        return
    variables.pop(found[2], None)
    if found[1] == "unset" or "`" in found[3] or len(variables) >= MAX_VARIABLES:
        return
    parts = []
    for part in _part.finditer(found[3].strip().rstrip(";")):
        text = part[1] if part[1] is not None else part[2] if part[2] is not None else part[3]
        if part[1] is None and text.startswith(":"):
            if text[1:] not in variables:
                return
            text = variables[text[1:]]
        parts.append(text.replace("''", "'") if part[1] is not None else text)
    value = "".join(parts)
    if len(value) <= MAX_LENGTH:
        variables[found[2]] = value


def substituted(text: str, variables: Variables) -> str | None:
    """Return a statement with the values of its variables; None where it uses no known variable."""
    pieces: list[str] = []
    end = 0
    changed = False
    for match in _uses(text):
        name = match[1] or match[2] or match[3]
        if name not in variables:
            continue
        value = variables[name]
        shown = "'" + value.replace("'", "''") + "'" if match[1] else quoted(value) if match[2] else value
        pieces.extend((text[end : match.start()], shown))
        end = match.end()
        changed = True
        if sum(map(len, pieces[-2:])) + len(pieces) > 100 * MAX_LENGTH:
            return None
    return "".join(pieces) + text[end:] if changed else None


def _uses(text: str) -> "list[re.Match[str]]":
    """Return the uses of variables outside of strings, comments, casts and slices."""
    found = []
    end = 0
    for token in tokens(text):
        if token.start < end or token.kind is not TokenKind.OTHER or text[token.start] != ":":
            continue
        before, after = text[token.start - 1 : token.start], text[token.start + 1 : token.start + 2]
        if ":" in (before, after) or after == "=":
            continue
        match = _use.match(text, token.start)
        if match is not None:
            found.append(match)
            end = match.end()
    return found
