"""Joins of resources through names, ids, modules and loops, and their cost."""

import json
import sys
from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.engine.worlds import ScriptedWorld
from iacpolicy.graph.formats import to_dot, to_graphml, to_json, to_mermaid
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.joins import Joins, implied_edges, joins_of, key_of
from iacpolicy.graph.networkx_view import to_networkx
from iacpolicy.graph.nodes import Node
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare
from iacpolicy.policy.api import Graph as PolicyGraph
from iacpolicy.policy.api import Resource
from iacpolicy.policy.attributes import world as worlds

MODULE = """variable "name" {
  type = string
}
resource "aws_s3_bucket" "this" {
  bucket = var.name
}
output "id" {
  value = aws_s3_bucket.this.id
}
output "name" {
  value = aws_s3_bucket.this.bucket
}
"""
MAIN = """variable "given" {
  type = string
}
variable "names" {
  type = set(string)
}
variable "is_first" {
  type = bool
}
module "images" {
  source = "./bucket"
  name   = "images"
}
module "given" {
  source = "./bucket"
  name   = var.given
}
module "each" {
  source   = "./bucket"
  for_each = var.names
  name     = each.key
}
resource "aws_s3_bucket" "made" {
  bucket_prefix = "made-"
}
resource "aws_s3_bucket" "other" {
  bucket_prefix = "other-"
}
resource "aws_s3_bucket_versioning" "by_id" {
  bucket = module.images.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "by_name" {
  bucket = "images"
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "by_given" {
  bucket = var.given
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "by_made" {
  bucket = aws_s3_bucket.made.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "by_choice" {
  bucket = var.is_first ? aws_s3_bucket.made.id : aws_s3_bucket.other.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "by_each" {
  for_each = var.names
  bucket   = module.each[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "by_value" {
  for_each = module.each
  bucket   = each.value.name
  versioning_configuration {
    status = "Enabled"
  }
}
"""


def _graph(root: Path, files: dict[str, str]) -> Graph:
    write_files(root, files)
    return prepare(Request(root, ("",), checkov="off")).graphs[0]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Return the addresses of buckets with those of their versionings."""
    return _graph(tmp_path_factory.mktemp("joins"), {"main.tf": MAIN, "bucket/main.tf": MODULE})


def _world(answer: bool) -> ScriptedWorld:
    """A world that gives the same answer to every open question."""
    return ScriptedWorld((answer,) * 40, lambda leaf: ())


def _named(graph: Graph, bucket: str, world: worlds.World) -> list[str]:
    node = next(n for n in graph.of("aws_s3_bucket") if n.address == bucket)
    with worlds.entered(world):
        found = PolicyGraph(graph).naming(Resource(node), "aws_s3_bucket_versioning", "bucket")
        return sorted(resource.name for resource in found)


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        ("module.images.aws_s3_bucket.this", ["by_id", "by_name"]),
        ("module.given.aws_s3_bucket.this", ["by_given"]),
        ("module.each[*].aws_s3_bucket.this", ["by_each", "by_value"]),
        ("aws_s3_bucket.made", ["by_choice", "by_made"]),
    ],
)
def test_naming(graph: Graph, bucket: str, expected: list[str]) -> None:
    """A bucket is named by its id, its name, an equal unknown value, and a paired instance."""
    certain = [name for name in _named(graph, bucket, _world(True)) if name in expected]
    assert certain == expected


def test_a_choice_names_one_of_two(graph: Graph) -> None:
    """The world decides which of two buckets a conditional names."""
    assert "by_choice" in _named(graph, "aws_s3_bucket.made", _world(True))
    assert "by_choice" not in _named(graph, "aws_s3_bucket.other", _world(True))
    assert "by_choice" not in _named(graph, "aws_s3_bucket.made", _world(False))
    assert "by_choice" in _named(graph, "aws_s3_bucket.other", _world(False))


def test_ids_of_two_resources_differ(graph: Graph) -> None:
    """Computed values of two resources differ in every world."""
    assert "by_made" not in _named(graph, "aws_s3_bucket.other", _world(True))


def test_named_is_the_inverse_of_naming(graph: Graph) -> None:
    """The resource that an attribute names is the one that is found from it."""
    with worlds.entered(_world(True)):
        policy_graph = PolicyGraph(graph)
        for versioning in list(policy_graph.of("aws_s3_bucket_versioning")):
            for bucket in policy_graph.named(versioning["bucket"], "aws_s3_bucket"):
                found = policy_graph.naming(bucket, "aws_s3_bucket_versioning", "bucket")
                assert versioning in list(found)


def test_implied_edges(graph: Graph) -> None:
    """An equal name is an implied edge unless a reference exists."""
    edges = {(source.address, target.address) for source, targets in implied_edges(graph).items() for target in targets}
    assert edges == {("aws_s3_bucket_versioning.by_name", "module.images.aws_s3_bucket.this")}


def test_implied_edges_are_drawn(graph: Graph) -> None:
    """Every format distinguishes an implied edge from a reference."""
    joined = to_networkx(graph).get_edge_data("aws_s3_bucket_versioning.by_name", "module.images.aws_s3_bucket.this")
    assert joined == {"kind": "name"}
    assert to_dot([graph], False).count('[style=dashed, label="name"]') == 1
    assert to_mermaid([graph], False).count("-. name .->") == 1
    assert to_graphml([graph], False).count(">name<") == 1
    edges = json.loads(to_json([graph], True))["cells"][0]["edges"]
    assert [e["from"] for e in edges if e["kind"] == "name"] == ["aws_s3_bucket_versioning.by_name"]


def test_names_of_a_bucket(graph: Graph) -> None:
    """The names of a bucket are its id, its ARN, its domains, and its name if known."""
    node: Node = next(n for n in graph.of("aws_s3_bucket") if n.address == "module.images.aws_s3_bucket.this")
    keys = {key_of(value) for value in joins_of(graph).names(node)}
    assert {"=images", "?module.images.aws_s3_bucket.this.id", "?module.images.aws_s3_bucket.this.arn"} <= keys


def test_joining_takes_linear_time(tmp_path: Path) -> None:
    """Joining four times the buckets takes four times the steps."""

    def taken(count: int) -> int:
        text = "".join(
            f'resource "aws_s3_bucket" "b{i}" {{\n  bucket = "b{i}"\n}}\n'
            f'resource "aws_s3_bucket_versioning" "b{i}" {{\n  bucket = aws_s3_bucket.b{i}.id\n'
            '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
            for i in range(count)
        )
        graph = _graph(tmp_path / str(count), {"main.tf": text})
        joins, policy_graph = Joins(graph), PolicyGraph(graph)
        assert joins.by_attribute("aws_s3_bucket_versioning", "bucket").loose == ()
        steps = 0

        def count_step(frame: object, event: str, argument: object) -> None:
            nonlocal steps
            steps += 1

        before = sys.getprofile()
        sys.setprofile(count_step)
        try:
            for node in graph.of("aws_s3_bucket"):
                assert len(list(policy_graph.naming(Resource(node), "aws_s3_bucket_versioning", "bucket"))) == 1
        finally:
            sys.setprofile(before)
        return steps

    taken(50)
    assert taken(400) < 5 * taken(100)
