"""Places and messages of SARIF."""

from typing import Any
from urllib.parse import quote

from iacpolicy.core.spans import Span
from iacpolicy.gate.report import Report

MAX_SNIPPET = 400


def location(span: Span, report: Report, text: str | None = None) -> dict[str, Any]:
    """A physical location with the excerpt it points at, and a message of its own where one is given."""
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
    """A plain message."""
    return {"text": embedded(text)}


def embedded(text: str) -> str:
    r"""Text in which nothing reads as an embedded link, `[text](target)`: section 3.11.6 escapes by `\[`."""
    return text.replace("[", r"\[").replace("]", r"\]") if "](" in text else text
