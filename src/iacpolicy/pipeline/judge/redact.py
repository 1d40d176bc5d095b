"""Redact every text of the results before a report is made of them."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.redaction import Redactor
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree
from iacpolicy.engine.findings import Finding, Passed, TraceStep, Undecided, UndecidedReason
from iacpolicy.engine.traces import MAX_TEXT


class _RedactedLines:
    """Redacted lines of the repository; each file is redacted once."""

    def __init__(self, tree: Tree, redactor: Redactor) -> None:
        self._tree = tree
        self._redactor = redactor
        self._files: dict[str, tuple[SourceFile, SourceFile] | None] = {}

    def step(self, step: TraceStep) -> TraceStep:
        """Return a step whose text is redacted; where the text is a line of a file, it is the redacted line.

        A redacted line also hides secrets by their places, which covers secrets that are too short or too common to
        be found by their text.
        """
        text = self._redactor.text(step.text)
        files = self._read(step.path) if step.path is not None and step.line is not None else None
        if files is not None and step.line is not None:
            raw, hidden = (source.line(step.line).strip() for source in files)
            if step.text.removesuffix("…") and raw.startswith(step.text.removesuffix("…")):
                text = hidden if len(hidden) <= MAX_TEXT else hidden[: MAX_TEXT - 1] + "…"
        return msgspec.structs.replace(step, text=text)

    def _read(self, path: str) -> tuple[SourceFile, SourceFile] | None:
        if path not in self._files:
            source = self._tree.read(path) if self._tree.exists(path) else None
            self._files[path] = (source, self._redactor.source(source)) if isinstance(source, SourceFile) else None
        return self._files[path]


def redacted_findings(findings: Iterable[Finding], redactor: Redactor, tree: Tree) -> tuple[Finding, ...]:
    """Return the findings with all texts redacted; locations and fingerprints stay."""
    shown = _RedactedLines(tree, redactor)
    return tuple(
        msgspec.structs.replace(
            f,
            message=redactor.text(f.message),
            condition=redactor.text(f.condition) if f.condition is not None else None,
            fix=redactor.text(f.fix) if f.fix is not None else None,
            trace=tuple(shown.step(h) for h in f.trace),
            address=redactor.text(f.address),
            attribute=redactor.text(f.attribute) if f.attribute is not None else None,
            addresses=tuple(redactor.text(a) for a in f.addresses),
        )
        for f in findings
    )


def redacted_undecided(undecided: Iterable[Undecided], redactor: Redactor) -> tuple[Undecided, ...]:
    """Return the undecided results with addresses and reasons redacted."""
    return tuple(
        msgspec.structs.replace(
            u,
            address=redactor.text(u.address),
            reasons=tuple(UndecidedReason(redactor.text(w.text), w.location) for w in u.reasons),
        )
        for u in undecided
    )


def redacted_passed(passed: Iterable[Passed], redactor: Redactor) -> tuple[Passed, ...]:
    """Return the passed results with addresses redacted, because an instance key can be made from a secret."""
    return tuple(msgspec.structs.replace(p, address=redactor.text(p.address)) for p in passed)


def redacted_diagnostics(diagnostics: Iterable[Diagnostic], redactor: Redactor) -> tuple[Diagnostic, ...]:
    """Return the diagnostics with summary and detail redacted."""
    return tuple(
        msgspec.structs.replace(d, summary=redactor.text(d.summary), detail=redactor.text(d.detail))
        for d in diagnostics
    )
