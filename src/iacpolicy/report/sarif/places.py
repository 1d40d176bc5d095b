"""Locations and messages in SARIF."""

from typing import Any
from urllib.parse import quote

from iacpolicy.core.spans import Span
from iacpolicy.gate.report import Report

MAX_SNIPPET = 400


def location(span: Span, report: Report, text: str | None = None) -> dict[str, Any]:
    """Return a physical location with its source excerpt, and with a message if `text` is given."""
    region: dict[str, Any] = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    source = report.sources.get(span.path)
    if source is not None and span.line == span.end_line and span.end_column > span.column:
        snippet = source.line(span.line)[span.column - 1 : span.end_column - 1]
        if snippet:
            region["snippet"] = {"text": snippet[:MAX_SNIPPET]}
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(span.path, safe="/", errors="replace"), "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }
    if text is not None:
        place["message"] = message(text)
    return place


def message(text: str) -> dict[str, str]:
    """Return a plain message."""
    return {"text": embedded(text)}


def embedded(text: str) -> str:
    r"""Escape embedded links, `[text](target)`, by `\[` (SARIF 2.1.0, section 3.11.6)."""
    return text.replace("[", r"\[").replace("]", r"\]") if "](" in text else text
