"""Options of the policies on state and compute."""

from pathlib import Path

import pytest
from tests.support.expectations import assert_as_expected
from tests.support.scans import write_files

SERVICE = """resource "render_web_service" "shop" {{
  name        = "shop"
  plan        = "pro" {plan}
  region      = "frankfurt"
  autoscaling = {{
    enabled  = true
    min      = 1
    max      = 8 {max}
    criteria = {{ cpu = {{ enabled = true, percentage = 70 }} }}
  }}
  runtime_source = {{ image = {{ image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" }} }}
}}
"""
UNSCALED = """resource "render_web_service" "shop" {
  name           = "shop"
  plan           = "pro"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}
"""
ECS = """resource "aws_ecs_service" "scaled" {
  name = "scaled"
}

resource "aws_ecs_service" "fixed" { # expect: autoscaling-bounds
  name = "fixed"
}

resource "aws_appautoscaling_target" "scaled" {
  service_namespace  = "ecs"
  resource_id        = "service/media/${aws_ecs_service.scaled.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 4
}
"""

CASES = {
    "above the maximum of the option": (
        "autoscaling-bounds",
        "max_instances = 6",
        SERVICE.format(plan="", max="# expect: autoscaling-bounds"),
    ),
    "at the maximum of the option": ("autoscaling-bounds", "max_instances = 8", SERVICE.format(plan="", max="")),
    "services that need not scale": ("autoscaling-bounds", 'required_on = ["aws_ecs_service"]', UNSCALED),
    "services that must scale": ("autoscaling-bounds", 'required_on = ["aws_ecs_service"]', ECS),
    "a plan that is not allowed": (
        "resource-limits",
        'plans = ["starter", "standard"]',
        SERVICE.format(plan="# expect: resource-limits", max=""),
    ),
    "a plan that is allowed": ("resource-limits", 'plans = ["pro"]', SERVICE.format(plan="", max="")),
    "a plan from a variable": (
        "resource-limits",
        'plans = ["pro"]',
        'variable "plan" {\n  type = string\n}\n'
        + SERVICE.format(plan="# expect-possible: resource-limits", max="").replace('"pro"', "var.plan"),
    ),
    "a plan that a validation restricts to allowed ones": (
        "resource-limits",
        'plans = ["pro", "pro_plus"]',
        'variable "plan" {\n  type = string\n  validation {\n    condition = contains(["pro", "pro_plus"], var.plan)\n'
        '    error_message = "No."\n  }\n}\n' + SERVICE.format(plan="", max="").replace('"pro" ', "var.plan "),
    ),
    "the size of a datastore": (
        "resource-limits",
        'plans = ["pro"]\ndatastore_plans = ["starter"]',
        'resource "render_keyvalue" "queue" {\n  name = "queue"\n  region = "frankfurt"\n'
        '  plan = "pro" # expect: resource-limits\n  max_memory_policy = "noeviction"\n}\n',
    ),
    "an instance type": (
        "resource-limits",
        'instance_types = ["t4g.nano"]',
        'resource "aws_instance" "a" {\n  ami = "ami-0"\n  instance_type = "m7g.large" # expect: resource-limits\n}\n',
    ),
    "no throwaway directories": (
        "state-remote-backend",
        "throwaway = []",
        'resource "terraform_data" "main" {} # expect: state-remote-backend\n',
    ),
}


@pytest.mark.parametrize(("policy", "option", "main"), CASES.values(), ids=CASES)
def test_option(policy: str, option: str, main: str, tmp_path: Path) -> None:
    """The option decides whether the resource has a finding."""
    write_files(tmp_path, {"examples/main.tf": main, "iacpolicy.toml": f"[policies.{policy}]\n{option}\n"})
    assert_as_expected(tmp_path, policy)
