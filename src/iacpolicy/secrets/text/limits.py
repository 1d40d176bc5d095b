"""Diagnostics for texts that the search for secrets does not read to their end."""

from collections.abc import Iterable, Iterator
from typing import Final

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.secrets.text.embedded import MAX_FOUND, MAX_TEXT, secrets_in

TOO_MANY: Final = "File has too many secrets"
TEXT_TOO_LONG: Final = "Text is too long for the search for secrets"
_MANY: Final = 4 * MAX_FOUND  # a shorter text cannot hold that many secrets


def long_file_problem(source: SourceFile) -> Diagnostic | None:
    """Report that a file is longer than the search reads; None where it is not."""
    if len(source.text) <= MAX_TEXT:
        return None
    return error(
        "File is too long for the search for secrets",
        f"{source.path} has {len(source.text)} characters. The text after the first {MAX_TEXT} was not searched "
        "(limit: length of texts).",
        file_start(source.path),
    )


def problems_of(source: SourceFile, found: int = 0) -> Iterator[Diagnostic]:
    """Yield the problems of a file in which the search found this number of secrets in one text."""
    for problem in (long_file_problem(source), many_secrets_problem(source, found)):
        if problem is not None:
            yield problem


def many_secrets_problem(source: SourceFile, found: int) -> Diagnostic | None:
    """Report that the search hit its limit in this file; None where it found fewer secrets."""
    if found < MAX_FOUND:
        return None
    return error(
        TOO_MANY,
        f"The search stopped after {MAX_FOUND} secrets in one text of {source.path}. The rest of the text was not "
        "searched (limit: secrets of a text).",
        file_start(source.path),
    )


def text_problems(text: str, source: SourceFile, has_secrets: bool) -> Iterator[Diagnostic]:
    """Report that the search read only a part of a value's text; `has_secrets` if it found some in it."""
    if len(text) < _MANY:
        return
    if len(text) > MAX_TEXT:
        yield error(
            TEXT_TOO_LONG,
            f"A text in {source.path} has {len(text)} characters. The part after the first {MAX_TEXT} was not searched "
            "(limit: length of texts).",
            file_start(source.path),
        )
    many = many_secrets_problem(source, len(secrets_in(text, True))) if has_secrets else None
    if many is not None:
        yield many


def distinct_problems(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return one problem of each kind for each file, sorted by path; that of a whole file replaces that of a text."""
    by_file: dict[tuple[str, bool], Diagnostic] = {}
    for problem in problems:
        path = problem.location.path if problem.location is not None else ""
        key = (path, problem.summary == TOO_MANY)
        known = by_file.get(key)
        if known is None or (known.summary == TEXT_TOO_LONG and problem.summary != TEXT_TOO_LONG):
            by_file[key] = problem
    return tuple(by_file[key] for key in sorted(by_file))
