"""Values that Terraform refuses are reported although no policy reads them; accepted values are not."""

import pytest
from tests.support.modules import root_of

from iacpolicy.evaluate.modules.contracts import contract_problems

EPHEMERAL = 'variable "e" {\n  ephemeral = true\n  default   = 1\n}\n'
SENSITIVE = 'variable "s" {\n  sensitive = true\n  default   = 1\n}\n'
RULE = "  validation {{\n    condition     = {}\n    error_message = {}\n  }}\n"


def problem_summaries(text: str, **given: str) -> list[str]:
    """Return the summaries of the problems of a root module, in order; its child module `m` has a validation."""
    module = 'variable "k" {\n  validation {\n    condition     = var.k != 3\n    error_message = "three"\n  }\n}\n'
    root = root_of({"main.tf": text, "m/main.tf": module}, given)
    found = contract_problems(root)
    return [problem.summary for problem in (*found, *root.session.problems.values())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('variable "v" {\n  type    = number\n  default = "x"\n}\n', "Invalid value for input variable"),
        (
            'variable "v" {\n  default = "a"\n' + RULE.format('var.v != "a"', '"no"') + "}\n",
            "Invalid value for variable",
        ),
        ('variable "v" {\n  default = "a"\n' + RULE.format("var.v", '"no"') + "}\n", "Invalid condition result"),
        ('variable "v" {\n  default = "a"\n' + RULE.format("var.v == null ? true : null", '"no"') + "}\n", None),
        ('module "m" {\n  source = "./m"\n  k      = 3\n}\n', "Invalid value for variable"),
        (SENSITIVE + 'output "o" {\n  value = [var.s]\n}\n', "Output refers to sensitive values"),
        (EPHEMERAL + 'output "o" {\n  value = var.e\n}\n', "Ephemeral value not allowed"),
        (EPHEMERAL + 'resource "terraform_data" "x" {\n  input = "a-${var.e}"\n}\n', "Invalid use of ephemeral value"),
        (EPHEMERAL + 'resource "terraform_data" "x" {\n  count = var.e\n}\n', "Invalid count argument"),
        (
            EPHEMERAL + 'resource "terraform_data" "x" {\n  for_each = toset([tostring(var.e)])\n}\n',
            "Invalid for_each argument",
        ),
        (
            'variable "v" {\n  default = 1\n}\noutput "o" {\n  value = 1\n  precondition {\n'
            '    condition     = var.v == 2\n    error_message = "no"\n  }\n}\n',
            "Module output value precondition failed",
        ),
        (
            'resource "terraform_data" "x" {\n  input = 1\n  lifecycle {\n    postcondition {\n'
            '      condition     = self.input == 2\n      error_message = "was ${self.input}"\n    }\n  }\n}\n',
            "Resource postcondition failed",
        ),
        (
            'variable "v" {\n  default = 1\n}\ncheck "c" {\n  assert {\n    condition     = var.v == 2\n'
            '    error_message = "no"\n  }\n}\n',
            "Check block assertion failed",
        ),
    ],
)
def test_refused(text: str, expected: str | None) -> None:
    """Each kind of value that Terraform refuses is reported once."""
    found = problem_summaries(text)
    if expected is None:
        assert found == ["Invalid condition result"]
    else:
        assert found == [expected]


@pytest.mark.parametrize(
    "text",
    [
        'variable "v" {\n  type    = number\n  default = "5"\n}\n',
        'variable "v" {\n' + RULE.format("var.v > 3", '"no"') + "}\n",  # has no value
        'variable "v" {\n  default = null\n' + RULE.format("var.v != null", '"no"') + "}\n",  # from elsewhere
        'module "m" {\n  source = "./m"\n  k      = 2\n}\n',
        SENSITIVE + 'output "o" {\n  value     = var.s\n  sensitive = true\n}\n',
        SENSITIVE + 'output "o" {\n  value = nonsensitive(var.s)\n}\n',
        SENSITIVE + 'resource "terraform_data" "x" {\n  count = var.s\n}\n',
        EPHEMERAL + 'output "o" {\n  value = ephemeralasnull(var.e)\n}\n',
        'resource "terraform_data" "x" {\n  lifecycle {\n    postcondition {\n      condition     = self.id != ""\n'
        '      error_message = "no"\n    }\n  }\n}\n',
        'variable "n" {}\nresource "terraform_data" "x" {\n  count = var.n\n  lifecycle {\n    precondition {\n'
        '      condition     = path.module == "x"\n      error_message = "no"\n    }\n  }\n}\n',  # may not exist
    ],
)
def test_accepted(text: str) -> None:
    """Nothing is reported for accepted values, or for checks that depend on a missing value."""
    assert problem_summaries(text) == []


def test_functions_in_options() -> None:
    """The value of an option cannot contain a function call, as in Terraform."""
    assert problem_summaries('variable "v" {\n  type = list(string)\n}\n', v='[upper("a")]') == [
        "Function calls not allowed"
    ]
