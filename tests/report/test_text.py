"""Parts of the text report that the recorded outputs do not cover."""

import pytest
from tests.support import reports

from iacpolicy.core.diagnostics import error, note
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import FindingStatus
from iacpolicy.policy.meta import Severity
from iacpolicy.report.cell_labels import cell_label
from iacpolicy.report.excerpt import MAX_COLUMNS, excerpt
from iacpolicy.report.overlap import grouped
from iacpolicy.report.text.document import render
from iacpolicy.terraform.cells import Cell

CELLS = (Cell("infra", "production"), Cell("infra", "staging"), Cell("other", "default"), Cell("other", None))


@pytest.mark.parametrize(
    ("indexes", "path", "expected"),
    [
        ((0, 1, 2, 3), "modules/x/main.tf", None),
        ((), "infra/main.tf", None),
        ((0, 1), "infra/main.tf", None),
        ((0,), "infra/main.tf", "production only"),
        ((3,), "other/main.tf", "no workspace only"),
        ((0, 1), "modules/x/main.tf", "in infra"),
        ((0,), "modules/x/main.tf", "in infra (production only)"),
        ((0, 1, 2), "modules/x/main.tf", "in infra, other (default only)"),
        ((99,), "infra/main.tf", None),
    ],
)
def test_where_a_result_holds(indexes: tuple[int, ...], path: str, expected: str | None) -> None:
    """Cells are named if the reader does not expect them."""
    assert cell_label(indexes, CELLS, path) == expected


def marked(text: str, span: Span) -> str | None:
    """Return the part of the excerpt above the marks."""
    found = excerpt(span, {span.path: SourceFile(span.path, text)})
    if found is None:
        return None
    line, marks = found
    assert len(line) <= MAX_COLUMNS + 2
    return line[len(marks) - marks.count("^") : len(marks)]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("  a = 1\n", Span("f", 1, 7, 1, 8), "1"),
        ("\ta = 1", Span("f", 1, 2, 1, 3), "a"),
        ("  a = {\n}\n", Span("f", 1, 7, 2, 2), "{"),
        ("  a = 1\n", Span("f", 1, 1, 1, 8), "a = 1"),
        ("  a = 1\n", Span("f", 1, 90, 1, 99), ""),
        ("\n", Span("f", 1, 1, 1, 1), None),
        ("a", Span("f", 7, 1, 7, 1), None),
        ("a = " + "b" * 1000 + "X" + "c" * 1000, Span("f", 1, 1005, 1, 1006), "X"),
        ("a = " + "b" * 1000, Span("f", 1, 5, 1, 1005), "b" * (MAX_COLUMNS - 4)),
        ("  a\x1b[2J = 1", Span("f", 1, 3, 1, 8), "a\\x1b[2J"),
        (" " * 900 + "a = 1", Span("f", 1, 905, 1, 906), "1"),
    ],
)
def test_excerpt(text: str, span: Span, expected: str | None) -> None:
    """The marks are under the span, for any kind of line."""
    assert marked(text, span) == expected


def test_excerpt_of_wide_characters() -> None:
    """The width of marks is measured in terminal columns."""
    found = excerpt(Span("f", 1, 3, 1, 5), {"f": SourceFile("f", "大 大大")})
    assert found == ("大 大大", "   ^^^^")


def test_overlapping_findings_are_shown_once() -> None:
    """The most severe finding leads the group, in whichever direction they name each other."""
    shown = grouped([reports.overlapping(), reports.finding(), reports.autoscaling(also=())])
    assert [(f.policy, [o.policy for o in others]) for f, others in shown] == [
        ("state-locking", []),
        ("autoscaling-bounds", ["CKV_IACPOLICY_2"]),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"location": Span("infra/other.tf", 5, 15, 5, 22)},
        {"location": Span("infra/modules/service/main.tf", 50, 1, 50, 2)},
        {"status": FindingStatus.KNOWN},
    ],
)
def test_findings_apart_are_not_joined(changes: dict[str, object]) -> None:
    """Findings at other locations or with another status are not grouped."""
    assert len(grouped([reports.overlapping(), reports.autoscaling(**changes)])) == 2


def test_a_chain_shows_every_defect() -> None:
    """A finding that overlaps only with a hidden finding is shown separately."""
    first = reports.finding(fingerprint="v1:a", severity=Severity.HIGH, also=("v1:b",))
    second = reports.finding(fingerprint="v1:b", severity=Severity.MEDIUM, also=("v1:a", "v1:c"))
    third = reports.finding(fingerprint="v1:c", severity=Severity.LOW)
    shown = [(f.fingerprint, [o.fingerprint for o in others]) for f, others in grouped([third, second, first])]
    assert shown == [("v1:c", []), ("v1:a", ["v1:b"])]


def test_many_instances_are_counted() -> None:
    """The first addresses are named, and the others are counted."""
    text = render(reports.report(findings=(reports.autoscaling(also=()),)))
    assert 'module.api["3"].render_web_service.this and 1 more (production only)' in text


def test_many_notes_of_a_kind_are_one_list() -> None:
    """Three notes with one summary are one list; two notes keep their excerpts, and errors are never grouped."""
    three = tuple(note("Old word", f"word {n}\nmore", Span("a.tf", n, 1, n, 2)) for n in (1, 2, 10))
    errors = tuple(error("Bad word", f"bad {n}", Span("a.tf", n, 1, n, 2)) for n in (1, 2, 3))
    text = render(reports.report(diagnostics=(*three, *errors)))
    assert "note: Old word (3 times)\n  a.tf:1:1   word 1\n  a.tf:2:1   word 2\n  a.tf:10:1  word 10\n" in text
    assert text.count("error: Bad word") == 3
    assert text.index("error: Bad word") < text.index("note: Old word")
    assert render(reports.report(diagnostics=three[:2])).count("note: Old word") == 2
