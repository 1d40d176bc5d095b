"""Turn the log of Checkov into diagnostics.

Checkov continues and exits with 0 if a check cannot be loaded or crashes; only its log on standard error shows it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic, error, note

MAX_MESSAGES = 20
MAX_LENGTH = 300

_RECORD = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \[[^\]]*\] \[(\w+)\s*\]\s+(.*)$")
_EXCEPTION = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt))\b")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\u00a0-\U0010ffff]")
# Warnings about skipped checks; other warnings are about the scanned files.
_CHECK_LEFT_OUT = ("Failed to parse check id", "Custom policy ")


def read(errors: bytes, root: Path) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each error and warning in the log, in order, without repetitions.

    Of an exception only the type is included, because its text can contain values of the scanned files.
    """
    diagnostics: dict[Diagnostic, None] = {}
    left_out = 0
    for level, text in _records(errors.decode("utf-8", "replace")):
        diagnostic = _diagnostic(level, _clean(text, root))
        if diagnostic in diagnostics:
            continue
        if len(diagnostics) < MAX_MESSAGES:
            diagnostics[diagnostic] = None
        else:
            left_out += 1
    if left_out:
        diagnostics[note("More messages of Checkov", f"{left_out} more messages are not shown.")] = None
    return tuple(diagnostics)


def last_line(errors: bytes, root: Path) -> str:
    """Return the last line of the log, for a failed run without other messages."""
    for line in reversed(errors.decode("utf-8", "replace").splitlines()):
        exception = _EXCEPTION.match(line)
        if exception:
            return exception[1]
        if line.strip() and not line.startswith(" "):
            return _clean(line, root)
    return ""


def _records(text: str) -> Iterator[tuple[str, str]]:
    """Yield level and message of each log record, with the type of the exception that follows it."""
    level = message = ""
    for line in text.splitlines():
        record = _RECORD.match(line)
        if record:
            if level:
                yield level, message
            level, message = record.groups()
            continue
        exception = _EXCEPTION.match(line)
        if level and exception:
            yield level, f"{message.rstrip(':')} ({exception[1]})"
            level = ""
    if level:
        yield level, message


def _diagnostic(level: str, text: str) -> Diagnostic:
    if level in ("ERROR", "CRITI"):
        return error("Checkov reported an error", f"{text}. Fix it, or skip Checkov with `--checkov off`.")
    if text.startswith(_CHECK_LEFT_OUT):
        return error("Checkov skipped a check", f"{text.rstrip('.')}. Fix the check.")
    return note("Checkov warned", f"{text}.")


def _clean(text: str, root: Path) -> str:
    """Return one printable line without the absolute path of the repository."""
    return _UNPRINTABLE.sub(" ", text.replace(f"{root}/", "")).strip()[:MAX_LENGTH].rstrip(".")
