"""Generated repositories and policies of a given size for benchmarks."""

from collections.abc import Iterator
from pathlib import Path

KINDS = 20
PER_FILE = 100

SERVICE = """\
variable "environment" {
  type    = string
  default = "production"
}

variable "sizes" {
  type    = map(number)
  default = { small = 256, large = 1024 }
}

locals {
  tags = { environment = var.environment, owner = "platform" }
}

"""
RESOURCE = """\
resource "example_kind{kind}" "name_{number}" {{
  name    = "${{var.environment}}-{number}"
  size    = var.sizes[{number} % 2 == 0 ? "small" : "large"]
  enabled = var.environment == "production" ? true : false
  cidrs   = [for i in range(2) : cidrsubnet("10.0.0.0/8", 16, i + {number})]
  tags    = merge(local.tags, {{ number = "{number}" }})

  scaling {{
    min = {number} % 3
    max = max(3, {number} % 7)
  }}
}}

"""
CHECKS = (
    'if not resource["enabled"] == True:\n        yield Violation("is not enabled", at=resource["enabled"])',
    'if resource["size"] < {bound}:\n        yield Violation("is too small", at=resource["size"])',
    'if resource["tags"]["owner"].is_null:\n        yield Violation("has no owner", at=resource["tags"])',
    'scaling = resource["scaling"]\n    if scaling["min"] > scaling["max"]:\n'
    '        yield Violation("scales to nothing", at=scaling["min"])',
    'if not resource["name"].test(lambda name: name.startswith("prod"), "begins with prod"):\n'
    '        yield Violation("has another name", at=resource["name"])',
)
POLICY = """\
from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(
    id="{id}",
    title="Policy {number}",
    severity=Severity.LOW,
    on=("example_kind{kind}",),
    why="To measure.",
    fix="None.",
)


def check(resource: Resource, graph: Graph):
    {body}
"""


def write_resources(directory: Path, count: int, per_file: int = PER_FILE) -> None:
    """Return one root module with resources of twenty types."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "main.tf").write_text(SERVICE, encoding="utf-8")
    for first in range(0, count, per_file):
        numbers = range(first, min(first + per_file, count))
        text = "".join(RESOURCE.format(kind=number % KINDS, number=number) for number in numbers)
        (directory / f"part_{first // per_file:04}.tf").write_text(text, encoding="utf-8")


def write_policies(directory: Path, count: int) -> None:
    """Write policies in Python, each for one of the types."""
    for number, body in zip(range(count), _bodies(), strict=False):
        folder = directory / "generated" / f"policy-{number}"
        folder.mkdir(parents=True)
        text = POLICY.format(id=folder.name, number=number, kind=number % KINDS, body=body)
        (folder / f"policy_{number}.py").write_text(text, encoding="utf-8")


def _bodies() -> Iterator[str]:
    number = 0
    while True:
        for body in CHECKS:
            yield body.format(bound=100 + number)
        number += 1


def write_services(directory: Path, files: int) -> None:
    """Write ten files for each service: a root module, local modules, variables, outputs and var-files."""
    for number in range(files // 10):
        root = directory / f"service_{number:04}"
        write_resources(root, 40, per_file=10)
        for module in ("network", "storage"):
            inner = root / "modules" / module
            write_resources(inner, 10, per_file=10)
            (inner / "outputs.tf").write_text(
                'output "environment" {\n  value = var.environment\n}\n', encoding="utf-8"
            )
        calls = "".join(
            f'module "{name}" {{\n  source      = "./modules/{name}"\n  environment = var.environment\n}}\n\n'
            for name in ("network", "storage")
        )
        (root / "modules.tf").write_text(calls, encoding="utf-8")
