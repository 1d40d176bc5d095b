"""Dashboards and alert rules as nodes: to which cells they belong, and none of them twice."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.support.scans import scan_files, write_files

from iacpolicy.core.diagnostics import Level
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare import monitoring
from iacpolicy.pipeline.scan import scan

RULES = "groups:\n  - name: g\n    rules:\n      - alert: Down\n        expr: up == 0\n"
DASHBOARD = json.dumps(
    {
        "uid": "shop",
        "schemaVersion": 39,
        "panels": [{"datasource": {"type": "prometheus"}, "targets": [{"expr": "up"}]}],
    }
)
FOLDER = 'resource "grafana_folder" "this" {\n  title = "shop"\n}\n'
GROUP = """
locals {
  groups = yamldecode(file("${path.module}/rules.yaml")).groups
}

resource "grafana_rule_group" "this" {
  name             = "g"
  folder_uid       = "f"
  interval_seconds = 60

  dynamic "rule" {
    for_each = local.groups[0].rules
    content {
      name   = rule.value.alert
      labels = { severity = "page" }
      data {
        ref_id         = "A"
        datasource_uid = "prometheus"
        model          = jsonencode({ expr = rule.value.expr })
        relative_time_range {
          from = 600
          to   = 0
        }
      }
    }
  }
}
"""
EMPTY = "locals {}\n"


def _nodes(graphs: Sequence[Graph]) -> list[tuple[str, str | None, str, str]]:
    """Each node with its cell and its place."""
    return [
        (graph.cell.root, graph.cell.workspace, node.address, str(node.place))
        for graph in graphs
        for kind in ("dashboard", "alert-rule")
        for node in graph.of(kind)
    ]


HOMES: dict[str, tuple[Mapping[str, str], list[tuple[str, str | None, str, str]]]] = {
    "nearest root above": (
        {"a/main.tf": EMPTY, "main.tf": EMPTY, "a/deep/er/x.yaml": RULES},
        [("a", "default", "alert-rule.g.Down", "a/deep/er/x.yaml:4")],
    ),
    "the root that manages Grafana": (
        {"a/main.tf": FOLDER, "b/main.tf": EMPTY, "monitoring/x.yml": RULES},
        [("a", "default", "alert-rule.g.Down", "monitoring/x.yml:4")],
    ),
    "a cell of its own": (
        {"a/main.tf": FOLDER, "b/main.tf": FOLDER, "monitoring/x.yml": RULES, "monitoring/d.json": DASHBOARD},
        [
            ("monitoring", None, "dashboard.shop", "monitoring/d.json:1"),
            ("monitoring", None, "alert-rule.g.Down", "monitoring/x.yml:4"),
        ],
    ),
    "without any Terraform": ({"x.yml": RULES}, [("", None, "alert-rule.g.Down", "x.yml:4")]),
    "a dashboard that a resource refers to": (
        {
            "a/main.tf": 'resource "grafana_dashboard" "d" {\n  config_json = file("${path.module}/../d.json")\n}\n',
            "b/main.tf": FOLDER,
            "d.json": DASHBOARD,
        },
        [("a", "default", "grafana_dashboard.d.dashboard", "d.json:1")],
    ),
    "a rule that a resource makes of a file": (
        {"main.tf": GROUP, "rules.yaml": RULES},
        [("", "default", 'grafana_rule_group.this.rule["Down"]', "rules.yaml:4")],
    ),
    "in every cell": (
        {"main.tf": FOLDER, "env/p.tfvars": "", "env/s.tfvars": "", "x.yml": RULES},
        [
            ("", "p", "alert-rule.g.Down", "x.yml:4"),
            ("", "s", "alert-rule.g.Down", "x.yml:4"),
        ],
    ),
    "what only looks like one": (
        {
            "main.tf": EMPTY,
            "a.yaml": "groups: [rules, expr]\n",
            "b.yaml": "rules:\n  groups:\n    - expr: 1\n",
            "c.json": '{"panels": [], "targets": []}',
            "d.json": '{"panels": 1, "targets": [], "uid": "x"}',
            "e.json": '["panels", "targets", "uid"]',
            "f.yaml": "groups:\n  - rules:\n      - expr: [1]\n        alert: X\n",
        },
        [],
    ),
}


@pytest.mark.parametrize("name", HOMES)
def test_home(name: str, tmp_path: Path) -> None:
    """A node is in the cells of the table, at the place of its text."""
    files, expected = HOMES[name]
    scanned = scan_files(tmp_path, files, wanted=("promql-invalid",))
    assert _nodes(scanned.prepared.graphs) == expected
    assert scanned.report is not None
    assert [d for d in scanned.report.diagnostics if d.severity is not Level.NOTE] == []


def test_only_what_is_selected(tmp_path: Path) -> None:
    """A file outside the paths and their roots is not read, even if it is broken."""
    write_files(tmp_path, {"a/main.tf": EMPTY, "b/rules.yaml": f"{RULES}        x: [\n", "c/d.json": DASHBOARD})
    scanned = scan(Request(tmp_path, ("a",), checkov="off"))
    assert _nodes(scanned.prepared.graphs) == []
    assert scanned.report is not None
    assert scanned.report.exit_code == 0


BROKEN = {
    "yaml": ({"x.yaml": RULES + "        labels: [\n"}, "YAML cannot be read", 3),
    "yaml too deep": ({"x.yaml": RULES + "        labels: " + "[" * 500}, "YAML cannot be read", 3),
    "template": ({"x.yaml": "{{- if .Values.on }}\n" + RULES + "{{- end }}\n"}, "Rule file is a template", 0),
    "json": ({"x.json": DASHBOARD[:-1]}, "Dashboard is not valid JSON", 3),
    "json too deep": ({"x.json": '{"panels": [], "targets": ' + "[" * 50_000 + "}"}, None, 0),
    "json dashboard too deep": (
        {"x.json": DASHBOARD[:-1] + ', "a": ' + "[" * 50_000},
        "Dashboard is not valid JSON",
        3,
    ),
    "config": (
        {"main.tf": 'resource "grafana_dashboard" "d" {\n  config_json = "{"\n}\n'},
        "Dashboard is not valid JSON",
        3,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    """A broken file makes the run incomplete and never crashes it."""
    files, summary, code = BROKEN[name]
    scanned = scan_files(tmp_path, {"other/main.tf": EMPTY, **files}, wanted=("promql-invalid",))
    assert scanned.report is not None
    told = [d for d in scanned.report.diagnostics if d.severity is not Level.NOTE]
    assert [d.summary for d in told] == ([summary] if summary else [])
    assert all(d.location is not None for d in told)
    assert scanned.report.exit_code == code


def test_a_missing_parser_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel the run is incomplete, unless there are no rules and dashboards."""
    monkeypatch.setattr(monitoring, "find_spec", lambda _: None)
    report = scan_files(tmp_path, {"x.yaml": RULES}, wanted=("alert-unrouted",)).report
    assert report is not None
    assert [d.summary for d in report.diagnostics] == ["PromQL is not checked"]
    assert report.exit_code == 3
    (tmp_path / "x.yaml").unlink()
    report = scan_files(tmp_path, {"main.tf": EMPTY}, wanted=("alert-unrouted",)).report
    assert report is not None
    assert [d.summary for d in report.diagnostics if "PromQL" in d.summary] == []


def test_a_huge_dashboard_is_read_in_bounded_time(tmp_path: Path) -> None:
    """Ten thousand panels, the last of them wrong; and rows in rows in rows."""
    panels = [{"datasource": {"type": "prometheus"}, "targets": [{"expr": f'up{{a="{n}"}}'}]} for n in range(10_000)]
    panels.append({"datasource": {"type": "prometheus"}, "targets": [{"expr": "up{"}]})
    nested: dict[str, object] = {"targets": []}
    for _ in range(100):
        nested = {"panels": [nested]}
    document = {"uid": "huge", "panels": [*panels, nested], "schemaVersion": 1}
    report = scan_files(tmp_path, {"d.json": json.dumps(document, indent=1)}, wanted=("promql-invalid",)).report
    assert report is not None
    assert [(f.policy, f.location.path) for f in report.findings] == [("promql-invalid", "d.json")]
    assert json.dumps(document, indent=1).split("\n")[report.findings[0].location.line - 1].strip() == '"expr": "up{"'


def test_files_are_counted_once(tmp_path: Path) -> None:
    """A dashboard file that a resource refers to is one of the checked files."""
    dashboard = 'resource "grafana_dashboard" "d" {\n  config_json = file("${path.module}/d.json")\n}\n'
    files = {"main.tf": dashboard, "d.json": DASHBOARD, "r.yaml": RULES, "other.yaml": "a: 1\n"}
    report = scan_files(tmp_path, files, wanted=("promql-invalid",)).report
    assert report.summary.files == 3
