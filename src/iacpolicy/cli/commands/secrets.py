"""`iacpolicy secrets`."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import click

from iacpolicy.cli.options import input_options, request_of
from iacpolicy.cli.read_errors import print_read_errors
from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.git_history import Commit
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.prepare import one_line
from iacpolicy.pipeline.secrets.acceptance import Status, status_of, status_of_past
from iacpolicy.pipeline.secrets.list_secrets import list_secrets
from iacpolicy.pipeline.secrets.search_history import search_history
from iacpolicy.report.printable import printable, without_commands
from iacpolicy.secrets.history.lifetimes import Traced
from iacpolicy.secrets.wording import Words, words_for

SHORT = 12
SCHEMA_VERSION = "1.0"
_UNSEEN = lazy_pattern(r"[^\n -~]")  # JSON spells it with letters and digits


@click.command("secrets", short_help="List the secrets that are written here, or ever were.")
@click.argument("path", default=".")
@input_options
@click.option("--history", "in_history", is_flag=True, help="Look through all commits of HEAD.")
@click.option("--since", metavar="REV", help="With --history: only commits after the merge base with a revision.")
@click.option("--json", "as_document", is_flag=True, help="Print a JSON document.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(path: str, in_history: bool, since: str | None, as_document: bool, debug: bool, **inputs: Any) -> int:
    """List the secrets that are written in the files under PATH: where, what they look like, and where they go.

    With --history, the secrets that were ever committed in Terraform, files of variables, SQL and environment files:
    the first commit of each, and where it still stands at HEAD or which commit took it away. Of a secret the first two
    characters are shown at most. The exit code is 1 where there are secrets that nobody has accepted, and 3 where there
    are none but not everything could be read.
    """
    if since is not None and not in_history:
        raise UsageError("--since goes with --history. Without it the work tree is looked at.")
    request = request_of([path], **inputs)
    if in_history:
        return _history(request_with=request, since=since, as_document=as_document)
    listed = list_secrets(request)
    rows = [(secret, words_for(secret), status_of(secret, listed.prepared)) for secret in listed.secrets]
    if as_document:
        entries = [
            {
                "location": {"path": secret.place.path, "line": secret.place.line, "column": secret.place.column},
                **_described(words, status),
            }
            for secret, words, status in rows
            if secret.place is not None
        ]
        _print_document(_document(False, entries, listed.problems), listed.redactor.text)
    else:
        lines = [line for secret, words, status in rows for line in _lines(str(secret.place), words, status)]
        _print([*lines, _counted([status for _, _, status in rows], "written here")], listed.redactor.text)
    return _code([status for _, _, status in rows], listed.problems, listed.redactor.text)


def _history(request_with: Any, since: str | None, as_document: bool) -> int:
    found = search_history(request_with, since, _progress)
    rows = [(t, words_for(t.sighting.secret), status_of_past(t, found, request_with)) for t in found.secrets]
    if as_document:
        entries = [
            {
                "location": {"path": t.path, "line": t.line},
                **_described(words, status),
                "first": _commit(t.first),
                "stands": {"path": t.stands[0], "line": t.stands[1]} if t.stands is not None else None,
                "removed": _commit(t.removed) if t.removed is not None else None,
            }
            for t, words, status in rows
        ]
        document = _document(True, entries, found.problems) | {"commits": found.commits}
        _print_document(document, found.redactor.text)
    else:
        lines = [
            line
            for t, words, status in rows
            for line in _lines(f"{t.path}:{t.line}", words, status, [_came(t), _became(t)])
        ]
        ever = f"in {found.commits} {'commit' if found.commits == 1 else 'commits'}"
        _print([*lines, _counted([status for _, _, status in rows], ever)], found.redactor.text)
    return _code([status for _, _, status in rows], found.problems, found.redactor.text)


def _document(in_history: bool, entries: Sequence[Any], problems: Sequence[Diagnostic]) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "history": in_history,
        "secrets": list(entries),
        "diagnostics": [
            {
                "summary": p.summary,
                "detail": p.detail,
                "location": {"path": p.location.path, "line": p.location.line} if p.location is not None else None,
            }
            for p in problems
        ],
    }


def _described(words: Words, status: Status) -> dict[str, Any]:
    return {
        "name": words.name,
        "shown": words.shown,
        "kind": words.kind,
        "why": words.why,
        "goes_to": list(words.goes_to),
        "status": status.name,
        "reason": status.reason,
    }


def _commit(commit: Commit) -> dict[str, str]:
    return {"commit": commit.name[:SHORT], "date": commit.day}


def _came(traced: Traced) -> str:
    return f"first in {traced.first.name[:SHORT]} of {traced.first.day}"


def _became(traced: Traced) -> str:
    if traced.stands is not None:
        return f"still stands at {traced.stands[0]}:{traced.stands[1]}"
    if traced.removed is not None:
        return f"removed in {traced.removed.name[:SHORT]} of {traced.removed.day}, and known for good"
    return "no longer there, and known for good"


def _lines(place: str, words: Words, status: Status, more: Sequence[str] = ()) -> Iterator[str]:
    yield f"{place}: {words.name}: {words.kind} {words.shown} ({words.why})"
    if words.goes_to:
        yield f"  goes to {', '.join(words.goes_to)}"
    for line in more:
        yield f"  {line}"
    if status.name != "open":
        yield f"  {status.name}{f': {status.reason}' if status.reason else ''}"


def _counted(statuses: Sequence[Status], where: str) -> str:
    accepted = sum(status.name != "open" for status in statuses)
    count = len(statuses)
    text = f"{count} {'secret' if count == 1 else 'secrets'} {where}" if count else f"No secrets {where}"
    return f"{text}, {accepted} of them accepted" if accepted else text


def _print(lines: Sequence[str], redact: Callable[[str], str]) -> None:
    # redacted first: a secret in which a sign is spelled out would not be found
    click.echo(without_commands("\n".join(printable(redact(line)) for line in lines)))


def _print_document(document: dict[str, Any], redact: Callable[[str], str]) -> None:
    click.echo(_UNSEEN.sub(_escape, redact(json.dumps(document, indent=2, ensure_ascii=False))))


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]


def _code(statuses: Sequence[Status], problems: Sequence[Diagnostic], redact: Callable[[str], str]) -> int:
    incomplete = print_read_errors(printable(redact(one_line(p))) for p in problems)
    return ExitCode.VIOLATIONS if any(status.name == "open" for status in statuses) else incomplete


@contextmanager
def _bar(size: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=size, label="Reading the history", file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def _nothing() -> Iterator[Callable[[int], None]]:
    yield lambda _: None


def _progress(size: int) -> AbstractContextManager[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    return _bar(size) if sys.stderr.isatty() else _nothing()
