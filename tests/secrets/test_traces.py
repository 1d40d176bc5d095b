"""A secret planted at a random source and led by random hops to a random sink is found at its literal, with its way."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iacpolicy.core.tree import MemoryTree
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.build import build_graph
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.find import find_secrets
from iacpolicy.secrets.secret import Secret
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.variables import assignments

PLANTED = "Zirbel-Kiefer-4711"
CATALOGUE = Catalogue()


def secrets_of(files: dict[str, str], var_files: tuple[str, ...] = ()) -> list[Secret]:
    """The written secrets of a root in memory."""
    tree = MemoryTree(files)
    parsed = ParsedFiles(tree)
    modules = Modules(parsed)
    cell = Cell("", None, var_files)
    given_values, _ = assignments(parsed, "", var_files, {}, {})
    session = Session(tree, modules, CATALOGUE, cell, given_values)
    graph = build_graph(cell, 0, ModuleInstance(modules.load(""), session))
    return list(find_secrets([graph], tree).secrets)


@dataclass
class Way:
    """A configuration under construction: what was written so far, and the expression that has the secret."""

    expression: str
    files: dict[str, list[str]] = field(default_factory=lambda: {"main.tf": []})
    hops: list[str] = field(default_factory=list)
    count: int = 0

    def name(self) -> str:
        """A new name that says nothing."""
        self.count += 1
        return f"v{self.count}"

    def write(self, text: str, path: str = "main.tf") -> None:
        """Add a block to a file."""
        self.files.setdefault(path, []).append(text)


def source_literal(way: Way) -> None:
    name = way.name()
    way.write(f'locals {{\n  {name} = "{PLANTED}"\n}}')
    way.expression = f"local.{name}"
    way.hops.append("local")


def source_default(way: Way) -> None:
    name = way.name()
    way.write(f'variable "{name}" {{\n  default = "{PLANTED}"\n}}')
    way.expression = f"var.{name}"
    way.hops.append("default")


def source_tfvars(way: Way) -> None:
    name = way.name()
    way.write(f'variable "{name}" {{}}')
    way.write(f'{name} = "{PLANTED}"', "terraform.tfvars")
    way.expression = f"var.{name}"
    way.hops.append("tfvars")


def hop_local(way: Way) -> None:
    name = way.name()
    way.write(f"locals {{\n  {name} = {way.expression}\n}}")
    way.expression = f"local.{name}"
    way.hops.append("local")


def hop_object(way: Way) -> None:
    name = way.name()
    way.write(f'locals {{\n  {name} = {{ a = {{ "x y" = {way.expression} }}, b = "other" }}\n}}')
    way.expression = f'local.{name}.a["x y"]'
    way.hops.append("local")


def hop_list(way: Way) -> None:
    name = way.name()
    way.write(f'locals {{\n  {name} = ["one", {way.expression}]\n}}')
    way.expression = f"local.{name}[1]"
    way.hops.append("local")


def hop_for(way: Way) -> None:
    name = way.name()
    way.write(f"locals {{\n  {name} = {{ for k, v in {{ a = {{ inner = {way.expression} }} }} : k => v.inner }}\n}}")
    way.expression = f"local.{name}.a"
    way.hops.append("local")


def hop_module(way: Way) -> None:
    name = way.name()
    way.write(f'module "{name}" {{\n  source = "./{name}"\n  given = {way.expression}\n}}')
    way.write('variable "given" {}\noutput "made" {\n  value = var.given\n}', f"{name}/main.tf")
    way.expression = f"module.{name}.made"
    way.hops += ["argument", "output"]


def hop_resource(way: Way) -> None:
    name = way.name()
    way.write(f'resource "acme_thing" "{name}" {{\n  content = {way.expression}\n}}')
    way.expression = f"acme_thing.{name}.content"
    way.hops.append("resource")


def hop_each_module(way: Way) -> None:
    name = way.name()
    way.write(
        f'module "{name}" {{\n  source = "./{name}"\n  for_each = {{ k = {way.expression} }}\n  given = each.value\n}}'
    )
    way.write('variable "given" {}\noutput "made" {\n  value = { x = var.given }\n}', f"{name}/main.tf")
    way.expression = f'module.{name}["k"].made.x'
    way.hops += ["argument", "output"]


def hop_counted_module(way: Way) -> None:
    name = way.name()
    way.write(f'module "{name}" {{\n  source = "./{name}"\n  count = 2\n  given = [{way.expression}]\n}}')
    way.write('variable "given" {}\noutput "made" {\n  value = one(var.given)\n}', f"{name}/main.tf")
    way.expression = f"one(module.{name}[*].made)"
    way.hops += ["argument", "output"]


def hop_deep_module(way: Way) -> None:
    """A module in a module in a module, down and up again."""
    name = way.name()
    way.write(f'module "{name}" {{\n  source = "./{name}/a"\n  given = {way.expression}\n}}')
    for outer, inner in (("a", "b"), ("b", "c")):
        way.write(
            f'variable "given" {{}}\nmodule "m" {{\n  source = "../{inner}"\n  given = var.given\n}}\n'
            'output "made" {\n  value = module.m.made\n}',
            f"{name}/{outer}/main.tf",
        )
    way.write('variable "given" {}\noutput "made" {\n  value = var.given\n}', f"{name}/c/main.tf")
    way.expression = f"module.{name}.made"
    way.hops += ["argument"] * 3 + ["output"] * 3


def hop_handed_on(way: Way) -> None:
    name = way.name()
    way.write(f'resource "terraform_data" "{name}" {{\n  input = {{ w = {way.expression} }}\n}}')
    way.expression = f"terraform_data.{name}.output.w"
    way.hops.append("resource")


def hop_template(way: Way) -> None:
    name = way.name()
    way.write("%{ for one in many ~}\n${one.w}\n%{ endfor ~}", f"{name}.tftpl")
    way.expression = (
        f'trimspace(templatefile("${{path.module}}/{name}.tftpl", {{ many = [{{ w = {way.expression} }}] }}))'
    )


def hop_instances(way: Way) -> None:
    name = way.name()
    way.write(
        f'resource "acme_thing" "{name}" {{\n  for_each = {{ a = {{ w = {way.expression} }} }}\n'
        "  content = each.value.w\n}"
    )
    way.expression = f"values(acme_thing.{name})[0].content"
    way.hops.append("resource")


def wrapped(before: str, after: str) -> Callable[[Way], None]:
    """A hop inside one expression, which leaves no trace."""

    def hop(way: Way) -> None:
        way.expression = f"{before}{way.expression}{after}"

    return hop


HOPS = [
    hop_local,
    hop_object,
    hop_list,
    hop_for,
    hop_module,
    hop_resource,
    wrapped("(", ")"),
    wrapped('"${', '}"'),
    wrapped("nonsensitive(", ")"),
    wrapped("trimspace(", ")"),
    wrapped('format("%s", ', ")"),
    wrapped('coalesce("", ', ")"),
    wrapped("merge({ a = 1 }, { b = ", " }).b"),
    wrapped("jsondecode(jsonencode({ c = ", " })).c"),
    wrapped("one([", "])"),
    wrapped("concat([], [", "])[0]"),
    wrapped("true ? ", ' : ""'),
    wrapped("try(", ', "")'),
    wrapped("lookup({ d = ", ' }, "d", "")'),
    wrapped("values({ e = ", " })[0]"),
    wrapped("base64encode(", ")"),
    hop_each_module,
    hop_counted_module,
    hop_deep_module,
    hop_handed_on,
    hop_template,
    hop_instances,
    wrapped('templatestring("a$${x}", { x = ', " })"),
    wrapped("yamldecode(yamlencode({ f = ", " })).f"),
    wrapped("flatten([[", "], []])[0]"),
    wrapped('zipmap(["g"], [', '])["g"]'),
    wrapped("element([", "], 0)"),
    wrapped('join("", [', "])"),
    wrapped("replace(", ', "~", "-")'),
    wrapped('split("~", ', ")[0]"),
    wrapped("tomap({ h = ", ' })["h"]'),
    wrapped("([{ i = ", " }][*].i)[0]"),
    wrapped("chunklist([", "], 1)[0][0]"),
    wrapped("one(toset([", "]))"),
    wrapped("tolist(sort([", "]))[0]"),
    wrapped("[for o in [", '] : o if o != ""][0]'),
    wrapped("coalescelist([], [", "])[0]"),
    wrapped("reverse(distinct(compact([", "])))[0]"),
    wrapped("setunion([", "], [])[0]"),
    wrapped("urlencode(", ")"),
    wrapped("substr(", ", 0, 99)"),
    wrapped('formatlist("%s", [', "])[0]"),
    wrapped('"%{ if true }${', '}%{ endif }"'),
]


def sink_argument(way: Way) -> str:
    way.write(f'resource "postgresql_role" "end" {{\n  name     = "end"\n  password = {way.expression}\n}}')
    return "postgresql_role.end"


def sink_provider(way: Way) -> str:
    way.write(f'provider "grafana" {{\n  auth = {way.expression}\n}}')
    return "provider.grafana"


def sink_environment(way: Way) -> str:
    value = f"{{ SESSION_SECRET = {{ value = {way.expression} }} }}"
    way.write(f'resource "render_cron_job" "end" {{\n  env_vars = merge({{}}, {value})\n}}')
    return "render_cron_job.end"


def sink_document(way: Way) -> str:
    way.write(f'resource "supabase_settings" "end" {{\n  auth = jsonencode({{ smtp_pass = {way.expression} }})\n}}')
    return "supabase_settings.end"


def sink_each(way: Way) -> str:
    way.write(
        f'resource "postgresql_role" "end" {{\n  for_each = {{ a = {{ word = {way.expression} }} }}\n'
        "  name     = each.key\n  password = each.value.word\n}"
    )
    return "postgresql_role.end"


def sink_dynamic(way: Way) -> str:
    way.write(
        f'resource "grafana_contact_point" "end" {{\n  dynamic "webhook" {{\n    for_each = [{way.expression}]\n'
        "    content {\n      basic_auth_password = webhook.value\n    }\n  }\n}"
    )
    return "grafana_contact_point.end"


def sink_module(way: Way) -> str:
    way.write(f'module "end" {{\n  source = "./end"\n  given = {way.expression}\n}}')
    way.write('variable "given" {}\nresource "postgresql_role" "end" {\n  password = var.given\n}', "end/main.tf")
    way.hops.append("argument")
    return "module.end.postgresql_role.end"


def sink_write_only(way: Way) -> str:
    way.write(f'resource "postgresql_role" "end" {{\n  password_wo = {way.expression}\n}}')
    return "postgresql_role.end"


def sink_command(way: Way) -> str:
    way.write(
        'resource "terraform_data" "end" {\n  provisioner "local-exec" {\n'
        f'    command = "run --password ${{{way.expression}}} --now"\n  }}\n}}'
    )
    return "terraform_data.end.provisioner.local-exec"


def sink_connection(way: Way) -> str:
    way.write(
        'resource "terraform_data" "end" {\n  connection {\n    host     = "x"\n'
        f"    password = {way.expression}\n  }}\n}}"
    )
    return "terraform_data.end.connection"


def sink_user_data(way: Way) -> str:
    way.write("#!/bin/sh\nexport DB_PASSWORD=${word}\nexport LEVEL=${level}", "boot.tftpl")
    way.write(
        'resource "aws_instance" "end" {\n  user_data = base64encode(templatefile("boot.tftpl", '
        f'{{ level = "info", word = {way.expression} }}))\n}}'
    )
    return "aws_instance.end"


def sink_pair(way: Way) -> str:
    way.write(
        'resource "aws_codebuild_project" "end" {\n  environment {\n    environment_variable {\n'
        f'      name  = "MAIL_PASSWORD"\n      value = {way.expression}\n    }}\n  }}\n}}'
    )
    return "aws_codebuild_project.end"


SOURCES = [source_literal, source_default, source_tfvars]
SINKS = [sink_argument, sink_provider, sink_environment, sink_document, sink_each, sink_dynamic, sink_module]
SINKS += [sink_write_only, sink_command, sink_connection, sink_user_data, sink_pair]


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(SOURCES), st.lists(st.sampled_from(HOPS), min_size=1, max_size=6), st.sampled_from(SINKS))
def test_every_way_is_followed(
    source: Callable[[Way], None], hops: list[Callable[[Way], None]], sink: Callable[[Way], str]
) -> None:
    """One secret, at its literal, with the sink it reaches and each hop between, in order."""
    way = Way("")
    source(way)
    for hop in hops:
        hop(way)
    address = sink(way)
    files = {path: "\n".join(blocks) + "\n" for path, blocks in way.files.items()}
    (secret,) = secrets_of(files)
    assert secret.text == PLANTED
    assert secret.place is not None
    line = files[secret.place.path].split("\n")[secret.place.line - 1]
    assert line[secret.place.column - 1 : secret.place.end_column - 1] == PLANTED
    assert secret.kind == ("default" if source is source_default else "literal")
    assert secret.address == address
    assert secret.trace is not None
    kinds = [str(hop.kind) for hop in secret.trace.hops()]
    assert kinds == ["literal", *way.hops, "attribute"]


@pytest.mark.parametrize(
    ("expression", "path", "text"),
    [
        ('yamldecode(file("c.yaml")).db.password', "c.yaml", f"# first\n\ndb:\n  password: {PLANTED}\n"),
        ('jsondecode(file("c.json")).db.password', "c.json", f'{{\n  "db": {{\n\n    "password": "{PLANTED}"}}}}\n'),
        ('templatefile("c.tftpl", { a = "b" })', "c.tftpl", f"# ${{a}}\n\n\npassword={PLANTED}\n"),
        ('file("c.conf")', "c.conf", f"# first\n\n\npassword={PLANTED}\n"),
    ],
)
def test_the_way_out_of_a_file_begins_on_the_line_of_the_literal(expression: str, path: str, text: str) -> None:
    """Not at the beginning of the file, whatever takes it apart."""
    main = f'resource "aws_db_instance" "a" {{\n  password = {expression}\n}}\n'
    [secret] = secrets_of({"main.tf": main, path: text})
    hop = secret.trace
    while hop is not None and hop.parents:
        hop = hop.parents[0]
    assert hop is not None
    assert hop.span is not None
    assert secret.place is not None
    assert (hop.span.path, hop.span.line, secret.place.line) == (path, 4, 4)
