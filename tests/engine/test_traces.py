"""Traces of values, step by step."""

from pathlib import Path

from tests.support.scans import report_of, write_policy

CHECK = """
if resource["input"]["min"] < 1:
    yield Violation("min is below 1", at=resource["input"]["min"])
"""


def _way(root: Path, files: dict[str, str]) -> list[tuple[str, str | None, int | None, str]]:
    policies = write_policy(root / "policies", "min-bound", "terraform_data", CHECK)
    (finding,) = report_of(root / "repo", files, policy_dirs=(policies,), wanted=("min-bound",)).findings
    return [(hop.kind, hop.path, hop.line, hop.text) for hop in finding.trace]


def test_from_the_var_file_to_the_attribute_of_a_module(tmp_path: Path) -> None:
    """Each step has its file, line and text, and the unused argument of a merge is not a step."""
    files = {
        "main.tf": 'variable "cfg" {\n  type = object({ min = number, name = string })\n}\n\n'
        "locals {\n  merged = merge({ min = 3 }, var.cfg)\n  least  = local.merged.min\n}\n\n"
        'module "x" {\n  source = "./m"\n  least  = local.least\n}\n',
        "terraform.tfvars": 'cfg = {\n  name = "x"\n  min  = 0\n}\n',
        "m/main.tf": 'variable "least" {\n  type = number\n}\n\n'
        'resource "terraform_data" "a" {\n  input = {\n    min = var.least\n  }\n}\n',
    }
    assert _way(tmp_path, files) == [
        ("tfvars", "terraform.tfvars", 3, "min  = 0"),
        ("local", "main.tf", 6, "merged = merge({ min = 3 }, var.cfg)"),
        ("local", "main.tf", 7, "least  = local.merged.min"),
        ("argument", "main.tf", 12, "least  = local.least"),
        ("attribute", "m/main.tf", 7, "min = var.least"),
    ]


def test_a_condition_is_a_step_and_the_other_arm_is_not(tmp_path: Path) -> None:
    """The condition that selects a value is a step, and the other arm is not."""
    files = {
        "main.tf": 'variable "env" {\n  default = "production"\n}\n\nlocals {\n  low  = 0\n  high = 2\n'
        '  min  = var.env == "production" ? local.low : local.high\n}\n\n'
        'resource "terraform_data" "a" {\n  input = { min = local.min }\n}\n'
    }
    assert [hop[2] for hop in _way(tmp_path, files)] == [6, 2, 8, 12]


def test_the_element_of_a_map_is_its_own_line(tmp_path: Path) -> None:
    """With `for_each` over a variable, the step is the line of this instance's element."""
    files = {
        "main.tf": 'variable "services" {\n  default = {\n    api = { min = 0 }\n    web = { min = 2 }\n  }\n}\n\n'
        'resource "terraform_data" "a" {\n  for_each = var.services\n  input    = { min = each.value.min }\n}\n'
    }
    assert _way(tmp_path, files) == [
        ("default", "main.tf", 3, "api = { min = 0 }"),
        ("attribute", "main.tf", 10, "input    = { min = each.value.min }"),
    ]


def test_the_step_of_a_heredoc_is_its_opening_line(tmp_path: Path) -> None:
    """The step of a heredoc is its opening line, because the first line of its body may be unrelated."""
    script = "<<-EOT\n    #!/bin/sh\n    export DB_PASSWORD=Xk29fjQp28LmNz81\n  EOT\n"
    main = (
        f'resource "aws_instance" "a" {{\n  ami           = "x"\n  instance_type = "y"\n  user_data     = {script}}}\n'
    )
    (finding,) = report_of(tmp_path, {"main.tf": main}, wanted=("plaintext-secret",)).findings
    assert finding.location.line == 6
    assert [(hop.kind, hop.line, hop.text) for hop in finding.trace] == [("attribute", 4, "user_data     = <<-EOT")]


def test_a_list_has_the_traces_of_its_elements(tmp_path: Path) -> None:
    """A finding on a list has the traces of its elements, because one element is the cause."""
    files = {
        "main.tf": 'variable "range" {\n  type = string\n}\n\n'
        'module "x" {\n  source = "./m"\n  range  = var.range\n}\n',
        "terraform.tfvars": 'range = "0.0.0.0/0"\n',
        "m/main.tf": 'variable "range" {\n  type = string\n}\n\n'
        'resource "terraform_data" "a" {\n  input = [var.range]\n}\n',
    }
    check = 'if resource["input"].contains("0.0.0.0/0"):\n    yield Violation("open", at=resource["input"])\n'
    policies = write_policy(tmp_path / "policies", "open-range", "terraform_data", check)
    (finding,) = report_of(tmp_path / "repo", files, policy_dirs=(policies,), wanted=("open-range",)).findings
    assert [(hop.kind, hop.path, hop.line) for hop in finding.trace] == [
        ("tfvars", "terraform.tfvars", 1),
        ("argument", "main.tf", 7),
        ("attribute", "m/main.tf", 6),
    ]
