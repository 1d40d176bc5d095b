"""Secrets that no literal makes, led by random hops to places where everybody sees them."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.secrets.test_traces import CATALOGUE, HOPS, Way

from iacpolicy.core.tree import MemoryTree
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.build import build_graph
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.find import find_secrets
from iacpolicy.secrets.reach.cell_secrets import SecretsOfCell
from iacpolicy.secrets.reach.exposed import Exposed, ExposedSecrets
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


def exposed_in(files: dict[str, str]) -> list[tuple[str, Exposed]]:
    """What the resources of a root show, with the address of each."""
    graph, written = graph_of(files)
    exposed = ExposedSecrets(SecretsOfCell(graph, written))
    return [(node.address, one) for node in graph.nodes if node.kind == "resource" for one in exposed.of(node)]


def source_sensitive(way: Way) -> str:
    name = way.name()
    way.write(f'variable "{name}" {{\n  type = string\n  sensitive = true\n}}')
    way.expression = f"var.{name}"
    return way.expression


def source_named(way: Way) -> str:
    way.write('variable "api_token" {}')
    way.expression = "var.api_token"
    return way.expression


def source_generated(way: Way) -> str:
    way.write('resource "random_password" "p" {\n  length = 20\n}')
    way.expression = "random_password.p.result"
    return way.expression


def source_generated_each(way: Way) -> str:
    way.write('resource "random_password" "p" {\n  for_each = toset(["a", "b"])\n  length = 20\n}')
    way.expression = '{ for k, one in random_password.p : k => one.result }["a"]'
    return "random_password.p.result"


def source_generated_counted(way: Way) -> str:
    way.write('resource "random_password" "p" {\n  count = 2\n  length = 20\n}')
    way.expression = "element(random_password.p[*].result, 0)"
    return "random_password.p.result"


def source_nested(way: Way) -> str:
    way.write('resource "render_postgres" "db" {\n  name = "db"\n}')
    way.expression = "render_postgres.db.connection_info.password"
    return "render_postgres.db.connection_info"


def source_read(way: Way) -> str:
    way.write('data "vault_kv_secret_v2" "s" {\n  mount = "kv"\n  name = "s"\n}')
    way.expression = 'data.vault_kv_secret_v2.s.data["x"]'
    return "data.vault_kv_secret_v2.s.data"


def source_unknown_provider(way: Way) -> str:
    way.write('resource "acme_account" "a" {\n  user = "shop"\n}')
    way.expression = "acme_account.a.client_secret"
    return way.expression


def source_modules(way: Way) -> str:
    way.write('module "made" {\n  source = "./made"\n  for_each = toset(["a"])\n}')
    way.write(
        'resource "random_password" "p" {\n  length = 20\n}\noutput "word" {\n  value = random_password.p.result\n}',
        "made/main.tf",
    )
    way.expression = "values(module.made)[0].word"
    return "random_password.p.result"


def sink_tag(way: Way) -> tuple[str, str]:
    way.write(f'resource "aws_sqs_queue" "end" {{\n  name = "end"\n  tags = {{\n    note = {way.expression}\n  }}\n}}')
    return "tags.note", "note"


def sink_name(way: Way) -> tuple[str, str]:
    way.write(f'resource "aws_sqs_queue" "end" {{\n  name = "x-${{{way.expression}}}"\n}}')
    return "name", "name"


def sink_record(way: Way) -> tuple[str, str]:
    way.write(f'resource "cloudflare_dns_record" "end" {{\n  name = "end"\n  content = {way.expression}\n}}')
    return "content", "content"


def sink_boot(way: Way) -> tuple[str, str]:
    way.write(f'resource "aws_instance" "end" {{\n  user_data = base64encode(\n    {way.expression}\n  )\n}}')
    return "user_data", "user_data"


def sink_command(way: Way) -> tuple[str, str]:
    way.write(
        'resource "terraform_data" "end" {\n  provisioner "local-exec" {\n'
        f'    command = "run ${{{way.expression}}}"\n  }}\n}}'
    )
    return "provisioner.command", "command"


def sink_nested(way: Way) -> tuple[str, str]:
    way.write(
        'resource "aws_autoscaling_group" "end" {\n  dynamic "tag" {\n'
        f"    for_each = {{ a = {way.expression} }}\n    content {{\n      key = tag.key\n"
        "      description = tag.value\n    }\n  }\n}"
    )
    return "tag.description", "description"


def sink_dashboard(way: Way) -> tuple[str, str]:
    way.write(f'resource "grafana_dashboard" "end" {{\n  config_json = jsonencode({{ t = {way.expression} }})\n}}')
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
@given(st.sampled_from(SOURCES), st.lists(st.sampled_from(HOPS), max_size=5), st.sampled_from(SINKS))
def test_every_source_is_followed(
    source: Callable[[Way], str], hops: list[Callable[[Way], None]], sink: Callable[[Way], tuple[str, str]]
) -> None:
    """One place, at the attribute or the key that is seen, with the source's name and each hop between, in order."""
    way = Way("")
    name = source(way)
    before = len(way.hops)
    for hop in hops:
        hop(way)
    attribute, word = sink(way)
    files = {path: "\n".join(blocks) + "\n" for path, blocks in way.files.items()}
    ((address, one),) = exposed_in(files)
    assert address.endswith(".end")
    assert one.at.attribute == attribute
    assert [s.name for s in one.at.sources] == [name]
    line = files[one.at.place.path].split("\n")[one.at.place.line - 1]
    assert line.strip().startswith(f"{word} = ")
    told = [str(hop.kind) for hop in one.at.trace.hops()]
    remaining = iter(told)
    assert all(kind in remaining for kind in way.hops[before:]), (told, way.hops)


HARMLESS = {
    "a digest": "sha256(random_password.p.result)",
    "a length": 'format("%d", length(random_password.p.result))',
    "a comparison": 'random_password.p.result == "" ? "empty" : "filled"',
    "whether it is there": 'can(random_password.p.result) ? "yes" : "no"',
    "another attribute": "random_password.p.id",
    "the other half of a key": "tls_private_key.k.public_key_openssh",
    "where it is kept": "aws_secretsmanager_secret.s.arn",
    "a list of ids": "aws_rds_cluster.c.master_user_secret[0].secret_arn",
    "a proof for everybody": "aws_ses_domain_identity.d.verification_token",
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
def test_what_tells_nothing_is_no_secret(expression: str) -> None:
    """What is made from a secret and does not let it be read, and what stands beside it."""
    empty = 'variable "empty_password" {\n  default = "none"\n}\n'
    sink = f'resource "aws_sqs_queue" "end" {{\n  name = "end"\n  tags = {{ note = {expression} }}\n}}\n'
    assert exposed_in({"main.tf": AROUND + empty + sink, "m/main.tf": MODULE}) == []


def test_the_resource_around_a_command() -> None:
    """`self` is the resource, and one instance of it."""
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
    """One place names them all, three at most."""
    variables = "".join(f'variable "p{n}" {{\n  sensitive = true\n}}\n' for n in range(5))
    text = " ".join(f"${{var.p{n}}}" for n in range(5))
    ((_, one),) = exposed_in({"main.tf": f'{variables}resource "aws_sqs_queue" "q" {{\n  name = "{text}"\n}}\n'})
    assert one.at.names == "var.p0, var.p1, var.p2 and 2 more"
    assert one.at.subject == "5 secrets are"


def test_the_same_in_json() -> None:
    """The place is the key of the JSON."""
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


def test_what_a_caller_gives_is_told_of_that_caller_alone() -> None:
    """Two calls of one module, a secret in one of them."""
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
