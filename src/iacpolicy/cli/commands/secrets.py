"""The command `iacpolicy secrets`."""

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
from iacpolicy.pipeline.secrets.acceptance import Acceptance, acceptance_of, acceptance_of_lifetime
from iacpolicy.pipeline.secrets.list_secrets import list_secrets
from iacpolicy.pipeline.secrets.search_history import search_history
from iacpolicy.report.printable import printable, without_commands
from iacpolicy.secrets.history.lifetimes import SecretLifetime
from iacpolicy.secrets.wording import SecretDescription, describe

SHORT = 12
SCHEMA_VERSION = "1.0"
_UNSEEN = lazy_pattern(r"[^\n -~]")  # JSON escapes it


@click.command("secrets", short_help="List the secrets in the files, or in the whole history.")
@click.argument("path", default=".")
@input_options
@click.option("--history", "in_history", is_flag=True, help="Search all commits of HEAD.")
@click.option("--since", metavar="REV", help="With --history: search only commits after the merge base with REV.")
@click.option("--json", "as_document", is_flag=True, help="Print a JSON document.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(path: str, in_history: bool, since: str | None, as_document: bool, debug: bool, **inputs: Any) -> int:
    """List the secrets in the files under PATH, with the place, the kind and the sinks of each.

    With --history, list every secret that was committed in Terraform, var-files, SQL or environment files. Each has the
    commit that added it, and its place at HEAD or the commit that removed it. At most two characters of a secret are
    shown. The exit code is 1 if there are secrets that no waiver and no setting allows. Otherwise it is 3 if a file
    could not be read.
    """
    if since is not None and not in_history:
        raise UsageError("--since needs --history. Without --history, the work tree is searched.")
    request = request_of([path], **inputs)
    if in_history:
        return _history(request_with=request, since=since, as_document=as_document)
    listed = list_secrets(request)
    rows = [(secret, describe(secret), acceptance_of(secret, listed.prepared)) for secret in listed.secrets]
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
        _print([*lines, _counted([status for _, _, status in rows], "in the files")], listed.redactor.text)
    return _code([status for _, _, status in rows], listed.problems, listed.redactor.text)


def _history(request_with: Any, since: str | None, as_document: bool) -> int:
    found = search_history(request_with, since, _progress)
    rows = [(t, describe(t.sighting.secret), acceptance_of_lifetime(t, found, request_with)) for t in found.secrets]
    if as_document:
        entries = [
            {
                "location": {"path": t.path, "line": t.line},
                **_described(words, status),
                "first": _commit(t.first),
                "stands": {"path": t.present[0], "line": t.present[1]} if t.present is not None else None,
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
            for line in _lines(f"{t.path}:{t.line}", words, status, [_addition(t), _present_state(t)])
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


def _described(words: SecretDescription, status: Acceptance) -> dict[str, Any]:
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


def _addition(lifetime: SecretLifetime) -> str:
    return f"added in {lifetime.first.name[:SHORT]} on {lifetime.first.day}"


def _present_state(lifetime: SecretLifetime) -> str:
    if lifetime.present is not None:
        return f"still at {lifetime.present[0]}:{lifetime.present[1]}"
    if lifetime.removed is not None:
        return f"removed in {lifetime.removed.name[:SHORT]} on {lifetime.removed.day}, but kept in the history"
    return "removed, but kept in the history"


def _lines(place: str, words: SecretDescription, status: Acceptance, more: Sequence[str] = ()) -> Iterator[str]:
    yield f"{place}: {words.name}: {words.kind} {words.shown} ({words.why})"
    if words.goes_to:
        yield f"  flows to {', '.join(words.goes_to)}"
    for line in more:
        yield f"  {line}"
    if status.name != "open":
        yield f"  {status.name}{f': {status.reason}' if status.reason else ''}"


def _counted(statuses: Sequence[Acceptance], where: str) -> str:
    accepted = sum(status.name != "open" for status in statuses)
    count = len(statuses)
    text = f"{count} {'secret' if count == 1 else 'secrets'} {where}" if count else f"No secrets {where}"
    return f"{text}, {accepted} of them accepted" if accepted else text


def _print(lines: Sequence[str], redact: Callable[[str], str]) -> None:
    # redacted first, because the redaction does not find a secret with escaped characters
    click.echo(without_commands("\n".join(printable(redact(line)) for line in lines)))


def _print_document(document: dict[str, Any], redact: Callable[[str], str]) -> None:
    click.echo(_UNSEEN.sub(_escape, redact(json.dumps(document, indent=2, ensure_ascii=False))))


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]


def _code(statuses: Sequence[Acceptance], problems: Sequence[Diagnostic], redact: Callable[[str], str]) -> int:
    incomplete = print_read_errors(printable(redact(one_line(p))) for p in problems)
    return ExitCode.VIOLATIONS if any(status.name == "open" for status in statuses) else incomplete


@contextmanager
def _bar(size: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=size, label="Reading the history", file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def _no_progress() -> Iterator[Callable[[int], None]]:
    yield lambda _: None


def _progress(size: int) -> AbstractContextManager[Callable[[int], None]]:
    """Return a progress bar on a terminal, else nothing visible."""
    return _bar(size) if sys.stderr.isatty() else _no_progress()
