"""Masking of a text for tree-sitter-hcl: one ASCII byte for each code point, at the same offset.

The syntax tree holds offsets and takes its text from the file. So the masked text may differ from the file as long
as the structure is the same. It differs in four cases:

- a code point outside ASCII becomes a letter or an illegal character, so that byte offsets are code point offsets;
- white space that HCL does not accept is masked in the same way;
- the grammar has no exponent without a fraction (`1e3`): such a number is masked as digits;
- `$${` is a literal for any number of `$` before the brace, but the grammar takes `$$${` for an interpolation. So
  escapes are masked as illegal characters, which are accepted in a literal and refused elsewhere.
"""

import re

from iacpolicy.core.lazy_regex import lazy_pattern

ILLEGAL = "\x01"
"""The placeholder for characters that can only be in literal text or a comment."""

_UNUSUAL = lazy_pattern(r"[^\x01-\x0a\x0d-\x7f]|\r(?!\n)")
_ESCAPED_INTRODUCER = lazy_pattern(r"\$\$+\{|%%+\{")
_PARENTHESIS_AFTER_NAME = lazy_pattern(r"((?:[=:]|=>)[ \t]*[A-Za-z_][\w-]*)([ \t]*\r?\n\s*[ \t])\(", re.ASCII)
_SPACED_SPLAT = lazy_pattern(r"\[[ \t]*\*[ \t]*\]|\.[ \t]+\*")
_MAYBE_EXPONENT = lazy_pattern(r"[0-9][eE][+-]?[0-9]")
_WORD_OR_EXPONENT = lazy_pattern(r"[A-Za-z_][\w-]*|[0-9]+[eE][+-]?[0-9]+", re.ASCII)


def masked(text: str) -> bytes:
    """Return the text for the grammar, with as many bytes as the text has code points."""
    if not text.isascii() or _UNUSUAL.search(text):
        text = _UNUSUAL.sub(_ascii_stand_in, text)
    if "$${" in text or "%%{" in text:
        text = _ESCAPED_INTRODUCER.sub(lambda found: ILLEGAL * len(found[0]), text)
    if _MAYBE_EXPONENT.search(text):
        text = _WORD_OR_EXPONENT.sub(_digits_only, text)
    return text.encode("ascii")


def second_view(shown: bytes) -> bytes | None:
    """Return another masking of a text that the grammar refused, for three constructs it lacks; None without them.

    An item of an object may begin with a parenthesis on a line after a name, which the grammar takes for a call; and
    there may be white space inside `[ * ]` and before the `*` of `.*`.
    """
    text = shown.decode("ascii")
    changed = _PARENTHESIS_AFTER_NAME.sub(_with_comma, _SPACED_SPLAT.sub(_without_space, text))
    return changed.encode("ascii") if changed != text else None


def _with_comma(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2][:-1]},("


def _without_space(found: re.Match[str]) -> str:
    return ("[*]" if found[0][0] == "[" else ".*").ljust(len(found[0]))


def _ascii_stand_in(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\ufeff" and found.start() == 0:
        return " "
    return "_" if f"x{character}".isidentifier() else ILLEGAL


def _digits_only(found: re.Match[str]) -> str:
    word = found[0]
    return "1" * len(word) if word[0].isdigit() else word
