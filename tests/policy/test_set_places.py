"""The elements of a set have the places at which they are written."""

from pathlib import Path

from tests.support.scans import write_files

from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare
from iacpolicy.policy.api import Graph

MAIN = """variable "name" {
  type = string
}
resource "render_web_service" "shop" {
  name           = "shop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/shop/shop", tag = "1" } }
  custom_domains = [
    { name = "z.example" },
    { name = var.name },
    { name = "a.example" },
  ]
}
resource "render_web_service" "loop" {
  name           = "loop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/shop/shop", tag = "1" } }
  custom_domains = [for name in ["z.example", "a.example"] : { name = name }]
}
"""


def test_elements_of_a_set(tmp_path: Path) -> None:
    """Each element has the line of its text, or the line of the set if the syntax does not show the element."""
    write_files(tmp_path, {"main.tf": MAIN})
    graph = Graph(prepare(Request(tmp_path, ("",), checkov="off")).graphs[0])
    lines = {
        service.name: {str(domain["name"]): domain["name"].at.line for domain in service["custom_domains"]}
        for service in graph.of("render_web_service")
    }
    assert lines == {
        "shop": {"z.example": 10, "var.name": 11, "a.example": 12},
        "loop": {"z.example": 20, "a.example": 20},
    }
