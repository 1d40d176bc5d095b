"""Parse the JSON of Checkov."""

import json
from pathlib import Path

import pytest
from tests.checkov.conftest import RECORDED

from iacpolicy.checkov.results import parse
from iacpolicy.core.diagnostics import Level

ROOT = Path("/repository")


def record(**changed: object) -> dict[str, object]:
    """Return one record of Checkov."""
    return {
        "check_id": "CKV_X_1",
        "check_name": "Ensure x",
        "check_result": {"result": "FAILED"},
        "file_abs_path": "/repository/infra/main.tf",
        "file_line_range": [3, 7],
        "resource": "a.b",
        "guideline": "https://example.com",
        "severity": "MODERATE",
    } | changed


def report(*failed: dict[str, object], **results: object) -> bytes:
    """Return a report with the given failed checks."""
    return json.dumps({"check_type": "terraform", "results": {"failed_checks": failed} | results}).encode()


def test_recorded_findings() -> None:
    """A recorded run gives sorted results, one per module instance, and a diagnostic for the broken file."""
    output = parse((RECORDED / "findings.json").read_bytes().replace(b"@@ROOT@@", b"/repository"), ROOT)
    assert output is not None
    module = "infra/modules/service/main.tf"
    assert [(r.path, r.line, r.end_line, r.check_id, r.status, r.resource) for r in output.results] == [
        ("infra/main.tf", 2, 5, "CKV_IACPOLICY_1", "failed", "backend.s3"),
        ("infra/main.tf", 18, 22, "CKV2_IACPOLICY_2", "passed", "supabase_settings.shop"),
        ("infra/main.tf", 18, 22, "CKV_IACPOLICY_3", "skipped", "supabase_settings.shop"),
        (module, 5, 8, "CKV2_IACPOLICY_1", "failed", "module.api.render_web_service.this"),
        (module, 5, 8, "CKV2_IACPOLICY_1", "failed", "module.storefront.render_web_service.this"),
        (module, 5, 8, "CKV_IACPOLICY_2", "failed", "module.api.render_web_service.this"),
        (module, 5, 8, "CKV_IACPOLICY_2", "failed", "module.storefront.render_web_service.this"),
    ]
    assert output.results[0].severity == "high"
    assert output.results[0].guideline is not None
    assert output.results[2].comment == "the network is closed elsewhere"
    (unread,) = output.diagnostics
    assert unread.severity is Level.ERROR
    assert str(unread.location) == "infra/broken.tf:1"
    assert output.version == "3.3.30"


def test_recorded_nothing() -> None:
    """A run over a directory without Terraform prints only the summary."""
    output = parse((RECORDED / "nothing.json").read_bytes(), ROOT)
    assert output is not None
    assert (output.results, output.diagnostics, output.version) == ((), (), "3.3.30")


def test_order_does_not_depend_on_checkov() -> None:
    """The same records in another order, or twice, give the same results."""
    first, second = record(), record(check_id="CKV_X_2")
    one, other = parse(report(first, second), ROOT), parse(report(second, first, second), ROOT)
    assert one is not None
    assert one == other
    assert len(one.results) == 2


def test_several_reports_are_one() -> None:
    """All reports of a list, one per framework, are read."""
    output = parse(b"[" + report(record()) + b"," + report(record(resource="c.d")) + b"]", ROOT)
    assert output is not None
    assert [result.resource for result in output.results] == ["a.b", "c.d"]


def test_results_outside_the_repository_are_omitted_with_a_note() -> None:
    """A result in a module outside the repository is omitted, with a note."""
    output = parse(report(record(), record(file_abs_path="/elsewhere/main.tf")), ROOT)
    assert output is not None
    assert len(output.results) == 1
    assert [d.severity for d in output.diagnostics] == [Level.NOTE]


@pytest.mark.parametrize(
    ("changed", "field", "expected"),
    [
        ({"check_result": {"result": "UNKNOWN"}}, "status", "unknown"),
        ({"check_result": {"result": "NEW_WORD"}}, "status", "unknown"),
        ({"file_line_range": None}, "line", 1),
        ({"file_line_range": [0, -1]}, "end_line", 1),
        ({"file_line_range": [4]}, "end_line", 4),
        ({"severity": None}, "severity", None),
        ({"severity": "NONE"}, "severity", None),
        ({"severity": "MODERATE"}, "severity", "medium"),
        ({"guideline": {"a": 1}}, "guideline", None),
        ({"check_name": None}, "check_name", "CKV_X_1"),
    ],
)
def test_missing_or_wrong_fields_of_a_record(changed: dict[str, object], field: str, expected: object) -> None:
    """A record with a field of another type is still a result."""
    output = parse(report(record(**changed)), ROOT)
    assert output is not None
    assert getattr(output.results[0], field) == expected


@pytest.mark.parametrize(
    "data",
    [b"", b"Traceback", b"{}", b"[]", b"3", b'{"results": 3}', b"\xff", b'{"results": {"a": ' + b"[" * 200_000],
)
def test_output_of_other_programs(data: bytes) -> None:
    """Other output is rejected, at any depth of nesting."""
    assert parse(data, ROOT) is None
