"""Passwords in SQL: literals after PASSWORD, settings and arguments named like secrets, and texts with secrets.

Sources: PostgreSQL's reference (CREATE ROLE, ALTER DATABASE, CREATE USER MAPPING, CREATE SUBSCRIPTION, pgcrypto), and
https://supabase.com/docs/guides/database/vault.
"""

from collections.abc import Iterator

import msgspec

from iacpolicy.secrets.text.classify import Trust, is_placeholder, is_secret_text
from iacpolicy.secrets.text.embedded import MAX_TEXT, has_hint, secrets_in, trust_of
from iacpolicy.secrets.text.tokens import TextRange, tokens
from iacpolicy.sql.syntax.lexer import TokenKind
from iacpolicy.sql.syntax.lexer import tokens as sql_tokens

MAX_DEPTH = 3
_BODY_AFTER = frozenset({"as", "do", "execute"})
_GIVING = frozenset({"=", ":", ">", "to"})  # `=`, `:=`, `=>`, `set … to`
# The arguments that are secrets, by position or by name.
_SECRET_ARGUMENTS: dict[str, tuple[frozenset[int | str], Trust]] = {
    "create_secret": (frozenset({0, "new_secret"}), Trust.SURE),
    "update_secret": (frozenset({1, "new_secret"}), Trust.SURE),
    "crypt": (frozenset({0}), Trust.SURE),
    "hmac": (frozenset({1}), Trust.NAMED),
    "sign": (frozenset({1}), Trust.NAMED),
    "pgp_sym_encrypt": (frozenset({1}), Trust.NAMED),
    "pgp_sym_decrypt": (frozenset({1}), Trust.NAMED),
}


class _Call(msgspec.Struct):
    """A call whose bracket is open: the function, and the position and name of the current argument."""

    function: str
    at: int = 0
    name: str = ""
    first: str = ""


def sql_passwords(text: str, depth: int = 0) -> Iterator[TextRange]:
    """Yield the secrets in SQL; in comments, only tokens of services count."""
    text = text[:MAX_TEXT]
    if has_hint(text) or "crypt" in text:
        yield from _in_statements(text, depth)
    if not depth:
        for start, end in tokens(text):
            if not is_placeholder(text[start:end]):
                yield start, end


def _in_statements(text: str, depth: int) -> Iterator[TextRange]:
    calls: list[_Call] = []
    before: list[str] = ["", "", ""]  # the last words and signs, the newest last
    for token in sql_tokens(text):
        kind, start, end = token
        if kind is TokenKind.COMMENT:
            continue
        if kind is TokenKind.STRING:
            yield from _in_string(text, start, end, before, calls, depth)
        elif kind is TokenKind.OPEN:
            calls.append(_Call(before[-1]))
        elif kind is TokenKind.CLOSE and calls:
            calls.pop()
        elif kind is TokenKind.SEMICOLON:
            calls.clear()
        shown = (
            text[start:end].strip('"').lower() if kind in (TokenKind.WORD, TokenKind.QUOTED, TokenKind.OTHER) else ""
        )
        if shown == "," and calls:
            calls[-1].at += 1
            calls[-1].name = ""
        elif shown == ">" and calls and before[-1] == "=":
            calls[-1].name = before[-2]
        before = [*before[1:], shown]


def _in_string(
    text: str, start: int, end: int, before: list[str], calls: list[_Call], depth: int
) -> Iterator[TextRange]:
    inner, offset = _inside(text, start, end)
    if text[start - 1 : start] == ":" and text[start - 2 : start] != "::":
        return  # `:'name'` is a variable of psql
    call = calls[-1] if calls else None
    if call is not None and call.at == 0:
        call.first = inner[:200]
    if before[-1] in _BODY_AFTER and depth < MAX_DEPTH and len(inner) > 20:
        yield from ((offset + a, offset + b) for a, b in sql_passwords(inner, depth + 1))
        return
    trust = max(_named(before), _argument(call))
    if trust > Trust.NONE and is_secret_text(inner, trust) and not any(True for _ in tokens(inner)):
        yield offset, offset + len(inner)
    else:
        yield from ((offset + a, offset + b) for a, b in secrets_in(inner, "\n" in inner))


def _named(before: list[str]) -> Trust:
    """Return the trust by the words before a literal: PASSWORD, or a name and `=`, `:=`, `=>` or TO."""
    if before[-1] == "password":
        return Trust.SURE
    if before[-1] not in _GIVING:
        return Trust.NONE
    name = before[-3] if before[-1] in ("=", ">") and before[-2] in (":", "=") else before[-2]
    return min(trust_of(name), Trust.SURE)


def _argument(call: _Call | None) -> Trust:
    if call is None:
        return Trust.NONE
    if call.function == "set_config" and call.at == 1:
        return trust_of(call.first)
    known = _SECRET_ARGUMENTS.get(call.function)
    if known is None:
        return Trust.NONE
    which, trust = known
    return trust if (call.name or call.at) in which else Trust.NONE


def _inside(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the text of a literal without its quotes, and the offset where it begins."""
    if text[start] == "$":
        size = text.index("$", start + 1) + 1 - start
        return text[start + size : end - size], start + size
    first = text.index("'", start) + 1
    return text[first : end - 1], first
