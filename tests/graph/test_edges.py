"""Edges with their kinds, in each format and in networkx."""

import json
from pathlib import Path

import pytest
from tests.support.scans import report_of, write_files, write_policy

from iacpolicy.graph.edges import edges
from iacpolicy.graph.formats import FORMATS
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.networkx_view import to_networkx
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare

SERVICE = 'resource "render_web_service" "%s" {\n  name   = "%s"\n  plan   = "starter"\n  region = "oregon"\n}\n\n'
FILES = {
    "main.tf": SERVICE % ("api", "api") + SERVICE % ("web", "web") + 'module "store" {\n  source = "./store"\n}\n\n'
    'resource "aws_s3_bucket_versioning" "v" {\n  bucket = "images"\n\n  versioning_configuration {\n'
    '    status = "Enabled"\n  }\n}\n\n'
    'resource "aws_s3_bucket_versioning" "w" {\n  bucket = module.store.id\n\n  versioning_configuration {\n'
    '    status = "Enabled"\n  }\n}\n',
    "store/main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "images"\n}\n\noutput "id" {\n'
    "  value = aws_s3_bucket.b.id\n}\n",
    "rules.yml": "groups:\n  - name: g\n    rules:\n      - alert: Down\n"
    '        expr: up{job=~"api|other"} == 0\n      - alert: Any\n        expr: up == 0\n',
}
BUCKET, RULE = "module.store.aws_s3_bucket.b", "alert-rule.g.Down"
OTHERS = [
    ("module", "module.store", BUCKET),
    ("name", "aws_s3_bucket_versioning.v", BUCKET),
    ("watches", RULE, "render_web_service.api"),
]


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """Return the graph of a repository with an edge of each kind."""
    (found,) = prepare(Request(write_files(tmp_path, FILES), ("",), checkov="off")).graphs
    return found


def test_kinds(graph: Graph) -> None:
    """A rule that selects every service watches none by name, and a reference is not also an implied edge."""
    found = [(kind, source.address, target.address) for kind, source, target in edges(graph)]
    assert [edge for edge in found if edge[0] != "reference"] == OTHERS
    assert ("reference", "module.store", "module.store.output.id") in found


def test_networkx_has_all_edges(graph: Graph) -> None:
    """Edges have their kind, and nodes the place of their declaration."""
    whole = to_networkx(graph)
    for kind, source, target in OTHERS:
        assert whole.get_edge_data(source, target) == {"kind": kind}
    assert whole.nodes[BUCKET] == {"kind": "resource", "type": "aws_s3_bucket", "path": "store/main.tf", "line": 1}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dot", [f'"0:{RULE}" -> "0:render_web_service.api" [style=dashed, label="watches"];']),
        ("mermaid", ["-. watches .->", "-. name .->", "-->"]),
        ("graphml", ['<data key="d4">watches</data>', '<data key="d4">reference</data>']),
    ],
)
def test_formats_distinguish_kinds(graph: Graph, name: str, words: list[str]) -> None:
    """A drawing distinguishes an implied edge from a reference."""
    text = FORMATS[name]([graph], False)
    assert [word for word in words if word not in text] == []


def test_json_has_the_kind(graph: Graph) -> None:
    """A reference through an output is drawn between the resources; modules are only drawn with all nodes."""
    (cell,) = json.loads(FORMATS["json"]([graph], False))["cells"]
    found = {(e["kind"], e["from"], e["to"]) for e in cell["edges"]}
    assert found == {("reference", "aws_s3_bucket_versioning.w", BUCKET), *OTHERS[1:]}
    (cell,) = json.loads(FORMATS["json"]([graph], True))["cells"]
    assert set(OTHERS) <= {(e["kind"], e["from"], e["to"]) for e in cell["edges"]}


def test_policies_query_the_graph(tmp_path: Path) -> None:
    """A policy follows references in both directions, and can use the algorithms of networkx."""
    body = """
import networkx
near = [r.address for r in graph.reached_from(resource)]
back = [r.address for r in graph.reached_from(resource, backwards=True) if r.kind == "resource"]
far = sorted(networkx.ancestors(graph.networkx(), resource.address))
yield Violation(f"{near} {back} {far}", at=resource)
"""
    policies = write_policy(tmp_path / "policies", "own", "aws_s3_bucket", body)
    (finding,) = report_of(tmp_path / "repo", FILES, policy_dirs=(policies,), wanted=("own",)).findings
    assert finding.message.startswith("[] ['aws_s3_bucket_versioning.w'] ['aws_s3_bucket_versioning.v', ")
