"""The baseline: accepted findings, with owner, reason and last day.

The file is JSON. Entries and keys have a fixed order, so that its diffs are readable.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.engine.findings import Finding, FindingStatus
from iacpolicy.gate.waiver_syntax import day
from iacpolicy.gate.waivers import EXPIRED, UNUSED, WaiverProblem

VERSION = "1.0"
_KEY = lazy_pattern(r'"fingerprint"\s*+:')
_BYTE = lazy_pattern(r"\(byte (\d+)\)")


class BaselineEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One accepted finding; only the fingerprint identifies it, the other fields inform the reader."""

    fingerprint: str
    policy: str
    address: str
    path: str
    owner: str | None = None
    reason: str | None = None
    until: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema_version: str
    findings: list[BaselineEntry]


class Baseline(msgspec.Struct, frozen=True):
    """The entries of a baseline, and their locations in the file, both by fingerprint."""

    entries: Mapping[str, BaselineEntry] = {}
    places: Mapping[str, Span] = {}


class BaselineResult(msgspec.Struct, frozen=True):
    """The findings in their order, with those of the baseline marked as known, and the problems of its entries."""

    findings: tuple[Finding, ...]
    problems: tuple[WaiverProblem, ...]


def read(source: SourceFile) -> tuple[Baseline, list[Diagnostic]]:
    """Read a baseline; an invalid file gives an empty baseline and errors, so that nothing is accepted."""
    try:
        file = msgspec.json.decode(source.text.encode("utf-8", "replace"), type=_File)
    except RecursionError:
        return Baseline(), [_read_error("it is nested too deeply", file_start(source.path))]
    except msgspec.DecodeError as problem:
        return Baseline(), [_read_error(str(problem), _place_of(str(problem), source))]
    if file.schema_version.split(".", maxsplit=1)[0] != VERSION.split(".", maxsplit=1)[0]:
        cause = f'its schema_version is "{file.schema_version}", and this release reads "{VERSION}"'
        return Baseline(), [_read_error(cause, file_start(source.path))]
    places = _places(file.findings, source)
    problems = [
        _read_error(f'`until` is "{entry.until}", which is not a day as 2027-01-31', places[entry.fingerprint])
        for entry in file.findings
        if entry.until is not None and day(entry.until) is None
    ]
    if problems:
        return Baseline(), problems
    return Baseline({entry.fingerprint: entry for entry in file.findings}, places), []


def write(baseline: Baseline) -> str:
    """Return the text of a baseline, with its entries sorted by path."""
    entries = sorted(baseline.entries.values(), key=lambda e: (e.path, e.policy, e.address, e.fingerprint))
    file = {"schema_version": VERSION, "findings": [msgspec.to_builtins(entry) for entry in entries]}
    return json.dumps(file, indent=2) + "\n"


def update(
    old: Baseline,
    findings: Sequence[Finding],
    *,
    owner: str | None = None,
    reason: str | None = None,
    until: date | None = None,
) -> Baseline:
    """Return a baseline with the findings that are not waived.

    An entry that still has a finding keeps its owner, reason and last day. A new entry gets the given ones. Other
    entries are removed.
    """
    entries: dict[str, BaselineEntry] = {}
    for finding in findings:
        if finding.status is FindingStatus.WAIVED or finding.fingerprint in entries:
            continue
        before = old.entries.get(finding.fingerprint)
        entries[finding.fingerprint] = BaselineEntry(
            fingerprint=finding.fingerprint,
            policy=finding.policy,
            address=finding.address,
            path=finding.location.path,
            owner=before.owner if before is not None else owner,
            reason=before.reason if before is not None else reason,
            until=before.until if before is not None else until.isoformat() if until is not None else None,
        )
    return Baseline(entries)


def only(baseline: Baseline, kept: Collection[str]) -> Baseline:
    """Return the baseline with only the entries whose fingerprint is in `kept`."""
    return Baseline(
        {f: entry for f, entry in baseline.entries.items() if f in kept},
        {f: place for f, place in baseline.places.items() if f in kept},
    )


def mark(
    findings: Sequence[Finding],
    baseline: Baseline,
    *,
    today: date,
    ran: Collection[str],
    scanned: Collection[str] | None = None,
) -> BaselineResult:
    """Mark new findings that are in the baseline as known; an entry is valid through the day of its `until`.

    The problems are the expired entries, and the entries without a finding whose policy ran and whose file is in
    `scanned` (None: the whole repository).
    """
    valid = {f for f, entry in baseline.entries.items() if not _expired(entry, today)}
    marked = tuple(
        msgspec.structs.replace(finding, status=FindingStatus.KNOWN)
        if finding.status is FindingStatus.NEW and finding.fingerprint in valid
        else finding
        for finding in findings
    )
    present = {finding.fingerprint for finding in findings}
    waiver_problems = []
    for fingerprint, entry in baseline.entries.items():
        place = baseline.places.get(fingerprint)
        if place is None:
            continue
        if fingerprint in present and fingerprint not in valid:
            text = f"the baseline entry of {entry.policy} at {entry.address} expired on {entry.until}"
            waiver_problems.append(WaiverProblem(EXPIRED, entry.policy, text, place))
        elif fingerprint not in present and entry.policy in ran and (scanned is None or entry.path in scanned):
            text = f"the finding of the baseline entry of {entry.policy} at {entry.address} no longer exists"
            waiver_problems.append(WaiverProblem(UNUSED, entry.policy, text, place))
    return BaselineResult(marked, tuple(sorted(waiver_problems, key=lambda p: (p.location, p.policy))))


def _expired(entry: BaselineEntry, today: date) -> bool:
    until = day(entry.until) if entry.until is not None else None
    return until is not None and until < today


def _read_error(cause: str, place: Span) -> Diagnostic:
    detail = f"{cause[:1].upper()}{cause[1:]}. Correct it, or rewrite it with `iacpolicy baseline`."
    return error("Baseline cannot be read", detail, place)


def _place_of(text: str, source: SourceFile) -> Span:
    """Return the location of an error of msgspec, which names a byte for a syntax error only."""
    match = _BYTE.search(text)
    if match is None:
        return file_start(source.path)
    before = source.text.encode("utf-8", "replace")[: int(match.group(1))]
    offset = min(len(before.decode("utf-8", "replace")), len(source.text))
    return source.span(offset, offset)


def _places(entries: Sequence[BaselineEntry], source: SourceFile) -> dict[str, Span]:
    """Return the location of each entry by fingerprint; the start of the file if they cannot be matched."""
    starts = [match.start() for match in _KEY.finditer(source.text)]
    if len(starts) != len(entries):
        return {entry.fingerprint: file_start(source.path) for entry in entries}
    return {entry.fingerprint: source.span(at, at) for entry, at in zip(entries, starts, strict=True)}
