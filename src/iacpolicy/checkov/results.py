"""Parse the JSON output of Checkov."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, note
from iacpolicy.core.spans import file_start

Outcome: TypeAlias = Literal["failed", "passed", "unknown", "skipped"]

_OUTCOMES: dict[str, Outcome] = {
    "FAILED": "failed",
    "PASSED": "passed",
    "UNKNOWN": "unknown",
    "SKIPPED": "skipped",
}
_SEVERITIES = {
    "LOW": "low",
    "MEDIUM": "medium",
    "MODERATE": "medium",
    "HIGH": "high",
    "IMPORTANT": "high",
    "CRITICAL": "critical",
}


class CheckovResult(msgspec.Struct, frozen=True, gc=False):
    """The result of one check for one resource.

    `path` is relative to the root of the scanned repository, with `/`. `resource` is the address, and
    `backend.<type>` for a backend. `skipped` means a `checkov:skip` comment, whose text is in `comment`. Checkov omits
    most undecided results, so a missing result proves nothing.
    """

    check_id: str
    check_name: str
    status: Outcome
    path: str
    line: int
    end_line: int
    resource: str
    guideline: str | None = None
    severity: str | None = None
    comment: str = ""

    @property
    def sort_key(self) -> tuple[str, int, str, str, str, int]:
        """The order of results in a report: by location, then by check."""
        return self.path, self.line, self.check_id, self.resource, self.status, self.end_line


class _Check(msgspec.Struct, gc=False):
    """One record of Checkov; its optional fields are loosely typed."""

    check_id: str
    file_abs_path: str
    resource: str
    check_name: Any = None
    check_result: dict[str, Any] = {}
    file_line_range: Any = None
    guideline: Any = None
    severity: Any = None


class _Results(msgspec.Struct, gc=False):
    passed_checks: list[_Check] = []
    failed_checks: list[_Check] = []
    skipped_checks: list[_Check] = []
    unknown_checks: list[_Check] = []
    parsing_errors: list[str] = []


class _Report(msgspec.Struct, gc=False):
    """The report of one framework; a run without files prints only the summary."""

    results: _Results = msgspec.field(default_factory=_Results)
    summary: dict[str, Any] = {}
    checkov_version: Any = None


class CheckovOutput(msgspec.Struct, frozen=True, gc=False):
    """The results of one run in report order, its problems, and the version of Checkov."""

    results: tuple[CheckovResult, ...]
    diagnostics: tuple[Diagnostic, ...]
    version: str | None


def parse(data: bytes, root: Path) -> CheckovOutput | None:
    """Return the results in the JSON of Checkov; None if the data is not JSON of Checkov.

    Args:
        data: the standard output of Checkov.
        root: the resolved root of the scanned repository. Results outside it are omitted, with a note.
    """
    try:
        reports = msgspec.json.decode(data, type=list[_Report] | _Report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(reports, _Report):
        reports = [reports]
    inside: set[CheckovResult] = set()
    diagnostics: list[Diagnostic] = []
    outside = 0
    version: str | None = None
    for report in reports:
        reported = report.summary.get("checkov_version") or report.checkov_version
        version = version or (reported if isinstance(reported, str) else None)
        for check in _checks(report.results):
            result = _result(check, root)
            if result is None:
                outside += 1
            else:
                inside.add(result)
        diagnostics += _unread(report.results.parsing_errors, root)
    if version is None and not inside and not diagnostics:
        return None
    if outside:
        detail = f"{outside} results of Checkov are in modules outside the repository and are not shown."
        diagnostics.append(note("Results outside the repository", detail))
    return CheckovOutput(tuple(sorted(inside, key=lambda result: result.sort_key)), tuple(diagnostics), version)


def relative(path: str, root: Path) -> str | None:
    """Return a path of Checkov relative to the repository root; None if it is outside."""
    try:
        return Path(path).relative_to(root).as_posix()
    except ValueError:
        return None


def _checks(results: _Results) -> Iterator[_Check]:
    for group in (results.passed_checks, results.failed_checks, results.skipped_checks, results.unknown_checks):
        yield from group


def _result(check: _Check, root: Path) -> CheckovResult | None:
    path = relative(check.file_abs_path, root)
    if path is None:
        return None
    line, end_line = _lines(check.file_line_range)
    comment = check.check_result.get("suppress_comment")
    return CheckovResult(
        check_id=check.check_id,
        check_name=check.check_name if isinstance(check.check_name, str) else check.check_id,
        status=_OUTCOMES.get(str(check.check_result.get("result")), "unknown"),
        path=path,
        line=line,
        end_line=end_line,
        resource=check.resource,
        guideline=check.guideline if isinstance(check.guideline, str) else None,
        severity=_SEVERITIES.get(check.severity.upper()) if isinstance(check.severity, str) else None,
        comment=comment if isinstance(comment, str) else "",
    )


def _lines(written: Any) -> tuple[int, int]:
    """Return the first and last line; line 1 if Checkov did not find the block."""
    match written:
        case [int() as first, int() as last] if 1 <= first <= last:
            return first, last
        case [int() as first, *_] if first >= 1:
            return first, first
        case _:
            return 1, 1


def _unread(paths: Iterable[str], root: Path) -> Iterator[Diagnostic]:
    for path in sorted(set(paths)):
        inside = relative(path, root)
        shown = inside or Path(path).name
        yield error(
            "Checkov could not parse the file",
            f"The checks of Checkov did not run for {shown}. If the file is valid Terraform, this is a limit of "
            "Checkov's parser: skip Checkov with `--checkov off`. Otherwise fix the file.",
            file_start(inside) if inside else None,
        )
