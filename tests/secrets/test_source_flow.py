"""Secrets from sources that are no literals, traced through random steps to exposed arguments."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.secrets.test_traces import CATALOGUE, STEPS, Configuration

from iacpolicy.core.tree import MemoryTree
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.build import build_graph
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.find import find_secrets
from iacpolicy.secrets.reach.cell_secrets import SecretsOfCell
from iacpolicy.secrets.reach.exposed import ExposedPlace, ExposedSecrets
from iacpolicy.secrets.secret import CellSecrets
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.variables import assignments


def graph_of(files: dict[str, str]) -> tuple[Graph, CellSecrets]:
    """Return the graph of a root in memory, and the secrets that are written in its files."""
    tree = MemoryTree(files)
    parsed = ParsedFiles(tree)
    modules = Modules(parsed)
    cell = Cell("", None)
    given_values, _ = assignments(parsed, "", (), {}, {})
    graph = build_graph(
        cell, 0, ModuleInstance(modules.load(""), Session(tree, modules, CATALOGUE, cell, given_values))
    )
    return graph, CellSecrets(find_secrets([graph], tree).secrets)


def exposed_in(files: dict[str, str]) -> list[tuple[str, ExposedPlace]]:
    """Return the exposed secrets of a root's resources with the address of each."""
    graph, written = graph_of(files)
    exposed = ExposedSecrets(SecretsOfCell(graph, written))
    return [(node.address, one) for node in graph.nodes if node.kind == "resource" for one in exposed.of(node)]


def source_sensitive(config: Configuration) -> str:
    name = config.name()
    config.write(f'variable "{name}" {{\n  type = string\n  sensitive = true\n}}')
    config.expression = f"var.{name}"
    return config.expression


def source_named(config: Configuration) -> str:
    config.write('variable "api_token" {}')
    config.expression = "var.api_token"
    return config.expression


def source_generated(config: Configuration) -> str:
    config.write('resource "random_password" "p" {\n  length = 20\n}')
    config.expression = "random_password.p.result"
    return config.expression


def source_generated_each(config: Configuration) -> str:
    config.write('resource "random_password" "p" {\n  for_each = toset(["a", "b"])\n  length = 20\n}')
    config.expression = '{ for k, one in random_password.p : k => one.result }["a"]'
    return "random_password.p.result"


def source_generated_counted(config: Configuration) -> str:
    config.write('resource "random_password" "p" {\n  count = 2\n  length = 20\n}')
    config.expression = "element(random_password.p[*].result, 0)"
    return "random_password.p.result"


def source_nested(config: Configuration) -> str:
    config.write('resource "render_postgres" "db" {\n  name = "db"\n}')
    config.expression = "render_postgres.db.connection_info.password"
    return "render_postgres.db.connection_info"


def source_read(config: Configuration) -> str:
    config.write('data "vault_kv_secret_v2" "s" {\n  mount = "kv"\n  name = "s"\n}')
    config.expression = 'data.vault_kv_secret_v2.s.data["x"]'
    return "data.vault_kv_secret_v2.s.data"


def source_unknown_provider(config: Configuration) -> str:
    config.write('resource "acme_account" "a" {\n  user = "shop"\n}')
    config.expression = "acme_account.a.client_secret"
    return config.expression


def source_modules(config: Configuration) -> str:
    config.write('module "made" {\n  source = "./made"\n  for_each = toset(["a"])\n}')
    config.write(
        'resource "random_password" "p" {\n  length = 20\n}\noutput "word" {\n  value = random_password.p.result\n}',
        "made/main.tf",
    )
    config.expression = "values(module.made)[0].word"
    return "random_password.p.result"


def sink_tag(config: Configuration) -> tuple[str, str]:
    config.write(
        f'resource "aws_sqs_queue" "end" {{\n  name = "end"\n  tags = {{\n    note = {config.expression}\n  }}\n}}'
    )
    return "tags.note", "note"


def sink_name(config: Configuration) -> tuple[str, str]:
    config.write(f'resource "aws_sqs_queue" "end" {{\n  name = "x-${{{config.expression}}}"\n}}')
    return "name", "name"


def sink_record(config: Configuration) -> tuple[str, str]:
    config.write(f'resource "cloudflare_dns_record" "end" {{\n  name = "end"\n  content = {config.expression}\n}}')
    return "content", "content"


def sink_boot(config: Configuration) -> tuple[str, str]:
    config.write(f'resource "aws_instance" "end" {{\n  user_data = base64encode(\n    {config.expression}\n  )\n}}')
    return "user_data", "user_data"


def sink_command(config: Configuration) -> tuple[str, str]:
    config.write(
        'resource "terraform_data" "end" {\n  provisioner "local-exec" {\n'
        f'    command = "run ${{{config.expression}}}"\n  }}\n}}'
    )
    return "provisioner.command", "command"


def sink_nested(config: Configuration) -> tuple[str, str]:
    config.write(
        'resource "aws_autoscaling_group" "end" {\n  dynamic "tag" {\n'
        f"    for_each = {{ a = {config.expression} }}\n    content {{\n      key = tag.key\n"
        "      description = tag.value\n    }\n  }\n}"
    )
    return "tag.description", "description"


def sink_dashboard(config: Configuration) -> tuple[str, str]:
    config.write(
        f'resource "grafana_dashboard" "end" {{\n  config_json = jsonencode({{ t = {config.expression} }})\n}}'
    )
    return "config_json", "config_json"


SOURCES = [
    source_sensitive,
    source_named,
    source_generated,
    source_generated_each,
    source_generated_counted,
    source_nested,
    source_read,
    source_unknown_provider,
    source_modules,
]
SINKS = [sink_tag, sink_name, sink_record, sink_boot, sink_command, sink_nested, sink_dashboard]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SOURCES), st.lists(st.sampled_from(STEPS), max_size=5), st.sampled_from(SINKS))
def test_every_source_is_followed(
    source: Callable[[Configuration], str],
    steps: list[Callable[[Configuration], None]],
    sink: Callable[[Configuration], tuple[str, str]],
) -> None:
    """There is one place, at the exposed attribute or key, with the name of the source and each step in order."""
    config = Configuration("")
    name = source(config)
    before = len(config.steps)
    for step in steps:
        step(config)
    attribute, word = sink(config)
    files = {path: "\n".join(blocks) + "\n" for path, blocks in config.files.items()}
    ((address, one),) = exposed_in(files)
    assert address.endswith(".end")
    assert one.at.attribute == attribute
    assert [s.name for s in one.at.sources] == [name]
    line = files[one.at.place.path].split("\n")[one.at.place.line - 1]
    assert line.strip().startswith(f"{word} = ")
    kinds = [str(step.kind) for step in one.at.trace.steps()]
    remaining = iter(kinds)
    assert all(kind in remaining for kind in config.steps[before:]), (kinds, config.steps)


HARMLESS = {
    "a digest": "sha256(random_password.p.result)",
    "a length": 'format("%d", length(random_password.p.result))',
    "a comparison": 'random_password.p.result == "" ? "empty" : "filled"',
    "whether it is there": 'can(random_password.p.result) ? "yes" : "no"',
    "another attribute": "random_password.p.id",
    "the other half of a key": "tls_private_key.k.public_key_openssh",
    "where it is kept": "aws_secretsmanager_secret.s.arn",
    "a list of ids": "aws_rds_cluster.c.master_user_secret[0].secret_arn",
    "a public verification token": "aws_ses_domain_identity.d.verification_token",
    "a public parameter": "data.aws_ssm_parameter.image.value",
    "a plain parameter": "aws_ssm_parameter.plain.value",
    "a parameter by its name": "data.aws_ssm_parameter.vpc_id.value",
    "a name of a key": "data.aws_kms_alias.k.target_key_id",
    "a key of a map of secrets": 'join(",", keys({ a = random_password.p.result }))',
    "another member": '{ user = "shop", pass = random_password.p.result }.user',
    "a name": "var.secret_name",
    "a module's other output": "module.m.name",
    "nothing": "var.empty_password",
}

AROUND = """
resource "random_password" "p" {
  length = 20
}
resource "tls_private_key" "k" {
  algorithm = "ED25519"
}
resource "aws_secretsmanager_secret" "s" {
  name = "s"
}
resource "aws_rds_cluster" "c" {
  cluster_identifier = "c"
}
resource "aws_ses_domain_identity" "d" {
  domain = "shop.invalid"
}
data "aws_ssm_parameter" "image" {
  name = { arm = "/aws/service/bottlerocket/arm" }["arm"]
}
data "aws_ssm_parameter" "vpc_id" {
  name = "/shop/network"
}
data "aws_kms_alias" "k" {
  name = "alias/k"
}
resource "aws_ssm_parameter" "plain" {
  name  = "/shop/least"
  type  = "String"
  value = "2"
}
variable "secret_name" {}
module "m" {
  source         = "./m"
  empty_password = null
}
"""
MODULE = """
variable "empty_password" {}
resource "random_password" "p" {
  length = 20
}
output "name" {
  value = var.empty_password
}
output "word" {
  value = random_password.p.result
}
"""


@pytest.mark.parametrize("expression", HARMLESS.values(), ids=HARMLESS)
def test_values_that_do_not_reveal_a_secret_are_not_exposed(expression: str) -> None:
    """Values that do not reveal a secret, and siblings of one, are not exposed."""
    empty = 'variable "empty_password" {\n  default = "none"\n}\n'
    sink = f'resource "aws_sqs_queue" "end" {{\n  name = "end"\n  tags = {{ note = {expression} }}\n}}\n'
    assert exposed_in({"main.tf": AROUND + empty + sink, "m/main.tf": MODULE}) == []


def test_self_is_one_instance() -> None:
    """`self` is one instance of the resource."""
    main = """
resource "random_password" "p" {
  count  = 2
  length = 20
  provisioner "local-exec" {
    command = "keep ${self.result}"
  }
}
"""
    found = exposed_in({"main.tf": main})
    assert [address for address, _ in found] == ["random_password.p[0]", "random_password.p[1]"]
    assert {one.at.names for _, one in found} == {"random_password.p.result"}


def test_several_secrets_at_one_place() -> None:
    """One place names at most three of its secrets."""
    variables = "".join(f'variable "p{n}" {{\n  sensitive = true\n}}\n' for n in range(5))
    text = " ".join(f"${{var.p{n}}}" for n in range(5))
    ((_, one),) = exposed_in({"main.tf": f'{variables}resource "aws_sqs_queue" "q" {{\n  name = "{text}"\n}}\n'})
    assert one.at.names == "var.p0, var.p1, var.p2 and 2 more"
    assert one.at.subject == "5 secrets are"


def test_json_syntax_has_the_same_places() -> None:
    """The place is the key in the JSON document."""
    main = """{
  "variable": {"v": {"sensitive": true}},
  "resource": {"aws_sqs_queue": {"q": {
    "name": "q",
    "tags": {
      "note": "${var.v}"
    }
  }}}
}
"""
    ((_, one),) = exposed_in({"main.tf.json": main})
    assert (one.at.place.line, one.at.attribute) == (6, "tags.note")


def test_a_secret_is_exposed_only_by_the_caller_that_passes_it() -> None:
    """Only the call of a module that passes a secret exposes it."""
    main = """
variable "v" {
  sensitive = true
}
module "open" {
  source = "./m"
  note   = "nothing"
}
module "closed" {
  source = "./m"
  note   = var.v
}
"""
    inner = 'variable "note" {}\nresource "aws_sqs_queue" "q" {\n  name = var.note\n}\n'
    found = exposed_in({"main.tf": main, "m/main.tf": inner})
    assert [address for address, _ in found] == ["module.closed.aws_sqs_queue.q"]
