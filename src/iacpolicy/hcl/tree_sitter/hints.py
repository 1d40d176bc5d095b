"""Likely causes of a line that is neither an argument nor a block."""

from typing import Final

from iacpolicy.core.lazy_regex import lazy_pattern

_HINTS: Final = (
    (
        lazy_pattern(r"\s*[\w-]+\s*:=?\s"),
        "Colon instead of =",
        "An argument is set with =. Write = in place of the colon.",
    ),
    (
        lazy_pattern(
            r"(?!.*\{\s*$)\s*[\w-]+\s+(?:\d|\[|true\b|false\b|null\b|(?:var|local|module|data|each)\.|\"[^\"]*\"\s*$)"
        ),
        "Missing =",
        "An argument is written name = value. Put = between the name and the value.",
    ),
    (
        lazy_pattern(r"\s*[\w.\[\]\"-]+\s*=\s*(?:#.*)?$"),
        "Missing value",
        "The = has no value after it. Write a value on the same line, or remove the argument.",
    ),
    (
        lazy_pattern(r"\s*[\w-]+\s*$"),
        "Name without a value",
        "A name alone is neither an argument nor a block. Write name = value, or name { … }.",
    ),
    (
        lazy_pattern(r"\s*\"[^\"]*\"\s*[=:]"),
        "Quoted argument name",
        "The name of an argument is not quoted. Remove the quotes, or set the whole map with = before the brace {.",
    ),
    (
        lazy_pattern(r"\s*[\w-]+\s*=.*[,;]\s*(?:#.*)?$"),
        "Separator after an argument",
        "Arguments of a block are set apart by line ends. Remove the character at the end of the line.",
    ),
    (
        lazy_pattern(r".*[^&]&[^&]|.*[^|]\|[^|]"),
        "Operator that does not exist",
        "Terraform has && and ||, and no bitwise operators. Double the character.",
    ),
    (
        lazy_pattern(r"\s*[\w-]+(?:\s+(?:[\w-]+|\"(?:[^\"$]|\$(?!\{))*\"))*\s+\"[^\"\n]*\$\{"),
        "Label with an interpolation",
        "The labels of a block are fixed text. Write the name out, or use for_each for several instances.",
    ),
)


def hint(line: str) -> tuple[str, str]:
    """Return a summary and a remedy for a broken line."""
    for pattern, summary, detail in _HINTS:
        if pattern.match(line):
            return summary, detail
    return (
        "Syntax error",
        "This is neither a complete argument (name = value) nor a block. "
        "Look for a missing operator, comma, quote or bracket.",
    )
